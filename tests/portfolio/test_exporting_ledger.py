"""A ledger is a sheet that people print and calculate with: figures are figures, text is text."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from portfolio.exporting.ledger import COUNT, MONEY, PERCENT, POINTS, Column, Ledger, write

COLUMNS = [Column("项目", width=20), Column("个数", COUNT), Column("金额", MONEY), Column("完成率", PERCENT)]


def sheet_of(**fields):
    fields = {"title": "2024年包联领导：情况", "scope": "截至2024年5月31日", "columns": COLUMNS, "rows": []} | fields
    out = io.BytesIO()
    write(Ledger(**fields), out)
    return openpyxl.load_workbook(out).active


def test_title_scope_unit_and_header_stand_above_the_rows():
    sheet = sheet_of(rows=[["甲", 1, Decimal("2.50"), Decimal("38.2")]], sums=["合计", 1, Decimal("2.50"), None])

    assert [cell.value for cell in sheet["A"]] == ["2024年包联领导：情况", "截至2024年5月31日", "项目", "甲", "合计"]
    assert [cell.value for cell in sheet[4]] == ["甲", 1, 2.5, 0.382]
    assert [cell.value for cell in sheet[2]] == ["截至2024年5月31日", "单位：万元", None, None]
    assert sheet.title == "2024年包联领导：情况"


def test_figures_carry_their_formats():
    sheet = sheet_of(
        columns=[Column("a", COUNT), Column("b", MONEY), Column("c", PERCENT), Column("d", POINTS)],
        rows=[[1, Decimal(2), Decimal(3), Decimal("-4.5")]],
    )

    assert [cell.number_format for cell in sheet[4]] == ["0_ ", "#,##0.00_ ", "0.0%_ ", "+0.0_ ;-0.0_ ;0.0_ "]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+86", "-5", "＝1", "#N/A"])
def test_text_is_never_taken_for_a_formula(text):
    cell = sheet_of(rows=[[text, 1, None, None]])["A4"]

    assert (cell.value, cell.data_type) == (text, "s")


def test_control_characters_that_no_sheet_may_hold_are_left_out():
    assert sheet_of(rows=[["甲\x00乙", 1, None, None]])["A4"].value == "甲乙"


def test_heavy_rows_and_sums_stand_out():
    sheet = sheet_of(rows=[["调入", 1, None, None], ["甲", 1, None, None]], sums=["合计", 2, None, None], heavy={0})

    assert [sheet[f"A{row}"].font.name for row in (4, 5, 6)] == ["黑体", "宋体", "黑体"]


def test_file_is_named_by_title_and_day():
    ledger = Ledger("2024年:情况/（演示数据）", "", COLUMNS, [])

    assert ledger.file_name(dt.date(2024, 5, 31)) == "2024年情况（演示数据）_20240531.xlsx"
