"""The map of reporting (报送情况图): units by weeks, each square one unit's week of a year as known on a day.

Its weeks count what the week's own page counts. Read it inside `as_of.reading(county, day)` for a past day.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import TextChoices

from portfolio import progress, reporting
from portfolio.county_week import NO_UNIT
from portfolio.models import AnnualPlan
from portfolio.weeks import Week
from portfolio.year_reporting import Arrival, YearReporting


class State(TextChoices):
    """What became of a unit's week; always a shape beside the colour."""

    IN_TIME = "in-time", "全部按时"
    LATE = "late", "有迟报"
    PARTLY = "partly", "部分未报"
    MISSING = "missing", "全部未报"
    OPEN = "open", "未到截止时间"
    NOTHING = "nothing", "无应报项目"

    @property
    def shape(self):
        return {"in-time": "●", "late": "▲", "partly": "◆", "missing": "■", "open": "○", "nothing": "—"}[self.value]


@dataclass(frozen=True)
class Count:
    """Reports of one week or of several: those due, and of them those that came in time, and late."""

    due: int = 0
    in_time: int = 0
    late: int = 0

    def __add__(self, other):
        return Count(self.due + other.due, self.in_time + other.in_time, self.late + other.late)

    @property
    def reported(self):
        return self.in_time + self.late

    @property
    def missing(self):
        return self.due - self.reported

    @property
    def rate(self):
        """按时率: reports in time of all that were due."""
        return progress.Rate("应报", self.in_time, self.due)


@dataclass(frozen=True)
class Square:
    """A unit's week. `is_open`: the week's deadline had not passed."""

    week: Week
    count: Count
    is_open: bool

    @property
    def state(self):
        count = self.count
        if not count.due:
            return State.NOTHING
        if self.is_open and count.missing:
            return State.OPEN
        if count.missing:
            return State.PARTLY if count.reported else State.MISSING
        return State.LATE if count.late else State.IN_TIME

    @property
    def words(self):
        """◆3/5: reported of those due; the shape alone where nothing was."""
        return f"{self.state.shape}{self.figures}"

    @property
    def figures(self):
        return f"{self.count.reported}/{self.count.due}" if self.count.due else ""


@dataclass(frozen=True)
class Line:
    """A unit's weeks, or those of all units together. `total` leaves out the week whose deadline has not passed."""

    name: str
    token: str
    squares: tuple

    @cached_property
    def total(self):
        return sum((square.count for square in self.squares if not square.is_open), Count())

    def within(self, start, stop):
        """The line of some of its weeks, by their places."""
        return Line(self.name, self.token, self.squares[start:stop])

    @property
    def has_gaps(self):
        return self.total.in_time < self.total.due


class ReportingMap:
    """`lines` are the units, who misses most first. `latest` keeps only so many of the last weeks; `words` and
    `only_gaps` narrow the units. Five queries or so, whatever the numbers."""

    def __init__(self, county, year, day, latest=None, words="", only_gaps=False):
        self.county, self.year, self.day = county, year, day
        self.latest, self.words, self.only_gaps = latest, words, only_gaps
        self._read = YearReporting(county, year, day)

    @cached_property
    def weeks(self):
        """From the first with a report or a lock to the day's own, or to the year's last; a year to come has none."""
        last = min(Week.of(self.day), Week.last_of(self.year))
        if self._read.first is None or last.year != self.year:
            return []
        numbers = range(self._read.first, last.number + 1)
        return [Week(self.year, number) for number in numbers][-(self.latest or 0) :]

    @property
    def open_week(self):
        """The last week, where its deadline had not passed."""
        return self.weeks[-1] if self.weeks and self._is_open(self.weeks[-1]) else None

    @cached_property
    def open_week_due_at(self):
        return reporting.due_at(self.county, self.open_week) if self.open_week else None

    def _is_open(self, week):
        return week.number > self._read.last_due

    @cached_property
    def _unit_of(self):
        """{plan: (unit, its name)}"""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year).order_by()
        found = plans.values_list("pk", "project__unit_id", "project__unit__name")
        return {plan: (unit, name or NO_UNIT) for plan, unit, name in found}

    @cached_property
    def everything(self):
        """[Line] of all units that ever had to report in these weeks."""
        counts = {week: self._counts(week.number) for week in self.weeks}
        units = {unit for found in counts.values() for unit in found}
        lines = [
            Line(name, str(pk or "-"), tuple(self._square(week, counts[week].get((pk, name))) for week in self.weeks))
            for pk, name in units
        ]
        return sorted(lines, key=lambda line: (-line.total.missing, -line.total.late, line.name, line.token))

    def _square(self, week, count):
        return Square(week, count or Count(), self._is_open(week))

    def _counts(self, number):
        """{(unit, name): Count} of a week."""
        arrivals = defaultdict(list)
        for plan in self._read.due(number):
            if plan in self._unit_of:
                arrivals[self._unit_of[plan]].append(self._read.arrival(plan, number))
        return {
            unit: Count(len(came), came.count(Arrival.IN_TIME), came.count(Arrival.LATE))
            for unit, came in arrivals.items()
        }

    @cached_property
    def lines(self):
        return [line for line in self.everything if self.words in line.name and (line.has_gaps or not self.only_gaps)]

    @cached_property
    def total(self):
        """The Line of all `lines` together."""
        columns = zip(*(line.squares for line in self.lines), strict=True)
        squares = (self._square(column[0].week, sum((each.count for each in column), Count())) for column in columns)
        return Line("合计", "", tuple(squares))
