"""The map of reporting as a ledger: a row for each unit, a column for each week."""

from portfolio.exporting.ledger import COUNT, PERCENT, Column, Ledger
from portfolio.reporting_map import State


def reporting_ledger(found):
    county, day = found.county, found.day
    title = f"{found.year}年{county.name}周调度报送情况"
    shapes = "　".join(f"{state.shape}{state.label}" for state in State)
    return Ledger(
        title=f"{title}（演示数据）" if county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日　{_scope(found)}方格内为已报/应报期数：{shapes}",
        columns=_columns(found),
        rows=[[*_sums(line), *(square.words for square in line.squares)] for line in found.lines],
        sums=[*_sums(found.total), *(square.figures for square in found.total.squares)] if found.lines else None,
        unit="单位：期",
    )


def _scope(found):
    told = f"单位名称含“{found.words}”　" if found.words else ""
    return f"{told}只列有迟报或未报的单位　" if found.only_gaps else told


def _columns(found):
    counts = [Column(label, COUNT, 7) for label in ("应报", "按时", "迟报", "未报")]
    weeks = [Column(f"{week.number}周", width=8) for week in found.weeks]
    return [Column("责任单位", width=22), *counts, Column("按时率", PERCENT, 9), *weeks]


def _sums(line):
    total = line.total
    return [line.name, total.due, total.in_time, total.late, total.missing, total.rate.percent]
