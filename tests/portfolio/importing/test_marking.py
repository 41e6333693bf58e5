"""The marked workbook of a forged file costs no more than that of an honest one."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from portfolio.importing.marking import annotated_workbook
from portfolio.importing.workbook import Sheet
from tests.portfolio.importing.test_safety import repacked
from tests.portfolio.importing.workbooks import plain

SHEET = "xl/worksheets/sheet1.xml"


def with_part(content, part, old, new):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return repacked(content, {part: package.read(part).replace(old, new)})


@pytest.mark.django_db
def test_merge_over_the_whole_sheet_is_left_out_of_the_marked_file(imported):
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    content = with_part(plain([1, "公路", "沁河镇", "甲", 5, "", ""]), SHEET, b"</sheetData>", merge)

    page = load_workbook(io.BytesIO(annotated_workbook(imported(content)))).active

    assert (page.dimensions, page["B2"].value, list(page.merged_cells.ranges)) == ("A1:G2", "公路", [])


def test_merges_that_overlap_are_followed_only_as_far_as_the_sheet_has_cells():
    sheet = Sheet(name="", rows=[[""] * 100 for _ in range(100)], merges=[(0, 0, 99, 99)] * 20_000)

    assert len(sheet.merged_into) == 100 * 100 - 1
