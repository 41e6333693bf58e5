"""The same pages out of the box: django-tables2 and django-filter as their tutorials show them, openpyxl for Excel."""

from io import BytesIO

import django_filters
import django_tables2 as tables
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django_filters.views import FilterView
from openpyxl import Workbook

from accounts.models import Unit
from portfolio.models import AnnualPlan, Leader, Town
from portfolio.models.register import Category, Level, Stage

COLUMNS = {
    "seq": "序号",
    "project__name": "项目名称",
    "project__address": "建设地址",
    "project__started_on": "开工时间",
    "progress": "项目进展",
    "project__content": "主要建设内容",
    "project__total_investment": "总投资",
    "planned_investment": "年度计划投资",
    "project__unit__name": "责任单位",
    "leader__name": "包联领导",
    "remark": "备注",
}


class PlanTable(tables.Table):
    class Meta:
        model = AnnualPlan
        fields = tuple(COLUMNS)


def of_county(model):
    return lambda request: model.objects.visible_to(request.user)


class PlanFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="project__name", lookup_expr="icontains")
    category = django_filters.ChoiceFilter(field_name="project__category", choices=Category)
    stage = django_filters.ChoiceFilter(field_name="project__stage", choices=Stage)
    level = django_filters.ChoiceFilter(field_name="project__level", choices=Level)
    town = django_filters.ModelChoiceFilter(field_name="project__town", queryset=of_county(Town))
    unit = django_filters.ModelChoiceFilter(field_name="project__unit", queryset=of_county(Unit))
    leader = django_filters.ModelChoiceFilter(queryset=of_county(Leader))

    class Meta:
        model = AnnualPlan
        fields = ("year",)


class PlanList(LoginRequiredMixin, tables.SingleTableMixin, FilterView):
    table_class = PlanTable
    filterset_class = PlanFilter
    template_name = "benchmarks/plain_table.html"

    def get_queryset(self):
        plans = AnnualPlan.objects.visible_to(self.request.user).order_by("seq")
        return plans.select_related("project__unit", "leader")

    def get_table_pagination(self, table):
        return {"per_page": int(self.request.GET.get("per_page", 50))}


@login_required
def overview(request):
    plans = AnnualPlan.objects.visible_to(request.user).filter(year=2024)
    sums = {"count": Count("pk"), "total": Sum("project__total_investment"), "planned": Sum("planned_investment")}
    by = {
        label: plans.order_by().values_list(f"project__{path}").annotate(**sums)
        for label, path in (("类别", "category"), ("阶段", "stage"), ("乡镇", "town__name"))
    }
    return render(request, "benchmarks/plain_overview.html", {"sums": plans.aggregate(**sums), "by": by})


@login_required
def export(request):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(COLUMNS.values()))
    for row in AnnualPlan.objects.visible_to(request.user).filter(year=2024).order_by("seq").values_list(*COLUMNS):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return HttpResponse(file.getvalue(), content_type="application/octet-stream")
