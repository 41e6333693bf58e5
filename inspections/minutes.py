"""The minutes of a meeting (会议纪要) as .docx: what it was, how the matters before stood, and what was decided.

Owners and deadlines are those that were handed out: a later extension is no part of the minutes.
"""

import datetime as dt
import io

from django.utils import timezone

from inspections import matters
from inspections.documents.word import RIGHT, OfficialDocument
from inspections.models import Meeting
from portfolio.privacy import mask_phones

DIGITS = "〇一二三四五六七八九"
WIDEST_TITLE = 20  # characters of 2号 in a line


def title(meeting):
    return f"{meeting.title}纪要" if meeting.state == Meeting.State.CLOSED else f"{meeting.title}纪要（草稿）"


def numeral(number):
    """一, 十, 十一, 二十, 二十一 … 九十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def document(meeting, today):
    """A binary file of the .docx."""
    paper = OfficialDocument(title(meeting), str(meeting.county))
    paper.title(_lines(title(meeting)))
    paper.line()
    _facts(paper, meeting)
    for words in filter(None, map(str.strip, meeting.words.splitlines())):
        paper.paragraph(0, _said(words))
    _opening(paper, matters.opening(meeting, today))
    _decided(paper, meeting)
    _end(paper, meeting)
    return io.BytesIO(paper.content())


def _lines(text):
    """The title in lines of about the same length, none longer than the page."""
    count = -(-len(text) // WIDEST_TITLE)
    step = -(-len(text) // count)
    return [text[start : start + step] for start in range(0, len(text), step)]


def _facts(paper, meeting):
    facts = [("时间", _day(meeting.held_on)), ("地点", meeting.place), ("主持", meeting.chair)]
    facts.append(("参会", "、".join(meeting.present.split("\n"))))
    for label, said in facts:
        if said.strip():
            paper.paragraph(0, f"{label}：{_said(said)}")


def _opening(paper, opening):
    if not opening:
        return
    paper.paragraph(0, f"会议通报了上次议定事项落实情况，{_close(matters.told(opening))}。")
    for place, one in enumerate(opening, 1):
        owner = f"（{one.unit}，时限{_day(dt.date.fromisoformat(one.deadline))}）"
        said = f"。{_said(one.said)}" if one.said else ""
        told = f"{place}.{_said(one.text).rstrip('。')}{owner}：{_close(one.standing)}{said}"
        paper.paragraph(3, f"{told.rstrip('。')}。")


def _decided(paper, meeting):
    rows = meeting.matters.select_related("unit", "leader", "project").order_by("seq", "pk")
    if rows:
        paper.paragraph(0, "会议议定以下事项：")
    for place, matter in enumerate(rows, 1):
        paper.paragraph(1, f"{numeral(place)}、{_said(matter.text).rstrip('。')}")
        told = [("责任单位", matter.unit), ("责任人", _said(matter.person)), ("牵头领导", matter.leader)]
        told += [("项目", matter.project), ("办结时限", _day(matter.original_deadline))]
        paper.paragraph(0, "；".join(f"{label}：{said}" for label, said in told if said) + "。")


def _end(paper, meeting):
    paper.line()
    issued_on = timezone.localtime(meeting.closed_at).date() if meeting.closed_at else meeting.held_on
    paper.line(_day(issued_on), RIGHT, from_right=4)


def _said(text):
    """What was typed, without phones: the minutes are everybody's to read."""
    return mask_phones(text)


def _close(words):
    """Figures stand close to characters in official documents."""
    return words.replace(" ", "")


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"
