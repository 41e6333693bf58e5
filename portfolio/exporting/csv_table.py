"""The plan table as .csv: one header row, then one complete row for each project and sub-item."""

import csv
from decimal import Decimal

from accounts.cell_text import guard
from portfolio.exporting.plan_sheet import Role, header_label
from portfolio.figures import percent
from portfolio.plan_fields import Kind

# With its byte order mark, or Excel and WPS read Chinese as GBK.
ENCODING = "utf-8-sig"


def write(sheet, out):
    """Write a `PlanSheet` to the text file `out` (opened with ENCODING and newline="")."""
    writer = csv.writer(out)
    writer.writerow([header_label(column) for column in sheet.columns])
    for line in sheet.lines():
        if line.role in {Role.ROW, Role.PART}:
            writer.writerow([_cell(*cell) for cell in zip(sheet.columns, line.values, strict=True)])


def _cell(column, value):
    """Figures without separators, so that every program reads them as figures."""
    if isinstance(value, str):
        return guard(value)
    if column.kind is Kind.PERCENT and value is not None:
        return percent(value * 100, 2)
    return f"{value:f}" if isinstance(value, Decimal) else value
