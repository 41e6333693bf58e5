"""What is missing most under a look, question by question, as bars of all projects of the stage."""

from urllib.parse import urlencode

import plotly.graph_objects as go
from django.urls import reverse

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.progress import Light

# (what it is called, its colour, its pattern, how it is counted), what is missing first.
PARTS = (
    ("督导查出，未整改", theme.LIGHT_COLOURS[Light.RED], "", lambda each: each.no_open),
    ("系统显示缺，未督导", theme.LIGHT_COLOURS[Light.YELLOW], "/", lambda each: each.known_no),
    ("已整改", theme.ACCENT_PALE, "", lambda each: each.settled),
    ("督导为是", theme.LIGHT_COLOURS[Light.GREEN], "", lambda each: each.yes),
    ("不涉及", theme.GRID, "", lambda each: each.not_needed),
    ("未督导，系统未见缺项", theme.PAPER, "", lambda each: each.unchecked - each.known_no),
)


def missing_chart(board, kept):
    """`kept` is the query of year and day that links carry ({"year": …, "as_of": …})."""
    found = board.missing_most
    return Chart(
        key=f"missing-{board.look}",
        title=f"{board.look.label}：缺什么最多（个项目）",
        caption=_caption(board),
        figure=_figure(board, found, kept) if board.rows else None,
        table=ChartTable(
            ["检查内容", "缺", *(label for label, *_ in PARTS), "合计"],
            [_row(board, each, kept) for each in found] if board.rows else [],
        ),
        height=44 * len(found) + 90,
    )


def _caption(board):
    lacked = [each for each in board.missing_most if each.missing]
    if not board.rows:
        return f"{board.year}年计划里没有{board.look.stage.label}项目。"
    if not lacked:
        return f"{board.total} 个项目，按最近一次督导和系统数据，没有缺项。"
    first = lacked[0]
    return (
        f"{board.total} 个项目中，{first.missing} 个“{first.question.question}”为否，缺得最多。"
        "督导过的按最近一次督导，没有督导过的按系统数据。"
    )


def _figure(board, found, kept):
    found = found[::-1]  # the first stands on top
    layout = {
        "barmode": "stack",
        "bargap": 0.35,
        "xaxis": {"title": {"text": "项目（个）"}, "rangemode": "tozero"},
        "yaxis": {"showgrid": False, "tickfont": {"size": 11}},
        "legend": {"traceorder": "normal"},
    }
    return theme.figure([_bars(board, found, part, kept) for part in PARTS], **layout)


def _bars(board, found, part, kept):
    label, colour, pattern, count = part
    return go.Bar(
        name=label,
        orientation="h",
        y=[theme.wrapped(each.question.question, 14) for each in found],
        x=[count(each) for each in found],
        marker={
            "color": colour,
            "line": {"color": theme.LINE, "width": 1},
            "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": theme.INK, "size": 6, "solidity": 0.15},
        },
        text=[count(each) or "" for each in found],
        textposition="inside",
        textangle=0,
        insidetextfont={"size": 10},
        customdata=[_address(board, each, kept) for each in found],
        hovertemplate="%{x} 个<extra>" + label + "</extra>",
    )


def _address(board, each, kept):
    return f"{reverse('inspections:look', args=[board.look.value])}?{urlencode({**kept, 'lack': each.question.key})}"


def _row(board, each, kept):
    figures = [str(count(each)) for *_, count in PARTS]
    return [(each.question.question, _address(board, each, kept)), str(each.missing), *figures, str(board.total)]
