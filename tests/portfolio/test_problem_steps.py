"""Which step a problem may take in which state, and the sentence that refuses the others."""

import datetime as dt

import pytest

from accounts.models import Unit
from portfolio import problem_steps
from portfolio.models import Problem
from portfolio.problem_steps import Verb

DEADLINE = dt.date(2024, 5, 27)

OPEN = {
    "raised": {Verb.ANSWER, Verb.ASK_CLOSING, Verb.ASSIGN, Verb.EDIT},
    "assigned": {Verb.ANSWER, Verb.ASK_CLOSING, Verb.ASK_EXTENSION, Verb.ASSIGN, Verb.EDIT},
    "closing": {Verb.CLOSE, Verb.SEND_BACK, Verb.EDIT},
    "closed": {Verb.REOPEN},
}


def problem(state, **fields):
    return Problem(state=state, deadline=DEADLINE, unit=Unit(name="水利局"), **fields)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("verb", Verb)
def test_each_step_is_open_in_its_states_only(state, verb):
    refused = problem_steps.refusal(verb, problem(state), DEADLINE)

    assert (refused == "") == (verb in OPEN[state])


@pytest.mark.parametrize(
    ("state", "verb", "sentence"),
    [
        ("raised", Verb.CLOSE, "这个问题还没有交办，不能“销号”。请先交办。"),
        ("assigned", Verb.CLOSE, "这个问题正在办理，不能“销号”。请在责任单位申请销号后再办。"),
        ("closing", Verb.ANSWER, "这个问题已申请销号，正等待核验，不能“反馈”。请先核验或退回办理。"),
        ("closed", Verb.EDIT, "这个问题已经销号，不能“修改”。如需继续办理，请由项目办重新打开。"),
        ("assigned", Verb.GRANT_EXTENSION, "这个问题没有待答复的延期申请。请刷新后核对。"),
    ],
)
def test_a_refusal_says_how_it_stands_and_what_to_do(state, verb, sentence):
    assert problem_steps.refusal(verb, problem(state), DEADLINE) == sentence


def test_an_extension_may_be_asked_on_the_day_of_the_deadline_and_not_a_day_after():
    assigned = problem("assigned")

    assert problem_steps.refusal(Verb.ASK_EXTENSION, assigned, DEADLINE) == ""
    assert problem_steps.refusal(Verb.ASK_EXTENSION, assigned, dt.date(2024, 5, 28)) == (
        "办结时限是 2024-05-27，已经过期，延期须在到期前申请。请尽快办结，并在反馈中说明情况。"
    )


def test_one_extension_is_asked_at_a_time_and_the_office_may_answer_it():
    asked = problem("assigned", asked_deadline=dt.date(2024, 6, 5))

    assert problem_steps.refusal(Verb.ASK_EXTENSION, asked, DEADLINE) == "已申请延至 2024-06-05，请等待项目办答复。"
    assert problem_steps.open_to(asked, today=DEADLINE, may_answer=True, may_manage=True)[:2] == [
        Verb.GRANT_EXTENSION,
        Verb.REFUSE_EXTENSION,
    ]


def test_the_office_is_offered_its_own_steps_first_and_a_unit_only_its_own():
    raised = problem("raised")

    assert problem_steps.open_to(raised, today=DEADLINE, may_answer=True, may_manage=True) == [
        Verb.ASSIGN,
        Verb.EDIT,
        Verb.ANSWER,
        Verb.ASK_CLOSING,
    ]
    assert problem_steps.open_to(raised, today=DEADLINE, may_answer=True, may_manage=False) == [
        Verb.ANSWER,
        Verb.ASK_CLOSING,
    ]
    assert problem_steps.open_to(raised, today=DEADLINE, may_answer=False, may_manage=False) == []


@pytest.mark.parametrize(
    ("state", "fields", "said"),
    [
        ("raised", {}, "等待项目办交办"),
        ("assigned", {}, "等待水利局办理"),
        ("assigned", {"asked_deadline": DEADLINE}, "等待项目办答复延期申请（申请延至 2024-05-27）"),
        ("closing", {}, "等待项目办核验"),
        ("closed", {}, ""),
    ],
)
def test_it_says_whose_turn_it_is(state, fields, said):
    assert problem_steps.waiting_for(problem(state, **fields)) == said
