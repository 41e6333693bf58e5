"""A filled-in week sheet on its way back: read, checked row by row, previewed, and saved through the usual actions.

Everything is looked at anew: whose plan it is, which week, whether it may still be reported. All errors are told at
once; with any of them nothing is saved.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils import get_column_letter

from portfolio import dispatch, no_change
from portfolio.actions.dispatch import ANSWERS, compared_with, missing_answers
from portfolio.figures import wan
from portfolio.importing import values
from portfolio.importing.issues import SHOWN_VALUE, Issue
from portfolio.importing.refusals import Refused
from portfolio.importing.safety import kind_of
from portfolio.importing.workbook import open_sheets
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.problems import ProblemKind
from portfolio.money import MAX_WAN, to_cent
from portfolio.report_checks import warnings
from portfolio.week_sheet_columns import FILLED_IN, KEY_LABEL, key_of
from portfolio.weeks import Week

HEADER_WITHIN = 15  # rows from the top
MOST_ROWS = 2000
HIGHEST_PERCENT = 999
NOT_THE_SHEET = "没有找到“系统编号”一列。请用从“表格填报”页下载的表格填写，不要另做表格。"
NOT_YOURS = "不是您单位要填报的项目。请只填从“表格填报”页下载的表格里的项目。"
KINDS = {label: value for value, label in ProblemKind.choices}
FIGURES = frozenset({"week_investment", "ytd_investment", "works_percent"})


@dataclass
class Line:
    """A filled-in row. `report` is what would be stored, not saved yet; `version` that of the stored one, 0 without.

    `changes` are [(label, stored, new)] of what differs from the stored report; without any, nothing is to be done.
    """

    row: int
    plan: AnnualPlan
    report: WeeklyDispatch
    version: int
    changes: list = field(default_factory=list)
    lacking: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def is_published(self):
        return self.report.is_published

    @property
    def needs_explanation(self):
        return bool(self.warnings) and not self.is_published

    def values(self):
        return {name: getattr(self.report, name) for name in ANSWERS}


@dataclass
class Preview:
    lines: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    blank: int = 0

    @property
    def changed(self):
        return [line for line in self.lines if line.changes]

    @property
    def to_submit(self):
        """Lines that are, or will be, drafts with all that a report must say."""
        return [line for line in self.lines if not line.is_published and not line.lacking]

    @property
    def open_lines(self):
        return [line for line in self.lines if not line.is_published]

    @property
    def settled(self):
        """Lines that were reported before and say the same."""
        return [line for line in self.lines if line.is_published]

    @property
    def has_effect(self):
        return bool(self.changed or self.to_submit)


def read(content, *, by, week):
    """The `Preview` of an uploaded file; `Refused` when it is no week sheet at all."""
    kind = kind_of(content)
    sheet, header, columns = _found(open_sheets(content, kind))
    if len(sheet.rows) - header > MOST_ROWS:
        raise Refused(f"表格超过 {MOST_ROWS} 行。请用从“表格填报”页下载的表格填写。")
    return _Reader(sheet, columns, by, week).read(header + 1)


def _found(sheets):
    """(sheet, header row, {column key: place}), all counted from 0."""
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            labels = {values.line_of(cell): place for place, cell in enumerate(row) if isinstance(cell, str)}
            if KEY_LABEL in labels:
                places = {column.key: labels.get(column.label) for column in FILLED_IN}
                lost = [column.label for column in FILLED_IN if places[column.key] is None]
                if lost:
                    raise Refused(f"表格缺少“{'”“'.join(lost)}”列。请重新下载表格，不要删除列或改列名。")
                return sheet, number, {"key": labels[KEY_LABEL], **places}
    raise Refused(NOT_THE_SHEET)


class _Reader:
    def __init__(self, sheet, columns, by, week):
        self.sheet, self.columns, self.by, self.week = sheet, columns, by, week
        self.errors = []

    def read(self, first):
        filled, blank = self._filled_rows(first)
        plans = AnnualPlan.objects.reportable_by(self.by).filter(year=self.week.year, pk__in=filled)
        plans = {plan.pk: plan for plan in plans.select_related("project", "county")}
        before = dispatch.latest_before(list(plans), self.week)
        stored = dispatch.reports_of(list(plans), self.week)
        lines = []
        for pk, row in filled.items():
            if pk in plans:
                lines.append(self._line(row, plans[pk], before.get(pk), stored.get(pk)))
            else:
                self._error(row, None, NOT_YOURS)
        self._compare([line for line in lines if line])
        return Preview([line for line in lines if line], sorted(self.errors, key=lambda issue: issue.row), blank)

    # Rows

    def _filled_rows(self, first):
        """({plan key: row}, how many were left blank)."""
        filled, blank = {}, 0
        for row in range(first, len(self.sheet.rows)):
            key = values.line_of(self.sheet.value(row, self.columns["key"]))
            if all(self._is_empty(row, column.key) for column in FILLED_IN):
                blank += bool(key)
            elif (pk := self._plan_of(row, key)) is not None:
                if pk in filled:
                    self._error(row, None, f"与第 {filled[pk] + 1} 行是同一个项目。请只留一行。")
                else:
                    filled[pk] = row
        return filled, blank

    def _is_empty(self, row, key):
        place = self.columns[key]
        unclear = (row, place) in self.sheet.uncached or (row, place) in self.sheet.faulty
        return not unclear and values.is_empty(self.sheet.value(row, place))

    def _plan_of(self, row, key):
        """The plan that the row's key names; None with an error where it names none of this week."""
        week, _, number = key.partition("/")
        if not key:
            self._error(row, None, "没有系统编号，认不出是哪个项目。请在下载的表格里原有的行填写，不要新增行。")
        elif key != f"{week}/{number}" or not number.isascii() or not number.isdigit() or len(number) > 12:
            self._error(row, None, "系统编号被改动过，认不出是哪个项目。请重新下载表格。")
        elif key != key_of(self.week, number):
            self._error(
                row, None, f"是{_week_words(week)}的行，不能报到{self.week.label}。请下载{self.week.label}的表格填写。"
            )
        else:
            return int(number)
        return None

    # Cells

    def _line(self, row, plan, previous, stored):
        count = len(self.errors)
        cells = {column.key: self._value(row, column.key) for column in FILLED_IN}
        cells["ytd_investment"] = self._ytd(row, cells.pop("week_investment"), cells["ytd_investment"], previous)
        cells["no_change"] = no_change.reason_in(cells["progress"] or "")
        if len(self.errors) > count:
            return None
        report = WeeklyDispatch(county=plan.county, plan=plan, year=self.week.year, week=self.week.number)
        for name in ANSWERS:
            setattr(report, name, _as_stored(stored, name, cells[name]))
        line = Line(row + 1, plan, report, stored.row_version if stored else 0, _changes(stored, report))
        if stored is not None:
            report.pk, report.state = stored.pk, stored.state
        if report.is_published and line.changes:
            self._error(row, None, _why_closed(report, line.changes))
            return None
        return line

    def _value(self, row, key):
        """What the cell says; None (figures) or "" where it is empty or wrong, and then an error tells."""
        place = self.columns[key]
        cell = self.sheet.value(row, place)
        nothing = None if key in FIGURES else ""
        if (row, place) in self.sheet.uncached:
            self._error(row, key, "公式没有算出结果。请在 Excel 或 WPS 中打开、保存后再上传，或直接填数。")
        elif (row, place) in self.sheet.faulty:
            self._error(row, key, "公式出错。请改为直接填数。", cell)
        elif not values.is_empty(cell):
            try:
                return self._parsed(key, cell, self.sheet.formats.get((row, place)))
            except ValueError as problem:
                self._error(row, key, str(problem), cell)
        return nothing

    def _parsed(self, key, cell, cell_format):
        if key == "week_investment":
            return _signed_money(cell)
        if key == "ytd_investment":
            return values.money(cell, "万元")
        if key == "works_percent":
            return _percent(cell, is_share=cell_format == "p")
        if key == "problem_kind":
            return _kind(cell)
        return _text(key, cell)

    def _ytd(self, row, week, ytd, previous):
        """Of the money either figure may be filled in: the other follows."""
        if week is None:
            return ytd
        before = previous.ytd_investment if previous and previous.ytd_investment is not None else Decimal(0)
        if ytd is None and before + week < 0:
            self._error(row, "week_investment", f"会使年度累计小于 0（上期累计 {wan(before)}）。请核对。", wan(week))
        elif ytd is not None and ytd != before + week:
            self._error(
                row,
                "week_investment",
                f"加上期累计 {wan(before)} 是 {wan(before + week)} 万元，与年度累计 {wan(ytd)} 对不上。请只填一个。",
                wan(week),
            )
        elif before + week > MAX_WAN:
            self._error(row, "week_investment", "会使年度累计超过 12 位整数。请核对单位。", wan(week))
        return before + week

    def _error(self, row, key, message, value=None):
        place = self.columns[key] if key else None
        label = next((column.label for column in FILLED_IN if column.key == key), "")
        self.errors.append(
            Issue(
                message,
                row=row + 1,
                column=get_column_letter(place + 1) if key else "",
                header=label,
                value=values.text_of(value)[:SHOWN_VALUE] if value is not None else "",
            )
        )

    def _compare(self, lines):
        """What each line still lacks, and what looks unusual, with the same checks as the page."""
        reports = [line.report for line in lines]
        compared = compared_with(reports, self.week) if reports else {}
        for line in lines:
            if not line.is_published:
                line.lacking = list(missing_answers(line.report).values())
                line.warnings = warnings(line.report, compared[line.plan.pk])


def _as_stored(stored, name, new):
    """What is stored where the cell says the same: blanks aside, and a mark like 无 is nothing.

    An explanation that was typed in the preview never reaches the file, so an empty cell leaves it.
    """
    before = getattr(stored, name) if stored is not None else None
    if not isinstance(before, str):
        return new
    is_same = _plain(before) == _plain(new) or (name == "explanation" and not new)
    return before if is_same else new


def _plain(text):
    return "" if values.is_empty(text) else values.text_of(text)


def _changes(stored, report):
    """[(label, stored, new)]."""
    before = stored or WeeklyDispatch()
    names = [name for name in ANSWERS if getattr(before, name) != getattr(report, name) and name != "no_change"]
    return [
        (WeeklyDispatch._meta.get_field(name).verbose_name, _shown(before, name), _shown(report, name))
        for name in names
    ]


def _shown(report, name):
    value = getattr(report, name)
    if name == "problem_kind":
        return report.get_problem_kind_display() if value else ""
    if name in FIGURES:
        return "" if value is None else wan(value)
    return value


def _why_closed(report, changes):
    named = "、".join(label for label, _, _ in changes)
    if report.state == "accepted":
        return f"已经审核，{named}与已报的不同。要更正的，请项目办先退回。"
    return f"已经报送，{named}与已报的不同。要修改的，请先在填报页撤回再上传；不改的，请恢复原来的内容。"


def _week_words(text):
    try:
        return Week.parse(text).label
    except ValueError:
        return "别的周"


def _signed_money(cell):
    """A week may take money back: a negative figure is a correction."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return -values.money(-cell, "万元") if cell < 0 else values.money(cell, "万元")
    written = values.compact(cell)
    return -values.money(written[1:], "万元") if written.startswith("-") else values.money(cell, "万元")


def _percent(cell, *, is_share):
    """Hundredths as typed (35, 35%); a cell in percent format holds the share (0.35). More than 100 is warned of."""
    written = values.compact(cell).removesuffix("%") if isinstance(cell, str) else None
    if written is not None and not values.is_bare_number(written):
        raise ValueError("不是百分数。请改为 35 或 35% 这样的数。")
    if written is None and (isinstance(cell, bool) or not isinstance(cell, int | float)):
        raise ValueError("不是百分数。请改为 35 或 35% 这样的数。")
    number = Decimal(written if written is not None else f"{cell:.15g}") * (100 if is_share else 1)
    if number.is_nan() or not 0 <= number <= HIGHEST_PERCENT:
        raise ValueError("应在 0 到 100 之间。请核对后改为 35 或 35% 这样的数。")
    return to_cent(number)


def _kind(cell):
    label = values.line_of(cell)
    if label not in KINDS:
        raise ValueError(f"没有这种问题类型。请从列表中选：{'、'.join(KINDS)}。")
    return KINDS[label]


def _text(key, cell):
    text = values.text_of(cell)
    longest = WeeklyDispatch._meta.get_field(key).max_length
    if len(text) > longest:
        raise ValueError(f"有 {len(text)} 字，超过 {longest} 字。请缩短。")
    return text
