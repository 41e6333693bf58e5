"""Reporting over a year (报送): each week's reports as bars, and the map of units by weeks.

A square of the map tells its state by shape, word and lightness; what it stands for (n of m) is written in it where
there is room, and always in the table.
"""

from django.urls import reverse

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.figures import percent
from portfolio.progress import Light
from portfolio.reporting_map import State

ROWS_AT_ONCE, WEEKS_AT_ONCE = 14, 26  # what an A4 page takes lengthwise; so many weeks a phone takes too
PRINT_WIDTH = 1020  # pixels, of that page
ROW_HEIGHT, AROUND = 36, 86  # pixels
LABEL = 9  # signs of a unit's name that a phone has room for
# Squares stand on whole numbers: the side of one, and where in it its shape and its figures have their middle.
SIDE = 0.94
SHAPE_MIDDLE, FIGURES_MIDDLE, FIGURES_HEIGHT = -0.2, 0.2, 0.6
# (background, ink): from pale to dark as it gets worse.
LOOKS = {
    State.IN_TIME: ("#dcebe2", "#1f6b42"),
    State.LATE: ("#f0cf7a", theme.INK),
    State.PARTLY: ("#d98b86", theme.INK),
    State.MISSING: (theme.LIGHT_COLOURS[Light.RED], theme.PAPER),
    State.OPEN: (theme.PAPER, theme.INK_2),
    State.NOTHING: (theme.PAPER, theme.INK_3),
}
PATTERNS = {State.LATE: "/", State.PARTLY: "x", State.OPEN: ".", State.NOTHING: "-"}
SUMS = ["应报", "按时", "迟报", "未报", "按时率"]


# Week by week


def weeks_chart(found):
    """`found` is a `ReportingMap` with lines."""
    squares = found.total.squares
    return Chart(
        key="reporting-weeks",
        title="每周报送情况（期）",
        caption=f"一个项目一周为一期，柱中为按时率（按时÷应报）。{_open_words(found)}",
        figure=theme.figure(
            list(_stacks(squares)),
            barmode="stack",
            bargap=0.2,
            uniformtext={"minsize": 9, "mode": "hide"},
            xaxis=_weeks_axis(squares),
            yaxis={"rangemode": "tozero"},
        ),
        table=ChartTable(["周次", "截止", *SUMS], [_week_row(square) for square in squares]),
        height=260,
        print_width=PRINT_WIDTH,
    )


def _open_words(found):
    if found.open_week is None:
        return ""
    return f"第{found.open_week.number}周未到截止时间，尚未报送的不计入未报合计和按时率。"


def _stacks(squares):
    """What came in time, what late, and what did not: apart where it may still come in time."""
    closed = [square for square in squares if not square.is_open]
    still = [square for square in squares if square.is_open]
    in_time = _stack(squares, "● 按时", "in_time", theme.light_marker(Light.GREEN))
    yield in_time | {"text": [_rate(square) for square in squares], "textposition": "inside", "textangle": 0}
    yield _stack(squares, "▲ 迟报", "late", theme.light_marker(Light.YELLOW))
    yield _stack(closed, "■ 未报", "missing", theme.light_marker(Light.RED))
    if still:
        outlined = {"color": theme.PAPER, "line": {"color": theme.INK_2, "width": 1}}
        yield _stack(still, f"○ {State.OPEN.label}", "missing", outlined)


def _rate(square):
    return "" if square.is_open else percent(square.count.rate.percent, 0)


def _stack(squares, name, measure, marker):
    return {
        "type": "bar",
        "name": name,
        "x": [square.week.number for square in squares],
        "y": [getattr(square.count, measure) for square in squares],
        "hovertext": [_week_hover(square) for square in squares],
        "hoverinfo": "text",
        "customdata": [_week_path(square.week) for square in squares],
        "marker": marker,
    }


def _week_hover(square):
    count = square.count
    told = f"第{square.week.number}周：应报 {count.due}，按时 {count.in_time}，迟报 {count.late}，未报 {count.missing}"
    return f"{told}<br>{State.OPEN.label}" if square.is_open else f"{told}<br>按时率 {percent(count.rate.percent)}"


def _week_row(square):
    standing = State.OPEN.label if square.is_open else "已截止"
    name = (f"第{square.week.number}周", _week_path(square.week))
    return [name, standing, *_sums(square.count, square.is_open)]


def _sums(count, is_open=False):
    rate = "" if is_open else percent(count.rate.percent)
    return [count.due, count.in_time, count.late, count.missing, rate]


def _week_path(week, **query):
    return reverse("portfolio:county-week", args=[week.year, week.number], query=query or None)


def _weeks_axis(squares, **more):
    """A name for every week, every other, or every fourth: so many fit on a phone."""
    numbers = [square.week.number for square in squares]
    step = 1 if len(numbers) <= 10 else 2 if len(numbers) <= 26 else 4
    return {
        "tickvals": numbers[::step],
        "ticktext": [str(number) for number in numbers[::step]],
        "tickangle": 0,
        "tickfont": {"size": 11},
        "title": {"text": "周次", "standoff": 4},
        "range": [numbers[0] - 0.6, numbers[-1] + 0.6],
        **more,
    }


# Units by weeks


def map_charts(found, kept, is_past):
    """[Chart], as many units and weeks on each as a page takes; the last of some weeks has the sums of all units.

    `kept` is the query string of year and day. On a past day a square leads to the week without its unit: the week's
    page shows the present, in which the unit may have nothing to report.
    """
    sheets = [
        ([line.within(*weeks) for line in found.lines[slice(*rows)]], found.total.within(*weeks), rows)
        for weeks in _parts(len(found.weeks), WEEKS_AT_ONCE)
        for rows in _parts(len(found.lines), ROWS_AT_ONCE)
    ]
    links = _Links(kept, is_past)
    return [
        _map_chart(lines, total if rows[1] == len(found.lines) else None, (place, len(sheets)), links)
        for place, (lines, total, rows) in enumerate(sheets, 1)
    ]


def _parts(count, most):
    """[(start, stop)] of parts as even as can be, none longer than `most`."""
    size = -(-count // -(-count // most))
    return [(start, min(start + size, count)) for start in range(0, count, size)]


class _Links:
    def __init__(self, kept, is_past):
        self._kept, self._is_past = kept, is_past

    def unit(self, line):
        return f"{reverse('portfolio:plan-table')}?{self._kept}&unit={line.token}"

    def square(self, line, square):
        """To the unit's due rows in the week; "" where nothing was due."""
        if not square.count.due:
            return ""
        if self._is_past:
            return _week_path(square.week)
        return f"{_week_path(square.week, unit=line.token, show='due')}#rows"


def _map_chart(lines, total, numbered, links):
    """`total` is None where more units follow on the next sheet."""
    place, places = numbered
    first, last = (lines[0].squares[end].week.number for end in (0, -1))
    of = f"，第 {place} 张，共 {places} 张" if places > 1 else ""
    return Chart(
        key=f"reporting-map-{place}",
        title=f"各责任单位第{first}–{last}周报送{of}",
        caption="方格内为已报／应报期数，未报多的单位在前；点方格打开该单位这一周。地方不够时只留符号，数字见数据表。",
        figure=_map_figure(lines, links),
        table=_map_table(lines, total, links),
        height=AROUND + ROW_HEIGHT * max(len(lines), 2),
        print_width=PRINT_WIDTH,
    )


def _map_figure(lines, links):
    squares = {state: [] for state in State}
    for row, line in enumerate(lines):
        for square in line.squares:
            squares[square.state].append((row, line, square))
    traces = [trace for state in State if squares[state] for trace in _of_state(state, squares[state], links)]
    return theme.figure(
        traces,
        barmode="overlay",
        uniformtext={"minsize": 9, "mode": "hide"},
        xaxis=_weeks_axis(lines[0].squares, side="top", showline=False, ticks="", title={"text": ""}),
        yaxis={
            "tickvals": list(range(len(lines))),
            "ticktext": [_label(line) for line in lines],
            "tickfont": {"size": 11},
            "range": [len(lines) - 0.45, -0.55],
            "showgrid": False,
            "ticks": "",
        },
        legend={"x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        margin={"b": 44},
    )


def _label(line):
    name = line.name if len(line.name) <= LABEL else f"{line.name[: LABEL - 1]}…"
    return f"{theme.text(name)}<br>按时 {percent(line.total.rate.percent)}"


def _of_state(state, squares, links):
    """The squares of a state, their figures, and their shapes."""
    ground, ink = LOOKS[state]
    lines = theme.LINE if ground == theme.PAPER else theme.PAPER
    pattern = theme.pattern_of(PATTERNS.get(state, ""), solidity=0.1) | {"fgcolor": lines}
    marker = {"color": ground, "pattern": pattern, "line": {"color": theme.LINE, "width": 0.5}}
    yield {
        **_lane(squares, 0, SIDE),
        "name": f"{state.shape} {state.label}",
        "hovertext": [_hover(line, square) for _, line, square in squares],
        "hoverinfo": "text",
        "customdata": [links.square(line, square) for _, line, square in squares],
        "marker": marker,
    }
    yield {
        **_lane(squares, FIGURES_MIDDLE, FIGURES_HEIGHT),
        "showlegend": False,
        "hoverinfo": "skip",
        "marker": {"color": "rgba(0,0,0,0)"},
        "text": [square.figures for _, _, square in squares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": ink, "size": 11},
    }
    yield {
        "type": "scatter",
        "mode": "text",
        "showlegend": False,
        "hoverinfo": "skip",
        "x": [square.week.number for _, _, square in squares],
        "y": [row + SHAPE_MIDDLE for row, *_ in squares],
        "text": [state.shape] * len(squares),
        "textfont": {"color": ink, "size": 10},
    }


def _lane(squares, middle, height):
    return {
        "type": "bar",
        "orientation": "h",
        "y": [row for row, *_ in squares],
        "offset": middle - height / 2,
        "width": height,
        "base": [square.week.number - SIDE / 2 for _, _, square in squares],
        "x": [SIDE] * len(squares),
    }


def _hover(line, square):
    count = square.count
    head = f"{theme.text(line.name)}，第{square.week.number}周：{square.state.shape} {square.state.label}"
    if not count.due:
        return head
    return f"{head}<br>应报 {count.due}，按时 {count.in_time}，迟报 {count.late}，未报 {count.missing}"


def _map_table(lines, total, links):
    weeks = [f"{square.week.number}周" for square in lines[0].squares]
    rows = [
        [
            (line.name, links.unit(line)),
            *_sums(line.total),
            *((square.words, links.square(line, square)) for square in line.squares),
        ]
        for line in lines
    ]
    foot = total and [total.name, *_sums(total.total), *(square.figures for square in total.squares)]
    return ChartTable(["责任单位", *SUMS, *weeks], rows, foot)
