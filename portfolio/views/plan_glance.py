"""A row opened in place: the project's light with its reason, its last report and its curve of the year."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import require_right
from accounts.roles import Right
from portfolio import dispatch, progress, reporting
from portfolio.as_of import AsOfChoice, reading
from portfolio.charts.curves import project_curve
from portfolio.models import AnnualPlan, Problem
from portfolio.weeks import Week

CHART_HEIGHT = 260  # the row's neighbours stay in sight


@require_right(Right.READ_PLAN)
def plan_glance(request, pk):
    """A fragment for htmx; whoever opens its address alone is led to the project's page."""
    choice = AsOfChoice(request.GET, request.user.county.business_today())
    with reading(request.user.county, choice.day):
        plan = _judged_plan(request.user, pk, choice.day or choice.today)
        if not request.htmx:
            return redirect(f"{plan.get_absolute_url()}{choice.more}#curve")
        return render(request, "portfolio/_plan_glance.html", _glance(plan, choice))


def _judged_plan(user, pk, day):
    """The plan with what the rules say of it at the end of `day`; 404 for one that the user may not see."""
    plans = AnnualPlan.objects.visible_to(user).filter(pk=pk).select_related("project__unit", "county", "leader")
    year = get_object_or_404(plans.values_list("year", flat=True))
    return progress.annotated(plans, year, day, progress.rules_on(user.county, day)).get()


def _glance(plan, choice):
    day = choice.day or choice.today
    return {
        "plan": plan,
        "project": plan.project,
        "day": day,
        "as_of_choice": choice,
        # A sub-item is judged with the project that it is part of.
        "judgement": None if plan.part_of_id else progress.judgement(plan, day),
        "chart": replace(project_curve(plan.county, plan, day), height=CHART_HEIGHT),
        "is_missing": _is_missing(plan, day),
        **_last_report(plan),
        **_problems(plan, day),
    }


def _is_missing(plan, day):
    """The report of the day's week is due and not there."""
    week = Week.of(day)
    if plan.reported_week == week.number or plan.year != week.year:
        return False
    return plan.pk in reporting.due_on(plan.county, week, day, AnnualPlan.objects.filter(pk=plan.pk))


def _last_report(plan):
    """The plan's last published report, or None, and the money of its week (万元)."""
    report = dispatch.latest([plan], plan.year).get(plan.pk)
    if report is None:
        return {"report": None}
    before = dispatch.latest_before([plan], report.iso_week).get(plan.pk)
    return {"report": report, "week_investment": dispatch.week_investment(report.ytd_investment, before)}


def _problems(plan, day):
    """How many of the project's problems are open, and how many of those overdue."""
    deadlines = Problem.objects.filter(project=plan.project_id).open().values_list("deadline", flat=True)
    return {
        "open_problems": len(deadlines),
        "overdue_problems": sum(deadline < day for deadline in deadlines),
    }
