"""The list of problems as .xlsx, to be printed on A3: row by row, in the fonts of the plan table."""

from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from accounts.cell_text import is_risky
from portfolio.exporting import look
from portfolio.exporting.problems_sheet import COLUMNS
from portfolio.exporting.workbook import FOOTER, PAPER_A3

HEADER_ROW = 3
# 序号 and 项目 stay in sight.
FROZEN = "C4"


def write(sheet, out):
    """Write a `ProblemSheet` to the binary file `out`."""
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(title=sheet.title, creator=sheet.county.name)
    worksheet = book.create_sheet("问题清单")
    _set_up_page(worksheet)
    _append(worksheet, 1, [_banner(worksheet, sheet.title, look.TITLE_FONT, "center")], look.TITLE_HEIGHT)
    _append(worksheet, 2, [_banner(worksheet, sheet.scope, look.SCOPE_FONT, "left")], look.SCOPE_HEIGHT)
    header = [_fill(_cell(worksheet, look.HEADER_FONT, is_centred=True), column.label) for column in COLUMNS]
    _append(worksheet, HEADER_ROW, header, look.HEADER_HEIGHT)
    _write_lines(worksheet, sheet.lines)
    book.save(out)


def _write_lines(worksheet, lines):
    """Each column's cell is styled once, then refilled: styling costs ten times what a value does."""
    styled = [
        [_cell(worksheet, look.BODY_FONT, column.is_centred, is_quoted) for is_quoted in (False, True)]
        for column in COLUMNS
    ]
    for number, values in enumerate(lines, HEADER_ROW + 1):
        cells = [
            _fill(kinds[isinstance(value, str) and is_risky(value)], value)
            for kinds, value in zip(styled, values, strict=True)
        ]
        _append(worksheet, number, cells, look.height_of(_lines(values)))


def _set_up_page(worksheet):
    for place, column in enumerate(COLUMNS, 1):
        worksheet.column_dimensions[get_column_letter(place)].width = column.width
    last = get_column_letter(len(COLUMNS))
    worksheet.merged_cells.add(f"A1:{last}1")
    worksheet.merged_cells.add(f"A2:{last}2")
    worksheet.freeze_panes = FROZEN
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = PAPER_A3
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.oddFooter.center.text = FOOTER


def _append(worksheet, number, cells, height):
    worksheet.row_dimensions[number].height = height
    worksheet.append(cells)
    # It is written by now.
    del worksheet.row_dimensions[number]


def _banner(worksheet, text, font, horizontal):
    cell = WriteOnlyCell(worksheet)
    cell.font, cell.alignment = font, Alignment(horizontal=horizontal, vertical="center")
    return _fill(cell, text)


def _cell(worksheet, font, is_centred, is_quoted=False):
    """`is_quoted` as if somebody had typed a ' before the text: no formula, whoever edits it."""
    cell = WriteOnlyCell(worksheet)
    cell.font, cell.border, cell.quotePrefix = font, look.GRID, is_quoted
    cell.alignment = Alignment(horizontal="center" if is_centred else "left", vertical="center", wrap_text=True)
    return cell


def _fill(cell, value):
    """Text is text, whatever openpyxl would take it for."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _lines(values):
    """How many lines the tallest wrapped cell takes."""
    return max(
        sum(ceil(max(1, len(part.encode("gbk", "replace"))) / column.width) for part in value.split("\n"))
        for column, value in zip(COLUMNS, values, strict=True)
        if isinstance(value, str)
    )
