"""Reporting over a year (报送): whose report was due in each week, and whether it came in time, late, or not at all.

The week list, the watch over data quality, the rankings and the map of reporting all read it here. Read it inside
`as_of.reading(county, day)` for a past day.
"""

from collections import defaultdict
from functools import cached_property

from django.db.models import TextChoices

from portfolio import reporting
from portfolio.as_of import end_of_day
from portfolio.models import AnnualPlan, DispatchWeek, WeeklyDispatch
from portfolio.weeks import Week


class Arrival(TextChoices):
    IN_TIME = "in-time", "按时"
    LATE = "late", "迟报"
    MISSING = "missing", "未报"


class YearReporting:
    """Plans are told by their keys, weeks by their numbers in `year`. Three queries, and one or two for a deadline.

    `day` is the last day that counts; today unless another is given. `published` are all the year's published reports,
    where the caller has read them.
    """

    def __init__(self, county, year, day=None, published=None):
        self.county, self.year = county, year
        self.day = day or county.business_today()
        self._published = published

    @cached_property
    def locks(self):
        """{week number: DispatchWeek} of every week that was locked once; it may be open again."""
        return {lock.week: lock for lock in DispatchWeek.objects.filter(county=self.county, year=self.year)}

    @cached_property
    def locked(self):
        """{week number: keys of the plans that had to report when it was locked}, of weeks locked by the day."""
        end = end_of_day(self.day)
        return {
            number: frozenset(lock.due_plans)
            for number, lock in self.locks.items()
            if lock.is_locked and lock.locked_at <= end
        }

    @cached_property
    def _due_now(self):
        plans = AnnualPlan.objects.filter(reporting.HAS_TO_REPORT, county=self.county, year=self.year)
        return frozenset(plans.values_list("pk", flat=True))

    def due(self, number):
        """Keys of the plans that had to report: a week that is not locked asks who has to on the day."""
        return self.locked.get(number, self._due_now)

    @cached_property
    def reports(self):
        """{week number: {plan: whether its report was late}} of the published ones."""
        found = defaultdict(dict)
        for number, plan, is_late in self._arrived:
            found[number][plan] = is_late
        return dict(found)

    @property
    def _arrived(self):
        """(week number, plan, whether it was late) of each published report."""
        if self._published is not None:
            return [(report.week, report.plan_id, report.is_late) for report in self._published]
        published = WeeklyDispatch.objects.published().filter(county=self.county, year=self.year)
        return published.values_list("week", "plan", "is_late")

    def arrival(self, plan, number):
        """What became of a report, were it due or not. Before the week's deadline MISSING is no reproach."""
        is_late = self.reports.get(number, {}).get(plan)
        if is_late is None:
            return Arrival.MISSING
        return Arrival.LATE if is_late else Arrival.IN_TIME

    @property
    def first(self):
        """The number of the first week with a report or a lock; None while there is neither."""
        return min({*self.reports, *self.locked}, default=None)

    @cached_property
    def last_due(self):
        """The number of the year's last week whose deadline had passed; 0 for none."""
        week = min(Week.of(self.day), Week.last_of(self.year))
        moment = min(end_of_day(self.day), self.county.business_now())
        while week.year == self.year and reporting.due_at(self.county, week) > moment:
            week = week.previous
        return week.number if week.year == self.year else 0

    @property
    def weeks_due(self):
        """Numbers of the weeks from the first that was used to the last whose deadline had passed."""
        return range(0) if self.first is None else range(self.first, self.last_due + 1)
