"""The user's own workbook back, bad cells filled and the reason as a comment; the values alone where that can't be."""

import io
import warnings

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import IllegalCharacterError

from portfolio.importing.safety import kind_of, sheet_bytes
from portfolio.importing.workbook import open_sheets

AUTHOR = "导入核对"
ERROR_FILL = PatternFill("solid", fgColor="FFF4B6B6")
WARNING_FILL = PatternFill("solid", fgColor="FFFFE7A8")
MAX_OWN_ROWS, MAX_OWN_BYTES = 5000, 8 * 1024 * 1024  # beyond, openpyxl would need too much memory
MAX_MERGED_CELLS = 200_000


def annotated_workbook(batch):
    """Bytes of an .xlsx with every error and warning of the batch's report in its cell."""
    with batch.file.open("rb") as stored:
        content = stored.read()
    kind = kind_of(content)
    rows = batch.report.get("counts", {}).get("rows", 0)
    sheets = open_sheets(content, kind)
    if kind == "xlsx" and rows <= MAX_OWN_ROWS and _openpyxl_can_hold(content, sheets):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content))
    else:
        book = _values_only(sheets)
    for fill, word, issues in (
        (WARNING_FILL, "提醒", batch.report.get("warnings", [])),
        (ERROR_FILL, "错误", batch.report.get("errors", [])),
    ):
        for issue in issues:
            _mark(book, issue, fill, word)
    _open_at_first_error(book, batch.report.get("errors", []))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _openpyxl_can_hold(content, sheets):
    """It makes an object of every cell, also of those that are empty and merged: one merge can claim 17 billion."""
    merged = sum(sheet.merged_cells for sheet in sheets)
    return sheet_bytes(content, "xlsx") <= MAX_OWN_BYTES and merged <= MAX_MERGED_CELLS


def _values_only(sheets):
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name or "计划表")
        for row in sheet.rows:
            page.append([None] * len(row))
            for column, value in enumerate(row, start=1):
                _write_value(page.cell(page.max_row, column), value)
    return book


def _write_value(cell, value):
    """Text stays text, also when it begins with an equals sign."""
    if value == "":
        return
    try:
        cell.value = value
    except IllegalCharacterError:
        cell.value = "".join(character for character in value if character.isprintable() or character == "\n")
    if isinstance(value, str):
        cell.data_type = "s"


def _mark(book, issue, fill, word):
    if not issue["row"]:
        return
    page = book[issue["sheet"]] if issue["sheet"] in book.sheetnames else book.worksheets[0]
    column = column_index_from_string(issue["column"]) if issue["column"] else 1
    cell = _visible_cell(page, issue["row"], column)
    cell.fill = fill
    text = f"{word}：{issue['message']}"
    if cell.comment is not None:
        text = f"{cell.comment.text}\n{text}"
    cell.comment = Comment(text[:2000], AUTHOR, width=320, height=min(60 + 22 * (len(text) // 20), 360))


def _visible_cell(page, row, column):
    """The cell itself, or the first of the merged range that covers it."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        covering = next(merged for merged in page.merged_cells.ranges if cell.coordinate in merged)
        return page.cell(covering.min_row, covering.min_col)
    return cell


def _open_at_first_error(book, errors):
    first = next((error for error in errors if error["row"] and error["sheet"] in book.sheetnames), None)
    if first:
        book.active = book.sheetnames.index(first["sheet"])
