"""The sections on money: headline figures, the period's curve, and how groups compare."""

from collections import defaultdict
from decimal import Decimal

from inspections.reports.blocks import COUNT, MONEY, PERCENT, POINTS, Column, fact, facts, note, plain, section, table
from inspections.reports.material import total_of
from portfolio import progress
from portfolio.curves import GROUPINGS
from portfolio.figures import NONE, percent, share, wan, yi
from portfolio.money import exact_sum
from portfolio.progress import Light
from portfolio.standings import CHOICES

GROUP_COLUMNS = (
    Column("项目数", COUNT, 2),
    Column("总投资", MONEY, 5),
    Column("年度计划投资", MONEY, 5),
    Column("本年完成投资", MONEY, 5),
    Column("投资完成率", PERCENT, 3),
    Column("与序时差（百分点）", POINTS, 3),
    Column("红灯", COUNT, 2),
)


# Headline


def headline(material):
    curve, rows = material.curve, material.rows
    starts = progress.start_rates(row.plan for row in rows)
    registered = sum(CHOICES["registered"].holds(row) for row in rows)
    to_register = sum(CHOICES["to-register"].holds(row) for row in rows)
    lights = dict(material.portfolio.lights)
    problems = material.portfolio.problems
    return section(
        "headline",
        "总体情况",
        facts(
            fact("项目", f"{curve.count} 个", "年度计划中计数的项目，不含打包项目的子项"),
            fact(
                "总投资", f"{yi(total_of(rows))} 亿元", _known(rows, "总投资", lambda row: row.project.total_investment)
            ),
            fact("年度计划投资", f"{yi(curve.planned)} 亿元", f"{wan(curve.planned)} 万元，{_unplanned(curve)}"),
            fact("本年完成投资", _yi(curve.done), f"{wan(curve.done)} 万元，{_reported(rows)}"),
            fact("投资完成率", percent(curve.completed), f"{_yi(curve.done)} ÷ {yi(curve.planned)} 亿元"),
            fact("序时进度", percent(material.expected), progress.points(material.deviation)),
            _brought(material),
            _rate("开工", starts.due, "应开工的计划新开工项目"),
            fact("入统", share(registered, to_register), f"应入统 {to_register} 个，已入统 {registered} 个"),
            *(
                fact(
                    f"{light.shape} {light.label}",
                    f"{lights[light]} 个",
                    f"占 {curve.count} 个项目的 {share(lights[light], curve.count)}",
                )
                for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
            ),
            fact("未销号问题", f"{len(problems)} 个", f"其中逾期 {sum(each.is_overdue for each in problems)} 个"),
        ),
    )


def _yi(value):
    return NONE if value is None else f"{yi(value)} 亿元"


def _known(rows, what, value):
    missing = sum(value(row) is None for row in rows)
    return f"{len(rows) - missing} 个项目的{what}之和" + (f"，另有 {missing} 个未填" if missing else "")


def _unplanned(curve):
    return f"{curve.count - curve.without_plan} 个项目有年度计划投资" + (
        f"，{curve.without_plan} 个没有" if curve.without_plan else ""
    )


def _reported(rows):
    reported = sum(row.plan.ytd_investment is not None for row in rows)
    return f"{reported} 个项目报送过，{len(rows) - reported} 个今年未报"


def _rate(label, rate, of):
    return fact(label, share(rate.part, rate.whole), f"{of} {rate.whole} 个，已开工 {rate.part} 个")


def brought(material):
    """(万元, the point before the period or None, its last point) by the weekly reports; None without reports."""
    points = [point for point in material.curve.weeks if point.day <= material.period.last_day]
    within = [point for point in points if point.day >= material.period.first_day]
    if not within:
        return None
    before = [point for point in points if point.day < material.period.first_day]
    start = before[-1] if before else None
    return within[-1].done - (start.done if start else Decimal(0)), start, within[-1]


def _brought(material):
    label = f"{material.period.word}完成投资"
    found = brought(material)
    if found is None:
        return fact(label, NONE, f"{material.period.word}没有已发布的周报")
    amount, start, end = found
    since = f"第 {start.week.number} 周累计 {wan(start.done)} 万元" if start else "年初"
    return fact(label, _yi(amount), f"第 {end.week.number} 周累计 {wan(end.done)} 万元，减去{since}")


# The curve


def curve(material):
    """Planned and done, both cumulated from the year's beginning, over the period alone."""
    period = material.period
    months = [point for point in material.curve.months if period.first_month - 1 <= point.month <= period.last_month]
    weeks = [point for point in material.curve.weeks if point.day <= period.last_day]
    within = [point for point in weeks if point.day >= period.first_day]
    before = [point for point in weeks if point.day < period.first_day][-1:]
    drawn = {
        "type": "curve",
        "title": f"{period.word}投资曲线",
        "unit": "亿元",
        "first": str(period.first_day),
        "last": str(period.last_day),
        "planned": [
            *([_point("年初", period.first_day, 0)] if period.first_month == 1 else []),
            *(_point(f"{point.month}月底", point.day, point.planned) for point in months),
        ],
        "done": [_point(f"第 {point.week.number} 周", point.day, point.done) for point in [*before, *within]],
    }
    return section(
        "curve",
        f"{period.word}投资进度",
        drawn if within else None,
        note("计划累计按各项目的月度投资计划，没有月度计划的按年度计划平均；完成累计按已发布的周报。"),
        _months_table(material, months[-(period.last_month - period.first_month + 1) :]),
    )


def _point(label, day, amount):
    return {"label": label, "day": str(day), "amount": plain(MONEY, amount)}


def _months_table(material, months):
    columns = (
        Column("月份", width=2),
        Column("计划累计", MONEY, 4),
        Column("完成累计", MONEY, 4),
        Column("完成累计的周次", width=3),
        Column("完成累计 ÷ 计划累计", PERCENT, 4),
    )
    return table("各月累计", columns, [_month(material, point) for point in months], unit="单位：万元")


def _month(material, point):
    done = [week for week in material.curve.weeks if week.day <= point.day]
    is_over = point.day <= material.day
    last = done[-1] if done and is_over else None
    return [
        f"{point.month}月底",
        point.planned,
        last.done if last else None,
        f"第 {last.week.number} 周" if last else "" if done or is_over else "未到",
        progress.completion(last.done, point.planned) if last else None,
    ]


# Groups


def groups(material, by):
    """A table and bars of one grouping; the rows add up to 合计 to the cent."""
    members = defaultdict(list)
    for row in material.rows:
        members[material.tokens[row.plan.pk][by]].append(row)
    titles = material.investment.titles[by]
    tokens = sorted(members, key=lambda token: titles[token][1])
    rows = [[_title(titles[token][0]), *_sums(material, members[token])] for token in tokens]
    name = GROUPINGS[by]
    columns = (Column(name, width=6), *GROUP_COLUMNS)
    return section(
        f"by-{by}",
        f"按{name}",
        table(f"按{name}完成情况", columns, rows, sums=["合计", *_sums(material, material.rows)], unit="单位：万元"),
        _bars(f"按{name}投资完成率", rows, material),
    )


def _title(title):
    return "未明确" if title == "未填" else title


def _sums(material, rows):
    planned = exact_sum(row.plan.planned_investment for row in rows)
    is_reported = any(row.plan.ytd_investment is not None for row in rows)
    done = exact_sum(row.plan.ytd_investment for row in rows) if is_reported else None
    completed = progress.completion(done, planned)
    return [
        len(rows),
        total_of(rows),
        planned,
        done,
        completed,
        progress.deviation(completed, material.expected),
        sum(row.light == Light.RED for row in rows),
    ]


def _bars(title, rows, material):
    items = [{"label": row[0], "percent": plain(PERCENT, row[5])} for row in rows if row[5] is not None]
    return items and {
        "type": "bars",
        "title": title,
        "unit": "%",
        "expected": plain(PERCENT, material.expected),
        "items": items,
    }
