"""The list of one look as an .xlsx ledger: the rows and words of the page."""

from inspections.look_listing import lacking
from portfolio.exporting.ledger import COUNT, Column, Ledger

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("项目名称", width=32),
    Column("责任单位", width=18),
    Column("所属乡镇", width=12),
    Column("包联领导", width=10),
    Column("整改情况", width=16),
    Column("最近督导", width=12),
    Column("督查员", width=12),
    Column("督导次数", COUNT, 8),
    Column("为否", COUNT, 8),
    Column("未整改", COUNT, 8),
    Column("整改逾期", COUNT, 8),
    Column("缺项（按最近督导，未督导的按系统数据）", width=50),
]


def ledger(listing):
    """Of a `LookListing`; year and day are its board's."""
    board = listing.board
    rows = [_values(row, board.questions) for row in listing.rows]
    total = [None, f"合计 {len(rows)} 个项目", *[None] * 6]
    sums = [sum(row[place] for row in rows) for place in range(8, 12)]
    return Ledger(
        title=f"{board.year}年{board.look.label}督导情况表",
        scope=f"截至 {board.day}；{listing.words}；{board.questions.name}",
        columns=COLUMNS,
        rows=rows,
        sums=[*total, *sums, None],
        unit="单位：个、次",
    )


def _values(row, questions):
    check = row.check
    return [
        row.plan.seq,
        row.project.name,
        str(row.project.unit or ""),
        str(row.project.town or ""),
        str(row.plan.leader or ""),
        row.standing.label,
        str(check.day) if check else "今年未督导",
        check.inspector.name if check and check.inspector else "",
        row.checks,
        row.no,
        len(row.open_problems),
        len(row.overdue),
        "；".join(question.question for question, _ in lacking(row, questions)),
    ]
