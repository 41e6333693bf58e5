"""How many projects stood under each light at the end of each week."""

from urllib.parse import urlencode

import plotly.graph_objects as go
from django.urls import reverse

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.week_lights import ORDER


def light_history_chart(weeks, year):
    """`weeks` are `WeekCounts`, oldest first; the last is the day of the page."""
    last = weeks[-1]
    red = [each.of(ORDER[0]) for each in weeks]
    change = "" if len(weeks) < 2 else f"，上周末 {red[-2]} 个"
    told = "、".join(f"{light.shape}{light.colour} {last.of(light)}" for light in ORDER)
    return Chart(
        key="light-history",
        title="每周末各灯项目数（个）",
        caption=f"现在 {told}，共 {last.total} 个；红灯{change}，全年最多 {max(red)} 个。",
        figure=theme.figure([_bars(weeks, light, year) for light in reversed(ORDER)], **_layout()),
        table=ChartTable(
            ["周", *(theme.light_name(light) for light in ORDER), "合计", "规则版本"],
            [_row(each, year) for each in reversed(weeks)],
        ),
        height=340,
    )


def _layout():
    return {
        "barmode": "stack",
        "bargap": 0.15,
        "uniformtext": {"minsize": 9, "mode": "hide"},
        "xaxis": {"type": "category", "tickangle": 0, "nticks": 8},
        "yaxis": {"title": {"text": "项目（个）"}, "rangemode": "tozero"},
        "legend": {"traceorder": "reversed"},
    }


def _bars(weeks, light, year):
    return go.Bar(
        name=theme.light_name(light),
        x=[_tick(each) for each in weeks],
        y=[each.of(light) for each in weeks],
        marker=theme.light_marker(light),
        texttemplate="%{y}",
        textposition="inside",
        textangle=0,
        insidetextfont={"size": 10},
        customdata=[_address(each, year) for each in weeks],
        hovertemplate="%{x}：%{y} 个<extra>" + theme.light_name(light) + "</extra>",
    )


def _tick(counts):
    return "现在" if counts.is_now else f"{counts.week.number}周"


def _address(counts, year):
    asked = {"year": year} if counts.is_now else {"year": year, "as_of": str(counts.week.sunday)}
    return f"{reverse('portfolio:lights')}?{urlencode(asked)}"


def _row(counts, year):
    versions = "、".join(f"第 {version} 版" if version else "默认" for version in counts.versions)
    figures = [str(counts.of(light)) for light in ORDER]
    return [(counts.label, _address(counts, year)), *figures, str(counts.total), versions]
