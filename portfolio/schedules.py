"""Reading schedules on a day: how late each milestone is and against which plan, how much is done, what was changed.

Read it inside `as_of.reading(county, day)` for a past day. A slippage is in days, late above 0; None where there is no
plan to be late against. Lateness is told three times (design §8.2): against the first approved plan, the latest, and
the plan as it was known at the end of the last period.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db import models

from portfolio.as_of import end_of_day, latest_records
from portfolio.figures import NONE
from portfolio.models import Milestone, Schedule, ScheduleChange
from portfolio.report_checks import ALIKE, alike

SOON = dt.timedelta(days=30)
QUARTERS = "一二三四"
COMPARED_WORDS = 300  # the county's latest explanations that a new one is held against


class Standing(models.TextChoices):
    """How a milestone stands on a day; always a word and a shape beside its colour."""

    MET = "met", "按期完成"
    MET_LATE = "late", "晚于计划完成"
    OVERDUE = "overdue", "逾期未完成"
    DUE_SOON = "soon", "30 天内到期"
    NOT_DUE = "not_due", "未到期"

    @property
    def shape(self):
        return {"met": "●", "late": "◆", "overdue": "■", "soon": "▲", "not_due": "○"}[self.value]

    @property
    def style(self):
        """The stylesheet's class of the state."""
        return {"met": "state-good", "late": "state-warn", "overdue": "state-bad", "soon": "state-warn"}.get(self, "")


class Period(models.TextChoices):
    """The last period: what was known at its end."""

    MONTH = "month", "上月末"
    QUARTER = "quarter", "上季末"

    def end_before(self, day):
        """The last day of the month, or quarter, before the one `day` is in."""
        month = day.month if self is Period.MONTH else (day.month - 1) // 3 * 3 + 1
        first = dt.date(day.year, month, 1)
        # Before the calendar's first day there is none; anyone can ask for it in an address.
        return first - dt.timedelta(days=1) if first > dt.date.min else first


def standing_of(due, done_on, day):
    """Due today is not overdue; due in 30 days is soon, in 31 not."""
    if done_on is not None and done_on <= day:
        return Standing.MET if done_on <= due else Standing.MET_LATE
    if due < day:
        return Standing.OVERDUE
    return Standing.DUE_SOON if due - day <= SOON else Standing.NOT_DUE


def late_words(days):
    """12 → 晚 12 天, -5 → 早 5 天, 0 → 如期; "—" for None."""
    if days is None:
        return NONE
    if days == 0:
        return "如期"
    return f"晚 {days} 天" if days > 0 else f"早 {-days} 天"


def moved_words(days):
    """How a planned day was put off or brought forward; None where there was no plan then."""
    if days is None:
        return "新节点"
    if days == 0:
        return "未调整"
    return f"推迟 {days} 天" if days > 0 else f"提前 {-days} 天"


@dataclass(frozen=True)
class Node:
    """A milestone on a day. `due_then` is its plan at the end of the last period, None where it had none."""

    milestone: Milestone
    day: dt.date
    due_then: dt.date | None = None

    @property
    def standing(self):
        return standing_of(self.milestone.due, self.milestone.done_on, self.day)

    @property
    def is_done(self):
        return self.standing in {Standing.MET, Standing.MET_LATE}

    @property
    def expected(self):
        """When it was done; before that the planned day, or today once that has passed."""
        return self.milestone.done_on if self.is_done else max(self.milestone.due, self.day)

    @property
    def late_by_original(self):
        return (self.expected - self.milestone.original_due).days

    @property
    def late_by_latest(self):
        return (self.expected - self.milestone.due).days

    @property
    def moved_by(self):
        """By how many days the planned day was put off (+) or brought forward (−) since the end of the last period."""
        return None if self.due_then is None else (self.milestone.due - self.due_then).days

    @property
    def late_by_period(self):
        return None if self.due_then is None else (self.expected - self.due_then).days


@dataclass(frozen=True)
class Month:
    number: int
    amount: Decimal | None
    original: Decimal | None

    @property
    def has_moved(self):
        return self.amount != self.original


@dataclass(frozen=True)
class Quarter:
    name: str
    months: tuple

    @property
    def amount(self):
        return sum_of(month.amount for month in self.months)

    @property
    def original(self):
        return sum_of(month.original for month in self.months)


def sum_of(amounts):
    """To the cent; None where no amount is there."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


class MonthlyPlan:
    """The twelve planned amounts (万元), their quarters, and how they differ from the annual plan."""

    def __init__(self, planned, targets):
        by_month = {target.month: target for target in targets}
        self.planned = planned
        self.months = [
            Month(number, getattr(target, "amount", None), getattr(target, "original_amount", None))
            for number in range(1, 13)
            for target in [by_month.get(number)]
        ]

    def __bool__(self):
        return self.total is not None

    @property
    def quarters(self):
        return [Quarter(f"{QUARTERS[place]}季度", tuple(self.months[place * 3 : place * 3 + 3])) for place in range(4)]

    @property
    def total(self):
        return sum_of(month.amount for month in self.months)

    @property
    def original_total(self):
        return sum_of(month.original for month in self.months)

    @property
    def difference(self):
        """Above 0: the months plan more than the year; None where either is missing."""
        return None if self.total is None or self.planned is None else self.total - self.planned


class ScheduleReading:
    """A plan's whole schedule on `day` (its end). Six queries, whatever the number of milestones."""

    def __init__(self, plan, day, period=Period.MONTH):
        self.plan, self.day, self.period = plan, day, Period(period)

    @property
    def period_end(self):
        return self.period.end_before(self.day)

    @cached_property
    def stored(self):
        """The `Schedule`, None before the first save."""
        return Schedule.objects.select_related("approved_by").filter(plan=self.plan).first()

    @property
    def approved_at(self):
        at = self.stored and self.stored.approved_at
        return at if at and at <= end_of_day(self.day) else None

    @cached_property
    def nodes(self):
        milestones = list(self.plan.milestones.select_related("unit").order_by("seq", "due", "pk"))
        then = latest_records(Milestone, self.period_end, plan=self.plan) if milestones else {}
        return [
            Node(milestone, self.day, then[milestone.pk]["due"] if milestone.pk in then else None)
            for milestone in milestones
        ]

    @cached_property
    def monthly(self):
        return MonthlyPlan(self.plan.planned_investment, self.plan.monthly_targets.order_by("month"))

    @property
    def done(self):
        return [node for node in self.nodes if node.is_done]

    @property
    def overdue(self):
        return [node for node in self.nodes if node.standing == Standing.OVERDUE]

    @property
    def finish(self):
        """The last node of kind 竣工; None where the schedule has none."""
        finishes = [node for node in self.nodes if node.milestone.kind == Milestone.Kind.FINISH]
        return max(finishes, key=lambda node: node.milestone.due, default=None)

    @property
    def weight(self):
        return sum_of(node.milestone.weight for node in self.nodes)

    @property
    def done_weight(self):
        return sum_of(node.milestone.weight for node in self.done) or Decimal(0)

    @property
    def completion(self):
        """Weight of what is done ÷ all weight, as a percentage with one place; None without weights."""
        if not self.weight:
            return None
        return (self.done_weight * 100 / self.weight).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @cached_property
    def log(self):
        return ChangeLog(self.plan, self.day)

    @cached_property
    def pauses(self):
        return list(self.plan.pauses.filter(paused_on__lte=self.day).select_related("by"))

    @property
    def standing_pause(self):
        """The pause in force on the day."""
        return next((pause for pause in self.pauses if not pause.resumed_on or pause.resumed_on > self.day), None)


@dataclass(frozen=True)
class LogEntry:
    """What one save changed in an approved schedule. `repeats` is the earlier explanation its words copy, or None."""

    changes: tuple
    repeats: ScheduleChange | None

    @property
    def first(self):
        return self.changes[0]


class ChangeLog:
    """The changes of an approved schedule up to a day, newest first: 更正 and 延期 apart."""

    def __init__(self, plan, day):
        self._rows = list(
            plan.schedule_changes.filter(at__lte=end_of_day(day)).select_related("by", "milestone").order_by("-pk")
        )
        self._county = plan.county_id

    @cached_property
    def entries(self):
        saves = defaultdict(list)
        for change in self._rows:
            saves[change.change_set_id].append(change)
        earlier = earlier_explanations(self._county) if saves else []
        return [
            LogEntry(tuple(reversed(changes)), repeated(changes[0].words, changes[0].change_set_id, earlier))
            for changes in saves.values()
        ]

    def _of_kind(self, kind):
        return [entry for entry in self.entries if entry.first.kind == kind]

    @property
    def corrections(self):
        return self._of_kind(ScheduleChange.Kind.CORRECTION)

    @property
    def delays(self):
        return self._of_kind(ScheduleChange.Kind.DELAY)

    @property
    def delayed_days(self):
        """By how many days all delays together have moved milestones."""
        rows = (change for entry in self.delays for change in entry.changes)
        return sum((row.due_after - row.due_before).days for row in rows if row.due_before and row.due_after)


def earlier_explanations(county):
    """The county's latest explanations, newest first, one of each save."""
    rows = ScheduleChange.objects.filter(county=county).select_related("plan__project").order_by("-pk")
    saves = {}
    for change in rows[: COMPARED_WORDS * 3]:
        saves.setdefault(change.change_set_id, change)
    return list(saves.values())[:COMPARED_WORDS]


def repeated(words, change_set, earlier):
    """The latest explanation, older than `change_set` (None: than all), that has at least nine tenths of `words`."""
    for change in earlier:
        is_older = change_set is None or change.change_set_id < change_set
        if is_older and _may_be_alike(words, change.words) and alike(words, change.words) >= ALIKE:
            return change
    return None


def _may_be_alike(one, other):
    """By their lengths alone: most pairs need no comparing."""
    one, other = (len("".join(text.split())) for text in (one, other))
    return 2 * min(one, other) >= ALIKE * (one + other)


def project_schedule_context(plan, day):
    """What `portfolio/_project_schedule.html` shows: `{"reading": ScheduleReading}`.

    `plan` may be None (no plan in that year). Call it, and render, inside `as_of.reading(county, day)` for a past day.
    """
    return {"reading": ScheduleReading(plan, day) if plan is not None else None}
