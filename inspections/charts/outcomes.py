"""看效果: what the projects of the stage promised and reached, figure by figure, in percent of the promise."""

from urllib.parse import urlencode

import plotly.graph_objects as go
from django.urls import reverse

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.figures import percent, wan
from portfolio.models.outcomes import OutcomeKind

FURTHEST = 150  # percent: beyond, a bar is cut and its figure stands for it
HEADERS = ["指标", "计量单位", "项", "承诺", "实际", "达到率", "达到承诺", "未达到", "未到期", "未填齐"]


def outcome_chart(board, kept):
    """Of a `LookBoard` of 看效果. `kept` is the query of year and day that links carry."""
    sums = board.outcome_sums
    drawn = [each for each in sums if each.share is not None]
    return Chart(
        key="outcomes",
        title="产能、产值、税收、就业：实际与承诺相比（%）",
        caption=_caption(board),
        figure=_figure(drawn, kept) if drawn else None,
        table=ChartTable(HEADERS, [_row(each, kept) for each in sums]),
        height=40 * len(drawn) + 80,
    )


def _caption(board):
    untold = f"{len(board.outcomes_missing)} 个项目还没有填写。" if board.outcomes_missing else ""
    if not board.outcome_sums:
        return untold
    least = board.furthest_short[0] if board.furthest_short else None
    worst = (
        f"差得最多的是{least.project}，{least.row.get_kind_display()}只达到承诺的 {percent(least.share)}。"
        if least
        else ""
    )
    return f"{_reached(board.outcome_sums)}{worst}{untold}合计只算承诺和实际都填写了的，不同计量单位分开。"


def _reached(sums):
    """Capacities are counted: their measures have no sum in common."""
    capacities = [each for each in sums if each.kind == OutcomeKind.CAPACITY]
    rows, met = sum(each.rows for each in capacities), sum(each.met for each in capacities)
    told = [f"产能 {rows} 项中 {met} 项达到承诺"] if rows else []
    told += [
        f"{each.kind.label}达到承诺的 {each.share_words}"
        for each in sums
        if each.kind != OutcomeKind.CAPACITY and each.share is not None
    ]
    return f"{'，'.join(told)}。" if told else ""


def _figure(sums, kept):
    sums = sums[::-1]  # the first stands on top
    words = [f"{wan(each.reached)} / {wan(each.promised)} {each.measure}，{percent(each.share)}" for each in sums]
    bars = go.Bar(
        orientation="h",
        y=[f"{each.kind.label}（{theme.text(each.measure)}）" for each in sums],
        x=[min(each.share, FURTHEST) for each in sums],
        marker={"color": theme.ACCENT, "line": {"color": theme.LINE, "width": 1}},
        text=words,
        textposition="auto",
        textangle=0,
        customdata=[_address(each, kept) for each in sums],
        hovertemplate="%{text}<extra></extra>",
    )
    promise = {"type": "line", "x0": 100, "x1": 100, "yref": "paper", "y0": 0, "y1": 1}
    return theme.figure(
        [bars],
        showlegend=False,
        bargap=0.35,
        xaxis={"title": {"text": "实际 ÷ 承诺（%），竖线为承诺"}, "range": [0, _end(sums)]},
        yaxis={"showgrid": False},
        shapes=[{**promise, "line": {"color": theme.INK_2, "width": 1, "dash": "dot"}}],
    )


def _end(sums):
    return max(105, *(min(each.share, FURTHEST) + 5 for each in sums))


def _address(each, kept):
    return f"{reverse('portfolio:outcomes')}?{urlencode({**kept, 'kind': each.kind.value})}"


def _row(each, kept):
    figures = [wan(each.promised), wan(each.reached), percent(each.share)]
    counts = [str(count) for count in (each.met, each.short, each.not_due, each.untold)]
    return [(each.kind.label, _address(each, kept)), each.measure, str(each.rows), *figures, *counts]
