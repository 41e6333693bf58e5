"""Planned against done (投资曲线): what a year's plans were to have cost by each month, and what they had by each week.

Sums are exact to the cent and those of the plan table: the plans that count on the day, each with its latest published
report. A week without a report carries on what was last said. Money is 万元; read it inside `as_of.reading`.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from portfolio import facets, progress, reporting
from portfolio.models import AnnualPlan, MonthlyTarget, WeeklyDispatch
from portfolio.money import exact_sum, to_cent
from portfolio.progress.months import MONTHS
from portfolio.weeks import Week

# The facets of the plan table by which completion is compared, and their values told.
GROUPINGS = {"category": "类别", "town": "乡镇", "unit": "责任单位", "leader": "包联领导"}
_PATHS = list(dict.fromkeys(path for key in GROUPINGS for path in facets.BY_KEY[key].paths))


@dataclass(frozen=True)
class PlanMoney:
    """What a curve has to know of a plan. `tokens`: its value in each facet of GROUPINGS."""

    pk: int
    planned: Decimal | None
    ytd: Decimal | None
    reported_on: dt.date | None = None
    tokens: dict = field(default_factory=dict)


@dataclass(frozen=True)
class MonthPoint:
    """Planned until the end of a month; `original` by the first approved schedules."""

    month: int
    day: dt.date
    planned: Decimal
    original: Decimal


@dataclass(frozen=True)
class WeekPoint:
    """Done until the end of a week, or until the day within it; `reported` plans have said so in that very week."""

    week: Week
    day: dt.date
    done: Decimal
    reported: int


class Curve:
    """Of `plans` (PlanMoney) on a day.

    `targets`: {plan pk: {month: (amount, first approved amount)}}; `reports`: {week number: [(plan pk, year to date)]};
    `due`: pks of the plans that have to report for the week of the day. `factor`: of the year's plan (年度目标系数).
    """

    def __init__(self, year, day, plans, targets, reports, due=frozenset(), factor=Decimal(1)):
        self._factor = factor
        self.year, self.day, self.plans = year, day, plans
        self._targets, self._reports = targets, reports
        self._pks = {plan.pk for plan in plans}
        self._due = self._pks & due

    @property
    def count(self):
        return len(self.plans)

    @cached_property
    def planned(self):
        return exact_sum(plan.planned for plan in self.plans)

    @cached_property
    def done(self):
        """What the plans' latest reports add up to; None while nobody has reported."""
        return exact_sum(plan.ytd for plan in self.plans) if self.is_reported else None

    @cached_property
    def is_reported(self):
        return any(plan.ytd is not None for plan in self.plans)

    @cached_property
    def completed(self):
        return progress.completion(self.done, self.planned)

    @cached_property
    def reported_on(self):
        """The day of the latest report, or None."""
        return max((plan.reported_on for plan in self.plans if plan.reported_on), default=None)

    @property
    def without_plan(self):
        return sum(not plan.planned for plan in self.plans)

    # The plan, by months

    @cached_property
    def months(self):
        """A `MonthPoint` for each month of the year."""
        return [
            MonthPoint(month, _end_of_month(self.year, month), self._planned_by(month, 0), self._planned_by(month, 1))
            for month in range(1, MONTHS + 1)
        ]

    def _planned_by(self, month, which):
        return to_cent(exact_sum(self._share(plan, month, which) for plan in self.plans))

    def _share(self, plan, month, which):
        """By the plan's own monthly targets where they add up to something, else by the calendar."""
        amounts = {number: pair[which] for number, pair in self._targets.get(plan.pk, {}).items()}
        if any(amounts.values()):
            return sum((amount for number, amount in amounts.items() if number <= month), Decimal(0))
        return (plan.planned or Decimal(0)) * month / MONTHS

    @property
    def last_month(self):
        """The `MonthPoint` of the last month that has passed by the day; None in January."""
        passed = progress.months_elapsed(self.year, self.day)
        return self.months[passed - 1] if passed else None

    @property
    def asked_for(self):
        """What the calendar holds the year's end against: the plan, times what the county asks of it."""
        return self.planned * self._factor

    @property
    def has_moved(self):
        """The plan is no longer the first approved one."""
        return any(point.planned != point.original for point in self.months)

    @cached_property
    def with_targets(self):
        return sum(any(amount for amount, _ in self._targets.get(plan.pk, {}).values()) for plan in self.plans)

    @property
    def gap(self):
        """By how much the monthly targets miss the year's planned investment."""
        return self.months[-1].planned - self.planned

    # What was done, by weeks

    @cached_property
    def weeks(self):
        """A `WeekPoint` for each week from the first in which money was reported to the week of the day."""
        latest, points = {}, []
        for week in self._numbers:
            of_week = {plan: ytd for plan, ytd in self._reports.get(week, ()) if plan in self._pks}
            latest |= of_week
            if any(ytd is not None for ytd in latest.values()):
                when = Week(self.year, week)
                points.append(WeekPoint(when, self._day_of(when), exact_sum(latest.values()), len(of_week)))
        return points

    @property
    def _numbers(self):
        today = Week.of(self.day)
        if today.year != self.year:
            return range(1, Week.of(dt.date(self.year, 12, 28)).number + 1) if today.year > self.year else ()
        return range(1, today.number + 1)

    def _day_of(self, week):
        return min(week.sunday, self.day, dt.date(self.year, 12, 31))

    @cached_property
    def due(self):
        return len(self._due)

    @cached_property
    def reported_this_week(self):
        """Of those that have to."""
        number = Week.of(self.day).number
        return len(self._due & {plan for plan, _ in self._reports.get(number, ())})

    @property
    def is_week_open(self):
        """The last of `weeks` is not over, and not all of those that have to report for it have."""
        week = Week.of(self.day)
        return week.year == self.year and self.day < week.sunday and self.reported_this_week < self.due


@dataclass(frozen=True)
class Group:
    """The plans of one value of a facet. `done` is None while none of them has reported."""

    token: str
    title: str
    count: int
    planned: Decimal
    done: Decimal | None

    @property
    def completed(self):
        return progress.completion(self.done, self.planned)


class YearInvestment:
    """The counted plans of a year on a day: read once, in a fixed number of queries, and narrowed at will."""

    def __init__(self, county, year, day):
        self.county, self.year, self.day = county, year, day
        self.titles = {key: {} for key in GROUPINGS}

    @cached_property
    def plans(self):
        counted = AnnualPlan.objects.filter(county=self.county, year=self.year).counted().order_by("seq", "pk")
        money = ("pk", "planned_investment", "ytd_investment", "reported_on")
        return [self._plan(row) for row in counted.values(*money, *_PATHS)]

    def _plan(self, row):
        return PlanMoney(
            pk=row["pk"],
            planned=row["planned_investment"],
            ytd=row["ytd_investment"],
            reported_on=row["reported_on"],
            tokens={key: self._token(facets.BY_KEY[key], row) for key in GROUPINGS},
        )

    def _token(self, facet, row):
        token, title, place = facet.read(*(row[path] for path in facet.paths))
        self.titles[facet.key][token] = title, place
        return token

    @cached_property
    def _targets(self):
        return _targets_of(plan__county=self.county, plan__year=self.year)

    @cached_property
    def _reports(self):
        return _reports_of(county=self.county, year=self.year)

    @cached_property
    def _due(self):
        week = Week.of(self.day)
        return reporting.due_on(self.county, week, self.day) if week.year == self.year else frozenset()

    @cached_property
    def expected(self):
        return self._thresholds.expected_of_sums(self.year, self.day)

    @cached_property
    def _thresholds(self):
        return progress.rules_on(self.county, self.day)

    def title(self, by, token):
        """What people read for the token; None when no plan has it."""
        return self.titles[by][token][0] if self.plans and token in self.titles[by] else None

    def curve(self, by=None, token=None):
        """Of all plans, or of those with a facet's value."""
        plans = self.plans if by is None else [plan for plan in self.plans if plan.tokens[by] == token]
        return Curve(self.year, self.day, plans, self._targets, self._reports, self._due, self._thresholds.year_factor)

    def groups(self, by):
        """A `Group` for each value of the facet, in the plan table's order."""
        members = defaultdict(list)
        for plan in self.plans:
            members[plan.tokens[by]].append(plan)
        order = self.titles[by]
        return [_group(token, order[token][0], members[token]) for token in sorted(members, key=lambda t: order[t][1])]


def _group(token, title, plans):
    is_reported = any(plan.ytd is not None for plan in plans)
    done = exact_sum(plan.ytd for plan in plans) if is_reported else None
    return Group(token, title, len(plans), exact_sum(plan.planned for plan in plans), done)


def curve_of(plan, day):
    """The `Curve` of one AnnualPlan, counted or not."""
    money = PlanMoney(plan.pk, plan.planned_investment, plan.ytd_investment, plan.reported_on)
    return Curve(plan.year, day, [money], _targets_of(plan=plan), _reports_of(plan=plan, year=plan.year))


def _targets_of(**conditions):
    found = defaultdict(dict)
    targets = MonthlyTarget.objects.filter(**conditions).order_by()
    for plan, month, *amounts in targets.values_list("plan", "month", "amount", "original_amount"):
        found[plan][month] = tuple(amounts)
    return found


def _reports_of(**conditions):
    found = defaultdict(list)
    reports = WeeklyDispatch.objects.published().filter(**conditions).order_by()
    for week, plan, ytd in reports.values_list("week", "plan", "ytd_investment"):
        found[week].append((plan, ytd))
    return found


def _end_of_month(year, month):
    return (dt.date(year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
