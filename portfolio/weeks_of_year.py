"""The weeks of a year at a glance: who had to report, who did, how many late, whether the week is locked."""

from collections import defaultdict
from dataclasses import dataclass

from portfolio import reporting
from portfolio.models import AnnualPlan, DispatchWeek, WeeklyDispatch
from portfolio.weeks import Week


@dataclass(frozen=True)
class WeekLine:
    week: Week
    due: int
    reported: int
    late: int
    lock: DispatchWeek | None

    @property
    def missing(self):
        return self.due - self.reported

    @property
    def is_locked(self):
        return self.lock is not None and self.lock.is_locked


def weeks_of_year(county, year):
    """[WeekLine], latest first, from the first week with a report to this one, or to the year's last.

    Weeks that are not locked count against the plans that have to report today.
    """
    locks = {lock.week: lock for lock in DispatchWeek.objects.filter(county=county, year=year)}
    due_now = set(
        AnnualPlan.objects.filter(reporting.HAS_TO_REPORT, county=county, year=year).values_list("pk", flat=True)
    )
    reports = defaultdict(dict)
    published = WeeklyDispatch.objects.published().filter(county=county, year=year)
    for number, plan, is_late in published.values_list("week", "plan", "is_late"):
        reports[number][plan] = is_late
    return [
        _line(Week(year, number), locks.get(number), reports[number], due_now)
        for number in _numbers(county, year, {*locks, *reports})
    ]


def _line(week, lock, reports, due_now):
    due = set(lock.due_plans) if lock is not None and lock.is_locked else due_now
    late = [is_late for plan, is_late in reports.items() if plan in due]
    return WeekLine(week, len(due), len(late), sum(late), lock)


def _numbers(county, year, used):
    """Numbers of the weeks to list, latest first."""
    this_week = reporting.this_week(county)
    if year == this_week.year:
        last = this_week.number
    elif not used or year > this_week.year:
        return []
    else:
        last = Week.last_of(year).number
    return range(last, min(used, default=last) - 1, -1)
