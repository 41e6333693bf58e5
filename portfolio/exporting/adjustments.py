"""The reconciliation of the year's plan as a ledger: its lines, each followed by the rows that moved."""

from portfolio.adjustments import Line
from portfolio.exporting.ledger import COUNT, MONEY, Column, Ledger
from portfolio.privacy import mask_phones

COLUMNS = [
    Column("项目", width=46),
    Column("日期", width=12),
    Column("个数", COUNT, 8),
    Column("总投资", MONEY, 17),
    Column("年度计划投资", MONEY, 17),
    Column("原因", width=50),
]


def adjustments_ledger(adjustments):
    title = f"{adjustments.year}年{adjustments.county.name}重大项目计划调整情况"
    day = adjustments.day
    rows, heavy = [], set()
    for total in adjustments.totals:
        heavy.add(len(rows))
        rows.append(_line(total.line.label, total.amounts))
        # The rows of the opening are the plan table of that time.
        if total.line is not Line.OPENING:
            rows.extend(_row(*row) for row in adjustments.rows(total))
    return Ledger(
        title=f"{title}（演示数据）" if adjustments.county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日",
        columns=COLUMNS,
        rows=rows,
        sums=_line("现计划", adjustments.current),
        heavy=frozenset(heavy),
    )


def _line(label, amounts):
    return [label, None, amounts.count, amounts.total, amounts.planned, None]


def _row(movement, plan, reason):
    name = f"　{plan.project}" if plan else "　（已移除的行）"
    amounts, told = movement.amounts, reason and mask_phones(reason)
    return [name, f"{movement.on}", amounts.count, amounts.total, amounts.planned, told]
