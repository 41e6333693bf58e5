"""The county's year to its end (年底预测): what was done, then the range it will most likely stay in.

The range is told by its edges' dashes and the words at their ends, not only by its shade.
"""

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.charts.curves import WAN, YI
from portfolio.figures import percent, wan
from portfolio.forecast import STRAIGHT
from portfolio.money import WAN_PER_YI
from portfolio.year_end import share_of_plan

LOW, MIDDLE, HIGH = "下限", "预计", "上限"


def forecast_chart(curve, found):
    """`curve`: the county's (portfolio.curves.Curve) on the day of `found`, a YearEnd."""
    unit = YI if curve.planned >= WAN_PER_YI else WAN
    return Chart(
        key="forecast",
        title=f"全县投资预测（{unit.name}）",
        caption=_caption(found, unit),
        figure=_figure(curve, found, unit) if found.lines else None,
        table=_table(curve, found),
        height=380,
    )


def _figure(curve, found, unit):
    day = theme.day_line(found.day, found.day.strftime("%-m月%-d日"))
    return theme.figure(
        [_done(curve, unit), *_range(found, unit), _middle(found, unit), *_yardsticks(curve, found, unit)],
        xaxis=theme.months_axis(found.year),
        yaxis={"rangemode": "tozero", "tickformat": unit.tick_format},
        shapes=list(day[:1]),
        annotations=[day[1], _ends(found, unit)],
    )


def _line(name, days, amounts, unit, **more):
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": days,
        "y": [unit.of(amount) for amount in amounts],
        "hovertemplate": f"%{{x|%Y-%m-%d}}<br>{name} %{{y:,.2f}} {unit.name}<extra></extra>",
        **more,
    }


def _path(found, attribute):
    known = [(day, getattr(total, attribute)) for day, total in found.path]
    return [(day, amount) for day, amount in known if amount is not None]


def _range(found, unit):
    """The lower edge, then the upper one that is filled down to it."""
    if not found.total.high:
        return []
    edge = {"color": theme.ACCENT, "width": 1, "dash": "dot"}
    low = _line(LOW, *zip(*_path(found, "low"), strict=True), unit, line=edge, showlegend=False)
    high = _line(HIGH, *zip(*_path(found, "high"), strict=True), unit, line=edge)
    return [low, high | {"name": "下限至上限", "fill": "tonexty", "fillcolor": "rgba(29, 79, 145, 0.14)"}]


def _middle(found, unit):
    style = {"color": theme.ACCENT, "width": 2.5, "dash": "dot"}
    marker = {"symbol": "diamond-open", "size": 8, "color": theme.ACCENT}
    days, amounts = zip(*_path(found, "middle"), strict=True)
    return _line(MIDDLE, days, amounts, unit, line=style, marker=marker, mode="lines+markers")


def _done(curve, unit):
    style = {"color": theme.ACCENT, "width": 2.5}
    return _line("完成累计", [p.day for p in curve.weeks], [p.done for p in curve.weeks], unit, line=style)


def _yardsticks(curve, found, unit):
    """The plan by months, and the straight line that a ruler would draw on."""
    plan = {"color": theme.INK_2, "width": 1.5, "dash": "dash"}
    ruler = {"color": theme.SERIES[1], "width": 1.5, "dash": "dashdot"}
    end, now = found.path[-1][0], found.path[0][1]
    days = [f"{curve.year}-01-01", *(point.day for point in curve.months)]
    return [
        _line("计划累计", days, [0, *(point.planned for point in curve.months)], unit, line=plan),
        _line("直线外推", [found.day, end], [now.middle, found.ends[STRAIGHT]], unit, line=ruler),
    ]


def _ends(found, unit):
    """What the three lines come to, where no line runs: below them, at the right."""
    total = found.total
    ends = {HIGH: total.high, MIDDLE: total.middle, LOW: total.low}
    told = [f"{label} {unit.words(amount)}" for label, amount in ends.items() if amount is not None]
    return {
        "xref": "paper",
        "yref": "paper",
        "x": 0.99,
        "y": 0.04,
        "xanchor": "right",
        "yanchor": "bottom",
        "align": "right",
        "text": "<br>".join(["年底", *told]),
        "showarrow": False,
        "font": {"color": theme.ACCENT, "size": 12},
    }


def _caption(found, unit):
    if not found.lines:
        return "还没有项目报送完成投资，无法预测。"
    total = found.total
    told = f"截至 {found.day} 完成 {unit.words(total.ytd)}，预计年底 {unit.words(total.middle)}，"
    told += f"占年度计划 {unit.words(total.planned)}的 {percent(share_of_plan(total))}。"
    if total.low is not None:
        told += f"十次里约有八次落在 {unit.words(total.low)}—{unit.words(total.high)}之间。"
    return f"{told}直线外推为 {unit.words(found.ends[STRAIGHT])}。"


def _table(curve, found):
    headers = [
        "时间",
        "截至",
        "计划累计（万元）",
        "完成累计（万元）",
        f"{LOW}（万元）",
        f"{MIDDLE}（万元）",
        f"{HIGH}（万元）",
    ]
    ahead = {day: total for day, total in found.path if day > found.day}
    done = [(p.day, [f"第{p.week.number}周", str(p.day), "", wan(p.done), "", "", ""]) for p in curve.weeks]
    months = [(point.day, _month_row(point, ahead.get(point.day))) for point in curve.months]
    return ChartTable(headers, [row for _, row in sorted([*done, *months], key=lambda pair: pair[0])])


def _month_row(point, total):
    range_ = [wan(total.low), wan(total.middle), wan(total.high)] if total else ["", "", ""]
    return [f"{point.month}月底", str(point.day), wan(point.planned), "", *range_]
