"""Milestones laid out in time (工期图): of one plan, of a leader's plans, or the county's overdue and next ones.

Read it inside `as_of.reading(county, day)` for a past day.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.core.paginator import Paginator
from django.db.models import Count, Q

from portfolio.as_of import latest_records
from portfolio.models import Milestone
from portfolio.models.register import STATES_IN_PLAN
from portfolio.schedule_lists import standing_pauses
from portfolio.schedules import Node, Period

AHEAD = dt.timedelta(days=90)
# Rows of a drawing: with its names, legend and axis they fit one upright A4 page.
PER_PAGE = 18


@dataclass(frozen=True)
class Stage:
    """A milestone with the time that leads up to it: from the end of the milestone before it in its plan.

    `began` and `original_began` are None for a plan's first milestone. `began` is when the one before was done, or is
    planned to be.
    """

    node: Node
    began: dt.date | None
    original_began: dt.date | None
    is_paused: bool

    @property
    def milestone(self):
        return self.node.milestone

    @property
    def plan(self):
        return self.node.milestone.plan

    @property
    def unit(self):
        """Who answers: the milestone's own unit, else the project's."""
        return self.milestone.unit or self.plan.project.unit


class Gantt:
    """With `plan` all its milestones; with `leader` what is not done or was done in the year; else the county's that
    are overdue or due within 90 days. `period` is the last one, whose end the plan is compared with. Six queries,
    whatever the numbers."""

    def __init__(self, county, year, day, plan=None, leader=None, period=Period.MONTH):
        self.county, self.year, self.day = county, year, day
        self.plan, self.leader, self.period = plan, leader, Period(period)

    @property
    def period_end(self):
        return self.period.end_before(self.day)

    @property
    def _undone(self):
        return Q(done_on__isnull=True) | Q(done_on__gt=self.day)

    @property
    def _milestones(self):
        rows = Milestone.objects.filter(county=self.county)
        if self.plan:
            return rows.filter(plan=self.plan).order_by("seq", "due", "pk")
        rows = rows.filter(plan__year=self.year, plan__state__in=STATES_IN_PLAN)
        if self.leader:
            rows = rows.filter(self._undone | Q(done_on__year=self.year), plan__leader=self.leader)
            return rows.order_by("plan__seq", "plan_id", "seq", "due", "pk")
        rows = rows.filter(self._undone, due__lte=self.day + AHEAD)
        return rows.order_by("due", "plan__seq", "plan_id", "seq", "pk")

    @cached_property
    def counts(self):
        """{"all", "overdue", "plans"}: milestones, those of them overdue, and the plans they belong to."""
        return self._milestones.order_by().aggregate(
            all=Count("pk"),
            overdue=Count("pk", filter=self._undone & Q(due__lt=self.day)),
            plans=Count("plan", distinct=True),
        )

    def page(self, number):
        """A `Paginator` page of `Stage`s; of a number that is none, the nearest there is."""
        rows = self._milestones.select_related("plan__project__unit", "unit")
        page = Paginator(rows, PER_PAGE).get_page(number)
        page.object_list = self._stages(list(page.object_list))
        return page

    def _stages(self, milestones):
        plans = {row.plan_id for row in milestones}
        paused = set(standing_pauses(self.county, self.day).filter(plan__in=plans).values_list("plan", flat=True))
        before, then = self._before(plans), self._due_then(plans)
        return [
            self._stage(Node(row, self.day, then.get(row.pk)), before.get(row.pk), row.plan_id in paused)
            for row in milestones
        ]

    def _due_then(self, plans):
        """{milestone: its planned day as known at the end of the last period}"""
        records = latest_records(Milestone, self.period_end, plan__in=plans) if plans else {}
        return {pk: record["due"] for pk, record in records.items()}

    def _before(self, plans):
        """{milestone: the milestone before it in its plan}."""
        rows = list(Milestone.objects.filter(plan__in=plans).order_by("plan", "seq", "due", "pk"))
        return {row.pk: earlier for earlier, row in pairwise(rows) if earlier.plan_id == row.plan_id}

    def _stage(self, node, earlier, is_paused):
        if earlier is None:
            return Stage(node, None, None, is_paused)
        is_done = Node(earlier, self.day).is_done
        return Stage(node, earlier.done_on if is_done else earlier.due, earlier.original_due, is_paused)
