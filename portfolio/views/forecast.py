"""年底预测: where the county and its projects will stand at the end of the year, and how far to believe it."""

import datetime as dt

from django.core.cache import cache
from django.shortcuts import render

from accounts.access import require_right
from accounts.roles import Right
from portfolio.forecast import OWN, RULES, back_test, snapshot
from portfolio.models import AnnualPlan
from portfolio.views.asked import Asked

HORIZON, STEP = 8, 3  # a page looks back from every third week
NAMED = 50


@require_right(Right.READ_PLAN)
def forecast(request):
    asked = Asked(request)
    county = asked.county
    key = f"forecast:{county.pk}:{county.data_version}:{county.business_today()}:{asked.year}:{asked.day}"
    test = cache.get_or_set(key, lambda: back_test(county, asked.year, asked.day, HORIZON, STEP))
    with asked.reading():
        known = snapshot(county, asked.year, asked.day)
        forecasts = known.forecasts(dt.date(asked.year, 12, 31), test.best)
        missing = sorted((line for line in forecasts if line.shortfall), key=lambda line: (-line.shortfall, line.pk))
        context = {
            "test": test,
            "rule": RULES[test.best],
            "is_own": test.best == OWN,
            "sums": _sums(forecasts),
            "silent": len(known.courses) - len(forecasts),
            "missing_count": len(missing),
            "lines": _with_plans(missing[:NAMED]),
        }
        return render(request, "portfolio/progress/forecast.html", asked.context("progress", **context))


def _sums(forecasts):
    """{name: 万元}, of the plans that have reported; the ends of the range are None by a naive rule."""
    names = ("planned", "ytd", "middle", "low", "high")
    values = {name: [getattr(line, name) for line in forecasts] for name in names}
    known = {name: [value for value in found if value is not None] for name, found in values.items()}
    return {name: sum(found) if found else None for name, found in known.items()} | {"count": len(forecasts)}


def _with_plans(lines):
    """[(Forecast, its AnnualPlan)]."""
    plans = AnnualPlan.objects.select_related("project", "project__unit").in_bulk([line.pk for line in lines])
    return [(line, plans[line.pk]) for line in lines]
