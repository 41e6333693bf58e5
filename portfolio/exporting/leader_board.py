"""The leaders' board as a ledger, with the figures of the screen."""

from portfolio.exporting.ledger import COUNT, MONEY, PERCENT, POINTS, Column, Ledger
from portfolio.leader_pages import LEGEND

COLUMNS = [
    Column("包联领导", width=14),
    Column("职务", width=18),
    Column("项目数", COUNT, 8),
    Column("协助", COUNT, 7),
    Column("总投资", MONEY, 15),
    Column("年度计划投资", MONEY, 15),
    Column("累计完成投资", MONEY, 15),
    Column("完成率", PERCENT, 9),
    Column("与序时相比（百分点）", POINTS, 11),
    *(Column(f"{light.colour}{light.shape}{light.label}", COUNT, 9) for light in LEGEND),
    Column("未销号问题", COUNT, 8),
    Column("其中逾期", COUNT, 8),
    Column("本周应报", COUNT, 8),
    Column("本周已报", COUNT, 8),
    Column("最近走访", width=12),
]


def board_ledger(board):
    title = f"{board.year}年{board.county.name}包联领导项目情况"
    return Ledger(
        title=f"{title}（演示数据）" if board.county.is_demo else title,
        scope=f"截至{board.day.year}年{board.day.month}月{board.day.day}日　序时进度 {board.expected:.1f}%",
        columns=COLUMNS,
        rows=[_values(board, row) for row in board.rows],
        sums=_values(board, board.everything),
    )


def _values(board, row):
    return [
        row.title,
        row.post or None,
        row.count,
        row.deputy_for,
        row.total,
        row.planned,
        row.ytd if row.is_reported else None,
        row.completed,
        board.deviation(row),
        *(count for _, count in row.lights),
        len(row.problems),
        len(row.overdue),
        row.due,
        row.reported,
        str(row.last_visit) if row.last_visit else None,
    ]
