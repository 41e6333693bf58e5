"""The Gantt chart (工期图): each milestone against its first plan, its latest, and today."""

import datetime as dt

from django.urls import reverse

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.figures import NONE
from portfolio.progress import Light
from portfolio.schedules import Period, Standing, late_words, moved_words

ROW_HEIGHT, AROUND = 34, 150  # pixels
# Narrow entries: on a phone two stand in a line.
LEGEND = {
    "xref": "container",
    "x": 0,
    "yref": "container",
    "y": 1,
    "yanchor": "top",
    "entrywidth": 66,
    "indentation": -8,
    "font": {"size": 11},
}
# The lanes of a row, of its height 1: the stage above, its first plan below it.
STAGE_LANE = {"offset": -0.32, "width": 0.36}
BASELINE_LANE = {"offset": 0.1, "width": 0.16}
STAGE_MIDDLE = -0.14
LABEL = 11  # signs of a name that a phone has room for
FURTHEST_BACK = dt.timedelta(days=180)
DAY_IN_MS = 86_400_000

COLOURS = {
    Standing.MET: theme.LIGHT_COLOURS[Light.GREEN],
    Standing.MET_LATE: theme.SERIES[3],
    Standing.OVERDUE: theme.LIGHT_COLOURS[Light.RED],
    Standing.DUE_SOON: theme.LIGHT_COLOURS[Light.YELLOW],
    Standing.NOT_DUE: theme.SERIES[4],
}
# ● ◆ ■ ▲ ○, as beside the words.
SYMBOLS = {
    Standing.MET: "circle",
    Standing.MET_LATE: "diamond",
    Standing.OVERDUE: "square",
    Standing.DUE_SOON: "triangle-up",
    Standing.NOT_DUE: "circle-open",
}
PATTERNS = {Standing.MET_LATE: "\\", Standing.OVERDUE: "x", Standing.DUE_SOON: "/", Standing.NOT_DUE: "."}
HEADERS = ["项目", "节点", "状态", "原计划", "现计划", "实际完成", "比原计划", "比现计划"]
# (months shown at most, months between two marks): six or so fit on a phone.
MARKS = ((6, 1), (12, 2), (18, 3), (36, 6))


def gantt_chart(stages, day, title, of_one_plan=False, more="", period=Period.MONTH):
    """`stages` are `portfolio.gantt.Stage`s, top down. `more` goes on in links (`&as_of=…`, or ""). `period` is the one
    that their plan is compared with."""
    return Chart(
        key="gantt",
        title=title,
        caption=_caption(stages, day, of_one_plan, period),
        figure=_figure(stages, day, of_one_plan, more, period) if stages else None,
        table=ChartTable([*HEADERS, f"{period.label}以来调整", "责任单位"], [_row(stage, more) for stage in stages]),
        height=AROUND + ROW_HEIGHT * max(len(stages), 3),
    )


def _schedule_path(stage, more):
    return f"{reverse('portfolio:schedule', args=[stage.plan.pk])}{more.replace('&', '?', 1)}"


def _one_plan_path(stage, more):
    return f"{reverse('portfolio:gantt')}?year={stage.plan.year}&project={stage.plan.project_id}{more}"


# The drawing


def _figure(stages, day, of_one_plan, more, period):
    first, last = _span(stages, day, of_one_plan)
    line, words = theme.day_line(day, f"{day:%-m月%-d日}")
    return theme.figure(
        [*_baseline(stages, more), *_by_standing(stages, more), _latest(stages), _moved(stages, period)],
        barmode="overlay",
        legend=LEGEND,
        xaxis=_days_axis(first, last),
        yaxis={
            "tickvals": list(range(len(stages))),
            "ticktext": [_label(stage, of_one_plan) for stage in stages],
            "tickfont": {"size": 11},
            "range": [len(stages) - 0.4, -1],  # half a row at the top for the day's words
            "ticks": "",
        },
        shapes=[line],
        annotations=[words],
    )


def _label(stage, of_one_plan):
    name = theme.text(_short(stage.milestone.name))
    return name if of_one_plan else f"{theme.text(_short(stage.plan.project.name))}<br>{name}"


def _short(words):
    return words if len(words) <= LABEL else f"{words[: LABEL - 1]}…"


def _span(stages, day, of_one_plan):
    """The days drawn: of many plans, none further back than half a year, or one old node would squeeze the rest."""
    days = [day, *(moment for stage in stages for moment in _own_days(stage))]
    first = min(days) if of_one_plan else max(min(days), day - FURTHEST_BACK)
    last = max(days)
    room = dt.timedelta(days=max((last - first).days, 30) // 5)
    return first - room / 5, last + room  # at the right stand the words of slippage


def _own_days(stage):
    return stage.milestone.original_due, stage.milestone.due, stage.node.expected


def _days_axis(first, last):
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for most, step in MARKS if months <= most), 12)
    return {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "dtick": f"M{step}",
        "tick0": f"{first.year}-01-01",
        "tickformat": "%-m月<br>%Y年",
        "tickangle": 0,
        "tickfont": {"size": 11},
        "showgrid": True,
        "hoverformat": "%Y-%m-%d",
    }


def _bars(spans, name, lane, marker, more, **trace):
    """`spans` are (row number, Stage, from, to); a bar of a date axis is as long as its milliseconds."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [start.isoformat() for _, _, start, _ in spans],
        "x": [(end - start).days * DAY_IN_MS for _, _, start, end in spans],
        "y": [place for place, *_ in spans],
        "hovertext": [_hover(stage) for _, stage, _, _ in spans],
        "hoverinfo": "text",
        "customdata": [_schedule_path(stage, more) for _, stage, _, _ in spans],
        "marker": marker,
        **lane,
        **trace,
    }


def _baseline(stages, more):
    """The first approved plan, and what the milestone is late against it."""
    planned = [
        (place, stage, stage.original_began, stage.milestone.original_due)
        for place, stage in enumerate(stages)
        if stage.original_began and stage.original_began < stage.milestone.original_due
    ]
    late = [
        (place, stage, stage.milestone.original_due, stage.node.expected)
        for place, stage in enumerate(stages)
        if stage.node.late_by_original > 0
    ]
    hatched = {"shape": "/", "fgcolor": theme.INK_2, "bgcolor": theme.PAPER, "size": 5, "solidity": 0.4}
    slipped = {"color": theme.PAPER, "pattern": hatched, "line": {"color": theme.INK_2, "width": 1}}
    return [
        _bars(planned, "原计划", BASELINE_LANE, {"color": theme.LINE}, more),
        _bars(late, "比原计划推迟", BASELINE_LANE, slipped, more),
    ]


def _by_standing(stages, more):
    """For each state there is: the stages in its colour and pattern, and their ends in its colour and shape."""
    for standing in Standing:
        rows = [(place, stage) for place, stage in enumerate(stages) if stage.node.standing == standing]
        if rows:
            yield _stage_bars(standing, rows, more)
            yield _ends(standing, rows, more)


def _stage_bars(standing, rows, more):
    spans = [
        (place, stage, stage.began, stage.node.expected)
        for place, stage in rows
        if stage.began and stage.began < stage.node.expected
    ]
    pattern = {"shape": PATTERNS.get(standing, ""), "fillmode": "overlay", "fgcolor": theme.PAPER, "size": 6}
    marker = {"color": COLOURS[standing], "pattern": {**pattern, "solidity": 0.25}}
    return _bars(spans, standing.label, STAGE_LANE, marker, more, opacity=0.75, showlegend=False)


def _ends(standing, rows, more):
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": standing.label,  # its mark in the legend is the shape
        "x": [stage.node.expected.isoformat() for _, stage in rows],
        "y": [place + STAGE_MIDDLE for place, _ in rows],
        "text": [_slippage(stage) for _, stage in rows],
        "textposition": "middle right",
        "textfont": {"size": 11, "color": theme.INK_2},
        "hovertext": [_hover(stage) for _, stage in rows],
        "hoverinfo": "text",
        "customdata": [_schedule_path(stage, more) for _, stage in rows],
        "marker": {
            "symbol": SYMBOLS[standing],
            "color": COLOURS[standing],
            "size": 11,
            "line": {"color": theme.PAPER if standing != Standing.NOT_DUE else COLOURS[standing], "width": 1.5},
        },
        "cliponaxis": False,
    }


def _slippage(stage):
    return late_words(stage.node.late_by_original) if stage.node.late_by_original > 0 else ""


def _latest(stages):
    """The latest plan's day, where the milestone was or will be done on another."""
    rows = [(place, stage) for place, stage in enumerate(stages) if stage.node.late_by_latest]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "现计划完成日",
        "x": [stage.milestone.due.isoformat() for _, stage in rows],
        "y": [place + STAGE_MIDDLE for place, _ in rows],
        "hoverinfo": "skip",
        "marker": {"symbol": "line-ns", "size": 14, "line": {"color": theme.INK, "width": 2}},
    }


def _moved(stages, period):
    """From where the plan stood at the end of the last period to where it stands: a ring, and a line of dots."""
    rows = [(place, stage) for place, stage in enumerate(stages) if stage.node.moved_by]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{period.label}的计划",
        "showlegend": bool(rows),
        "x": [day for _, stage in rows for day in (*_then_and_now(stage), None)],
        "y": [level for place, _ in rows for level in (place + STAGE_MIDDLE, place + STAGE_MIDDLE, None)],
        "hoverinfo": "skip",
        "line": {"color": theme.INK, "width": 1.5, "dash": "dot"},
        "marker": {
            "symbol": "diamond-open",
            "color": theme.INK,
            "size": [size for _ in rows for size in (9, 0, 0)],
            "line": {"width": 1.5},
        },
    }


def _then_and_now(stage):
    return stage.node.due_then.isoformat(), stage.milestone.due.isoformat()


# Words


def _hover(stage):
    """Lines of plain words; names as they were typed."""
    node, milestone = stage.node, stage.milestone
    lines = [
        stage.plan.project.name,
        f"{milestone.name}：{_standing(stage)}",
        f"原计划 {milestone.original_due}，现计划 {milestone.due}",
        f"比原计划{late_words(node.late_by_original)}，比现计划{late_words(node.late_by_latest)}",
    ]
    if node.moved_by:
        lines.append(f"上期计划 {node.due_then}，此后{moved_words(node.moved_by)}")
    if node.is_done:
        lines.insert(3, f"实际完成 {milestone.done_on}")
    return "<br>".join(theme.text(line) for line in lines)


def _standing(stage):
    standing = stage.node.standing
    paused = "（停缓建）" if stage.is_paused else ""
    return f"{standing.shape} {standing.label}{paused}"


def _row(stage, more):
    node, milestone = stage.node, stage.milestone
    return [
        (stage.plan.project.name, _one_plan_path(stage, more)),
        (milestone.name, _schedule_path(stage, more)),
        _standing(stage),
        milestone.original_due.isoformat(),
        milestone.due.isoformat(),
        milestone.done_on.isoformat() if node.is_done else NONE,
        late_words(node.late_by_original),
        late_words(node.late_by_latest),
        moved_words(node.moved_by),
        stage.unit.name if stage.unit else NONE,
    ]


def _caption(stages, day, of_one_plan, period):
    if not stages:
        return "没有可以画出的节点。"
    told = "色条从上一节点画到本节点的完成日，逾期未完成的画到截至日；下方细条为原计划（首次审定），斜纹为推迟的时间；"
    told += f"竖虚线为 {day}。"
    if not of_one_plan and min(min(_own_days(stage)) for stage in stages) < day - FURTHEST_BACK:
        told += f"{day - FURTHEST_BACK} 以前的部分不画出，日期见数据表。"
    return f"{told}{_moved_caption(stages, day, period)}点图形打开工期计划。"


def _moved_caption(stages, day, period):
    moved = [stage.node.moved_by for stage in stages if stage.node.moved_by]
    head = f"{period.label}（{period.end_before(day)}）以来，图中节点"
    if not moved:
        return f"{head}没有调整计划。"
    put_off = [days for days in moved if days > 0]
    told = [f"推迟 {len(put_off)} 个（最多 {max(put_off)} 天）"] if put_off else []
    told += [f"提前 {len(moved) - len(put_off)} 个"] if len(put_off) < len(moved) else []
    return f"{head}{'，'.join(told)}，空心菱形为当时的计划。"
