"""Reports over many weeks, each made in its week, so that a past day knows only what had come by then."""

import datetime as dt

from portfolio.models import WeeklyDispatch
from tests import factories


def reported(weekly=10, weeks=range(1, 23), **fields):
    """A plan that brings `weekly` 万元 a week."""
    plan = factories.plan_under_way(**fields)
    known = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    plan.history.update(history_date=known)
    plan.project.history.update(history_date=known)
    for week in weeks:
        report = WeeklyDispatch.objects.create(
            county=plan.county, plan=plan, year=2024, week=week, state="accepted", ytd_investment=weekly * week
        )
        day = dt.date.fromisocalendar(2024, week, 5)
        report.history.update(history_date=dt.datetime.combine(day, dt.time(1), dt.UTC))
    return plan
