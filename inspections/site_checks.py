"""One check (四看督导) as it is read: what was asked, answered and known already; and who may start one."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from accounts.roles import Right, has_right
from inspections.known_facts import NOTHING, Known, KnownFacts
from inspections.models import CheckAnswer, ChecklistItem, Look, SupervisionCheck
from portfolio.models import AnnualPlan, Problem
from portfolio.models.problems import ProblemState
from portfolio.models.register import STATES_IN_PLAN

NO = CheckAnswer.Answer.NO
STORED = ("answer", "words", "measure", "deadline")


def plans_open_to(user):
    """The plans that this account may check: of this year, in the plan, at a stage that has a look."""
    if not has_right(user, Right.CHECK_SITES):
        return AnnualPlan.objects.none()
    plans = AnnualPlan.objects.visible_to(user).of_year(user.county.business_today().year)
    return plans.filter(state__in=STATES_IN_PLAN, project__stage__in=[look.stage for look in Look])


def sees_phones(user, check):
    """As with problems: the project office, the project's unit, and who wrote it down; everybody else sees a mask."""
    if has_right(user, Right.MANAGE_PROBLEMS) or check.inspector_id == user.pk:
        return True
    return user.unit_id is not None and user.unit_id == check.plan.project.unit_id


def of_project(project, user):
    """The checks of a project that this account may read, the latest first, with how many "no"s each has."""
    checks = SupervisionCheck.objects.readable_by(user).filter(plan__project=project)
    return checks.select_related("checklist", "inspector__unit").prefetch_related("answers__problem")


@dataclass(frozen=True)
class Line:
    """One question of a check, with what the register knows, or knew when the check was handed in.

    `standing` is an earlier problem of the same question that is still open.
    """

    item: ChecklistItem
    answer: CheckAnswer | None
    known: Known
    standing: Problem | None

    @property
    def is_no(self):
        return self.answer is not None and self.answer.answer == NO


class CheckSheet:
    """A check with its lines, on a day."""

    def __init__(self, check, day):
        self.check, self.day = check, day

    @cached_property
    def items(self):
        return list(self.check.checklist.items.all())

    @cached_property
    def answers(self):
        """{item: CheckAnswer}."""
        return {answer.item_id: answer for answer in self.check.answers.select_related("problem__unit", "item")}

    @cached_property
    def lines(self):
        return [
            Line(item, self.answers.get(item.pk), self.known[item.key], self.standing.get(item.key))
            for item in self.items
        ]

    @cached_property
    def known(self):
        """{question key: Known} of the register: now for a draft, else what was kept with the check."""
        if self.check.state == SupervisionCheck.State.DONE:
            kept = {answer.item.key: answer.known for answer in self.answers.values()}
            return {item.key: Known(words=kept.get(item.key, "")) for item in self.items}
        facts = KnownFacts.of_plan(self.check.plan, self.day)
        return {
            item.key: facts.of(self.check.plan_id, item.known_by) if item.known_by else NOTHING for item in self.items
        }

    @cached_property
    def standing(self):
        """{question key: open Problem} of what earlier checks of the project found under the same look."""
        answers = CheckAnswer.objects.filter(
            visit__plan__project=self.check.plan.project_id,
            visit__checklist__look=self.check.checklist.look,
            problem__isnull=False,
        ).exclude(problem__state=ProblemState.CLOSED)
        found = answers.select_related("problem__unit", "item").order_by("pk")
        return {answer.item.key: answer.problem for answer in found}

    @property
    def counts(self):
        """[(label, number)] of the answers."""
        answers = [answer.answer for answer in self.answers.values()]
        return [(answer.label, answers.count(answer)) for answer in CheckAnswer.Answer]

    @property
    def problems(self):
        return [line.answer.problem for line in self.lines if line.answer and line.answer.problem]

    def due(self, item):
        """The usual deadline of a "no" (13710), from the day of the check sheet."""
        return self.day + dt.timedelta(days=item.days)
