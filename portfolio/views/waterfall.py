"""计划变动: how the year's first plan became the one in force, as a waterfall."""

from django.shortcuts import render

from accounts.access import require_right
from accounts.roles import Right
from portfolio.adjustments import Adjustments
from portfolio.charts.waterfall import waterfall_chart
from portfolio.views.asked import Asked


@require_right(Right.READ_PLAN)
def waterfall(request):
    asked = Asked(request)
    with asked.reading():
        found = Adjustments(asked.county, asked.year, asked.day)
        is_planned = any(total.movements for total in found.totals)
        chart = waterfall_chart(found, asked.kept) if is_planned else None
        context = asked.context("progress", adjustments=found, chart=chart)
        return render(request, "portfolio/progress/waterfall.html", context)
