"""The minutes of a meeting (会议纪要) as .docx: what it was, how the matters before stood, and what was decided.

Owners and deadlines are those that were handed out: a later extension is no part of the minutes.
"""

import datetime as dt
import io
from dataclasses import dataclass

from django.utils import timezone
from docx.shared import Pt

from inspections import matters
from inspections.documents.signature import sign
from inspections.documents.word import DRAWN_TOGETHER, SIZE3, OfficialDocument
from inspections.letters import default_sender
from inspections.models import Meeting
from portfolio.privacy import mask_phones

DIGITS = "〇一二三四五六七八九"
WIDEST_TITLE = 20  # characters of 2号 in a line
CHARACTER = SIZE3 + DRAWN_TOGETHER / 20  # points of one of 3号 as it is set
OPEN_DAY = "　　年　月　日"


def title(meeting):
    return f"{meeting.title}纪要" if meeting.state == Meeting.State.CLOSED else f"{meeting.title}纪要（草稿）"


def numeral(number):
    """一, 十, 十一, 二十, 二十一 … 九十九, 一百, 一百零一, 一百一十 … 九百九十九."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (DIGITS[ones] if ones else "")


@dataclass(frozen=True)
class Part:
    """A part of the text: `items` are [(what, more of it)]."""

    title: str
    words: str
    items: list


def document(meeting, today):
    """A binary file of the .docx."""
    paper = OfficialDocument(title(meeting), str(meeting.county))
    paper.title(_lines(title(meeting)))
    paper.line()
    _facts(paper, meeting)
    for words in filter(None, map(str.strip, meeting.words.splitlines())):
        paper.paragraph(0, _said(words))
    parts = [part for part in (_opening(meeting, today), _decided(meeting)) if part.items]
    for place, part in enumerate(parts, 1):
        _write(paper, part, place if len(parts) > 1 else None)
    _end(paper, meeting)
    return io.BytesIO(paper.content())


def _write(paper, part, place):
    """One of several parts has a heading 一、 and items （一）; the only one has items 一、."""
    if place:
        paper.paragraph(1, f"{numeral(place)}、{part.title}").paragraph_format.keep_with_next = True
    paper.paragraph(0, part.words).paragraph_format.keep_with_next = True
    for number, (what, more) in enumerate(part.items, 1):
        if place:
            paper.paragraph(2, f"（{numeral(number)}）{what}。", more)
        else:
            paper.paragraph(1, f"{numeral(number)}、{what}").paragraph_format.keep_with_next = True
            paper.paragraph(0, more)


def _lines(text):
    """The title in lines of about the same length, none longer than the page."""
    count = -(-len(text) // WIDEST_TITLE)
    step = -(-len(text) // count)
    return [text[start : start + step] for start in range(0, len(text), step)]


def _facts(paper, meeting):
    for label, said in (("时间", _day(meeting.held_on)), ("地点", meeting.place), ("主持", meeting.chair)):
        if said.strip():
            paper.paragraph(0, f"{label}：{_said(said)}")


def _opening(meeting, today):
    opening = matters.opening(meeting, today)
    words = f"会议通报了上次议定事项落实情况，{_close(matters.told(opening))}。"
    return Part("上次议定事项落实情况", words, [(_what(one.text), _standing(one)) for one in opening])


def _standing(one):
    """Of a `matters.Opening`: 水利局，时限2024年4月17日：逾期33天。还差3户。"""
    owner = f"{one.unit}，时限{_day(dt.date.fromisoformat(one.deadline))}"
    said = f"{_what(one.said)}。" if one.said else ""
    return f"{owner}：{_close(one.standing)}。{said}"


def _decided(meeting):
    rows = meeting.matters.select_related("unit", "leader", "project").order_by("seq", "pk")
    return Part("本次议定事项", "会议议定以下事项：", [(_what(row.text), _handed_to(row)) for row in rows])


def _handed_to(matter):
    told = [("责任单位", matter.unit), ("责任人", _said(matter.person)), ("牵头领导", matter.leader)]
    told += [("项目", matter.project), ("办结时限", _day(matter.original_deadline))]
    return "；".join(f"{label}：{said}" for label, said in told if said) + "。"


def _end(paper, meeting):
    """Who was there stands below the text (GB/T 9704-2012, 10.3), then the office and the day of issue."""
    if present := "、".join(filter(None, map(str.strip, meeting.present.splitlines()))):
        paper.line()
        _present(paper, f"{_what(present)}。")
    day = _day(timezone.localtime(meeting.closed_at).date()) if meeting.closed_at else OPEN_DAY
    sign(paper, default_sender(meeting.county), day)


def _present(paper, names):
    """Further lines begin below the first name."""
    lines = paper.paragraph(1, "出席：", names).paragraph_format
    lines.left_indent, lines.first_line_indent = Pt(5 * CHARACTER), Pt(-3 * CHARACTER)


def _what(text):
    return " ".join(line.strip() for line in _said(text).split("\n") if line.strip()).rstrip("。；")


def _said(text):
    """What was typed, without phones: the minutes are everybody's to read."""
    return mask_phones(text)


def _close(words):
    """Figures stand close to characters in official documents."""
    return words.replace(" ", "")


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"
