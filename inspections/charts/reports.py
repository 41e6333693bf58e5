"""The drawings of a report on screen, from its frozen content alone."""

from decimal import Decimal

import plotly.graph_objects as go

from inspections.reports.blocks import told
from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.money import wan_to_yi

CURVES = (("planned", "计划累计", theme.INK_2, "dash"), ("done", "完成累计", theme.ACCENT, "solid"))


def chart_of(block, key):
    """The `Chart` of a block "curve" or "bars"; `key` is unique on the page."""
    return {"curve": _curve, "bars": _bars}[block["type"]](block, key)


def _curve(block, key):
    traces = [
        go.Scatter(
            name=name,
            mode="lines+markers",
            x=[point["day"] for point in block[points]],
            y=[wan_to_yi(Decimal(point["amount"])) for point in block[points]],
            text=[point["label"] for point in block[points]],
            hovertemplate="%{text}<br>" + name + " %{y:,.2f} 亿元<extra></extra>",
            line={"color": colour, "dash": dash, "width": 2},
        )
        for points, name, colour, dash in CURVES
    ]
    rows = [
        [name, point["label"], point["day"], told("money", point["amount"])]
        for points, name, *_ in CURVES
        for point in block[points]
    ]
    return Chart(
        key=key,
        title=f"{block['title']}（亿元）",
        caption="虚线为计划累计，实线为完成累计；都从年初算起。",
        figure=theme.figure(traces, yaxis={"rangemode": "tozero"}, xaxis={"tickformat": "%-m月%-d日"}),
        table=ChartTable(["", "时点", "日期", "金额（万元）"], rows),
    )


def _bars(block, key):
    items = block["items"][::-1]  # the first stands on top
    expected = Decimal(block["expected"])
    is_behind = [Decimal(item["percent"]) < expected for item in items]
    bars = go.Bar(
        orientation="h",
        y=[item["label"] for item in items],
        x=[Decimal(item["percent"]) for item in items],
        text=[f"{item['percent']}%" for item in items],
        marker={
            "color": [theme.ACCENT_PALE if behind else theme.ACCENT for behind in is_behind],
            "line": {"color": theme.ACCENT, "width": 1},
        },
        hovertemplate="%{y} %{text}<extra></extra>",
    )
    line = {"type": "line", "x0": expected, "x1": expected, "y0": 0, "y1": 1, "yref": "paper", "line": {"width": 1.5}}
    return Chart(
        key=key,
        title=block["title"],
        caption=f"竖线为序时进度 {block['expected']}%；深色为达到序时，浅色为落后于序时。",
        figure=theme.figure([bars], shapes=[line], showlegend=False, yaxis={"showgrid": False}, bargap=0.35),
        table=ChartTable(["", "投资完成率"], [[item["label"], f"{item['percent']}%"] for item in block["items"]]),
        height=22 * len(items) + 90,
    )
