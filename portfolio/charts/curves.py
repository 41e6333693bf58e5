"""The investment curve (投资曲线) of one plan or many: what was planned by months against what was done by weeks."""

from dataclasses import dataclass

from django.urls import reverse

from portfolio import progress
from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.curves import curve_of
from portfolio.figures import percent, wan, yi
from portfolio.money import WAN_PER_YI


@dataclass(frozen=True)
class Unit:
    """In what money is drawn; tables keep to 万元 and the cent."""

    name: str
    wan: int
    tick_format: str

    def of(self, value):
        return None if value is None else value / self.wan

    def words(self, value):
        return f"{yi(value) if self.wan == WAN_PER_YI else wan(value)} {self.name}"


YI, WAN = Unit("亿元", WAN_PER_YI, ",.2~f"), Unit("万元", 1, ",.2~f")


def curve_chart(curve, key, title, is_sum=True):
    """`is_sum`: of several plans, so held against the calendar too; a click on a week opens the county's week."""
    unit = YI if curve.planned >= WAN_PER_YI else WAN
    return Chart(
        key=key,
        title=f"{title}（{unit.name}）",
        caption=_curve_caption(curve, unit),
        figure=_curve_figure(curve, unit, is_sum) if curve.planned or curve.weeks else None,
        table=_curve_table(curve, is_sum),
        height=360,
    )


def project_curve(county, plan, day):
    """The `Chart` of one plan, as known on `day`; two queries."""
    curve = curve_of(plan, day)
    return curve_chart(curve, f"curve-{plan.pk}", f"{plan.year}年投资曲线", is_sum=False)


def _curve_figure(curve, unit, is_sum):
    traces = [_plan_line(curve, unit, "计划累计", "planned", {"color": theme.INK_2, "width": 1.5, "dash": "dash"})]
    if is_sum and curve.with_targets:
        traces.append(_calendar_curve(curve, unit))
    if curve.has_moved:
        style = {"color": theme.SERIES[1], "width": 1.5, "dash": "dashdot"}
        traces.append(_plan_line(curve, unit, "原计划累计（首次审定）", "original", style))
    day = theme.day_line(curve.day, curve.day.strftime("%-m月%-d日")) if curve.day.year == curve.year else ()
    return theme.figure(
        [*traces, *_done_lines(curve, unit, is_sum)],
        xaxis=theme.months_axis(curve.year),
        yaxis={"rangemode": "tozero", "tickformat": unit.tick_format},
        shapes=list(day[:1]),
        annotations=list(day[1:]),
    )


def _plan_line(curve, unit, name, attribute, style):
    amounts = [getattr(point, attribute) for point in curve.months]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [f"{curve.year}-01-01", *(point.day for point in curve.months)],
        "y": [0, *(unit.of(amount) for amount in amounts)],
        "text": ["年初", *(f"{point.month}月底" for point in curve.months)],
        "hovertemplate": f"%{{text}}<br>{name} %{{y:,.2f}} {unit.name}<extra></extra>",
        "line": style,
    }


def _calendar_curve(curve, unit):
    """The year's plan spread evenly (序时): what the rate of a sum is held against."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "序时（按月平均）",
        "x": [f"{curve.year}-01-01", f"{curve.year}-12-31"],
        "y": [0, unit.of(curve.asked_for)],
        "hoverinfo": "skip",
        "line": {"color": theme.LINE, "width": 1.5, "dash": "dot"},
    }


def _done_lines(curve, unit, is_sum):
    """The weeks that are complete, then, open and dotted, the one that is not."""
    weeks = curve.weeks
    if not weeks:
        return []
    if not curve.is_week_open:
        return [_done_line(curve, weeks, unit, is_sum)]
    closed = _done_line(curve, weeks[:-1], unit, is_sum)
    open_ = _done_line(curve, weeks[-2:], unit, is_sum)
    open_["name"] = _open_week(curve)
    open_["line"] |= {"dash": "dot"}
    open_["marker"] = {"symbol": "diamond-open", "size": [0] * (len(weeks[-2:]) - 1) + [10], "line": {"width": 2}}
    return [closed, open_] if weeks[:-1] else [open_]


def _done_line(curve, weeks, unit, is_sum):
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "完成累计",
        "x": [point.day for point in weeks],
        "y": [unit.of(point.done) for point in weeks],
        "text": [_week_hover(curve, point) for point in weeks],
        "customdata": [_week_path(point.week) if is_sum else "" for point in weeks],
        "hovertemplate": f"%{{text}}<br>完成累计 %{{y:,.2f}} {unit.name}<extra></extra>",
        "line": {"color": theme.ACCENT, "width": 2.5},
        # A week in which nobody reported has no mark: its value is only carried on.
        "marker": {"symbol": "circle", "color": theme.ACCENT, "size": [6 if point.reported else 0 for point in weeks]},
    }


def _week_hover(curve, point):
    reported = f"{point.reported} 个项目报送" if curve.count > 1 else "已报" if point.reported else "未报，沿用上次"
    return f"第{point.week.number}周（至 {point.day}），{reported}"


def _week_path(week):
    return reverse("portfolio:county-week", args=[week.year, week.number])


def _open_week(curve):
    return f"第{curve.weeks[-1].week.number}周尚未报齐（{curve.reported_this_week}／{curve.due}）"


def _curve_caption(curve, unit):
    if not curve.planned and not curve.weeks:
        return "没有年度计划投资，也没有报送完成投资，无法画出曲线。"
    told = [_where_it_stands(curve, unit)]
    if curve.weeks and curve.is_week_open:
        told.append(f"{_open_week(curve)}，最后一点用空心菱形表示，未报的沿用上次数。")
    told.append(_how_planned(curve))
    if curve.gap:
        more = "多" if curve.gap > 0 else "少"
        told.append(f"月度计划合计比年度计划{more} {wan(abs(curve.gap))} 万元，请核对工期计划。")
    return "".join(told)


def _where_it_stands(curve, unit):
    if curve.done is None:
        return "今年还没有报送完成投资，只画计划线。"
    to_date = f"截至 {curve.day} 完成 {unit.words(curve.done)}"
    if not curve.planned:
        return f"{to_date}；没有年度计划投资，不算完成率。"
    to_date = f"{to_date}，占年度计划 {unit.words(curve.planned)}的 {percent(curve.completed)}"
    if not (last := curve.last_month):
        return f"{to_date}。"
    return f"{to_date}；计划到 {last.month} 月底完成 {unit.words(last.planned)}。"


def _how_planned(curve):
    if not curve.with_targets:
        return "没有月度计划，计划线按年度计划 12 个月平均。"
    if curve.count == 1:
        return "计划线按月度计划。"
    rest = curve.count - curve.with_targets
    return f"计划线：{curve.with_targets} 个项目按月度计划，{rest} 个按年度计划 12 个月平均。"


def _curve_table(curve, is_sum):
    """Month ends tell what was planned, weeks what was done, in the order of time."""
    moved = curve.has_moved
    plan = [(point.day, _month_row(point, moved)) for point in curve.months if curve.planned]
    done = [(point.day, _week_row(curve, point, moved, is_sum)) for point in curve.weeks]
    original = ["原计划累计（万元）"] if moved else []
    headers = ["时间", "截至", "计划累计（万元）", *original, "完成累计（万元）", "完成率", "报送项目"]
    return ChartTable(headers, [row for _, row in sorted([*done, *plan], key=lambda pair: pair[0])])


def _month_row(point, moved):
    original = [wan(point.original)] if moved else []
    return [f"{point.month}月底", str(point.day), wan(point.planned), *original, "", "", ""]


def _week_row(curve, point, moved, is_sum):
    label = f"第{point.week.number}周"
    name = (label, _week_path(point.week)) if is_sum else label
    completed = percent(progress.completion(point.done, curve.planned))
    return [name, str(point.day), "", *([""] if moved else []), wan(point.done), completed, point.reported]
