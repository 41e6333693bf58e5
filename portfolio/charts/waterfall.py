"""The waterfall of a year's plan (计划变动): from the first plan through what came, left and changed to the one in
force. Its sums are those of portfolio.adjustments."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from portfolio.adjustments import NOTHING, Amounts, Line
from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.figures import wan, yi
from portfolio.money import WAN_PER_YI
from portfolio.progress import Light

HEADERS = ["环节", "项目（个）", "总投资（万元）", "年度计划投资（万元）", "累计（万元）"]
# All movement together being less than this of the plan, bars that begin at 0 would hide it.
SMALL_MOVEMENT = Decimal("0.25")
BAR_WIDTH = 0.6
RAISED, LOWERED = "调增", "调减"
# Told apart by pattern too.
LOOKS = {
    "whole": (theme.ACCENT, "", "计划"),
    "more": (theme.LIGHT_COLOURS[Light.GREEN], "/", "增加"),
    "less": (theme.SERIES[1], "x", "减少"),
}


@dataclass(frozen=True)
class Fall:
    """One bar: what it adds (or takes), and what the plan came to before and after it. `is_whole` stands on 0."""

    label: str
    amounts: Amounts
    before: Decimal
    url: str
    is_whole: bool = False

    @property
    def after(self):
        return self.amounts.planned if self.is_whole else self.before + self.amounts.planned

    @property
    def look(self):
        if self.is_whole:
            return "whole"
        return "less" if self.amounts.planned < 0 else "more"

    @property
    def figure(self):
        """+1.20 or −0.30 亿元; a whole without sign."""
        return f"{self.sign(self.amounts.planned)}{yi(abs(self.amounts.planned))}"

    def sign(self, amount):
        return "" if self.is_whole or not amount else "−" if amount < 0 else "+"


def falls(adjustments, kept):
    """The `Fall`s from the first plan to the one in force. `kept` is the query string of year and day."""
    path = f"{reverse('portfolio:adjustments')}?{kept}"
    found, before = [], Decimal(0)
    for total in adjustments.totals:
        for label, amounts in _parts(total):
            url = f"{path}#{total.line.value}" if total.movements else ""
            found.append(Fall(label, amounts, before, url, is_whole=total.line is Line.OPENING))
            before = found[-1].after
    return [*found, Fall("现计划", adjustments.current, before, _plan_table(kept), is_whole=True)]


def _plan_table(kept):
    return f"{reverse('portfolio:plan-table')}?{kept}"


def _parts(total):
    """(label, Amounts) of a line; changed amounts up and down apart, for they are told apart in every report."""
    if total.line is not Line.ADJUSTED or not total.movements:
        return [(total.line.label, total.amounts)]
    raised = sum((row.amounts for row in total.movements if _rises(row.amounts)), NOTHING)
    parts = ((RAISED, raised), (LOWERED, total.amounts - raised))
    return [(label, amounts) for label, amounts in parts if amounts != NOTHING]


def _rises(amounts):
    """By the year's plan; where that stays, by the total investment."""
    return (amounts.planned or amounts.total) > 0


def waterfall_chart(adjustments, kept):
    steps = falls(adjustments, kept)
    start = _axis_start(steps)
    return Chart(
        key="waterfall",
        title=f"{adjustments.year}年年度计划投资的变动（亿元）",
        caption=_caption(steps, start),
        figure=_figure(steps, start),
        table=ChartTable(HEADERS, [_row(step) for step in steps[:-1]], foot=_row(steps[-1])),
        height=380,
    )


def _axis_start(steps):
    """Where the axis begins, 万元: at 0, or nearer to the plan where all its movement is small against it."""
    levels = [step.after for step in steps]
    lowest, highest = min(levels), max(levels)
    moved = highest - lowest
    if not moved or lowest <= 0 or moved >= highest * SMALL_MOVEMENT:
        return Decimal(0)
    return max(lowest - moved, Decimal(0)) // WAN_PER_YI * WAN_PER_YI


def _figure(steps, start):
    return theme.figure(
        [_bars(look, steps, start) for look in LOOKS if any(step.look == look for step in steps)],
        barmode="overlay",
        xaxis={
            "tickvals": list(range(len(steps))),
            "ticktext": [theme.wrapped(step.label, 4) for step in steps],
            "tickangle": 0,
            "range": [-0.6, len(steps) - 0.4],
        },
        yaxis={"range": _range(steps, start), "tickformat": ",.2~f"},
        shapes=[_level(place, step) for place, step in enumerate(steps[:-1])],
    )


def _range(steps, start):
    """Room for the figure above the highest bar."""
    highest = max([step.after for step in steps] + [Decimal(WAN_PER_YI) / 100])
    return [_in_yi(start), _in_yi(highest + (highest - start) / 8)]


def _in_yi(amount):
    return amount / WAN_PER_YI


def _bars(look, steps, start):
    """All bars of one look. They begin at the axis, or at the level before them."""
    colour, shape, name = LOOKS[look]
    rows = [(place, step) for place, step in enumerate(steps) if step.look == look]
    spans = [_span(step, start) for _, step in rows]
    pattern = {"shape": shape, "fillmode": "overlay", "fgcolor": theme.PAPER, "size": 7, "solidity": 0.25}
    return {
        "type": "bar",
        "name": name,
        "showlegend": any(step.amounts.planned for _, step in rows),
        "x": [place for place, _ in rows],
        "base": [_in_yi(low) for low, _ in spans],
        "y": [_in_yi(high - low) for low, high in spans],
        "text": [step.figure for _, step in rows],
        "width": BAR_WIDTH,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [f"{step.label}：{step.amounts.count} 个，{wan(step.amounts.planned)} 万元" for _, step in rows],
        "hoverinfo": "text",
        "customdata": [step.url for _, step in rows],
        "marker": {"color": colour, "pattern": pattern},
    }


def _span(step, start):
    return (start, step.after) if step.is_whole else (min(step.before, step.after), max(step.before, step.after))


def _level(place, step):
    """A thin line from a bar's level to the next bar; it runs through where a bar has no height."""
    level = float(_in_yi(step.after))
    line = {"color": theme.INK_2, "width": 1, "dash": "dot"}
    half = BAR_WIDTH / 2
    ends = {"x0": place + (half if step.amounts.planned else -half), "x1": place + 1 - half}
    return {"type": "line", **ends, "y0": level, "y1": level, "line": line}


def _caption(steps, start):
    first, last = steps[0].amounts, steps[-1].amounts
    moved = last.planned - first.planned
    way = "没有增减" if not moved else f"{'增加' if moved > 0 else '减少'} {wan(abs(moved))} 万元"
    told = f"年初计划 {first.count} 个、{wan(first.planned)} 万元，"
    told += f"现计划 {last.count} 个、{wan(last.planned)} 万元，{way}。"
    if start:
        told += f"纵轴从 {yi(start)} 亿元起，柱高不可与全额比较。"
    return told


def _row(step):
    amounts = step.amounts
    return [
        (step.label, step.url),
        *(f"{step.sign(moved)}{wan(abs(moved))}" for moved in (amounts.count, amounts.total, amounts.planned)),
        wan(step.after),
    ]
