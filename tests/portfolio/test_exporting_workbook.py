"""The .xlsx in the official look, read back with openpyxl as a spreadsheet program would."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from portfolio.exporting import workbook
from portfolio.exporting.look import ColumnLook
from portfolio.exporting.plan_sheet import PlanSheet, Role
from portfolio.listing import PlanListing
from portfolio.plan_fields import BY_KEY, DEFAULT_COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db

FOUR_COLUMNS = "cols=seq,name,total_investment,planned_investment"


@pytest.fixture
def county(db):
    return factories.county(business_time=dt.datetime(2024, 5, 31, 4, tzinfo=dt.UTC))


def export(county, query=""):
    out = io.BytesIO()
    workbook.write(PlanSheet(PlanListing(county, QueryDict(query))), out)
    return out


def worksheet(county, query=""):
    return load_workbook(export(county, query)).active


def test_the_top_of_the_sheet_is_that_of_the_printed_table(county):
    factories.plan(factories.project("甲", category="industrial", total_investment=Decimal("12.30")), seq=1)

    sheet = worksheet(county, FOUR_COLUMNS)

    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=7)] == [
        ["2024年沁源县重大项目计划表（演示数据）", None, None, None],
        ["截至2024年5月31日", None, "单位：万元", None],
        ["序号", "项目名称", "投资（万元）", None],
        [None, None, "总投资", "年度计划投资"],
        ["合计（1个）", None, 12.3, None],
        ["一、产业类（1个）", None, 12.3, None],
        [1, "甲", 12.3, None],
    ]
    assert {str(area) for area in sheet.merged_cells.ranges} == {
        "A1:D1", "A2:B2", "C2:D2", "A3:A4", "B3:B4", "C3:D3", "A5:B5", "A6:B6",
    }  # fmt: skip


def test_a_table_without_grouped_columns_has_one_header_row(county):
    factories.plan(factories.project("甲"))

    sheet = worksheet(county, "cols=name,address&group=none")

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        ["项目名称", "建设地址"],
        ["合计（1个）", None],
        ["甲", None],
    ]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")


def test_it_prints_on_a3_across_with_its_header_on_every_page(county):
    sheet = worksheet(county, FOUR_COLUMNS)

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$4", "C5")
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


def test_a_name_far_to_the_right_is_not_frozen(county):
    assert worksheet(county, "cols=seq,code,address,town,name").freeze_panes == "A4"


def test_one_column_is_a_table_too(county):
    factories.plan(factories.project("甲", total_investment=Decimal(5)))

    assert worksheet(county, "cols=name&group=none")["A5"].value == "甲"
    assert worksheet(county, "cols=total_investment&group=none")["A5"].value == 5


def test_an_empty_look_is_a_table_without_rows(county):
    sheet = worksheet(county, FOUR_COLUMNS)

    assert [cell.value for cell in sheet[5]] == ["合计（0个）", None, None, None]
    assert sheet.max_row == 5


def test_every_cell_of_a_row_has_borders_and_wraps(county):
    factories.plan(factories.project("甲"))

    sheet = worksheet(county)

    cells = list(sheet[7])
    assert len(cells) == len(DEFAULT_COLUMNS)
    assert all(cell.border.left.style == cell.border.bottom.style == "thin" for cell in cells)
    assert all(cell.alignment.wrap_text for cell in cells)


@pytest.mark.parametrize(("amounts", "number_format"), [(["1", "2"], "#,##0_ "), (["1", "2.50"], "#,##0.00_ ")])
def test_a_column_of_money_has_one_format_and_stands_at_the_right(county, amounts, number_format):
    for amount in amounts:
        factories.plan(factories.project(total_investment=Decimal(amount)))

    cells = [row[2] for row in worksheet(county, FOUR_COLUMNS).iter_rows(min_row=5)]

    assert {cell.number_format for cell in cells} == {number_format}
    assert {cell.alignment.horizontal for cell in cells} == {"right"}
    assert all(cell.data_type == "n" for cell in cells)


def test_a_column_is_as_wide_as_its_largest_sum(county):
    factories.plan(factories.project(total_investment=Decimal("999999999999.99")))

    assert worksheet(county, FOUR_COLUMNS).column_dimensions["C"].width == 20
    assert worksheet(county, FOUR_COLUMNS).column_dimensions["D"].width == BY_KEY["planned_investment"].width


def test_dates_are_text_at_their_precision(county):
    factories.plan(factories.project(planned_start=dt.date(2022, 6, 1), planned_start_precision="m"))

    cell = worksheet(county, "cols=name,planned_start&group=none")["B5"]

    assert (cell.value, cell.data_type, cell.number_format) == ("2022-06", "s", "@")


def test_sub_items_are_indented(county):
    parent = factories.plan(factories.project("打包"), seq=1)
    factories.plan(factories.project("子项"), seq=1, part_of=parent)

    sheet = worksheet(county, "cols=seq,name&group=none")

    assert [(sheet.cell(row, 1).value, sheet.cell(row, 2).alignment.indent) for row in (5, 6)] == [(1, 0), ("（1）", 2)]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("x")', "+86", "-5℃", "@SUM(A1)", "＝1", "#REF!", "=", "{=1}", "1234", "TRUE"]
)
def test_text_is_text_whatever_it_looks_like(county, text):
    factories.plan(factories.project(text), remark=text)

    out = export(county, "cols=name,remark&group=none")

    row = load_workbook(out).active[5]
    assert [(cell.value, cell.data_type) for cell in row] == [(text, "s"), (text, "s")]
    xml = zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert len(re.findall(r'<c r="[AB]5" s="\d+" t="inlineStr">', xml)) == 2


def test_text_that_looks_like_a_formula_is_quoted_and_other_text_is_not(county):
    factories.plan(factories.project("=1+1"), seq=1, remark="甲")
    factories.plan(factories.project("乙"), seq=2, remark="=2")

    sheet = worksheet(county, "cols=name,remark&group=none")

    assert [[cell.quotePrefix for cell in sheet[row]] for row in (5, 6)] == [[True, False], [False, True]]


def test_characters_that_no_workbook_may_hold_are_left_out(county):
    factories.plan(factories.project("甲\x07乙"), remark="a\x00b\ud800".replace("\ud800", "").replace("\x00", "\x0b"))

    row = worksheet(county, "cols=name,remark&group=none")[5]

    assert [cell.value for cell in row] == ["甲乙", "ab"]


def test_the_file_tells_nothing_of_the_machine_it_was_made_on(county):
    properties = load_workbook(export(county)).properties

    assert (properties.creator, properties.lastModifiedBy) == ("沁源县", None)
    assert properties.title == "2024年沁源县重大项目计划表（演示数据）"


# Heights


def column(key="content"):
    return ColumnLook(BY_KEY[key], [])


def test_text_takes_as_many_lines_as_its_column_is_narrow():
    assert column().lines_of("字" * 24, Role.ROW) == 1
    assert column().lines_of("字" * 25, Role.ROW) == 2
    assert column().lines_of("x" * 48, Role.ROW) == 1
    assert column().lines_of("甲\n乙\n\n丙", Role.ROW) == 4


def test_long_rows_are_tall_and_no_row_is_taller_than_a_spreadsheet_can_show(county):
    for length in (1, 240, 5000):
        factories.plan(factories.project(content="字" * length), seq=length)

    sheet = worksheet(county, "cols=seq,content&group=none")

    heights = [sheet.row_dimensions[row].height for row in (5, 6, 7)]
    assert heights == [21.5, 13.5 * 11 + 8, 409]
