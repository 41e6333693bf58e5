"""Where investment will stand at the year's end (年底预测).

The middle: the next week goes on at the pace of the last four, then what the schedule still plans, up to the year's
plan. The range: what similar projects (类别, 阶段) brought, as a multiple of what the same rule expected of them; of a
sum, how far past sums were off. Money is 万元. Nothing is random: the same reports give the same forecast.
"""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from portfolio.models import AnnualPlan, MonthlyTarget, Pause, WeeklyDispatch
from portfolio.models.register import COUNTED
from portfolio.money import to_cent
from portfolio.weeks import Week

PACE_WEEKS, PACE_AHEAD = 4, 1
ENOUGH_ALIKE = 30  # cases below which all projects stand in for the similar ones
LOW, HIGH = Decimal("0.1"), Decimal("0.9")
INNER = HIGH - LOW
ONE, ZERO = Decimal(1), Decimal(0)
OWN, STRAIGHT, CALENDAR = "own", "straight", "calendar"
RULES = {OWN: "本系统预测", STRAIGHT: "直线外推", CALENDAR: "年度计划×时间进度"}


@dataclass(frozen=True)
class Course:
    """How one plan has run: `targets` {month: amount}, `reports` {week: year to date}; `group` is who is similar."""

    pk: int
    planned: Decimal | None
    targets: dict
    reports: dict
    group: tuple = ()
    stands_still: bool = False

    def ytd(self, week):
        """What was last reported by `week`; None before the first report."""
        return self._carried[min(week, len(self._carried) - 1)]

    @cached_property
    def _carried(self):
        """By week, from 0 to the last one reported."""
        found = [None]
        for week in range(1, max(self.reports, default=0) + 1):
            found.append(self.reports.get(week, found[-1]))
        return found

    def planned_until(self, day):
        """By its monthly targets; without them the year's plan, day by day."""
        if not self.targets:
            return (self.planned or ZERO) * elapsed(day)
        days = calendar.monthrange(day.year, day.month)[1]
        return self._planned_before[day.month] + self.targets.get(day.month, ZERO) * day.day / days

    @cached_property
    def _planned_before(self):
        """{month: what its targets plan before it}."""
        amounts = [self.targets.get(month, ZERO) for month in range(1, 12)]
        return dict(enumerate(accumulate(amounts, initial=ZERO), 1))

    def pace(self, week):
        """万元 a week over the last PACE_WEEKS; a correction downwards is no pace."""
        before = max(week - PACE_WEEKS, 0)
        brought = self.ytd(week) - (self.ytd(before) or ZERO)
        return max(brought, ZERO) / (week - before) if week else ZERO

    def still_to_come(self, week, start, end):
        """What the rule expects from `start` (in `week`) until `end`, at most the rest of the year's plan."""
        if self.stands_still or end <= start:
            return ZERO
        turn = min(start + dt.timedelta(weeks=PACE_AHEAD), end)
        at_pace = self.pace(week) * (turn - start).days / 7
        by_schedule = self.planned_until(end) - self.planned_until(turn)
        rest = max((self.planned or ZERO) - self.ytd(week), ZERO)
        return min(at_pace + by_schedule, rest)


def elapsed(day):
    """The share of its year that has passed at the end of `day`."""
    return Decimal(day.timetuple().tm_yday) / (366 if calendar.isleap(day.year) else 365)


@dataclass(frozen=True)
class Forecast:
    """`low` and `high` (P10, P90) are None by a naive rule, and with nothing to learn from yet."""

    pk: int
    planned: Decimal | None
    ytd: Decimal
    middle: Decimal
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def shortfall(self):
        """万元 below the year's plan; None where it is reached, or there is no plan."""
        return self.planned - self.middle if self.planned and self.middle < self.planned else None


@dataclass(frozen=True)
class Total:
    """The sum of `count` forecasts; `low` and `high` as theirs."""

    count: int
    planned: Decimal
    ytd: Decimal
    middle: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


class Snapshot:
    """What was known of a year's plans (`courses`) at the end of `day`."""

    def __init__(self, year, day, courses):
        self.year, self.courses = year, courses
        self.day = min(day, dt.date(year, 12, 31))
        self.week = _week_in(year, self.day)
        self._looks = {}

    @property
    def closed_week(self):
        """The number of the last week that is over: of an open one some reports are still to come."""
        return self.week - (Week(self.year, self.week).sunday > self.day) if self.week else 0

    def forecasts(self, end, rule=OWN):
        """[Forecast] at the end of the day `end`, of the plans that have reported."""
        known = [course for course in self.courses if course.ytd(self.week) is not None]
        if rule == OWN:
            return [self._own(course, end) for course in known]
        return [self._naive(course, end, rule) for course in known]

    def total(self, forecasts, end, rule=OWN):
        """The `Total` of `forecasts`. Good and bad luck of many plans level out, so their ranges are not added up."""
        planned, ytd, middle = (
            sum((getattr(line, name) or ZERO for line in forecasts), ZERO) for name in ("planned", "ytd", "middle")
        )
        found = Total(len(forecasts), planned, ytd, middle)
        off = sorted(self._look(self._span(end)).off)
        if rule != OWN or not off:
            return found
        either_way = to_cent((middle - ytd) * quantile(off, INNER))
        return replace(found, low=max(middle - either_way, ytd), high=middle + either_way)

    def _own(self, course, end):
        ytd, more = course.ytd(self.week), course.still_to_come(self.week, self.day, end)
        found = Forecast(course.pk, course.planned, ytd, to_cent(ytd + more))
        if not more:
            return replace(found, low=found.middle, high=found.middle)
        if (edges := self._range(course.group, end)) is None:
            return found
        low, high = (to_cent(ytd + more * multiple) for multiple in edges)
        return replace(found, low=low, high=high)

    def _naive(self, course, end, rule):
        ytd = course.ytd(self.week)
        reached = (
            ytd * elapsed(end) / elapsed(self.day) if rule == STRAIGHT else (course.planned or ZERO) * elapsed(end)
        )
        return Forecast(course.pk, course.planned, ytd, to_cent(reached))

    def _range(self, group, end):
        """Multiples of the middle's growth: P10 never above it, P90 never below; None before there is a past."""
        span = self._span(end)
        ranges = self._ranges.get(span) or self._ranges.setdefault(span, self._ranges_of(span))
        return ranges.get(group) or ranges.get(None)

    @cached_property
    def _ranges(self):
        return {}

    def _ranges_of(self, span):
        """{group: (low, high)} of the groups with ENOUGH_ALIKE cases, None for all, seen over half of `span` to `span`:
        a single length of time would be ruled by one season."""
        seen = defaultdict(list)
        for weeks in range(max(span // 2, 1), span + 1):
            for group, multiples in self._look(weeks).multiples.items():
                seen[group] += multiples
                seen[None] += multiples
        return {
            group: (min(quantile(multiples, LOW), ONE), max(quantile(multiples, HIGH), ONE))
            for group, multiples in ((group, sorted(found)) for group, found in seen.items())
            if group is None or len(multiples) >= ENOUGH_ALIKE
        }

    def _span(self, end):
        """Weeks to learn from: as many as lie ahead, or as the reports allow twice."""
        ahead = max((end - self.day).days // 7, 1)
        return max(min(ahead, self.closed_week // 2), 1)

    def _look(self, span):
        return self._looks.get(span) or self._looks.setdefault(span, self._looked(span))

    def _looked(self, span):
        """Every stretch of `span` weeks so far: what it brought against what this rule would have expected."""
        look = Look(defaultdict(list), [])
        for number in range(2, self.closed_week - span + 1):
            start, end = Week(self.year, number).sunday, Week(self.year, number + span).sunday
            brought = expected = ZERO
            for course in self.courses:
                if course.ytd(number) is None or not (more := course.still_to_come(number, start, end)):
                    continue
                growth = course.ytd(number + span) - course.ytd(number)
                look.multiples[course.group].append(growth / more)
                brought, expected = brought + growth, expected + more
            if expected:
                look.off.append(abs(brought / expected - ONE))
        return look


@dataclass(frozen=True)
class Look:
    """`multiples` {group: what came ÷ what was expected, of each plan}; `off`: how far the sums' were from 1."""

    multiples: dict
    off: list


def _week_in(year, day):
    """The number of the week of `day` in the plan year; its last days may lie in the next year's first week."""
    week = Week.of(day)
    if week.year == year:
        return week.number
    return Week.last_of(year).number if week.year > year else 0


def quantile(ordered, share):
    """Of an ordered list, between two neighbours in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def snapshot(county, year, day):
    """The `Snapshot` of the counted plans, in four queries; read it inside `as_of.reading` for a past day."""
    plans = AnnualPlan.objects.filter(COUNTED, county=county, year=year).select_related("project").order_by("seq", "pk")
    targets, reports = defaultdict(dict), defaultdict(dict)
    for plan, month, amount in MonthlyTarget.objects.filter(county=county, plan__year=year).values_list(
        "plan", "month", "amount"
    ):
        targets[plan][month] = amount
    told = WeeklyDispatch.objects.published().filter(county=county, year=year, ytd_investment__isnull=False)
    for plan, week, ytd in told.values_list("plan", "week", "ytd_investment"):
        reports[plan][week] = ytd
    paused = set(Pause.objects.filter(county=county, plan__year=year).standing().values_list("plan", flat=True))
    courses = [_course(plan, targets[plan.pk], reports[plan.pk], plan.pk in paused, day) for plan in plans]
    return Snapshot(year, day, courses)


def _course(plan, targets, reports, is_paused, day):
    project = plan.project
    is_finished = project.finished_on is not None and project.finished_on <= day
    group = (project.category, project.stage)
    return Course(plan.pk, plan.planned_investment, targets, reports, group, is_paused or is_finished)
