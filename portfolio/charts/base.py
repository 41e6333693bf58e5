"""A chart is a figure, a caption and the table of its figures: the table is what a screen reader, a phone without
scripts and an office copy-and-paste get, so it carries every value and every link that the drawing does."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import plotly.graph_objects as go

FIGURE = re.compile(r"^(—|[+−-]?[\d,]+(\.\d+)?%?)$", re.ASCII)


class Cell(NamedTuple):
    """One cell of a chart's table; `url` is "" or a path of this site."""

    text: str
    url: str = ""

    @property
    def is_figure(self):
        """Figures stand at the right of their column."""
        return FIGURE.match(self.text) is not None


def _cells(row):
    return [Cell(*cell) if isinstance(cell, tuple) else Cell(str(cell)) for cell in row]


@dataclass(frozen=True)
class ChartTable:
    """`rows` are lists of texts, or (text, path) pairs where a cell leads somewhere; the first cell names its row.

    `foot` is one more such row, the sums.
    """

    headers: list
    rows: list
    foot: list | None = None

    @property
    def body(self):
        return [_cells(row) for row in self.rows]

    @property
    def last_row(self):
        return _cells(self.foot) if self.foot else []


@dataclass(frozen=True)
class Chart:
    """`key` is unique on its page. `height` and `print_width` are in CSS pixels.

    `figure` is None when there is nothing to draw: then the caption says why. A point's `customdata` may be a path of
    this site, or a list that begins with one: a click on the point opens it.
    """

    key: str
    title: str
    caption: str
    figure: go.Figure | None
    table: ChartTable
    height: int = 320
    print_width: int = 690

    @property
    def data_id(self):
        return f"chart-{self.key}-data"

    @cached_property
    def data(self):
        """The figure as JSON knows it."""
        return plain(self.figure.to_plotly_json())


def plain(value):
    """Dicts, lists, texts and numbers only: money becomes a number (a figure is drawn, never reckoned with), a day a
    text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value
