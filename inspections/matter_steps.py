"""What may be done with a matter in which state: open → closing → done (交办、申请办结、办结).

What was settled by mistake is taken up again (恢复办理); what was assigned by mistake is revoked (撤销).
Until it is handed out (minutes issued, or the inspection's round closed) it is still being written.
"""

from dataclasses import dataclass
from enum import Enum

from inspections.models.meetings import SETTLED, MatterState
from inspections.models.rounds import RoundState

OPEN, CLOSING, DONE, DROPPED, REVOKED = MatterState

STANDING = {
    OPEN: ("正在办理", "请在责任单位申请办结后再办"),
    CLOSING: ("已申请办结，正等待核验", "请先核验或退回办理"),
    DONE: ("已经办结", "如需继续办理，请由项目办恢复办理，或在下次会议重新议定"),
    DROPPED: ("已不再办理", "如需继续办理，请由项目办恢复办理，或在下次会议重新议定"),
    REVOKED: ("已经撤销", "撤销有误的，请由项目办恢复办理"),
}
NOT_ISSUED = "会议纪要还没有印发，这一项还没有交办，不能“{label}”。请先印发纪要，或在会议页上修改。"
WRITTEN = "“{origin}”已经{done}，这一项不能再改写。时限有变请办理延期；不再办理的，请写明原因。"


@dataclass(frozen=True)
class Rule:
    """In which states a step may be taken, and whether by the project office only (else by the unit too)."""

    label: str
    states: frozenset
    by_office: bool = True


class Verb(Enum):
    """The steps; a step's value is its name in addresses and the name of its function in `actions.matters`."""

    ANSWER = "answer"
    ASK_CLOSING = "ask_closing"
    CLOSE = "close"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    DROP = "drop"
    REOPEN = "reopen"
    REVOKE = "revoke"
    EDIT = "edit"

    @property
    def rule(self):
        return RULES[self]


RULES = {
    Verb.ANSWER: Rule("反馈", frozenset({OPEN}), by_office=False),
    Verb.ASK_CLOSING: Rule("申请办结", frozenset({OPEN}), by_office=False),
    Verb.CLOSE: Rule("办结", frozenset({OPEN, CLOSING})),
    Verb.SEND_BACK: Rule("退回办理", frozenset({CLOSING})),
    Verb.EXTEND: Rule("延期", frozenset({OPEN})),
    Verb.DROP: Rule("不再办理", frozenset({OPEN, CLOSING})),
    Verb.REOPEN: Rule("恢复办理", frozenset(SETTLED)),
    Verb.REVOKE: Rule("撤销", frozenset({OPEN, CLOSING})),
    Verb.EDIT: Rule("修改", frozenset({OPEN})),
}


def is_being_written(matter):
    """Its words may still be changed: the minutes are not issued, or the round of its stop is still open."""
    if matter.meeting is not None:
        return not matter.is_in_force
    return matter.stop.round.state != RoundState.CLOSED


def refusal(verb, matter):
    """Why the step can't be taken now, as a sentence with its remedy; "" when it can."""
    if matter.state not in verb.rule.states:
        standing, remedy = STANDING[matter.state]
        return f"这一项{standing}，不能“{verb.rule.label}”。{remedy}。"
    if verb is Verb.EDIT:
        return "" if is_being_written(matter) else _written(matter)
    return "" if matter.is_in_force else NOT_ISSUED.format(label=verb.rule.label)


def _written(matter):
    return WRITTEN.format(origin=matter.origin, done="印发纪要" if matter.meeting else "结束")


def open_to(matter, *, may_answer, may_manage):
    """The steps that somebody may take now, in the order in which a page offers them: the office's own first."""
    allowed = [verb for verb in Verb if may_manage or (may_answer and not verb.rule.by_office)]
    taken = [verb for verb in allowed if not refusal(verb, matter)]
    expected = Verb.CLOSE if matter.state == CLOSING else Verb.ANSWER
    return sorted(taken, key=lambda verb: verb is not expected)


def waiting_for(matter):
    """Whose turn it is, in words; "" when it is nobody's any more."""
    if not matter.is_in_force:
        return "等待项目办印发会议纪要"
    return {OPEN: f"等待{matter.unit}办理", CLOSING: "等待项目办核验"}.get(matter.state, "")
