"""Where investment will stand at the year's end (年底预测), and how well the same rule would have done in past weeks.

The middle: the next two weeks go on at the pace of the last four, then what the schedule still plans, up to the year's
plan. The range: what similar projects (类别, 阶段) brought, as a multiple of what the same rule expected of them.
Money is 万元. Nothing is random: the same reports give the same forecast.
"""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from portfolio.as_of import reading
from portfolio.models import AnnualPlan, MonthlyTarget, Pause, WeeklyDispatch
from portfolio.models.register import COUNTED
from portfolio.money import to_cent
from portfolio.weeks import Week

PACE_WEEKS, PACE_AHEAD = 4, 2
ENOUGH_ALIKE = 30  # cases below which all projects stand in for the similar ones
LOW, HIGH = Decimal("0.1"), Decimal("0.9")
ONE, ZERO = Decimal(1), Decimal(0)
OWN, STRAIGHT, CALENDAR = "own", "straight", "calendar"
RULES = {OWN: "本系统预测", STRAIGHT: "直线外推（累计完成÷已过天数×天数）", CALENDAR: "年度计划×时间进度"}


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
        known = [number for number in self.reports if number <= week]
        return self.reports[max(known)] if known else None

    def planned_until(self, day):
        """By its monthly targets; without them the year's plan, day by day."""
        if not self.targets:
            return (self.planned or ZERO) * elapsed(day)
        days = calendar.monthrange(day.year, day.month)[1]
        before = sum((amount for month, amount in self.targets.items() if month < day.month), ZERO)
        return before + self.targets.get(day.month, ZERO) * day.day / days

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
    """`low` and `high` (P10, P90) are None by a naive rule, which has no range."""

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


class Snapshot:
    """What was known of a year's plans (`courses`) at the end of `day`."""

    def __init__(self, year, day, courses):
        self.year, self.courses = year, courses
        self.day = min(day, dt.date(year, 12, 31))
        self.week = _week_in(year, self.day)

    def forecasts(self, end, rule=OWN):
        """[Forecast] at the end of the day `end`, of the plans that have reported."""
        known = [course for course in self.courses if course.ytd(self.week) is not None]
        if rule == OWN:
            return [self._own(course, end) for course in known]
        return [self._naive(course, end, rule) for course in known]

    def _own(self, course, end):
        ytd, more = course.ytd(self.week), course.still_to_come(self.week, self.day, end)
        low, high = self._range(course.group, end)
        ends = [to_cent(ytd + more * factor) for factor in (low, ONE, high)]
        return Forecast(course.pk, course.planned, ytd, ends[1], ends[0], ends[2])

    def _naive(self, course, end, rule):
        ytd = course.ytd(self.week)
        reached = (
            ytd * elapsed(end) / elapsed(self.day) if rule == STRAIGHT else (course.planned or ZERO) * elapsed(end)
        )
        return Forecast(course.pk, course.planned, ytd, to_cent(reached))

    def _range(self, group, end):
        """Multiples of the middle's growth: P10 never above it, P90 never below."""
        seen = self._seen(max((end - self.day).days // 7, 1))
        alike = seen[group] if len(seen[group]) >= ENOUGH_ALIKE else seen[None]
        if not alike:
            return ONE, ONE
        return min(quantile(alike, LOW), ONE), max(quantile(alike, HIGH), ONE)

    def _seen(self, weeks):
        """{group: sorted multiples}, over the longest span up to `weeks` that the reports allow twice."""
        span = max(min(weeks, self.week // 2), 1)
        return self._multiples[span] if span in self._multiples else self._multiples.setdefault(span, self._look(span))

    @cached_property
    def _multiples(self):
        return {}

    def _look(self, span):
        seen = defaultdict(list)
        for number in range(2, self.week - span + 1):
            start, end = Week(self.year, number).sunday, Week(self.year, number + span).sunday
            for course in self.courses:
                if course.ytd(number) is None or not (more := course.still_to_come(number, start, end)):
                    continue
                multiple = (course.ytd(number + span) - course.ytd(number)) / more
                seen[course.group].append(multiple)
                seen[None].append(multiple)
        return defaultdict(list, {group: sorted(multiples) for group, multiples in seen.items()})


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


# Looking back


@dataclass(frozen=True)
class BackTest:
    """`errors`: {rule: mean absolute error of the middle, in percent of a plan}; `covered`: share within P10–P90, %."""

    horizon: int
    origins: list
    cases: int
    errors: dict
    covered: Decimal | None

    @property
    def best(self):
        """The rule to show: ours until there is something to compare, and only where it is better than both others."""
        return min(RULES, key=lambda rule: (self.errors[rule], rule == OWN)) if self.errors else OWN

    @property
    def lines(self):
        return [(label, self.errors.get(rule), rule == self.best) for rule, label in RULES.items()]


def back_test(county, year, day, horizon, step=1):
    """Forecasts as they would have been made in past weeks, `horizon` weeks ahead, against what was reported by `day`.

    Each origin is read as it was known on its Sunday: later reports, corrections and plans are not in it.
    """
    with reading(county, day if day < county.business_today() else None):
        now = snapshot(county, year, day)
    origins = list(range(now.week - horizon, PACE_WEEKS - 1, -step))[::-1]
    happened = {course.pk: course for course in now.courses}
    errors, covered = {rule: [] for rule in RULES}, []
    for number in origins:
        for rule, forecast, actual in _replayed(county, year, number, horizon, happened):
            errors[rule].append(abs(forecast.middle - actual) * 100 / forecast.planned)
            if rule == OWN:
                covered.append(forecast.low <= actual <= forecast.high)
    means = {rule: sum(found) / len(found) for rule, found in errors.items() if found}
    return BackTest(horizon, origins, len(covered), means, _percent_true(covered))


def _percent_true(answers):
    return Decimal(sum(answers)) * 100 / len(answers) if answers else None


def _replayed(county, year, number, horizon, happened):
    """(rule, Forecast, what was reported) of each plan that had money to judge by, then and later."""
    sunday = Week(year, number).sunday
    with reading(county, sunday):
        then = snapshot(county, year, sunday)
    for rule in RULES:
        for forecast in then.forecasts(Week(year, number + horizon).sunday, rule):
            actual = happened[forecast.pk].ytd(number + horizon) if forecast.pk in happened else None
            if actual is not None and forecast.planned:
                yield rule, forecast, actual
