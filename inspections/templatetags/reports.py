"""How the frozen content of a report is told on screen."""

from typing import NamedTuple

from django import template

from inspections.charts.reports import chart_of
from inspections.reports.blocks import ORDINAL, told

register = template.Library()
register.simple_tag(chart_of, name="report_chart")


class Line(NamedTuple):
    """`role` sums, group, row or part; `cells` are (text, its class: "num", "ordinal" or "")."""

    role: str
    cells: list


@register.filter
def lines(block):
    """The `Line`s of a block "table", 合计 first."""
    found = [Line("sums", _cells(block, block["sums"]))] if block["sums"] else []
    for row, role in zip(block["rows"], block["roles"], strict=True):
        title = [(next(value for value in row if value), "")] if role == "group" else None
        found.append(Line(role, title or _cells(block, row)))
    return found


def _cells(block, row):
    return [(told(column["kind"], value), _class(column)) for column, value in zip(block["columns"], row, strict=True)]


def _class(column):
    return "num" if column["figure"] else ORDINAL if column["kind"] == ORDINAL else ""
