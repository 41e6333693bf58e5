"""Drafting letters (督办文书): title, reason, text and deadline of each kind, in the words of official documents.

The text is lines; how a line begins says its level: 一、 then （一） then 1. then （1）.
"""

import datetime as dt
import re
from dataclasses import dataclass

from inspections.letter_subjects import (
    LATE,
    MATTER_LATE,
    NOT_REGISTERED,
    NOT_STARTED,
    PLAN,
    PROBLEM,
    PROBLEM_LATE,
    planned,
    quoted,
)
from inspections.models import LetterSeries
from inspections.models.letters import Letter, LetterKind, LetterState
from portfolio.problem_clock import DAYS_ORDINARY, DAYS_TO_ANSWER

# Days to answer, by 13710: an ordinary matter takes seven, an answer three. 默认值, the office may set another day.
DAYS = {LetterKind.REMINDER: DAYS_ORDINARY, LetterKind.ORDER: DAYS_TO_ANSWER, LetterKind.TALK: DAYS_TO_ANSWER}
PREFIXES = {LetterKind.REMINDER: "沁重项提", LetterKind.ORDER: "沁重项督", LetterKind.TALK: "沁重项约"}
OPEN_PLACE = "【待填】"
MOST_PROBLEMS = 5
LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]+、")),
    (2, re.compile(r"（[一二三四五六七八九十]+）")),
    (3, re.compile(r"\d+[.．]")),
    (4, re.compile(r"（\d+）")),
)
DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
MONTH = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?![\d-])")
SPACE_BESIDE_FIGURE = re.compile(r"(?<=[\d%]) (?=[^\x00-\xff])|(?<=[^\x00-\xff]) (?=\d)")


@dataclass(frozen=True)
class Draft:
    """What a new letter says, before anybody has edited it."""

    kind: LetterKind
    unit: object
    title: str
    reason: str
    body: str
    deadline: dt.date


def draft(subject, day, after=None):
    """A 提醒函 about the subject; or what follows the letter `after`, of the next kind."""
    kind = after.kind_after if after else LetterKind.REMINDER
    deadline = default_deadline(kind, day)
    return Draft(
        kind=kind,
        unit=after.unit if after else subject.unit,
        title=f"关于{subject.name}{subject.failing}的{kind.label}"[: _longest("title")],
        reason=official(subject.reason)[: _longest("reason")],
        body="\n".join(_TEXTS[kind](subject, day, deadline, after)),
        deadline=deadline,
    )


def _longest(name):
    return Letter._meta.get_field(name).max_length


def default_deadline(kind, day):
    return day + dt.timedelta(days=DAYS[kind])


# The texts


def _reminder(subject, day, deadline, after):
    return [
        f"{_opening(subject, day)}现提醒如下。",
        *_facts(subject),
        "二、工作要求",
        "（一）查明原因。请逐项查找原因，明确责任领导、责任人和完成时间。",
        f"（二）限期整改。{_REMEDIES[subject.failing]}",
        "（三）及时反映。需要县级层面协调解决的，请一并提出具体事项和建议。",
        "三、反馈时限",
        f"请于{in_words(deadline)}前将原因分析、整改措施和完成时间书面反馈我办。逾期不反馈的，将予以督办。",
    ]


_REMEDIES = {
    LATE: "请对照年度计划和工期节点拿出切实可行的措施，倒排工期，尽快赶上序时进度。",
    NOT_STARTED: "请加快办理前期手续、落实要素保障，明确开工日期，尽快开工建设。",
    NOT_REGISTERED: "请备齐立项批复、施工合同和现场照片等入统材料，尽快申报入统，做到应统尽统。",
    PROBLEM_LATE: "请拿出切实可行的措施，逐项落实到人，尽快整改到位、申请销号。",
    MATTER_LATE: "请拿出切实可行的措施，逐项落实到人，尽快办结并报送办理结果。",
}


def _order(subject, day, deadline, after):
    return [
        f"{_opening(subject, day)}{_so_far(after)}现予督办。",
        *_facts(subject),
        "二、督办要求",
        "（一）落实领导责任。请主要负责人亲自研究、分管负责人具体负责，专题研究整改工作。",
        "（二）制定整改方案。请逐项列出问题、措施、责任人和完成时限，实行清单管理、逐项销号。",
        "（三）按期见到实效。整改期间请在每周调度中如实填报进展，不得虚报、瞒报。",
        "三、办结时限",
        f"请于{in_words(deadline)}前将整改方案和落实情况书面报我办。逾期未办结或整改不到位的，将约谈主要负责人。",
    ]


def _talk(subject, day, deadline, after):
    return [
        f"{_opening(subject, day)}{_so_far(after)}经研究，决定对你单位进行约谈。",
        *_facts(subject, "一、约谈事由"),
        "二、约谈安排",
        f"（一）约谈对象：{subject.unit or after.unit}主要负责人、分管负责人。",
        f"（二）约谈时间：{OPEN_PLACE}。",
        f"（三）约谈地点：{OPEN_PLACE}。",
        "三、有关要求",
        "（一）请约谈对象按时参加，不得委托他人代替；确有特殊情况的，须提前书面请假。",
        "（二）请准备书面材料，说明工作推进情况、未按要求完成的原因和下一步整改措施。",
        f"（三）请于{in_words(deadline)}前将书面材料报我办，约谈后按要求抓好整改。",
    ]


_TEXTS = {LetterKind.REMINDER: _reminder, LetterKind.ORDER: _order, LetterKind.TALK: _talk}


def _opening(subject, day):
    if subject.what == PLAN:
        return f"截至{in_words(day)}，你单位负责的{subject.name}{subject.failing}。"
    of = f"{subject.project.name}有关" if subject.project else ""
    return f"截至{in_words(day)}，你单位承办的{of}{'问题' if subject.what == PROBLEM else '交办事项'}逾期未办结。"


def _so_far(after):
    """What the milder letter asked for, and what came of it."""
    issued = f"我办于{in_words(after.issued_on)}发出{after.get_kind_display()}（{after.document_number}），"
    asked = f"{issued}要求于{in_words(after.deadline)}前反馈，"
    return f"{asked}核验认定整改仍不到位。" if after.state == LetterState.CLOSED else f"{asked}你单位至今未按要求反馈。"


def _facts(subject, heading="一、存在问题"):
    of_plan = planned(subject.row) if subject.what == PLAN else ""
    said = official(f"{of_plan}，{subject.reason}" if of_plan else subject.reason)
    if not subject.problems:
        return [heading, f"{said}。"]
    lines = [heading, f"（一）进度情况。{said}。", f"（二）逾期未办结的问题，共{len(subject.problems)}个。"]
    for place, problem in enumerate(subject.problems[:MOST_PROBLEMS], 1):
        lines.append(f"{place}.{official(quoted(problem.text))}（应于{in_words(problem.deadline)}办结）。")
    return lines


# How official documents write


def in_words(day):
    """2024年6月7日: no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def official(text):
    """`2024-03` becomes 2024年3月, and no space stands beside a figure."""
    text = DAY.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", text)
    text = MONTH.sub(lambda found: f"{found[1]}年{int(found[2])}月", text)
    return SPACE_BESIDE_FIGURE.sub("", text)


@dataclass(frozen=True)
class Paragraph:
    """`level` is 0 for plain text, else 1 to 4. `head` is set in the face of its level (1 and 2 have one)."""

    level: int
    head: str
    rest: str


def paragraphs(body):
    """The text's lines, each with its level. Of （一） the first sentence is the heading."""
    return [_paragraph(line.strip()) for line in body.splitlines() if line.strip()]


def _paragraph(line):
    level = next((level for level, begins in LEVELS if begins.match(line)), 0)
    if level not in {1, 2}:
        return Paragraph(level, "", line)
    head, stop, rest = line.partition("。")
    return Paragraph(level, head + stop, rest)


# Numbers and senders


def series_of(county, kind):
    """The county's LetterSeries for a kind; an unsaved one with the defaults (默认值) where none has been set."""
    stored = LetterSeries.objects.filter(county=county, kind=kind).first()
    return stored or LetterSeries(county=county, kind=kind, prefix=PREFIXES[kind], sender=default_sender(county))


def default_sender(county):
    return f"{county.name}重点项目建设领导小组办公室"


def chain(letter):
    """All letters of the one matter, from the first 提醒函 on; a void one stands before the one in its place."""
    first = letter
    while first.raises is not None:
        first = first.raises
    return [first, *_after(first)]


def _after(letter):
    for later in letter.risen.order_by("pk"):
        yield later
        yield from _after(later)
