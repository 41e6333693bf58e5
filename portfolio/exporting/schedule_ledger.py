"""The county's overdue and coming milestones as a ledger (.xlsx), as the page lists them."""

from portfolio.exporting.ledger import COUNT, Column, Ledger
from portfolio.schedules import late_words

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("项目名称", width=34),
    Column("节点", width=22),
    Column("首次计划", width=12),
    Column("现计划", width=12),
    Column("情况", width=14),
    Column("比现计划", width=12),
    Column("责任单位", width=18),
    Column("包联领导", width=12),
    Column("备注", width=10),
]


def due_ledger(schedules):
    """Of a `CountySchedules`: overdue ones first."""
    title = f"{schedules.year}年{schedules.county.name}重大项目工期节点提醒"
    day = schedules.day
    rows = [*schedules.overdue, *schedules.soon]
    return Ledger(
        title=f"{title}（演示数据）" if schedules.county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日　{schedules.words or '全县'}",
        columns=COLUMNS,
        rows=[_values(number, row) for number, row in enumerate(rows, 1)],
        unit=f"逾期 {len(schedules.overdue)} 个，30 天内到期 {len(schedules.soon)} 个",
    )


def _values(number, row):
    milestone = row.node.milestone
    return [
        number,
        row.plan.project.name,
        milestone.name,
        str(milestone.original_due),
        str(milestone.due),
        row.node.standing.label,
        late_words(row.node.late_by_latest) if row.days_left < 0 else f"还有 {row.days_left} 天",
        str(row.unit or ""),
        str(row.plan.leader or ""),
        "停缓建" if row.is_paused else "",
    ]
