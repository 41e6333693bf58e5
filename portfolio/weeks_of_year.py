"""The weeks of a year at a glance: who had to report, who did, how many late, whether the week is locked."""

from dataclasses import dataclass

from portfolio import reporting
from portfolio.models import DispatchWeek
from portfolio.weeks import Week
from portfolio.year_reporting import Arrival, YearReporting


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
    read = YearReporting(county, year)
    return [_line(read, Week(year, number)) for number in _numbers(county, year, {*read.locks, *read.reports})]


def _line(read, week):
    due = read.due(week.number)
    came = [read.arrival(plan, week.number) for plan in due]
    late = came.count(Arrival.LATE)
    return WeekLine(week, len(due), late + came.count(Arrival.IN_TIME), late, read.locks.get(week.number))


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
