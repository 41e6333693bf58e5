"""Completion by group (category, township, unit, leader) as bars against the calendar, the furthest first."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse

from portfolio import progress
from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.curves import GROUPINGS
from portfolio.figures import percent, wan

ROWS_AT_ONCE = 28  # bars that an upright A4 page takes
FURTHEST = Decimal(150)  # percent: beyond, a bar is cut and its figure stands for it


@dataclass(frozen=True)
class Links:
    """Where a group leads: to its rows in the plan table, and to its own curve, of the same year and day."""

    by: str
    kept: dict

    def rows(self, group):
        return self._path("portfolio:plan-table", {self.by: group.token})

    def curve(self, group):
        return self._path("portfolio:progress", {"by": self.by, "key": group.token})

    def _path(self, name, asked):
        query = QueryDict(mutable=True)
        query.update({**self.kept, **asked})
        return f"{reverse(name)}?{query.urlencode()}"


@dataclass(frozen=True)
class _Scale:
    """What all charts of one comparison share, in percent: 序时进度 and the longest bar."""

    expected: Decimal
    furthest: Decimal

    @property
    def end(self):
        """Room for the column of figures at the right."""
        return float(self.furthest) * 1.3 + 5


def group_charts(investment, by, kept):
    """[Chart], the furthest group first, as many rows on each as a page takes; the last has the sums of all.

    `kept`: what links to other pages of the same moment carry ({"year": …, "as_of": …}).
    """
    groups = investment.groups(by)
    known = sorted((group for group in groups if group.completed is not None), key=lambda group: -group.completed)
    ordered = known + [group for group in groups if group.completed is None]
    parts = -(-len(ordered) // ROWS_AT_ONCE)
    size = -(-len(ordered) // parts) if parts else 0
    chunks = [ordered[start : start + size] for start in range(0, len(ordered), size or 1)]
    scale = _Scale(investment.expected, max([investment.expected, *(_drawn(group) for group in groups)]))
    links = Links(by, kept)
    return [
        _group_chart(investment, by, links, scale, chunk, (place, len(chunks))) for place, chunk in enumerate(chunks, 1)
    ]


def _group_chart(investment, by, links, scale, groups, numbered):
    place, places = numbered
    of = f"，第 {place} 张，共 {places} 张" if places > 1 else ""
    return Chart(
        key=f"groups-{by}-{place}",
        title=f"各{GROUPINGS[by]}投资完成率{of}",
        caption=_groups_caption(investment, groups),
        figure=_groups_figure(groups, links, scale) if any(group.completed is not None for group in groups) else None,
        table=_groups_table(investment, by, links, groups, is_last=place == places),
        height=26 * len(groups) + 74,
    )


def _groups_caption(investment, groups):
    if all(group.completed is None for group in groups):
        return "没有年度计划，或今年还没有报送完成投资，没有完成率。"
    told = [f"竖线为序时进度 {percent(investment.expected)}（按已过整月）。"]
    if any(group.completed is not None and group.completed > FURTHEST for group in groups):
        told.append(f"超过 {FURTHEST}% 的横条截短，以数字为准。")
    if any(group.completed is None for group in groups):
        told.append("没有年度计划或今年尚未报送的，没有完成率。")
    return "".join(told)


def _groups_figure(groups, links, scale):
    """Bars at or past the calendar are dark, those behind it pale; the figures stand in a column at the right."""
    places = range(len(groups))
    behind = [place for place in places if _is_behind(groups[place], scale.expected)]
    even = [place for place in places if place not in behind]
    pale = {"color": theme.ACCENT_PALE, "line": {"color": theme.ACCENT, "width": 1}}
    line, words = _calendar_line(scale.expected)
    return theme.figure(
        [
            _bars(groups, even, links, "达到序时", {"color": theme.ACCENT}),
            _bars(groups, behind, links, "落后序时", pale),
            _labels(groups, links, scale.end),
        ],
        barmode="overlay",
        bargap=0.35,
        xaxis={"range": [0, scale.end], "ticksuffix": "%", "showgrid": True},
        yaxis={
            "range": [len(groups) - 0.5, -0.5],
            "tickvals": list(places),
            "ticktext": [theme.wrapped(group.title, 10) for group in groups],
            "showgrid": False,
        },
        legend={"x": 0, "y": 1, "yref": "container", "yanchor": "top"},
        margin={"t": 48},
        shapes=[line],
        annotations=[words],
    )


def _is_behind(group, expected):
    return group.completed is not None and group.completed < expected


def _calendar_line(expected):
    """(shape, annotation) of 序时进度."""
    line = {"color": theme.INK, "width": 1.5, "dash": "dash"}
    shape = {"type": "line", "x0": expected, "x1": expected, "yref": "paper", "y0": 0, "y1": 1, "line": line}
    words = {
        "x": expected,
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "text": f"序时 {percent(expected)}",
        "showarrow": False,
        "font": {"size": 11},
    }
    return shape, words


def _bars(groups, places, links, name, marker):
    chosen = [groups[place] for place in places]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "showlegend": bool(chosen),
        "y": list(places),
        "x": [_drawn(group) for group in chosen],
        "customdata": [links.rows(group) for group in chosen],
        "text": [_hover(group) for group in chosen],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": marker,
    }


def _labels(groups, links, end):
    return {
        "type": "scatter",
        "mode": "text",
        "showlegend": False,
        "x": [end] * len(groups),
        "y": list(range(len(groups))),
        "text": [_label(group) for group in groups],
        "textposition": "middle left",
        "customdata": [links.rows(group) for group in groups],
        "hovertext": [_hover(group) for group in groups],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _drawn(group):
    return min(group.completed or Decimal(0), FURTHEST)


def _label(group):
    if group.completed is None:
        return "无年度计划" if not group.planned else "尚未报送"
    return percent(group.completed) + (" ▸" if group.completed > FURTHEST else "")


def _hover(group):
    rate = f"完成率 {percent(group.completed)}：{wan(group.done)} ÷ {wan(group.planned)} 万元"
    return f"{theme.text(group.title)}，{group.count} 个项目<br>{rate}"


def _groups_table(investment, by, links, groups, is_last):
    headers = [GROUPINGS[by], "项目", "年度计划（万元）", "完成累计（万元）", "完成率", "与序时相比", "曲线"]
    rows = [
        [(group.title, links.rows(group)), *_figures(group, investment), ("查看", links.curve(group))]
        for group in groups
    ]
    return ChartTable(headers, rows, ["合计", *_figures(investment.curve(), investment), ""] if is_last else None)


def _figures(summed, investment):
    """Of a Group, or of the Curve of all."""
    told = progress.points(progress.deviation(summed.completed, investment.expected))
    return [summed.count, wan(summed.planned), wan(summed.done), percent(summed.completed), told]
