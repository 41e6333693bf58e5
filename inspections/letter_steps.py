"""What may be done with a letter in which state: draft → issued → received → answered → closed (拟稿 … 办结).

The unit receives and answers; the project office writes, issues, judges the answer, and lets the matter rise. One that
was issued by mistake is made void (作废), whatever became of it.
"""

from dataclasses import dataclass
from enum import Enum

from inspections.models.letters import LetterState
from portfolio.problem_clock import SHAPES, SOON, Level

DRAFT, ISSUED, RECEIVED, ANSWERED, CLOSED, VOID = LetterState

STANDING = {
    DRAFT: ("还在拟稿", "请先发出"),
    ISSUED: ("已发出，等待签收", "请在签收、回复后再办"),
    RECEIVED: ("已签收，正在办理", "请在主送单位回复后再办"),
    ANSWERED: ("已经回复，等待核验", "请先办结或退回重办"),
    CLOSED: ("已经办结", "仍未解决的，请升级或另发文书"),
    VOID: ("已经作废", "事情仍需督办的，请另发文书"),
}


@dataclass(frozen=True)
class Rule:
    """In which states a step may be taken, and whether by the project office (else by the unit it is sent to)."""

    label: str
    states: frozenset
    by_office: bool = True


class Verb(Enum):
    """The steps; a step's value is its name in addresses and of its function in `actions.letters` or `letter_steps`."""

    EDIT = "edit"
    ISSUE = "issue"
    DISCARD = "discard"
    RECEIVE = "receive"
    ANSWER = "answer"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    CLOSE = "close"
    SEND_BACK = "send_back"
    RAISE = "raise_further"
    VOID = "void"

    @property
    def rule(self):
        return RULES[self]


UNANSWERED = frozenset({ISSUED, RECEIVED})
RULES = {
    Verb.EDIT: Rule("修改", frozenset({DRAFT})),
    Verb.ISSUE: Rule("发出", frozenset({DRAFT})),
    Verb.DISCARD: Rule("删去草稿", frozenset({DRAFT})),
    Verb.RECEIVE: Rule("签收", frozenset({ISSUED}), by_office=False),
    Verb.ANSWER: Rule("回复", UNANSWERED, by_office=False),
    Verb.ASK_EXTENSION: Rule("申请延期", UNANSWERED, by_office=False),
    Verb.GRANT_EXTENSION: Rule("同意延期", UNANSWERED),
    Verb.REFUSE_EXTENSION: Rule("不同意延期", UNANSWERED),
    Verb.CLOSE: Rule("办结", UNANSWERED | {ANSWERED}),
    Verb.SEND_BACK: Rule("退回重办", frozenset({ANSWERED})),
    Verb.RAISE: Rule("升级", UNANSWERED | {ANSWERED, CLOSED}),
    Verb.VOID: Rule("作废", UNANSWERED | {ANSWERED, CLOSED}),
}


def refusal(verb, letter, today):
    """Why the step can't be taken now, as a sentence with its remedy; "" when it can."""
    if letter.state not in verb.rule.states:
        standing, remedy = STANDING[letter.state]
        return f"这份{letter.get_kind_display()}{standing}，不能“{verb.rule.label}”。{remedy}。"
    if verb is Verb.ASK_EXTENSION:
        return _no_extension(letter, today)
    if verb in {Verb.GRANT_EXTENSION, Verb.REFUSE_EXTENSION} and letter.asked_deadline is None:
        return "这份文书没有待答复的延期申请。请刷新后核对。"
    if verb is Verb.VOID:
        return _risen_already(letter, "作废")
    return _no_rise(letter, today) if verb is Verb.RAISE else ""


def _no_extension(letter, today):
    if letter.asked_deadline is not None:
        return f"已申请延至 {letter.asked_deadline}，请等待项目办答复。"
    if today > letter.deadline:
        return f"回复时限是 {letter.deadline}，已经过期，延期须在到期前申请。请尽快回复，并说明情况。"
    return ""


def _no_rise(letter, today):
    if letter.kind_after is None:
        return "约谈通知已是最高一级，不能再升级。"
    return _risen_already(letter, "再次升级") or no_ground(letter, today)


def _risen_already(letter, asked):
    if (later := letter.raised_by) is None:
        return ""
    remedy = "请先删去那份草稿" if later.state == DRAFT else "请在后一份文书上办理"
    return f"这份{letter.get_kind_display()}已经升级为{later.get_kind_display()}，不能{asked}。{remedy}。"


def no_ground(letter, today):
    """Why a graver letter may not follow; "" when the unit let the deadline pass, or it was closed without success."""
    if is_overdue(letter, today) or (letter.state == CLOSED and letter.is_settled is False):
        return ""
    if letter.state == CLOSED:
        return "上一级文书办结时已认定整改到位，不能升级。又出现问题的，请另发提醒函。"
    if letter.state == ANSWERED:
        return "主送单位已经回复，不能升级。请先核验：整改不到位的，办结时写明后再升级，或退回重办。"
    return f"回复时限是 {letter.deadline}，还没有逾期，不能升级。逾期未回复，或办结时认定整改不到位的，才能升级。"


def is_overdue(letter, today):
    """Past its deadline without an answer."""
    return letter.state in UNANSWERED and letter.deadline < today


def open_to(letter, *, today, may_answer, may_manage):
    """The steps that somebody may take now, in the order in which a page offers them."""
    allowed = [verb for verb in Verb if (may_manage if verb.rule.by_office else may_answer)]
    return [verb for verb in allowed if not refusal(verb, letter, today)]


@dataclass(frozen=True)
class Clock:
    """How a letter stands against its deadline: `逾期 3 天`, `还剩 2 天`."""

    level: Level
    words: str

    @property
    def shape(self):
        return SHAPES[self.level]


def clock(letter, today):
    days = (letter.deadline - today).days
    match letter.state:
        case LetterState.DRAFT:
            return Clock(Level.DONE, "拟稿")
        case LetterState.CLOSED:
            return Clock(Level.DONE, "整改未到位" if letter.is_settled is False else "已办结")
        case LetterState.VOID:
            return Clock(Level.DONE, "已作废")
        case LetterState.ANSWERED:
            return Clock(Level.FINE, "待核验")
    if days < 0:
        return Clock(Level.LATE, f"逾期 {-days} 天")
    return Clock(Level.SOON if days <= SOON else Level.FINE, f"还剩 {days} 天" if days else "今天到期")


def waiting_for(letter):
    """Whose turn it is, in words; "" when it is nobody's any more."""
    if letter.state in UNANSWERED and letter.asked_deadline is not None:
        return f"等待项目办答复延期申请（申请延至 {letter.asked_deadline}）"
    return {
        DRAFT: "等待项目办发出",
        ISSUED: f"等待{letter.unit}签收",
        RECEIVED: f"等待{letter.unit}回复",
        ANSWERED: "等待项目办核验",
        CLOSED: "",
        VOID: "",
    }[letter.state]
