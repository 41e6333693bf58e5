"""亮灯: how many projects stand under each light, how that changed week by week, and which moved."""

from django.shortcuts import render

from accounts.access import require_right
from accounts.roles import Right
from portfolio.charts.lights import light_history_chart
from portfolio.standings import YearStandings
from portfolio.views.asked import Asked
from portfolio.week_lights import ORDER, LightHistory
from portfolio.weeks import Week


@require_right(Right.READ_PLAN)
def lights(request):
    """`?since=2024-W18` counts movement from that week's end, `?move=green-red` opens one cell of the matrix."""
    asked = Asked(request)
    with asked.reading():
        standings = YearStandings(asked.county, asked.year, asked.day)
        history = LightHistory(standings, _week(request.GET.get("since", "")))
        context = asked.context(
            "progress",
            history=history,
            order=ORDER,
            thresholds=standings.thresholds,
            move=history.move(request.GET.get("move", "")),
            charts=[light_history_chart(history.weeks, asked.year)] if standings.rows else [],
        )
        return render(request, "portfolio/progress/lights.html", context)


def _week(text):
    try:
        return Week.parse(text) if text else None
    except (ValueError, OverflowError):
        return None
