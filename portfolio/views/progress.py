"""进度: planned against actual investment of the county, of a part of it, or of one project."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.access import require_right
from accounts.roles import Right
from portfolio import progress
from portfolio.charts.curves import curve_chart, project_curve
from portfolio.charts.groups import group_charts
from portfolio.curves import GROUPINGS, YearInvestment
from portfolio.listing import PlanListing
from portfolio.models import AnnualPlan
from portfolio.sent import whole_number
from portfolio.views.asked import Asked

FOUND = 20  # projects offered for a search


@require_right(Right.READ_PLAN)
def progress_curves(request):
    """`?by=town&key=140431100` narrows to one value of a facet, `?project=<pk>` or a `?q=` of one hit to a project."""
    asked = Asked(request)
    with asked.reading():
        found = _found(asked, request.GET.get("q", "").strip())
        pk = request.GET.get("project") or (str(found[0].project_id) if len(found) == 1 else "")
        shown = _project(request, asked, pk) if pk else _part(asked, request.GET)
        context = asked.context("progress", found=found, q=request.GET.get("q", ""), groupings=GROUPINGS, **shown)
        return render(request, "portfolio/progress/curves.html", context)


def _found(asked, words):
    """The plans that the plan table finds for the words."""
    if not words:
        return []
    params = QueryDict(mutable=True)
    params.update({"q": words, **_kept(asked)})
    pks = [entry.pk for entry in PlanListing(asked.county, params).entries[:FOUND]]
    plans = AnnualPlan.objects.select_related("project").in_bulk(pks)
    return [plans[pk] for pk in pks]


def _kept(asked):
    kept = {"year": str(asked.year)}
    return {**kept, "as_of": str(asked.choice.day)} if asked.is_past else kept


def _project(request, asked, text):
    pk = whole_number(text)
    if pk is None:
        raise Http404
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project")
    plan = get_object_or_404(plans, project=pk, year=asked.year)
    return {"plan": plan, "charts": [project_curve(asked.county, plan, asked.day)], "by": ""}


def _part(asked, params):
    """What is not a facet, or not one of its values, narrows nothing."""
    investment = YearInvestment(asked.county, asked.year, asked.day)
    by = params.get("by") if params.get("by") in GROUPINGS else "category"
    title = investment.title(by, params.get("key", ""))
    key = params["key"] if title is not None else ""
    curve = investment.curve(by, key) if key else investment.curve()
    charts = [curve_chart(curve, "curve", f"{title or '全县'}投资曲线")] if curve.count else []
    return {
        "by": by,
        "key": key,
        "part": title or "全县",
        "curve": curve,
        "expected": investment.expected,
        "deviation": progress.points(progress.deviation(curve.completed, investment.expected)),
        "groups": investment.groups(by),
        "charts": [*charts, *group_charts(investment, by, _kept(asked))],
    }
