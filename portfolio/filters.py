"""What may be asked of the plan table in its query string: the search box and the ranges (django-filter).

Filters by value (category, township, leader …) are facets: they show their counts, and live in portfolio.facets.
"""

import django_filters
from django import forms
from django.db.models import Q

from portfolio.models import AnnualPlan
from portfolio.search import search_terms


def matching(terms, path="project__"):
    """Every word is found in the project's names, pinyin, code, builder or address."""
    condition = Q()
    for term in terms:
        condition &= Q(**{f"{path}search_key__contains": term})
    return condition


class PlanFilter(django_filters.FilterSet):
    """Search and ranges over the counted rows of a year. Amounts are 万元.

    `parts` are the sub-items of the same county and year: a row is also found by what its sub-items say.
    """

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "名称、拼音首字母、代码、曾用名"}),
    )
    total_min = django_filters.NumberFilter(
        label="总投资不低于（万元）", field_name="project__total_investment", lookup_expr="gte"
    )
    total_max = django_filters.NumberFilter(
        label="总投资不高于（万元）", field_name="project__total_investment", lookup_expr="lte"
    )
    plan_min = django_filters.NumberFilter(
        label="年度计划不低于（万元）", field_name="planned_investment", lookup_expr="gte"
    )
    plan_max = django_filters.NumberFilter(
        label="年度计划不高于（万元）", field_name="planned_investment", lookup_expr="lte"
    )

    class Meta:
        model = AnnualPlan
        fields = ()

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts

    def search(self, queryset, name, value):
        """Sub-items are looked through once, inside their county; once for each row is slow among many counties."""
        terms = search_terms(value)
        if not terms:
            return queryset
        return queryset.filter(matching(terms) | Q(pk__in=self.parts.filter(matching(terms)).values("part_of")))
