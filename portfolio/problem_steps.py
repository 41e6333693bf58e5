"""What may be done with a problem in which state: raised → assigned → closing → closed (提出、交办、申请销号、销号)."""

from dataclasses import dataclass
from enum import Enum

from portfolio.models.problems import ProblemState

RAISED, ASSIGNED, CLOSING, CLOSED = ProblemState

STANDING = {
    RAISED: ("还没有交办", "请先交办"),
    ASSIGNED: ("正在办理", "请在责任单位申请销号后再办"),
    CLOSING: ("已申请销号，正等待核验", "请先核验或退回办理"),
    CLOSED: ("已经销号", "如需继续办理，请由项目办重新打开"),
}


@dataclass(frozen=True)
class Rule:
    """In which states a step may be taken, and whether by the project office only (else by the units too)."""

    label: str
    states: frozenset
    by_office: bool = True


class Verb(Enum):
    """The steps; a step's value is its name in addresses and the name of its function in `actions.problems`."""

    ANSWER = "answer"
    ASK_CLOSING = "ask_closing"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    CLOSE = "close"
    SEND_BACK = "send_back"
    ASSIGN = "assign"
    REOPEN = "reopen"
    EDIT = "edit"

    @property
    def rule(self):
        return RULES[self]


RULES = {
    Verb.ANSWER: Rule("反馈", frozenset({RAISED, ASSIGNED}), by_office=False),
    Verb.ASK_EXTENSION: Rule("申请延期", frozenset({ASSIGNED}), by_office=False),
    Verb.ASK_CLOSING: Rule("申请销号", frozenset({RAISED, ASSIGNED}), by_office=False),
    Verb.ASSIGN: Rule("交办", frozenset({RAISED, ASSIGNED})),
    Verb.GRANT_EXTENSION: Rule("同意延期", frozenset({ASSIGNED})),
    Verb.REFUSE_EXTENSION: Rule("不同意延期", frozenset({ASSIGNED})),
    Verb.CLOSE: Rule("销号", frozenset({CLOSING})),
    Verb.SEND_BACK: Rule("退回办理", frozenset({CLOSING})),
    Verb.REOPEN: Rule("重新打开", frozenset({CLOSED})),
    Verb.EDIT: Rule("修改", frozenset({RAISED, ASSIGNED, CLOSING})),
}


def refusal(verb, problem, today):
    """Why the step can't be taken now, as a sentence with its remedy; "" when it can."""
    if problem.state not in verb.rule.states:
        standing, remedy = STANDING[problem.state]
        return f"这个问题{standing}，不能“{verb.rule.label}”。{remedy}。"
    if verb is Verb.ASK_EXTENSION:
        return _no_extension(problem, today)
    if verb in {Verb.GRANT_EXTENSION, Verb.REFUSE_EXTENSION} and problem.asked_deadline is None:
        return "这个问题没有待答复的延期申请。请刷新后核对。"
    return ""


def _no_extension(problem, today):
    if problem.asked_deadline is not None:
        return f"已申请延至 {problem.asked_deadline}，请等待项目办答复。"
    if today > problem.deadline:
        return f"办结时限是 {problem.deadline}，已经过期，延期须在到期前申请。请尽快办结，并在反馈中说明情况。"
    return ""


def open_to(problem, *, today, may_answer, may_manage):
    """The steps that somebody may take now, in the order in which a page offers them: the office's own first."""
    allowed = [verb for verb in Verb if may_manage or (may_answer and not verb.rule.by_office)]
    taken = [verb for verb in allowed if not refusal(verb, problem, today)]
    return sorted(taken, key=lambda verb: verb.rule.by_office != may_manage)


# The step that everybody waits for in each state; its form stands open.
EXPECTED = {
    RAISED: frozenset({Verb.ASSIGN, Verb.ANSWER}),
    ASSIGNED: frozenset({Verb.GRANT_EXTENSION, Verb.ANSWER}),
    CLOSING: frozenset({Verb.CLOSE}),
    CLOSED: frozenset(),
}


def label_of(verb, problem):
    return "重新交办" if verb is Verb.ASSIGN and problem.state == ASSIGNED else verb.rule.label


def waiting_for(problem):
    """Whose turn it is, in words; "" when it is nobody's any more."""
    if problem.state == ASSIGNED and problem.asked_deadline is None:
        return f"等待{problem.unit}办理"
    if problem.state == ASSIGNED:
        return f"等待项目办答复延期申请（申请延至 {problem.asked_deadline}）"
    return {RAISED: "等待项目办交办", CLOSING: "等待项目办核验", CLOSED: ""}[problem.state]
