"""The weekly pages out of the box: a model formset, a model form, a django-tables2 list; no checks, no drafts kept."""

import django_tables2 as tables
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import modelform_factory, modelformset_factory
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_filters.views import FilterView

from accounts.audit import record
from benchmarks.tasks import YEAR
from benchmarks.weekly import WEEK
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.dispatch import ReportState

FIELDS = ("ytd_investment", "works_percent", "progress", "next_plan")
ReportForm = modelform_factory(WeeklyDispatch, fields=FIELDS)
ReportFormSet = modelformset_factory(WeeklyDispatch, fields=FIELDS, extra=0)


def _reports(request):
    plans = AnnualPlan.objects.reportable_by(request.user)
    reports = WeeklyDispatch.objects.filter(plan__in=plans, year=YEAR, week=WEEK)
    return reports.select_related("plan__project").order_by("plan")


@login_required
def entry(request):
    """GET shows the unit's week; POST saves all of it as reported."""
    formset = ReportFormSet(request.POST or None, queryset=_reports(request))
    if request.method == "POST" and formset.is_valid():
        for form in formset.forms:
            form.instance.state = ReportState.REPORTED
            form.save()
            record("报送", actor=request.user, county=request.user.county, target=form.instance)
        return redirect("/bench/plain/week/entry/")
    return render(request, "benchmarks/plain_entry.html", {"formset": formset})


@login_required
def report(request):
    """POST saves one report."""
    instance = get_object_or_404(_reports(request), pk=request.POST["pk"])
    form = ReportForm(request.POST, instance=instance)
    if not form.is_valid():
        return HttpResponse(str(form.errors), status=422)
    form.save()
    record("保存", actor=request.user, county=request.user.county, target=instance)
    return redirect("/bench/plain/week/entry/")


class ReportTable(tables.Table):
    class Meta:
        model = WeeklyDispatch
        fields = ("plan__seq", "plan__project__name", "plan__project__unit__name", "plan__planned_investment", *FIELDS)


class ReportList(LoginRequiredMixin, tables.SingleTableMixin, FilterView):
    model = WeeklyDispatch
    table_class = ReportTable
    filterset_fields = ("state",)
    template_name = "benchmarks/plain_table.html"

    def get_queryset(self):
        reports = WeeklyDispatch.objects.visible_to(self.request.user).filter(year=YEAR, week=WEEK)
        return reports.select_related("plan__project__unit").order_by("plan__seq")

    def get_table_pagination(self, table):
        return {"per_page": int(self.request.GET.get("per_page", 50))}
