"""The matrix of permits (前期手续): what each project has asked for, been granted and let lapse, on a day.

Pure reading in three queries, whatever the rows. For a past day, inside `as_of.reading(county, day)`: the kinds are
those of today. A cell that nobody has filled in (未填) is an answer of its own, and is never counted as 未办.
"""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from portfolio import permit_kinds
from portfolio.models import AnnualPlan
from portfolio.models.permits import Permit, PermitKind, PermitState
from portfolio.models.register import STAGES_BEFORE_START

SOON = dt.timedelta(days=60)
UNFILLED = "unfilled"


class Standing(models.TextChoices):
    """What a cell of the matrix says; always a word and a shape."""

    UNFILLED = UNFILLED, "未填"
    NOT_ASKED = PermitState.NOT_ASKED.value, "未办"
    ASKED = PermitState.ASKED.value, "在办"
    PROMISED = PermitState.PROMISED.value, "承诺办理"
    GRANTED = PermitState.GRANTED.value, "办结"
    NOT_NEEDED = PermitState.NOT_NEEDED.value, "不涉及"

    @property
    def shape(self):
        return {
            "unfilled": "·",
            "not_asked": "○",
            "asked": "◐",
            "promised": "◇",
            "granted": "●",
            "not_needed": "－",
        }[self.value]

    @property
    def style(self):
        """The stylesheet's class of the state."""
        return {"not_asked": "state-warn", "granted": "state-good"}.get(self.value, "")


class Alarm(models.TextChoices):
    """What a cell needs somebody to act on, the worst first."""

    LAPSED = "lapsed", "已过期"
    OVERDUE = "overdue", "逾期未办结"
    LAPSING = "lapsing", "临近到期"

    @property
    def shape(self):
        return {"lapsed": "■", "overdue": "■", "lapsing": "▲"}[self.value]

    @property
    def style(self):
        return "state-warn" if self is Alarm.LAPSING else "state-bad"


@dataclass(frozen=True)
class Cell:
    """One project and one kind of permit on `day`. `has_started`: the project's works had begun by then."""

    project: object
    kind: PermitKind
    permit: Permit | None
    day: dt.date
    has_started: bool

    @cached_property
    def standing(self):
        return Standing(self.permit.state) if self.permit else Standing.UNFILLED

    @property
    def is_needed(self):
        """Filled in, and not 不涉及."""
        return self.standing not in {Standing.UNFILLED, Standing.NOT_NEEDED}

    @property
    def is_done(self):
        return self.standing == Standing.GRANTED

    @cached_property
    def lapses_on(self):
        """The last day on which the granted permit holds; None where it does not end.

        The day that its paper says (有效期至); else the kind's period, within which the works have to begin.
        """
        if not self.is_done:
            return None
        if self.permit.valid_until:
            return self.permit.valid_until
        if self.has_started or not self.kind.valid_months or not self.permit.granted_on:
            return None
        return months_after(self.permit.granted_on, self.kind.valid_months)

    @property
    def lapse_is_reckoned(self):
        """The end comes from the kind's period, not from the paper."""
        return self.lapses_on is not None and not self.permit.valid_until

    @property
    def days_left(self):
        """Days until the permit lapses, below 0 once it has; None where it does not end."""
        return (self.lapses_on - self.day).days if self.lapses_on else None

    @property
    def is_lapsed(self):
        return self.lapses_on is not None and self.lapses_on < self.day

    @property
    def holds(self):
        """Whether the permit holds on `day`: granted, and not lapsed. Whoever asks, asks here."""
        return self.is_done and not self.is_lapsed

    @property
    def is_settled(self):
        """Nothing more is to be asked for: it holds, is promised (承诺办理), or is not needed."""
        return self.holds or self.standing in {Standing.PROMISED, Standing.NOT_NEEDED}

    @property
    def lapses_soon(self):
        return self.lapses_on is not None and self.day <= self.lapses_on <= self.day + SOON

    @property
    def is_overdue(self):
        """Still needed, and not granted by the day that was set."""
        return self.is_needed and not self.is_done and self.permit.due_on is not None and self.permit.due_on < self.day

    @cached_property
    def alarm(self):
        """The `Alarm` of this cell, or None."""
        if self.is_lapsed:
            return Alarm.LAPSED
        if self.is_overdue:
            return Alarm.OVERDUE
        return Alarm.LAPSING if self.lapses_soon else None

    @property
    def alarm_words(self):
        """有效期至 2024-07-01，还有 31 天; empty where nothing is to be done."""
        match self.alarm:
            case Alarm.LAPSED:
                return f"{self._until}，已过期 {-self.days_left} 天"
            case Alarm.LAPSING:
                return f"{self._until}，还有 {self.days_left} 天" if self.days_left else f"{self._until}，今天到期"
            case Alarm.OVERDUE:
                late = (self.day - self.permit.due_on).days
                return f"应于 {self.permit.due_on} 办结，逾期 {late} 天"
        return ""

    @property
    def _until(self):
        if self.lapse_is_reckoned:
            return f"{self.permit.granted_on} 办结，须在 {self.lapses_on} 前开工"
        return f"有效期至 {self.lapses_on}"


@dataclass(frozen=True)
class Tally:
    """How many cells stand how. `needed` = not_asked + asked + promised + done + lapsed; `total` adds unfilled and
    not_needed.

    `done` are those that hold; `overdue` are of the needed that were never granted.
    """

    total: int
    unfilled: int
    not_asked: int
    asked: int
    promised: int
    done: int
    not_needed: int
    lapsed: int
    lapsing: int
    overdue: int

    @classmethod
    def of(cls, cells):
        cells = list(cells)
        standings = [cell.standing for cell in cells]
        alarms = [cell.alarm for cell in cells]
        return cls(
            total=len(cells),
            unfilled=standings.count(Standing.UNFILLED),
            not_asked=standings.count(Standing.NOT_ASKED),
            asked=standings.count(Standing.ASKED),
            promised=standings.count(Standing.PROMISED),
            done=sum(cell.holds for cell in cells),
            not_needed=standings.count(Standing.NOT_NEEDED),
            lapsed=alarms.count(Alarm.LAPSED),
            lapsing=alarms.count(Alarm.LAPSING),
            overdue=alarms.count(Alarm.OVERDUE),
        )

    @property
    def needed(self):
        return self.total - self.unfilled - self.not_needed

    @property
    def filled(self):
        return self.total - self.unfilled


@dataclass
class Row:
    """One project of the plan; `cells` in the order of the matrix's kinds."""

    plan: AnnualPlan  # with project, unit, town and leader
    cells: list

    @property
    def project(self):
        return self.plan.project

    @cached_property
    def tally(self):
        return Tally.of(self.cells)

    @property
    def alarms(self):
        """The cells that somebody must act on, the worst first."""
        return urgent(self.cells)


def urgent(cells):
    """The cells that somebody must act on, the worst first."""
    return sorted((cell for cell in cells if cell.alarm), key=_urgency)


def _urgency(cell):
    day = cell.permit.due_on if cell.alarm == Alarm.OVERDUE else cell.lapses_on
    return list(Alarm).index(cell.alarm), day, cell.project.pk, cell.kind.seq


class PermitMatrix:
    """The counted plans of `year` × the kinds in use, as on `day`. `plans` narrows the plans (a queryset)."""

    def __init__(self, county, year, day, plans=None):
        self.county, self.year, self.day = county, year, day
        self._plans = AnnualPlan.objects.counted() if plans is None else plans

    @cached_property
    def kinds(self):
        return list(permit_kinds.in_use(self.county))

    @cached_property
    def rows(self):
        """`Row`s in the order of the plan table."""
        plans = self._plans.filter(county=self.county, year=self.year).order_by("seq", "pk")
        plans = list(plans.select_related("project__unit", "project__town", "leader"))
        permits = permits_by_project(Permit.objects.filter(project__in=[plan.project_id for plan in plans]))
        return [Row(plan, cells(plan.project, self.kinds, permits[plan.project_id], self.day)) for plan in plans]

    @property
    def cells(self):
        return [cell for row in self.rows for cell in row.cells]

    @cached_property
    def tally(self):
        """`Tally` of all cells."""
        return Tally.of(self.cells)

    @cached_property
    def by_kind(self):
        """[(PermitKind, Tally)] in the order of the kinds."""
        return [(kind, Tally.of(row.cells[place] for row in self.rows)) for place, kind in enumerate(self.kinds)]

    @cached_property
    def alarms(self):
        """All cells that somebody must act on: lapsed, overdue, lapsing within 60 days; the most urgent first."""
        return urgent(self.cells)

    @property
    def lapsed(self):
        return [cell for cell in self.alarms if cell.alarm == Alarm.LAPSED]

    @property
    def lapsing(self):
        return [cell for cell in self.alarms if cell.alarm == Alarm.LAPSING]

    @property
    def overdue(self):
        return [cell for cell in self.alarms if cell.alarm == Alarm.OVERDUE]


def cells(project, kinds, permits, day):
    """[Cell] of one project; `permits` is {kind's key: Permit}."""
    has_started = _has_started(project, day)
    return [Cell(project, kind, permits.get(kind.pk), day, has_started) for kind in kinds]


def of_project(project, day):
    """[Cell] of one project and the kinds in use, in two queries."""
    kinds = list(permit_kinds.in_use(project.county_id))
    permits = {permit.kind_id: permit for permit in Permit.objects.filter(project=project)}
    return cells(project, kinds, permits, day)


def project_permits_context(project, day):
    """The context of `portfolio/_project_permits.html`."""
    found = of_project(project, day)
    return {"permit_tally": Tally.of(found), "permit_alarms": urgent(found)}


def permits_by_project(permits):
    """{project's key: {kind's key: Permit}}."""
    found = defaultdict(dict)
    for permit in permits:
        found[permit.project_id][permit.kind_id] = permit
    return found


def months_after(day, months):
    """The same day `months` later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _has_started(project, day):
    if project.started_on:
        return project.started_on <= day
    return bool(project.stage) and project.stage not in STAGES_BEFORE_START
