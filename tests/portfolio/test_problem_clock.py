"""The clocks of 13710: which one runs, how many days are left, and how that is said."""

import datetime as dt

import pytest

from portfolio import problem_clock
from portfolio.models import Problem

RAISED_ON = dt.date(2024, 5, 20)


def day(number):
    return dt.date(2024, 5, number)


def problem(state="raised", **fields):
    deadline = problem_clock.deadline(RAISED_ON, fields.get("is_complex", False))
    return Problem(state=state, raised_on=RAISED_ON, deadline=fields.pop("deadline", deadline), **fields)


def told(problem, today):
    clock = problem_clock.running(problem, today)
    return clock.shape, clock.words, clock.is_overdue


def test_deadline_is_seven_days_after_raising_and_thirty_for_a_complex_problem():
    assert problem_clock.deadline(RAISED_ON, is_complex=False) == dt.date(2024, 5, 27)
    assert problem_clock.deadline(RAISED_ON, is_complex=True) == dt.date(2024, 6, 19)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (day(20), ("●", "还剩 1 天交办", False)),
        (day(21), ("●", "今天应交办", False)),
        (day(22), ("▲", "交办超时 1 天", False)),
        (day(27), ("▲", "交办超时 6 天", False)),
        (day(28), ("■", "逾期 1 天", True)),
    ],
)
def test_a_raised_problem_is_to_be_assigned_within_a_day(today, said):
    assert told(problem(), today) == said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (day(21), ("●", "还剩 2 天反馈", False)),
        (day(23), ("●", "今天应反馈", False)),
        (day(24), ("▲", "反馈超时 1 天", False)),
        (day(28), ("■", "逾期 1 天", True)),
    ],
)
def test_an_assigned_problem_is_to_be_answered_within_three_days(today, said):
    assert told(problem("assigned"), today) == said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (day(24), ("●", "还剩 3 天办结", False)),
        (day(25), ("▲", "还剩 2 天办结", False)),
        (day(27), ("▲", "今天应办结", False)),
        (day(28), ("■", "逾期 1 天", True)),
    ],
)
def test_an_answered_problem_is_to_be_settled_by_its_deadline(today, said):
    assert told(problem("assigned", answered_on=day(22)), today) == said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (day(24), ("●", "待核验，还剩 3 天", False)),
        (day(27), ("▲", "待核验，今天到期", False)),
        (day(28), ("■", "逾期 1 天", True)),
    ],
)
def test_a_problem_that_asks_to_be_closed_still_has_its_deadline(today, said):
    assert told(problem("closing", answered_on=day(22)), today) == said


@pytest.mark.parametrize(
    ("closed_on", "said"),
    [(day(27), ("○", "按时销号", False)), (day(28), ("○", "逾期 1 天销号", False))],
)
def test_a_closed_problem_says_whether_it_was_in_time(closed_on, said):
    assert told(problem("closed", closed_on=closed_on), dt.date(2024, 12, 31)) == said


def test_an_extended_deadline_is_the_one_that_counts():
    extended = problem("assigned", answered_on=day(22), deadline=day(30))

    assert told(extended, day(30)) == ("▲", "今天应办结", False)
    assert told(extended, day(31)) == ("■", "逾期 1 天", True)
