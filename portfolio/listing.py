"""One look at the plan table: a year, a filter, an order and a choice of columns, all read from the query string.

Page, print, export, bulk edit and saved views all go through `PlanListing`, so they can't show different rows.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.cache import cache
from django.db.models import Count
from django.http import QueryDict

from portfolio import facets, ordering, plan_rows, progress
from portfolio.as_of import asked_day, reading
from portfolio.comparison import Comparison
from portfolio.filters import PlanFilter
from portfolio.models import AnnualPlan
from portfolio.models.register import COUNTED
from portfolio.plan_fields import DEFAULT_COLUMNS
from portfolio.sent import whole_number

GROUPINGS = {
    "category": "按类别",
    "town": "按乡镇",
    "unit": "按责任单位",
    "leader": "按包联领导",
    "stage": "按阶段",
    "sector": "按所属领域",
    "none": "不分组",
}
PAGE_SIZES = ("50", "100", "all")
LONGEST_NUMBER = 8  # digits of a year or a page
# What belongs to the layout or to the moment, not to the filter: saved views leave it out.
NOT_FILTER = frozenset({"cols", "pin", "page", "print", "changed", "as_of"})
RANGES = {
    "total_min": "总投资 ≥ {} 万元",
    "total_max": "总投资 ≤ {} 万元",
    "plan_min": "年度计划 ≥ {} 万元",
    "plan_max": "年度计划 ≤ {} 万元",
}
NO_PLAN = (0, None)  # of a year that has none
ORDINALS = "一二三四五六七八九十"


@dataclass
class Chip:
    """One active filter, and the query string without it."""

    label: str
    value: str
    without: str


@dataclass
class Group:
    """A group of the table: its title, sums over all its rows under the filter, and the rows on this page."""

    ordinal: str
    title: str
    sums: facets.Sums
    rows: list
    continued: bool = False


def _years(county, as_of):
    """{year: (how many rows its plan counts, the key of the light rule in force)} of the years that have a plan, latest
    first: one query tells both."""
    day = as_of or county.business_today()
    key = f"plan-years:{county.pk}:{county.data_version}:{as_of}:{day}"
    return cache.get_or_set(key, lambda: _read_years(county, as_of, day))


def _read_years(county, as_of, day):
    by_year = AnnualPlan.objects.filter(county=county).order_by("-year").values_list("year")
    by_year = by_year.annotate(counted=Count("pk", filter=COUNTED), rule=progress.version_on(county, day))
    with reading(county, as_of):
        return {year: (counted, rule) for year, counted, rule in by_year}


def ordinal(number):
    """一, 二, … 十一, 二十, as group rows are numbered on paper; from 100 on in figures."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    lead = "" if not tens else "十" if tens == 1 else ORDINALS[tens - 1] + "十"
    return lead + (ORDINALS[ones - 1] if ones else "")


class PlanListing:
    """`params` is a QueryDict; anything in it that is unknown or malformed is ignored, never an error.

    `as_of` is the past day whose table this is (`?as_of=2024-05-12` or `2024-W19`), None for the present.
    """

    # Whether the page offers to show what changed since a day.
    can_compare = True

    def __init__(self, county, params, columns=None):
        self.county = county
        self.params = params
        self.as_of = asked_day(params, county.business_today())
        self.day = self.as_of or county.business_today()
        self._years = _years(county, self.as_of)
        self.years = list(self._years) or [county.business_today().year]
        self.year = self._year()
        self.column_keys = self._columns(columns)
        self.columns = plan_rows.columns(self.column_keys)
        self.grouping = params.get("group") if params.get("group") in GROUPINGS else "category"
        self.sort = params.get("sort", "") if ordering.is_sort_key(params.get("sort", "")) else ""
        self.per_page = params.get("per_page") if params.get("per_page") in PAGE_SIZES else PAGE_SIZES[0]
        self.chosen = self._chosen()

    def _year(self):
        asked = whole_number(self.params.get("year", ""), LONGEST_NUMBER)
        if asked in self.years:
            return asked
        this_year = (self.as_of or self.county.business_today()).year
        return this_year if this_year in self.years else self.years[0]

    def _columns(self, remembered):
        asked = [column.key for column in plan_rows.columns(self.params.get("cols", "").split(","))]
        return list(dict.fromkeys(asked or remembered or DEFAULT_COLUMNS))

    def _chosen(self):
        chosen = dict(facets.DEFAULTS)
        for key in facets.BY_KEY:
            if values := frozenset(self.params.getlist(key)) - {""}:
                chosen[key] = values
        return chosen

    @cached_property
    def filterset(self):
        """Search and ranges. A range that is no number narrows nothing; its message stands beside the field."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year)
        return PlanFilter(self.params, plans.filter(part_of__isnull=True), parts=plans.filter(part_of__isnull=False))

    @cached_property
    def _asked(self):
        """The search and ranges that are well-formed, as (key, value) pairs."""
        self.filterset.is_valid()
        answers = self.filterset.form.cleaned_data
        return [(key, answers[key]) for key in self.filterset.filters if answers.get(key) not in (None, "")]

    @cached_property
    def index(self):
        return self.searched()

    def searched(self):
        """The FacetIndex of the rows that search and ranges leave."""
        by_group = () if self.grouping == "none" else (self.grouping,)
        keys = [key for key in (*by_group, self.sort) if key]
        # Not hash(): it is equal for many pairs of numbers, and one's rows would answer the other's question.
        asked = hashlib.sha256(repr(self._asked).encode()).hexdigest()
        cache_key = f"plan-index:{self.county.pk}:{self.county.data_version}:{self.as_of}:{self.year}"
        # Lights change with the day, without anybody writing.
        cache_key = f"{cache_key}:{self.day}:{'+'.join(keys)}:{asked}"
        return cache.get_or_set(cache_key, lambda: self._read_index(keys))

    def _read_index(self, keys):
        plans = self.filterset.queryset
        for key, value in self._asked:
            plans = self.filterset.filters[key].filter(plans, value)
        with reading(self.county, self.as_of):
            return facets.FacetIndex(self._judged(plans).order_by(*ordering.order(*keys)))

    def _judged(self, plans):
        return plan_rows.judged(plans, self.year, self.day, self.thresholds)

    @property
    def thresholds(self):
        """The `progress.Thresholds` by which the rows are judged."""
        _, rule = self._years.get(self.year, NO_PLAN)
        return progress.thresholds_of(rule)

    @cached_property
    def entries(self):
        entries = self.index.narrowed(self.chosen)
        if self.only_changed:
            return [entry for entry in entries if self.comparison.touches(entry.pk)]
        return entries

    @property
    def year_count(self):
        """How many rows the year's plan counts, whatever the filter."""
        return self._years.get(self.year, NO_PLAN)[0]

    @cached_property
    def sums(self):
        return facets.sums(self.entries)

    @cached_property
    def facets(self):
        """(Facet, its options, how many of them are chosen) for each facet."""
        counts = self.index.counts(self.chosen)
        ticked = {facet.key: set(self.params.getlist(facet.key)) - {""} for facet in facets.FACETS}
        return [
            (facet, self.index.options(facet, counts[facet.key], ticked[facet.key]), len(ticked[facet.key]))
            for facet in facets.FACETS
        ]

    # Pages

    @cached_property
    def pages(self):
        if self.per_page == "all":
            return 1
        return max(1, -(-len(self.entries) // int(self.per_page)))

    @cached_property
    def page(self):
        return max(1, min(whole_number(self.params.get("page", ""), LONGEST_NUMBER) or 1, self.pages))

    @property
    def previous_page(self):
        return self.page - 1

    @property
    def next_page(self):
        return self.page + 1

    @cached_property
    def page_entries(self):
        if self.per_page == "all":
            return self.entries
        size = int(self.per_page)
        return self.entries[(self.page - 1) * size : self.page * size]

    @cached_property
    def first_number(self):
        return 0 if not self.entries else 1 + (0 if self.per_page == "all" else (self.page - 1) * int(self.per_page))

    @cached_property
    def last_number(self):
        return self.first_number + len(self.page_entries) - 1 if self.entries else 0

    @cached_property
    def since(self):
        """The day whose table this one is compared with (`since=2024-03-01`), or None."""
        try:
            return dt.date.fromisoformat(self.params.get("since", ""))
        except ValueError:
            return None

    @property
    def only_changed(self):
        return self.since is not None and bool(self.params.get("only_changed"))

    @cached_property
    def comparison(self):
        if self.since is None:
            return None
        return Comparison(self.county, self.year, self.since, self.columns, self.as_of)

    def rows(self, entries=None, columns=None, cell=plan_rows.text):
        """Rows (with their sub-items) of this page, or of the given entries; in the listing's columns or others."""
        pks = [entry.pk for entry in (self.page_entries if entries is None else entries)]
        columns = columns or self.columns
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year)
        if any(column.judged for column in columns):
            plans = self._judged(plans)
        with reading(self.county, self.as_of):
            return plan_rows.read_in_order(plans, pks, columns, cell)

    def groups(self, rows=None):
        """The page's rows under their groups; ungrouped, one group without a title."""
        rows = self.rows() if rows is None else rows
        if self.grouping == "none":
            return [Group("", "", self.sums, rows)]
        members = {}
        for entry in self.entries:
            members.setdefault(entry.tokens[self.grouping], []).append(entry)
        numbers = {token: ordinal(place) for place, token in enumerate(members, 1)}
        return [
            Group(
                numbers[token],
                self.index.title(self.grouping, token),
                facets.sums(members[token]),
                of_group,
                continued=members[token][0].pk != of_group[0].pk,
            )
            for token, of_group in self._runs(rows)
        ]

    def _runs(self, rows):
        """(token, its neighbouring rows) along the page."""
        tokens = {entry.pk: entry.tokens[self.grouping] for entry in self.entries}
        for token, run in groupby(rows, key=lambda row: tokens[row.pk]):
            yield token, list(run)

    # Query strings

    def query(self, **changes):
        """This query string with changes; None drops a key. Changing the filter goes back to the first page."""
        params = self.params.copy()
        for momentary in ("page", "changed", "print"):
            params.pop(momentary, None)
        for key, value in changes.items():
            if value is None:
                params.pop(key, None)
            elif isinstance(value, list | tuple):
                params.setlist(key, [str(item) for item in value])
            else:
                params[key] = str(value)
        return params.urlencode()

    @cached_property
    def filter_query(self):
        """The filter alone, as a saved view keeps it."""
        params = self.params.copy()
        for key in list(params):
            if key in NOT_FILTER or not params[key]:
                params.pop(key)
        return params.urlencode()

    @cached_property
    def chips(self):
        chips = []
        for key, value in self._asked:
            label = RANGES[key].format(f"{value:,}") if key in RANGES else f"“{value}”"
            chips.append(Chip("搜索" if key == "q" else "金额", label, self.query(**{key: None})))
        for facet in facets.FACETS:
            for token in self.params.getlist(facet.key):
                rest = [other for other in self.params.getlist(facet.key) if other != token]
                if token:
                    title = self.index.title(facet.key, token)
                    chips.append(Chip(facet.label, title, self.query(**{facet.key: rest or None})))
        return chips

    @property
    def words(self):
        """The filter in words, for paper: `类别：产业类；乡镇：沁河镇`."""
        told = [f"{chip.label}：{chip.value}" for chip in self.chips]
        return "；".join([*told, f"{self.since} 以来有变化的"] if self.only_changed else told)

    @property
    def cleared_query(self):
        """What remains when every filter is taken off: year, order and layout."""
        kept = QueryDict(mutable=True)
        for key in ("year", "as_of", "group", "sort", "per_page", "cols", "pin", "since"):
            if key in self.params:
                kept[key] = self.params[key]
        return kept.urlencode()
