"""The plan table as .xlsx in the official look: what a county office prints on A3 and hands out.

Written row by row (openpyxl's write-only mode), so that a table of 32,000 rows needs little more memory than its text.
A cell is styled once for each column and kind of line, then refilled: styling costs ten times what a value does.
"""

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from accounts.cell_text import is_risky
from portfolio.exporting import look
from portfolio.exporting.plan_sheet import header_label

HEADER_TOP = 3
# A name that stands further right is not frozen: no room to scroll would be left.
FARTHEST_FROZEN = 4
# 单位：万元 stands over this many columns at the right.
UNIT_SPAN = 2
PAPER_A3 = 8
FOOTER = "第 &P 页 共 &N 页"


def write(sheet, out):
    """Write a `PlanSheet`, or another sheet of printed columns, to the binary file `out`."""
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(title=sheet.title, creator=sheet.county.name)
    _Writer(book.create_sheet(sheet.tab), sheet).write()
    book.save(out)


class _Writer:
    def __init__(self, worksheet, sheet):
        self.worksheet = worksheet
        self.sheet = sheet
        self.lines = list(sheet.lines())
        self.columns = [
            look.ColumnLook(plan_field, [line.values[place] for line in self.lines])
            for place, plan_field in enumerate(sheet.columns)
        ]
        self.last = len(self.columns) - 1
        self.header_rows = 2 if any(label for label, _ in sheet.header) else 1
        self.row = 0
        self.styled = {}

    def write(self):
        self._set_up_page()
        self._write_banner()
        self._write_header()
        for line in self.lines:
            self._write_line(line)

    def _set_up_page(self):
        worksheet = self.worksheet
        for place, column in enumerate(self.columns, 1):
            worksheet.column_dimensions[get_column_letter(place)].width = column.width
        body_top = HEADER_TOP + self.header_rows
        name = self.sheet.place("name")
        frozen = 0 if name is None or name >= FARTHEST_FROZEN else name + 1
        worksheet.freeze_panes = f"{get_column_letter(frozen + 1)}{body_top}"
        worksheet.print_title_rows = f"{HEADER_TOP}:{body_top - 1}"
        worksheet.page_setup.orientation = "landscape"
        worksheet.page_setup.paperSize = PAPER_A3
        worksheet.page_setup.fitToWidth = 1
        worksheet.page_setup.fitToHeight = 0
        worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        worksheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7, header=0.3, footer=0.35)
        worksheet.print_options.horizontalCentered = True
        worksheet.oddFooter.center.text = FOOTER

    # The top

    def _write_banner(self):
        """The title over the whole table; below it the filter in words at the left, the unit at the right."""
        title = self._text(self.sheet.title, look.TITLE_FONT, horizontal="center")
        self._append([title], look.TITLE_HEIGHT)
        self._merge(0, self.last)
        unit = max(1, self.last - UNIT_SPAN + 1)
        scope = self._text(self.sheet.scope, look.SCOPE_FONT, shrink_to_fit=True)
        unit_cell = self._text("单位：万元", look.SCOPE_FONT, horizontal="right")
        self._append([scope, *[None] * (unit - 1), unit_cell], look.SCOPE_HEIGHT)
        self._merge(0, unit - 1)
        self._merge(unit, max(unit, self.last))

    def _write_header(self):
        """A label over several columns stands above them; a column that stands alone takes both rows."""
        upper, lower = [], []
        for label, run in self.sheet.header:
            first, beside = len(upper), len(run) - 1
            self._merge(first, first + beside, self.row + 1, self.row + (1 if label else self.header_rows))
            upper += [label or header_label(run[0]), *[None] * beside]
            lower += [column.label if label else None for column in run]
        labels = [below or above for above, below in zip(upper, lower, strict=True)]
        tallest = max(column.header_height(label) for column, label in zip(self.columns, labels, strict=True))
        if self.header_rows == 2:
            self._append([self._head(text) for text in upper], look.HEADER_HEIGHT)
            self._append([self._head(text) for text in lower], tallest)
        else:
            self._append([self._head(text) for text in upper], tallest)

    def _head(self, text):
        cell = self._text(text, look.HEADER_FONT, horizontal="center", wrap_text=True)
        cell.border = look.GRID
        return cell

    def _text(self, text, font, **alignment):
        cell = WriteOnlyCell(self.worksheet)
        cell.font = font
        cell.alignment = Alignment(vertical="center", **alignment)
        return _fill(cell, text)

    # The body

    def _write_line(self, line):
        cells, lines = [], 1
        for place, value in enumerate(line.values):
            cells.append(_fill(self._styled(line.role, place, isinstance(value, str) and is_risky(value)), value))
            if isinstance(value, str) and line.role in look.OF_PROJECTS:
                lines = max(lines, self.columns[place].lines_of(value, line.role))
        self._append(cells, look.height_of(lines))
        if line.role not in look.OF_PROJECTS and self.sheet.label_place is not None:
            self._merge(self.sheet.label_place, self.sheet.label_end)

    def _styled(self, role, place, is_quoted):
        """The cell of this column in this kind of line; `is_quoted` as if somebody had typed a ' before the text."""
        key = (role, place, is_quoted)
        if key not in self.styled:
            column = self.columns[place]
            cell = self.styled[key] = WriteOnlyCell(self.worksheet)
            cell.font = look.BODY_FONT if role in look.OF_PROJECTS else look.SUM_FONT
            cell.border = look.GRID
            cell.alignment = column.alignment(role)
            cell.number_format = column.number_format
            cell.quotePrefix = is_quoted
        return self.styled[key]

    def _append(self, cells, height):
        self.row += 1
        self.worksheet.row_dimensions[self.row].height = height
        self.worksheet.append(cells)
        # It is written by now, and 32,000 of them would weigh more than the text.
        del self.worksheet.row_dimensions[self.row]

    def _merge(self, first, last, top=None, bottom=None):
        """Columns counted from 0; without rows, in the row just written. A single cell stays as it is."""
        top = top or self.row
        bottom = bottom or top
        if (first, top) != (last, bottom):
            self.worksheet.merged_cells.add(
                f"{get_column_letter(first + 1)}{top}:{get_column_letter(last + 1)}{bottom}"
            )


def _fill(cell, value):
    cell.value = value
    if isinstance(value, str):
        # Whatever openpyxl took it for (`=1+1` a formula, `#N/A` an error): it is text.
        cell.data_type = "s"
    return cell
