"""Where the projects of a stage stand under its look (四看): last checks, what is missing most, and with whom.

Pure reading, in a constant number of queries; for a past day, inside `as_of.reading(county, day)`.
"""

import datetime as dt
import operator
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db import models

from inspections import checklists
from inspections.checklists import Question
from inspections.known_facts import KnownFacts
from inspections.models import CheckAnswer, Look, SupervisionCheck
from portfolio.models import AnnualPlan
from portfolio.models.problems import ProblemState
from portfolio.models.register import COUNTED

YES, NO, NOT_NEEDED = CheckAnswer.Answer


class Standing(models.TextChoices):
    """How a project stands under its look, the worst first; always a word and a shape beside its colour."""

    OVERDUE = "overdue", "整改逾期"
    OPEN = "open", "正在整改"
    NEVER = "never", "今年未督导"
    CLEAR = "clear", "没有未整改的问题"

    @property
    def shape(self):
        return {"overdue": "■", "open": "▲", "never": "○", "clear": "●"}[self.value]

    @property
    def style(self):
        """The stylesheet's class of the state."""
        return {"overdue": "state-bad", "open": "state-warn", "clear": "state-good"}.get(self.value, "")


@dataclass(frozen=True)
class Cell:
    """What is known of one question for one project.

    `answer` yes, no, na or empty. `is_checked`: an inspector said so; else the register does. `problem` is what a "no"
    became; `is_settled`: it has been closed out (销号).
    """

    answer: str = ""
    words: str = ""
    is_checked: bool = False
    problem: object = None

    @property
    def is_settled(self):
        return self.problem is not None and self.problem.state == ProblemState.CLOSED

    @property
    def is_missing(self):
        """Not there yet: answered with no, and not put right since."""
        return self.answer == NO and not self.is_settled

    @property
    def label(self):
        return "已整改" if self.is_settled else CheckAnswer.Answer(self.answer).label if self.answer else "未知"

    @property
    def style(self):
        if self.is_missing:
            return "state-bad"
        return "state-good" if self.answer == YES or self.is_settled else ""


@dataclass
class LookRow:
    """One project of the stage. `check` is the last one handed in this year; None where there was none.

    `cells` are {question key: Cell} for every question of the list in force. `open_problems` come from all checks of
    this look, the nearest deadline first.
    """

    plan: AnnualPlan  # annotated by `progress.annotated`, with project, town, unit and leader
    check: SupervisionCheck | None
    checks: int  # how many were handed in this year
    cells: dict
    open_problems: list
    day: dt.date

    @property
    def project(self):
        return self.plan.project

    def _count(self, answer):
        return sum(cell.is_checked and cell.answer == answer for cell in self.cells.values())

    @property
    def yes(self):
        return self._count(YES)

    @property
    def no(self):
        """How many questions the last check answered with no, put right since or not."""
        return self._count(NO)

    @property
    def missing(self):
        """Keys of the questions that are not there yet, by the last check or, unasked so far, by the register."""
        return [key for key, cell in self.cells.items() if cell.is_missing]

    @property
    def overdue(self):
        return [problem for problem in self.open_problems if problem.deadline < self.day]

    @property
    def standing(self):
        if self.overdue:
            return Standing.OVERDUE
        if self.open_problems:
            return Standing.OPEN
        return Standing.CLEAR if self.check else Standing.NEVER

    @property
    def days_ago(self):
        """Days since the last check; None where there was none."""
        return (self.day - self.check.day).days if self.check else None


@dataclass(frozen=True)
class Missing:
    """One question over all projects of the stage: how many were answered how by inspectors, and what is known else.

    `yes + no + not_needed + unchecked` are all projects. `settled` of the `no` have been put right. `known_no` of the
    `unchecked` are not there by the register.
    """

    question: Question
    yes: int
    no: int
    settled: int
    not_needed: int
    unchecked: int
    known_no: int

    @property
    def no_open(self):
        """How many of the `no` have not been put right yet."""
        return self.no - self.settled

    @property
    def missing(self):
        """How many projects lack it now, by checks and register."""
        return self.no_open + self.known_no


@dataclass
class Tally:
    """What falls to one unit or inspector. `projects` of the stage (an inspector's: those checked)."""

    title: str
    key: int | None
    projects: int = 0
    checked: int = 0
    checks: int = 0
    no: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def unchecked(self):
        return self.projects - self.checked


@dataclass
class LookBoard:
    """All projects of a look's stage in the plan of `year`, as they stood at the end of `day`."""

    county: object
    look: Look
    year: int
    day: dt.date

    def __post_init__(self):
        self.look = Look(self.look)

    @cached_property
    def questions(self):
        return checklists.in_force(self.county, self.look, self.day)

    @cached_property
    def facts(self):
        plans = AnnualPlan.objects.filter(COUNTED, county=self.county, year=self.year, project__stage=self.look.stage)
        return KnownFacts(self.county, self.year, self.day, plans)

    @cached_property
    def rows(self):
        """`LookRow`s in the order of the plan table."""
        return [self._row(plan) for plan in self.facts.plans.values()]

    def _row(self, plan):
        checks = self._checks[plan.pk]
        last = checks[-1] if checks else None
        answers = self._answers[last.pk] if last else {}
        return LookRow(
            plan=plan,
            check=last,
            checks=len(checks),
            cells={each.key: self._cell(plan, each, answers.get(each.key)) for each in self.questions.questions},
            open_problems=self._open_problems[plan.pk],
            day=self.day,
        )

    def _cell(self, plan, question, answer):
        if answer is not None and answer.answer:
            return Cell(answer.answer, answer.words or answer.known, is_checked=True, problem=answer.problem)
        known = self.facts.of(plan.pk, question.known_by)
        return Cell(known.answer, known.words)

    @cached_property
    def _checks(self):
        """{plan: its checks of this look that were handed in by the day, the latest last}."""
        done = SupervisionCheck.objects.filter(
            county=self.county,
            plan__year=self.year,
            checklist__look=self.look,
            state=SupervisionCheck.State.DONE,
            day__lte=self.day,
        )
        found = defaultdict(list)
        for check in done.select_related("inspector__unit").order_by("day", "submitted_at", "pk"):
            found[check.plan_id].append(check)
        return found

    @cached_property
    def _all_answers(self):
        visits = [check.pk for checks in self._checks.values() for check in checks]
        answers = CheckAnswer.objects.filter(visit__in=visits).select_related("item", "problem")
        return list(answers.order_by("visit", "item__seq"))

    @cached_property
    def _answers(self):
        """{check: {question key: CheckAnswer}}."""
        found = defaultdict(dict)
        for answer in self._all_answers:
            found[answer.visit_id][answer.item.key] = answer
        return found

    @cached_property
    def _open_problems(self):
        """{plan: its open problems}; one that several checks found stands once."""
        plan_of = {check.pk: plan for plan, checks in self._checks.items() for check in checks}
        found = defaultdict(dict)
        for answer in self._all_answers:
            if answer.problem is not None and answer.problem.state != ProblemState.CLOSED:
                found[plan_of[answer.visit_id]][answer.problem_id] = answer.problem
        order = operator.attrgetter("deadline", "pk")
        return defaultdict(list, {plan: sorted(problems.values(), key=order) for plan, problems in found.items()})

    # Figures

    @property
    def total(self):
        return len(self.rows)

    @property
    def checked(self):
        return sum(row.check is not None for row in self.rows)

    @property
    def never_checked(self):
        return [row for row in self.rows if row.check is None]

    @property
    def checks(self):
        return sum(row.checks for row in self.rows)

    @cached_property
    def standings(self):
        """[(Standing, how many projects)], the worst first."""
        counts = Counter(row.standing for row in self.rows)
        return [(standing, counts[standing]) for standing in Standing]

    @property
    def open_problems(self):
        return sum(len(row.open_problems) for row in self.rows)

    @property
    def overdue_problems(self):
        return sum(len(row.overdue) for row in self.rows)

    @cached_property
    def missing_most(self):
        """A `Missing` of each question, what most projects lack first; of equals in the list's order."""
        found = [self._missing(question) for question in self.questions.questions]
        return sorted(found, key=lambda each: -each.missing)

    def _missing(self, question):
        cells = [row.cells[question.key] for row in self.rows]
        answers = Counter(cell.answer for cell in cells if cell.is_checked)
        unchecked = [cell for cell in cells if not cell.is_checked]
        return Missing(
            question,
            yes=answers[YES],
            no=answers[NO],
            settled=sum(cell.is_checked and cell.is_settled for cell in cells),
            not_needed=answers[NOT_NEEDED],
            unchecked=len(unchecked),
            known_no=sum(cell.answer == NO for cell in unchecked),
        )

    @cached_property
    def by_unit(self):
        """`Tally`s of the responsible units, who has most open problems first."""
        found = {}
        for row in self.rows:
            unit = row.project.unit
            tally = found.setdefault(
                row.project.unit_id, Tally(str(unit) if unit else "未明确责任单位", row.project.unit_id)
            )
            tally.projects += 1
            tally.checked += row.check is not None
            tally.checks += row.checks
            tally.no += row.no
            tally.open += len(row.open_problems)
            tally.overdue += len(row.overdue)
        return sorted(found.values(), key=lambda tally: (-tally.open, -tally.projects, tally.title))

    @cached_property
    def by_inspector(self):
        """`Tally`s of those who checked, who did most first; `projects` and `checked` are those they checked."""
        checks = defaultdict(list)
        for check in (check for of_plan in self._checks.values() for check in of_plan):
            checks[check.inspector_id].append(check)
        found = [self._inspectors(key, of_one) for key, of_one in checks.items()]
        return sorted(found, key=lambda tally: (-tally.checks, tally.title))

    def _inspectors(self, key, checks):
        answers = [answer for check in checks for answer in self._answers[check.pk].values()]
        problems = {answer.problem_id: answer.problem for answer in answers if answer.problem is not None}
        still_open = [problem for problem in problems.values() if problem.state != ProblemState.CLOSED]
        projects = len({check.plan_id for check in checks})
        return Tally(
            _name(checks[0].inspector),
            key,
            projects=projects,
            checked=projects,
            checks=len(checks),
            no=sum(answer.answer == NO for answer in answers),
            open=len(still_open),
            overdue=sum(problem.deadline < self.day for problem in still_open),
        )


def _name(inspector):
    return inspector.name if inspector else "账号已删除"


def boards(county, year, day):
    """The four boards, in the order of the stages."""
    return [LookBoard(county, look, year, day) for look in Look]
