"""The weeks of a year (`/dispatch/weeks/`), latest first."""

from django.shortcuts import render

from accounts.access import require_right
from accounts.roles import Right
from portfolio import reporting
from portfolio.models import AnnualPlan
from portfolio.sent import whole_number
from portfolio.weeks_of_year import weeks_of_year


@require_right(Right.READ_PLAN)
def week_list(request):
    county = request.user.county
    this_week = reporting.this_week(county)
    plans = AnnualPlan.objects.filter(county=county).order_by("-year")
    years = sorted({this_week.year, *plans.values_list("year", flat=True).distinct()}, reverse=True)
    asked = whole_number(request.GET.get("year", ""))
    year = asked if asked in years else this_week.year
    lines = weeks_of_year(county, year)
    context = {"nav": "dispatch", "year": year, "years": years, "lines": lines, "this_week": this_week}
    return render(request, "portfolio/county_week/weeks.html", context)
