"""The values that a board of a look (inspections.looks) is made of: a project's row, its cells, and what is summed."""

import datetime as dt
from dataclasses import dataclass

from django.db import models

from inspections.checklists import Question
from inspections.models import CheckAnswer, SupervisionCheck
from portfolio.models import AnnualPlan
from portfolio.models.problems import ProblemState

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
