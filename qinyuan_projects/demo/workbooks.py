"""The demo plan tables as Excel files that look like a county's own: merged title, grouped headers, mixed spellings."""

import datetime as dt
import math
import random
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from portfolio.partial_dates import QUARTER_NAMES, Precision
from qinyuan_projects.demo.rows import INDUSTRIAL, INFRASTRUCTURE

MADE_AT = dt.datetime(2024, 1, 15, 9, 0)
MONEY_FORMAT = "#,##0.00"
DAY_FORMAT = "yyyy-mm-dd"
HEADER_TOP, HEADER_BOTTOM = 3, 4

_side = Side(style="thin", color="FF808080")
BORDER = Border(left=_side, right=_side, top=_side, bottom=_side)
HEADER_FILL = PatternFill("solid", fgColor="FFEDEFF3")
GROUP_FILL = PatternFill("solid", fgColor="FFF6F7F9")


@dataclass(frozen=True)
class Column:
    """`attribute` of the row, under `leaf`, below `group` when there is one."""

    attribute: str
    leaf: str
    width: float
    group: str = ""
    align: str = "left"

    @property
    def is_money(self):
        return self.attribute in {"total", "planned", "before"}


COLUMNS = (
    Column("seq", "序号", 6, align="center"),
    Column("name", "项目名称", 30),
    Column("address", "建设地址", 18),
    Column("nature", "建设性质", 9, align="center"),
    Column("stage", "项目阶段", 11, align="center"),
    Column("start", "开工时间", 12, "工期", "center"),
    Column("finish", "计划竣工时间", 12, "工期", "center"),
    Column("progress", "项目进展", 28, "建设进度"),
    Column("percent", "完成工程量", 8, "建设进度", "center"),
    Column("content", "主要建设内容", 40),
    Column("total", "总投资", 14, "投资（万元）", "right"),
    Column("before", "截至上年底完成投资", 13, "投资（万元）", "right"),
    Column("planned", "{year}年计划投资", 14, "投资（万元）", "right"),
    Column("target", "年度目标", 18),
    Column("unit", "责任单位", 16, "责任落实"),
    Column("leader", "包联领导", 10, "责任落实", "center"),
    Column("builder", "建设单位", 16),
    Column("remark", "备注", 18),
    Column("town", "所属乡镇", 12, "登记信息"),
    Column("level", "项目级别", 9, "登记信息", "center"),
    Column("sector", "所属领域", 14, "登记信息"),
    Column("industry", "国标行业", 9, "登记信息", "center"),
    Column("registration", "是否入统", 9, "登记信息", "center"),
    Column("code", "项目代码", 26, "登记信息"),
    Column("source", "资料来源", 30, "登记信息"),
)
# The columns at the right are for the register; on paper the table ends with 备注.
LAST_PRINTED = "remark"
SHORT = tuple(
    column for column in COLUMNS if column.group != "登记信息" and column.attribute not in {"before", "target"}
)


def plan_workbook(rows, year, columns=COLUMNS):
    """The plan table of `year`. Sub-items stand under their row, with a bracketed number, and don't count."""
    workbook = Workbook()
    workbook.properties.creator, workbook.properties.title = "县项目办（演示）", f"沁源县{year}年重大项目计划表"
    workbook.properties.created = workbook.properties.modified = MADE_AT
    sheet = workbook.active
    sheet.title = f"{year}年计划表"
    _write_heading(sheet, columns, year)
    line = HEADER_BOTTOM + 1
    seq = 1
    for mark, category in zip("一二", (INDUSTRIAL, INFRASTRUCTURE), strict=True):
        of_category = [row for row in rows if row.category == category]
        _write_sums(sheet, line, columns, f"{mark}、{category}（{len(of_category)}个）", of_category)
        line += 1
        for row in of_category:
            line = _write_row(sheet, line, columns, row, seq, year)
            seq += 1
    _write_sums(sheet, line, columns, f"合计（{len(rows)}个）", rows)
    _lay_out(sheet, columns, line)
    return workbook


def _write_heading(sheet, columns, year):
    last = _last_printed(columns)
    sheet.cell(1, 1, f"{year}年沁源县重大项目计划表").font = Font(name="方正小标宋简体", size=22)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    sheet.cell(2, 1, "填报单位：县项目办（演示数据）")
    sheet.cell(2, last, "单位：万元").alignment = Alignment(horizontal="right")
    for index, column in enumerate(columns, start=1):
        if not column.group:
            sheet.cell(HEADER_TOP, index, column.leaf)
            sheet.merge_cells(start_row=HEADER_TOP, start_column=index, end_row=HEADER_BOTTOM, end_column=index)
            continue
        sheet.cell(HEADER_BOTTOM, index, column.leaf.format(year=year))
        if columns[index - 2].group != column.group:
            width = sum(1 for other in columns if other.group == column.group)
            sheet.cell(HEADER_TOP, index, column.group)
            if width > 1:
                sheet.merge_cells(
                    start_row=HEADER_TOP, start_column=index, end_row=HEADER_TOP, end_column=index + width - 1
                )


def _last_printed(columns):
    return next(index for index, column in enumerate(columns, start=1) if column.attribute == LAST_PRINTED)


def _write_sums(sheet, line, columns, label, rows):
    first_money = next(index for index, column in enumerate(columns, start=1) if column.is_money)
    sheet.cell(line, 1, label)
    sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=first_money - 1)
    for index, column in enumerate(columns, start=1):
        cell = sheet.cell(line, index)
        cell.fill, cell.font = GROUP_FILL, Font(name="宋体", size=10, bold=True)
        if column.is_money:
            cell.value = sum((getattr(row, column.attribute) or Decimal(0) for row in rows), Decimal(0))
            cell.number_format = MONEY_FORMAT


def _write_row(sheet, line, columns, row, seq, year):
    for index, column in enumerate(columns, start=1):
        _write_cell(sheet.cell(line, index), column, row, seq, year)
    line += 1
    for number, part in enumerate(row.parts, start=1):
        line = _write_row(sheet, line, columns, part, f"（{number}）", year)
    return line


def _write_cell(cell, column, row, seq, year):
    if column.attribute == "seq":
        cell.value = seq
        return
    value = getattr(row, column.attribute)
    if value is None or value == "":
        return
    if column.attribute in {"start", "finish"}:
        cell.value = spelled(value, year, random.Random(f"{row.name}{column.attribute}"))
        if isinstance(cell.value, dt.date):
            cell.number_format = DAY_FORMAT
    elif column.attribute == "percent":
        cell.value = f"{value}%"
    else:
        cell.value = value
        if column.is_money:
            cell.number_format = MONEY_FORMAT


def spelled(date, year, rng):
    """A date as one of the many hands that keep the table would write it."""
    day = date.first_day
    match date.precision:
        case Precision.DAY:
            return rng.choice((day, day, f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日"))
        case Precision.QUARTER:
            quarter = f"{QUARTER_NAMES[(day.month - 1) // 3]}季度"
            return rng.choice((f"{day.year}年{quarter}", quarter if day.year == year else f"{day.year}年{quarter}"))
        case Precision.YEAR:
            return f"{day.year}年"
    ways = [f"{day.year}年{day.month}月", f"{day.year}年{day.month}月", f"{day.year}.{day.month}", f"{day:%Y-%m}"]
    if day.year == year:
        ways += [f"{day.month}月", f"今年{day.month}月"]
    return rng.choice(ways)


def _lay_out(sheet, columns, last_line):
    _style(sheet, columns, last_line)
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[1].height = 36
    sheet.row_dimensions[HEADER_BOTTOM].height = 30
    for line in range(HEADER_BOTTOM + 1, last_line + 1):
        sheet.row_dimensions[line].height = _height(sheet, columns, line)
    sheet.freeze_panes = f"C{HEADER_BOTTOM + 1}"
    sheet.print_area = f"A1:{get_column_letter(_last_printed(columns))}{last_line}"
    sheet.print_title_rows = f"{HEADER_TOP}:{HEADER_BOTTOM}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _height(sheet, columns, line):
    """Enough for the cell with most lines; a Chinese character is two digits wide."""
    texts = [(sheet.cell(line, index).value, column.width) for index, column in enumerate(columns[1:], start=2)]
    lines = [math.ceil((2 * len(text) + 1) / width) for text, width in texts if isinstance(text, str)]
    return max(18, 13.5 * max(lines, default=1) + 3)


def _style(sheet, columns, last_line):
    body, head = Font(name="宋体", size=10), Font(name="黑体", size=10)
    for line in range(HEADER_TOP, last_line + 1):
        for index, column in enumerate(columns, start=1):
            cell = sheet.cell(line, index)
            cell.border = BORDER
            if line <= HEADER_BOTTOM:
                cell.font, cell.fill = head, HEADER_FILL
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            else:
                is_sum = bool(cell.font.bold)
                if not is_sum:
                    cell.font = body
                align = "left" if is_sum and index == 1 else column.align
                cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
