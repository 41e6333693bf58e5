"""The county's milestones on a day: overdue, due within 30 days; plans without any; and what stands still (停缓建).

Read it inside `as_of.reading(county, day)` for a past day.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from accounts.models import Unit
from portfolio.as_of import latest_records
from portfolio.models import AnnualPlan, Leader, Milestone, Pause
from portfolio.models.register import STATES_IN_PLAN, Stage
from portfolio.schedules import SOON, Node, Period, Standing
from portfolio.sent import whole_number


def standing_pauses(county, day):
    """The pauses in force on a day."""
    pauses = Pause.objects.filter(county=county, paused_on__lte=day)
    return pauses.filter(Q(resumed_on__isnull=True) | Q(resumed_on__gt=day))


@dataclass(frozen=True)
class DueNode:
    """A milestone that is overdue or soon due, with its plan; a paused project is not hurried."""

    node: Node
    is_paused: bool

    @property
    def plan(self):
        return self.node.milestone.plan

    @property
    def unit(self):
        """Who answers: the milestone's own unit, else the project's."""
        return self.node.milestone.unit or self.plan.project.unit

    @property
    def days_left(self):
        """Days until it is due; below 0 it is overdue."""
        return (self.node.milestone.due - self.node.day).days


class CountySchedules:
    """`params` may name a `unit` and a `leader` by key, and the last `period`. Paused projects come last."""

    def __init__(self, county, year, day, params):
        self.county, self.year, self.day = county, year, day
        self.period = Period(params["period"]) if params.get("period") in Period.values else Period.MONTH
        self.unit = self._asked(Unit, params.get("unit", ""))
        self.leader = self._asked(Leader, params.get("leader", ""))

    def _asked(self, model, text):
        return model.objects.filter(county=self.county, pk=whole_number(text)).first()

    @property
    def words(self):
        """The filter, as a print says it; empty for all."""
        asked = (("责任单位", self.unit), ("包联领导", self.leader))
        return "；".join(f"{label}：{row}" for label, row in asked if row)

    @cached_property
    def units(self):
        """Those with a project or milestone of the year."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year)
        own = Q(pk__in=plans.values("project__unit"))
        return list(Unit.objects.filter(own, county=self.county).order_by("kind", "name"))

    @cached_property
    def leaders(self):
        return list(Leader.objects.filter(county=self.county, plans__year=self.year).distinct())

    @cached_property
    def _paused(self):
        return set(standing_pauses(self.county, self.day).values_list("plan", flat=True))

    @property
    def _milestones(self):
        rows = Milestone.objects.filter(county=self.county, plan__year=self.year, plan__state__in=STATES_IN_PLAN)
        if self.unit:
            rows = rows.filter(Q(unit=self.unit) | Q(unit__isnull=True, plan__project__unit=self.unit))
        return rows.filter(plan__leader=self.leader) if self.leader else rows

    @cached_property
    def _due(self):
        rows = self._milestones.filter(Q(done_on__isnull=True) | Q(done_on__gt=self.day), due__lte=self.day + SOON)
        rows = rows.select_related("plan__project__unit", "plan__leader", "unit").order_by(
            "due", "plan__seq", "plan_id", "seq", "pk"
        )
        found = [DueNode(Node(row, self.day), row.plan_id in self._paused) for row in rows]
        return sorted(found, key=lambda row: row.is_paused)

    @cached_property
    def overdue(self):
        """The longest overdue first."""
        return [row for row in self._due if row.node.standing == Standing.OVERDUE]

    @cached_property
    def soon(self):
        return [row for row in self._due if row.node.standing == Standing.DUE_SOON]

    @property
    def period_end(self):
        return self.period.end_before(self.day)

    @cached_property
    def finishes(self):
        """[Node] of each plan's last 竣工: by it a project is late as a whole, latest against the first plan first."""
        rows = self._milestones.filter(kind=Milestone.Kind.FINISH)
        then = latest_records(Milestone, self.period_end, id__in=rows.order_by().values("pk"))
        last = {
            row.plan_id: row for row in rows.select_related("plan__project__unit", "unit").order_by("due", "seq", "pk")
        }
        nodes = [Node(row, self.day, then[row.pk]["due"] if row.pk in then else None) for row in last.values()]
        return sorted(nodes, key=lambda node: (-node.late_by_original, node.milestone.plan.seq or 0))

    @property
    def late_finishes(self):
        """Those that are late against any of the three plans."""
        return [
            node
            for node in self.finishes
            if max(node.late_by_original, node.late_by_latest, node.late_by_period or 0) > 0
        ]

    @property
    def late_counts(self):
        """[(against which plan, number of projects)]: the same projects, told three times."""
        told = (
            ("首次计划", "late_by_original"),
            ("现计划", "late_by_latest"),
            (f"{self.period.label}的计划", "late_by_period"),
        )
        return [(label, sum((getattr(node, name) or 0) > 0 for node in self.finishes)) for label, name in told]

    @cached_property
    def without(self):
        """The counted plans that should have a schedule and have no milestone; 谋划 needs none yet."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year).counted().with_project()
        plans = plans.exclude(project__stage=Stage.RESERVE)
        plans = plans.exclude(Exists(Milestone.objects.filter(plan=OuterRef("pk"))))
        if self.unit:
            plans = plans.filter(project__unit=self.unit)
        if self.leader:
            plans = plans.filter(leader=self.leader)
        return list(plans.order_by("seq", "pk"))


@dataclass(frozen=True)
class PausedPlan:
    pause: Pause
    day: object

    @property
    def plan(self):
        return self.pause.plan

    @property
    def is_overdue(self):
        """A review due today is not overdue."""
        return self.pause.review_on < self.day

    @property
    def days_paused(self):
        return (self.day - self.pause.paused_on).days


def paused_plans(county, day):
    """What stands still on a day; the review that is longest overdue first."""
    rows = standing_pauses(county, day).select_related("plan__project__unit", "plan__leader", "by")
    return [PausedPlan(row, day) for row in rows.order_by("review_on", "paused_on", "pk")]
