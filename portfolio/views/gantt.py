"""工期图: the milestones of a project, of a leader's projects, or of the county, against plan and today."""

from django.shortcuts import get_object_or_404, render

from accounts.access import require_right
from accounts.roles import Right
from portfolio.charts.gantt import gantt_chart
from portfolio.gantt import Gantt
from portfolio.models import AnnualPlan, Leader
from portfolio.schedules import Period
from portfolio.sent import whole_number
from portfolio.views.asked import Asked


@require_right(Right.READ_PLAN)
def gantt(request):
    """`?project=<pk>` or `?leader=<pk>` narrows; without either, the county's overdue milestones and its next ones.

    `?period=quarter` compares with the plan at the end of the last quarter instead of the last month.
    """
    asked = Asked(request)
    with asked.reading():
        plan, leader, period = _plan(request, asked), _leader(request), _period(request)
        shown = Gantt(asked.county, asked.year, asked.day, plan, leader, period)
        page = shown.page(request.GET.get("page"))
        title, more = _title(plan, leader), asked.choice.more
        context = asked.context(
            "progress",
            gantt=shown,
            page=page,
            chart=gantt_chart(page.object_list, asked.day, title, plan is not None, more, period),
            plan=plan,
            leader=leader,
            leaders=_leaders(asked),
            periods=Period,
        )
        return render(request, "portfolio/progress/gantt.html", context)


def _plan(request, asked):
    text = request.GET.get("project", "")
    if not text:
        return None
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project")
    return get_object_or_404(plans, project=whole_number(text), year=asked.year)


def _leader(request):
    text = request.GET.get("leader", "")
    return get_object_or_404(Leader.objects.visible_to(request.user), pk=whole_number(text)) if text else None


def _period(request):
    asked = request.GET.get("period")
    return Period(asked) if asked in Period.values else Period.MONTH


def _leaders(asked):
    return Leader.objects.filter(county=asked.county, plans__year=asked.year).distinct()


def _title(plan, leader):
    if plan:
        return f"{plan.project.name}工期图"
    return f"{leader.name}包联项目工期图" if leader else "全县逾期和今后 90 天到期的节点"
