"""The year's plan reconciled (计划调整): 年初计划 + 调入 − 调出 − 终止 ± 调整 = 现计划, from the history of its rows.

Each row's records, with those of its project's total investment, make a chain of steps; every step that changes what
the row counts for is one movement on one line. What the lines add up to is what the last steps add up to, so the sums
reconcile by construction. A change set that was taken back never happened, and neither did its taking back.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.db.models import Q, TextChoices
from django.utils import timezone

from portfolio.as_of import end_of_day
from portfolio.history import not_taken_back
from portfolio.models import AnnualPlan, ChangeSet, Project
from portfolio.models.register import PlanState, is_counted


class Line(TextChoices):
    """The lines of the reconciliation, in the order in which they are added up."""

    OPENING = "opening", "年初计划"
    ADDED = "added", "调入"
    RESTORED = "restored", "恢复列入"
    REMOVED = "removed", "调出"
    ENDED = "ended", "终止"
    OTHER = "other", "打包、拆分和移除"
    ADJUSTED = "adjusted", "投资调整"


# Told even when nothing happened on them; the others only when something did.
ALWAYS = frozenset({Line.OPENING, Line.ADDED, Line.REMOVED, Line.ENDED, Line.ADJUSTED})
# Their reason is the plan's own; the others are told by their change set.
WITH_REASON = frozenset({Line.ADDED, Line.REMOVED, Line.ENDED})


@dataclass(frozen=True)
class Amounts:
    """How many rows count, and their money in 万元; what nobody filled in adds nothing."""

    count: int = 0
    total: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)

    def __add__(self, other):
        return Amounts(self.count + other.count, self.total + other.total, self.planned + other.planned)

    def __sub__(self, other):
        return Amounts(self.count - other.count, self.total - other.total, self.planned - other.planned)


NOTHING = Amounts()


@dataclass(frozen=True)
class Step:
    """A row of the plan after a change set: what it counts for, and why."""

    state: str
    is_counted: bool
    amounts: Amounts
    reason: str
    change_set: int | None
    at: dt.datetime


@dataclass(frozen=True)
class Movement:
    """What one step added to a line (or took from it): one row of the plan, one day, one reason."""

    line: Line
    plan: int
    amounts: Amounts
    at: dt.datetime
    reason: str
    change_set: int | None

    @property
    def on(self):
        return timezone.localdate(self.at)


@dataclass
class Total:
    """A line with its movements, by day."""

    line: Line
    movements: list

    @cached_property
    def amounts(self):
        return sum((movement.amounts for movement in self.movements), NOTHING)

    @property
    def raised(self):
        """Of the movements that raised the year's plan: how many, and by how much."""
        return self._planned_where(lambda planned: planned > 0)

    @property
    def lowered(self):
        return self._planned_where(lambda planned: planned < 0)

    def _planned_where(self, holds):
        planned = [movement.amounts.planned for movement in self.movements if holds(movement.amounts.planned)]
        return Amounts(len(planned), planned=sum(planned, Decimal(0)))


class Adjustments:
    """The reconciliation of a year's plan, as known at the end of `day`."""

    def __init__(self, county, year, day):
        self.county, self.year, self.day = county, year, day

    @cached_property
    def totals(self):
        """A `Total` for each line, in order."""
        by_line = defaultdict(list)
        for movement in sorted(self._movements, key=lambda movement: (movement.at, movement.plan)):
            by_line[movement.line].append(movement)
        return [Total(line, by_line[line]) for line in Line if line in ALWAYS or by_line[line]]

    @cached_property
    def current(self):
        """现计划: what all lines add up to."""
        return sum((total.amounts for total in self.totals), NOTHING)

    @cached_property
    def table(self):
        """What the plan table itself counts now, or as read inside `as_of.reading`, for the check beside the sum."""
        rows = AnnualPlan.objects.filter(county=self.county, year=self.year).counted()
        return sum((_counted(*money) for money in rows.values_list(*MONEY_PATHS)), NOTHING)

    @property
    def agrees(self):
        return self.current == self.table

    @cached_property
    def plans(self):
        """{pk: AnnualPlan with its project} of the rows that moved and still exist."""
        moved = {movement.plan for movement in self._movements}
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year).select_related("project", "project__unit")
        return {plan.pk: plan for plan in plans if plan.pk in moved}

    @cached_property
    def change_sets(self):
        """{pk: summary} of what moved anything but the opening, which is told by nothing but its day."""
        moved = {movement.change_set for movement in self._movements if movement.line is not Line.OPENING}
        return dict(ChangeSet.objects.filter(county=self.county, pk__in=moved).values_list("pk", "summary"))

    def rows(self, total):
        """[(Movement, its AnnualPlan or None when the row is gone, its reason)] of a line."""
        return [
            (movement, self.plans.get(movement.plan), movement.reason or self.change_sets.get(movement.change_set, ""))
            for movement in total.movements
        ]

    @property
    def sections(self):
        """[(Total, its rows)] of the lines on which something moved."""
        return [(total, self.rows(total)) for total in self.totals if total.movements]

    @cached_property
    def _movements(self):
        plans = _records(AnnualPlan, self.day, PLAN_FIELDS, county=self.county, year=self.year)
        in_year = AnnualPlan.history.filter(county=self.county, year=self.year).values("project_id")
        projects = _records(Project, self.day, ("total_investment",), id__in=in_year)
        return [
            movement
            for pk, records in plans.items()
            for movement in movements(pk, list(_steps(records, projects[records[0]["project_id"]])))
        ]


PLAN_FIELDS = ("project_id", "state", "state_reason", "part_of_id", "planned_investment")
MONEY_PATHS = ("project__total_investment", "planned_investment")


def _counted(total, planned):
    return Amounts(1, total or Decimal(0), planned or Decimal(0))


def _records(model, day, fields, **conditions):
    """{row: its history records up to the end of `day`, oldest first}, without what was taken back by then."""
    end = end_of_day(day)
    records = not_taken_back(model.history.model.objects.filter(history_date__lte=end, **conditions), end)
    # Weekly reports write many records, and move no plan.
    records = records.filter(Q(change_set__isnull=True) | ~Q(change_set__kind=ChangeSet.Kind.DISPATCH))
    found = defaultdict(list)
    for record in records.order_by("history_id").values("id", "history_type", "history_date", "change_set_id", *fields):
        found[record["id"]].append(record)
    return found


def _steps(plan_records, project_records):
    """The row after each change set that touched it or its project's total, from its own first record on.

    By number, not by time: the demonstration's clock stands still. A project is written before its plan.
    """
    records = sorted([*project_records, *plan_records], key=lambda record: record["change_set_id"] or 0)
    plan, total = None, None
    for change_set, run in groupby(records, key=itemgetter("change_set_id")):
        for record in run:
            if "state" in record:
                plan = record
            else:
                total = record["total_investment"]
            at = record["history_date"]
        if plan is not None:
            yield _step(plan, total, change_set, at)


def _step(plan, total, change_set, at):
    counts = plan["history_type"] != "-" and is_counted(plan["state"], plan["part_of_id"])
    amounts = _counted(total, plan["planned_investment"]) if counts else NOTHING
    return Step(plan["state"], counts, amounts, plan["state_reason"], change_set, at)


def movements(plan, steps):
    """The movements of one row, from its steps in order."""
    before = None
    for place, step in enumerate(steps):
        moved = step.amounts - (before.amounts if before else NOTHING)
        if moved != NOTHING:
            line, told = _line(before, step, steps[place:])
            yield Movement(line, plan, moved, told.at, told.reason if line in WITH_REASON else "", told.change_set)
        before = step


def _line(before, step, following):
    """(the line of a step, the step that tells why). `following` are the step and all after it."""
    if step.is_counted and before is not None and before.is_counted:
        return Line.ADJUSTED, step
    if step.is_counted:
        return _way_in(before, following)
    if step.state in {PlanState.REMOVED, PlanState.ENDED}:
        return Line(step.state), step
    return Line.OTHER, step


def _way_in(before, following):
    """A row that the office calls 调入 for as long as it then stays is 调入, even if it was typed in as 在列 first."""
    stay = [following[0]]
    for step in following[1:]:
        if not step.is_counted:
            break
        stay.append(step)
    if stay[-1].state == PlanState.ADDED:
        return Line.ADDED, next(step for step in stay if step.state == PlanState.ADDED)
    if before is None:
        return Line.OPENING, stay[0]
    return Line.RESTORED if before.state in {PlanState.REMOVED, PlanState.ENDED} else Line.OTHER, stay[0]
