"""A plain ledger as .xlsx: title, as-of line, one header row, rows, sums; for lists that are no plan table.

It looks like the plan table's workbook (portfolio.exporting.look): same fonts, grid and row heights, landscape A4.
"""

import re
from dataclasses import dataclass, field
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from accounts.cell_text import is_risky, writable
from portfolio.exporting import look

NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"“”<>|\s\x00-\x1f]+')
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
LONGEST_SHEET_NAME = 31
HEADER_ROW = 3
PAPER_A4 = 9
FOOTER = "第 &P 页 共 &N 页"
TEXT, COUNT, MONEY, PERCENT, POINTS, SCORE = "text", "count", "money", "percent", "points", "score"
FORMATS = {COUNT: "0_ ", MONEY: "#,##0.00_ ", PERCENT: "0.0%_ ", POINTS: "+0.0_ ;-0.0_ ;0.0_ ", SCORE: "0.0_ "}


@dataclass(frozen=True)
class Column:
    """`kind` is TEXT, COUNT, MONEY (万元), PERCENT (38.2 is 38.2 %), POINTS (percentage points) or SCORE."""

    label: str
    kind: str = TEXT
    width: int = 12


@dataclass
class Ledger:
    """`rows` and `sums` hold values in the order of the columns; None is an empty cell. `heavy` rows stand out."""

    title: str
    scope: str
    columns: list
    rows: list
    sums: list | None = None
    unit: str = "单位：万元"
    heavy: frozenset = field(default_factory=frozenset)

    def file_name(self, day):
        return f"{NOT_IN_FILE_NAMES.sub('', self.title)}_{day:%Y%m%d}.xlsx"


def write(ledger, out):
    """Write a `Ledger` to the binary file `out`."""
    write_book([ledger], out)


def write_book(ledgers, out):
    """Write `Ledger`s as the sheets of one workbook, which has the title of the first."""
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(title=ledgers[0].title, creator="")
    for ledger in ledgers:
        _Writer(book.create_sheet(NOT_IN_SHEET_NAMES.sub("", ledger.title)[:LONGEST_SHEET_NAME]), ledger).write()
    book.save(out)


class _Writer:
    def __init__(self, worksheet, ledger):
        self.worksheet, self.ledger = worksheet, ledger
        self.row = 0

    def write(self):
        self._set_up_page()
        self._banner()
        self._append([self._cell(column.label, look.HEADER_FONT, "center") for column in self.ledger.columns], 34)
        for place, values in enumerate(self.ledger.rows):
            self._line(values, look.SUM_FONT if place in self.ledger.heavy else look.BODY_FONT)
        if self.ledger.sums:
            self._line(self.ledger.sums, look.SUM_FONT)

    def _set_up_page(self):
        worksheet = self.worksheet
        for place, column in enumerate(self.ledger.columns, 1):
            worksheet.column_dimensions[get_column_letter(place)].width = column.width
        worksheet.freeze_panes = f"B{HEADER_ROW + 1}"
        worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        worksheet.page_setup.orientation = "landscape"
        worksheet.page_setup.paperSize = PAPER_A4
        worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
        worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        worksheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
        worksheet.oddFooter.center.text = FOOTER

    def _banner(self):
        last = len(self.ledger.columns)
        half = max(1, last - 3)
        self._append([self._text(self.ledger.title, look.TITLE_FONT, "center")], look.TITLE_HEIGHT)
        self._merge(1, last)
        scope = self._text(self.ledger.scope, look.SCOPE_FONT, "left")
        self._append([scope, *[None] * (half - 1), self._text(self.ledger.unit, look.SCOPE_FONT, "right")], 20)
        self._merge(1, half)
        self._merge(half + 1, last)

    def _merge(self, first, last):
        if first < last:
            self.worksheet.merged_cells.add(f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row}")

    def _line(self, values, font):
        cells, lines = [], 1
        for column, value in zip(self.ledger.columns, values, strict=True):
            cells.append(self._value(column, value, font))
            if isinstance(value, str):
                lines = max(lines, _lines_of(value, column.width))
        self._append(cells, look.height_of(lines))

    def _value(self, column, value, font):
        if isinstance(value, str) or value is None:
            return self._cell(value, font, "left" if column.kind == TEXT else "center")
        # Percents as spreadsheets know them: 85 % is 0.85, and is never mistaken for a plain 85.
        cell = self._cell(value / 100 if column.kind == PERCENT else value, font, "right")
        cell.number_format = FORMATS.get(column.kind, "General")
        return cell

    def _cell(self, value, font, horizontal):
        cell = self._text(value, font, horizontal)
        cell.border = look.GRID
        return cell

    def _text(self, value, font, horizontal):
        cell = WriteOnlyCell(self.worksheet, writable(value) if isinstance(value, str) else value)
        cell.font = font
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        if isinstance(value, str):
            # Whatever openpyxl took it for (`=1+1` a formula, `#N/A` an error): it is text.
            cell.data_type = "s"
            cell.quotePrefix = is_risky(value)
        return cell

    def _append(self, cells, height):
        self.row += 1
        self.worksheet.row_dimensions[self.row].height = height
        self.worksheet.append(cells)


def _lines_of(text, width):
    """How many lines the wrapped text takes. In GBK a Chinese character has as many bytes as it is wide."""
    return sum(max(1, ceil(len(part.encode("gbk", "replace")) / (width - 1))) for part in text.split("\n"))
