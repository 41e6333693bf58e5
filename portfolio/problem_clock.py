"""The clocks of a problem by 13710: a day to assign, three to answer, seven (or thirty, if complex) to settle, then 0.

All count in calendar days from the day the problem was raised. Missing the first two is 超时; only a missed deadline
(办结时限) is 逾期, which is what every page and table counts. The rule is that of Shanxi's government offices.
"""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from portfolio.models.problems import ProblemState

DAYS_TO_ASSIGN = 1
DAYS_TO_ANSWER = 3
DAYS_ORDINARY = 7
DAYS_COMPLEX = 30
# From this many days before the deadline on, a problem is due soon (临期).
SOON = 2


class Step(Enum):
    """Which clock is running."""

    ASSIGN = "交办"
    ANSWER = "反馈"
    SETTLE = "办结"
    CHECK = "核验"
    CLOSED = "销号"


class Level(Enum):
    """How a clock stands."""

    FINE = "fine"
    SOON = "soon"
    LATE = "late"
    DONE = "done"


SHAPES = {Level.FINE: "●", Level.SOON: "▲", Level.LATE: "■", Level.DONE: "○"}


@dataclass(frozen=True)
class Clock:
    """`days_left` is 0 on the last day and negative after it; of a closed problem, on the day it was closed."""

    step: Step
    due_on: dt.date
    days_left: int

    @property
    def is_overdue(self):
        """Past its deadline and open. An assignment or answer that is late is no overdue problem yet."""
        return self.days_left < 0 and self.step in {Step.SETTLE, Step.CHECK}

    @property
    def level(self):
        if self.step is Step.CLOSED:
            return Level.DONE
        if self.is_overdue:
            return Level.LATE
        return Level.SOON if self.days_left < 0 or self._is_soon else Level.FINE

    @property
    def _is_soon(self):
        return self.days_left <= SOON and self.step in {Step.SETTLE, Step.CHECK}

    @property
    def shape(self):
        return SHAPES[self.level]

    @property
    def words(self):
        """`还剩 3 天办结`, `今天应交办`, `反馈超时 2 天`, `逾期 5 天`, `按时销号`."""
        if self.step is Step.CLOSED:
            return "按时销号" if self.days_left >= 0 else f"逾期 {-self.days_left} 天销号"
        if self.is_overdue:
            return f"逾期 {-self.days_left} 天"
        if self.days_left < 0:
            return f"{self.step.value}超时 {-self.days_left} 天"
        if self.step is Step.CHECK:
            return f"待核验，{_time_left(self.days_left)}"
        return f"今天应{self.step.value}" if self.days_left == 0 else f"还剩 {self.days_left} 天{self.step.value}"


def _time_left(days):
    return f"还剩 {days} 天" if days else "今天到期"


def deadline(raised_on, is_complex):
    """The day by which a problem is to be settled."""
    return raised_on + dt.timedelta(days=DAYS_COMPLEX if is_complex else DAYS_ORDINARY)


def assign_by(raised_on):
    return raised_on + dt.timedelta(days=DAYS_TO_ASSIGN)


def answer_by(raised_on):
    return raised_on + dt.timedelta(days=DAYS_TO_ANSWER)


def running(problem, today):
    """The clock that counts now. Once the deadline has passed it is that one, whatever else is still to do."""
    if problem.state == ProblemState.CLOSED:
        return Clock(Step.CLOSED, problem.deadline, (problem.deadline - problem.closed_on).days)
    step, due_on = _next_step(problem)
    if today > problem.deadline and step is not Step.CHECK:
        step, due_on = Step.SETTLE, problem.deadline
    return Clock(step, due_on, (due_on - today).days)


def _next_step(problem):
    if problem.state == ProblemState.CLOSING:
        return Step.CHECK, problem.deadline
    if problem.state == ProblemState.RAISED:
        return Step.ASSIGN, assign_by(problem.raised_on)
    if problem.answered_on is None:
        return Step.ANSWER, answer_by(problem.raised_on)
    return Step.SETTLE, problem.deadline
