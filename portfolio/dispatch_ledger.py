"""The ledger of a week (调度台账): every project that reports, with the week's money, the year's, and the words.

It shows published reports only, so it is the same for every reader. Who did not report this week stands with the last
figures published before, marked with their week: a county's year-to-date does not fall because somebody is silent.
"""

from dataclasses import dataclass
from functools import cached_property

from portfolio.dispatch import week_investment
from portfolio.models.register import Category
from portfolio.plan_fields import Kind
from portfolio.privacy import mask_phones
from portfolio.weeks import Week

ORDINALS = "一二三四五六七八九"
NO_CATEGORY = "未分类"


@dataclass(frozen=True)
class Column:
    """A column of the ledger, on the page, on paper and in the file. `width` is in Excel characters."""

    key: str
    label: str
    kind: Kind
    width: int
    group: str = ""

    @property
    def is_sum(self):
        return self.kind is Kind.MONEY


COLUMNS = (
    Column("number", "序号", Kind.NUMBER, 6),
    Column("name", "项目名称", Kind.TEXT, 30),
    Column("unit", "责任单位", Kind.UNIT, 14),
    Column("leader", "包联领导", Kind.LEADER, 10),
    Column("total", "总投资", Kind.MONEY, 13),
    Column("planned", "年度计划投资", Kind.MONEY, 13),
    Column("week_money", "本周完成投资", Kind.MONEY, 12),
    Column("ytd", "年度累计完成投资", Kind.MONEY, 13),
    Column("rate", "投资完成率", Kind.PERCENT, 9),
    Column("works", "工程量%", Kind.PERCENT, 8),
    Column("progress", "形象进度", Kind.LONG_TEXT, 36),
    Column("next_plan", "下周计划", Kind.LONG_TEXT, 26),
    Column("problem", "存在问题", Kind.LONG_TEXT, 22),
    Column("needs_help", "需协调事项", Kind.LONG_TEXT, 20),
    Column("status", "状态", Kind.CHOICE, 9),
)


class Entry:
    """One line of the ledger. Money is 万元, `works` and `rate` are 0–100; None where there is nothing."""

    def __init__(self, row, week, due_at):
        self.row = row
        self.number = None
        report = self.report = row.published
        shown = report or row.previous
        self.name, self.unit, self.leader = row.name, row.unit_name, row.leader
        self.total, self.planned = row.total, row.planned
        self.ytd = shown.ytd_investment if shown else None
        self.week_money = week_investment(report.ytd_investment, row.previous) if report else None
        self.works = shown.works_percent if shown else None
        # One paper for every reader: phones stand in the reports, for their unit and the office.
        self.progress = mask_phones(shown.progress) if shown else ""
        self.next_plan = mask_phones(report.next_plan) if report else ""
        self.problem = mask_phones(report.problem) if report else ""
        self.needs_help = mask_phones(report.needs_help) if report else ""
        # The week of figures that were carried over, None where they are the week's own.
        self.carried_from = Week(week.year, shown.week) if shown and not report else None
        self.is_corrected = report is not None and is_corrected(report, due_at)

    @property
    def rate(self):
        return self.ytd * 100 / self.planned if self.planned and self.ytd is not None else None

    @property
    def is_part(self):
        """A sub-item that reported: listed, not added up."""
        return not self.row.is_in_plan

    @property
    def works_step(self):
        """By how many percentage points the works moved since the report before; None where one of them says none."""
        before = self.row.previous.works_percent if self.row.previous else None
        return self.works - before if self.report and self.works is not None and before is not None else None

    @property
    def status(self):
        """`已审`, `已报，迟报`, `已审，更正`, `未报`, `不需报`."""
        if self.report is None:
            return "未报" if self.row.is_due else "不需报"
        marks = (("迟报", self.report.is_late), ("更正", self.is_corrected))
        return "，".join([self.report.get_state_display(), *(mark for mark, is_so in marks if is_so)])

    @property
    def progress_words(self):
        """The words as they are printed; carried ones name their week."""
        return f"（第{self.carried_from.number}周）{self.progress}" if self.carried_from else self.progress


def is_corrected(report, due_at):
    """Reported before, and again after the deadline: 更正."""
    submitted_at = report.submitted_at
    return submitted_at is not None and submitted_at > due_at and submitted_at != report.first_submitted_at


class Sums:
    """Exact sums of entries; None where no entry has a figure."""

    def __init__(self, entries):
        self.count = len(entries)
        for key in ("total", "planned", "week_money", "ytd"):
            figures = [figure for entry in entries if (figure := getattr(entry, key)) is not None]
            setattr(self, key, sum(figures) if figures else None)

    @property
    def rate(self):
        return self.ytd * 100 / self.planned if self.planned and self.ytd is not None else None


@dataclass
class Group:
    ordinal: str
    title: str
    entries: list

    @cached_property
    def sums(self):
        return Sums([entry for entry in self.entries if not entry.is_part])


class Ledger:
    """The ledger of a `CountyWeek`; `first_unit` (a key) stands first in each group, `only_unit` alone."""

    def __init__(self, county_week, *, first_unit=None, only_unit=None):
        self.county_week = county_week
        self.county = county_week.county
        self.week = county_week.week
        self.first_unit = first_unit
        self.only_unit = only_unit

    @cached_property
    def entries(self):
        week, due_at = self.week, self.county_week.due_at
        rows = [row for row in self.county_week.compared_rows if _is_listed(row)]
        if self.only_unit is not None:
            rows = [row for row in rows if row.unit == self.only_unit.pk]
        return [Entry(row, week, due_at) for row in rows]

    @cached_property
    def groups(self):
        """[Group] by category; numbers run through all of them, sub-items have none."""
        groups, number = [], 0
        for value, title in [*Category.choices, ("", NO_CATEGORY)]:
            entries = _in_order([entry for entry in self.entries if entry.row.category == value], self.first_unit)
            for entry in entries:
                if not entry.is_part:
                    number += 1
                    entry.number = number
            if entries:
                groups.append(Group(ORDINALS[len(groups)], title, entries))
        return groups

    @cached_property
    def sums(self):
        return Sums([entry for entry in self.entries if not entry.is_part])

    @property
    def corrected(self):
        return [entry for entry in self.entries if entry.is_corrected]


def _is_listed(row):
    return row.is_due or row.published is not None or (row.is_in_plan and row.previous is not None)


def _in_order(entries, first_unit):
    """The first unit's before the others', and sub-items behind their project where it is listed."""
    entries = sorted(entries, key=lambda entry: first_unit is not None and entry.row.unit != first_unit)
    parts, listed = {}, {entry.row.pk for entry in entries}
    for entry in entries:
        if entry.is_part and entry.row.part_of in listed:
            parts.setdefault(entry.row.part_of, []).append(entry)
    moved = {entry.row.pk for below in parts.values() for entry in below}
    whole = [entry for entry in entries if entry.row.pk not in moved]
    return [item for entry in whole for item in (entry, *parts.get(entry.row.pk, ()))]
