"""How the plans of a year stand on a day: each with its light, its week's report, its open problems, its last visit.

A handful of queries, whatever the rows. Read it inside `as_of.reading(county, day)` for a past day: visits,
which have no history, are cut by when they were made and noted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import Max

from portfolio import progress, reporting
from portfolio.as_of import end_of_day
from portfolio.models import AnnualPlan, Problem, Visit, WeeklyDispatch
from portfolio.models.register import COUNTED
from portfolio.weeks import Week


@dataclass
class Standing:
    """One counted plan on a day. `problems` are the project's open ones, the nearest deadline first."""

    plan: AnnualPlan  # annotated by `progress.annotated`
    judgement: progress.Judgement
    has_to_report: bool
    has_reported: bool
    is_large_enough: bool = False  # for 入统; False where the total investment is not known
    problems: list = field(default_factory=list)
    last_visit: dt.date | None = None

    @property
    def project(self):
        return self.plan.project

    @property
    def light(self):
        return self.judgement.light

    @property
    def overdue(self):
        return [problem for problem in self.problems if problem.is_overdue]

    @property
    def is_missing(self):
        """The week's report is due and not there."""
        return self.has_to_report and not self.has_reported


class Choice(NamedTuple):
    """What a list of standings can be narrowed to."""

    label: str
    holds: Callable


def _is_due_to_start(row):
    return row.plan.is_new and row.plan.is_due_to_start


def _has_to_register(row):
    return row.plan.has_started and row.is_large_enough


def _is_registered(row):
    return _has_to_register(row) and row.plan.registration_state == progress.RegistrationState.DONE


# By the token that stands for it in a query string.
CHOICES = {
    "missing": Choice("本周未报", lambda row: row.is_missing),
    "to-report": Choice("本周应报", lambda row: row.has_to_report),
    "reported": Choice("本周已报", lambda row: row.has_to_report and row.has_reported),
    "due-to-start": Choice("应开工", _is_due_to_start),
    "due-started": Choice("应开工已开工", lambda row: _is_due_to_start(row) and row.plan.has_started),
    "not-started": Choice("应开工未开工", lambda row: _is_due_to_start(row) and not row.plan.has_started),
    "new": Choice("计划新开工", lambda row: row.plan.is_new),
    "new-started": Choice("计划新开工已开工", lambda row: row.plan.is_new and row.plan.has_started),
    "started": Choice("已开工", lambda row: row.plan.has_started),
    "to-register": Choice("应入统", _has_to_register),
    "registered": Choice("应入统已入统", _is_registered),
    "register-late": Choice("超期未入统", lambda row: row.plan.registration_state == progress.RegistrationState.LATE),
}


class YearStandings:
    """`rows` are the counted plans of `year` in the plan table's order, judged as on `day`."""

    def __init__(self, county, year, day):
        self.county, self.year, self.day = county, year, day
        self.week = Week.of(day)

    @cached_property
    def thresholds(self):
        return progress.rules_on(self.county, self.day)

    @cached_property
    def rows(self):
        plans = self._plans.filter(COUNTED).select_related("project", "project__unit", "leader", "deputy_leader")
        annotated = progress.annotated(plans, self.year, self.day, self.thresholds)
        return [self._standing(plan) for plan in annotated]

    def _standing(self, plan):
        return Standing(
            plan=plan,
            judgement=progress.judgement(plan, self.day),
            has_to_report=plan.pk in self._due,
            has_reported=plan.pk in self._reported,
            is_large_enough=(plan.project.total_investment or 0) >= self.thresholds.registration_from,
            problems=self._of_project[plan.project_id],
            last_visit=self._visits.get((plan.leader_id, plan.project_id)),
        )

    @property
    def _plans(self):
        return AnnualPlan.objects.filter(county=self.county, year=self.year)

    @cached_property
    def _due(self):
        return reporting.due_on(self.county, self.week, self.day) if self.week.year == self.year else frozenset()

    @cached_property
    def _reported(self):
        published = WeeklyDispatch.objects.published().of_week(self.week).filter(county=self.county)
        return set(published.values_list("plan", flat=True))

    @cached_property
    def problems(self):
        """The county's open problems, the nearest deadline first, each with its `leader_id`.

        As in the problem list: who answers for the project's plan of the year, whatever that plan's state.
        """
        leaders = dict(self._plans.values_list("project", "leader"))
        found = Problem.objects.filter(county=self.county).open().select_related("project", "unit")
        problems = list(found.order_by("deadline", "pk"))
        for problem in problems:
            problem.leader_id = leaders.get(problem.project_id)
            problem.is_overdue = problem.deadline < self.day
        return problems

    @cached_property
    def _of_project(self):
        found = defaultdict(list)
        for problem in self.problems:
            found[problem.project_id].append(problem)
        return found

    @cached_property
    def _visits(self):
        """{(leader, project): day of the last visit}."""
        visits = Visit.objects.known_at(end_of_day(self.day)).filter(county=self.county).order_by()
        last = visits.values("leader", "project").annotate(last=Max("day"))
        return {(row["leader"], row["project"]): row["last"] for row in last}
