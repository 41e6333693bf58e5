"""How the printed plan table looks: fonts, borders, and for each column its width, number format and alignment."""

from math import ceil

from openpyxl.styles import Alignment, Border, Font, Side

from portfolio.exporting.plan_sheet import Role
from portfolio.plan_fields import Kind

# Official fonts by name: the office's PCs have them. Sizes in points.
TITLE_FONT = Font(name="方正小标宋简体", size=22)
SCOPE_FONT = Font(name="楷体_GB2312", size=11)
HEADER_FONT = Font(name="黑体", size=11)
SUM_FONT = Font(name="黑体", size=10)
BODY_FONT = Font(name="宋体", size=10)

_THIN = Side(style="thin", color="000000")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

# Row heights in points; no program shows a row taller than TALLEST.
TITLE_HEIGHT, SCOPE_HEIGHT, HEADER_HEIGHT, LINE_HEIGHT = 42, 20, 24, 13.5
PADDING, TALLEST = 8, 409
PART_INDENT = 2

_FIGURES = {Kind.MONEY, Kind.PERCENT, Kind.POINTS}
_CENTRED = {Kind.NUMBER, Kind.DATE, Kind.PERIOD, Kind.CHOICE, Kind.UNIT, Kind.LEADER, Kind.TOWN}
OF_PROJECTS = {Role.ROW, Role.PART}


class ColumnLook:
    """`values` are all that stands in the column, sums included."""

    def __init__(self, plan_field, values):
        self.kind = plan_field.kind
        self.is_name = plan_field.key == "name"
        figures = [value for value in values if value is not None and not isinstance(value, str)]
        self.number_format = self._format(figures)
        # The widest figure must fit, or it shows as ####.
        widest = len(f"{max(figures):,.2f}") + 2 if plan_field.is_sum and figures else 0
        self.width = max(plan_field.width, widest)

    def _format(self, figures):
        """One for the whole column, so that figures stand under each other: with cents when any of them has cents."""
        if self.kind is Kind.NUMBER:
            return "0"
        if self.kind is Kind.PERCENT:
            return "0.00%_ " if any(figure * 100 % 1 for figure in figures) else "0%_ "
        if self.kind is Kind.POINTS:
            return "+0.0_ ;-0.0_ ;0.0_ "
        if self.kind is Kind.MONEY:
            return "#,##0.00_ " if any(figure % 1 for figure in figures) else "#,##0_ "
        # As text, a date such as 2022-06 is still 2022-06 after somebody has edited the cell.
        return "@" if self.kind in {Kind.DATE, Kind.PERIOD} else "General"

    def alignment(self, role):
        horizontal = "left"
        if self.kind in _FIGURES:
            horizontal = "right"
        elif role is Role.TOTAL or (self.kind in _CENTRED and role in OF_PROJECTS):
            horizontal = "center"
        return Alignment(horizontal=horizontal, vertical="center", wrap_text=True, indent=self._indent(role))

    def _indent(self, role):
        return PART_INDENT if self.is_name and role is Role.PART else 0

    def header_height(self, label):
        """Of the label in its larger type, a tenth wider than the text below it."""
        lines = ceil(len(label.encode("gbk")) * 1.1 / self.width)
        return HEADER_HEIGHT + (lines - 1) * LINE_HEIGHT

    def lines_of(self, text, role):
        """How many lines the wrapped text takes. In GBK a Chinese character has as many bytes as it is wide."""
        room = self.width // 2 * 2 - self._indent(role) * 2
        lines = 0
        for paragraph in text.split("\n"):
            width = len(paragraph.encode("gbk", "replace"))
            # Punctuation may not begin a line, so each line of several is now and then a character short.
            lines += 1 if width <= room else ceil(width / max(1, room - 1))
        return lines


def height_of(lines):
    return min(TALLEST, lines * LINE_HEIGHT + PADDING)
