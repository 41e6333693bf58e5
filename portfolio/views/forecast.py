"""年底预测: where the county and its projects will stand at the end of the year, and how far to believe it."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.charts.forecast import forecast_chart
from portfolio.curves import YearInvestment
from portfolio.exporting.forecast import forecast_ledger
from portfolio.forecast_listing import ForecastListing
from portfolio.models import AnnualPlan
from portfolio.sent import whole_number
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response
from portfolio.year_end import share_of_plan, year_end

read_plan = require_right(Right.READ_PLAN)


@read_plan
def forecast(request):
    """`?unit=`, `?category=`, `?only=missing` and `?sort=` are for the list of projects."""
    asked = Asked(request)
    found = year_end(asked.county, asked.year, asked.day)
    with asked.reading():
        curve = YearInvestment(asked.county, asked.year, asked.day).curve()
        context = asked.context(
            "progress",
            found=found,
            share=share_of_plan(found.total),
            chart=forecast_chart(curve, found),
            listing=ForecastListing(found, request.GET),
        )
        return render(request, "portfolio/progress/forecast.html", context)


@require_GET
@read_plan
def forecast_export(request):
    asked = Asked(request)
    found = year_end(asked.county, asked.year, asked.day)
    with asked.reading():
        sheet = forecast_ledger(asked.county, ForecastListing(found, request.GET))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)


@require_GET
@read_plan
def forecast_line(request):
    """One line for another page, which asks for it once it is read: the county's, or a `?project=`'s.

    Who opens its address is led to the whole page.
    """
    asked = Asked(request)
    plan = _plan(request, asked) if "project" in request.GET else None
    if not request.htmx:
        return redirect(f"{reverse('portfolio:forecast')}?{asked.kept}")
    found = year_end(asked.county, asked.year, asked.day)
    told = found.of(plan.pk) if plan else found.total
    context = {"asked": asked, "found": found, "plan": plan, "told": told, "share": told and share_of_plan(told)}
    return render(request, "portfolio/progress/_forecast_line.html", context)


def _plan(request, asked):
    pk = whole_number(request.GET["project"])
    return get_object_or_404(AnnualPlan.objects.visible_to(request.user), project=pk, year=asked.year)
