"""看效果 in figures: what the projects in service promised and reached, below the results of the four looks."""

from inspections.reports.blocks import COUNT, MONEY, PERCENT, Column, table, text

FURTHEST_SHOWN = 5
# Widths in mm of a page upright.
OUTCOMES = (
    Column("指标", width=20),
    Column("计量单位", width=22),
    Column("承诺", MONEY, 25),
    Column("实际", MONEY, 25),
    Column("达到率", PERCENT, 18),
    Column("达到承诺", COUNT, 18),
    Column("未达到", COUNT, 14),
    Column("未到期", COUNT, 14),
    Column("未填齐", COUNT, 14),
)


def outcome_blocks(board):
    """Of the `LookBoard` of 看效果; [] where no project has told any figure."""
    sums = board.outcome_sums
    if not sums:
        return []
    rows = [
        [
            *(each.kind.label, each.measure, each.promised, each.reached, each.share),
            *(each.met, each.short, each.not_due, each.untold),
        ]
        for each in sums
    ]
    counts = "达到承诺、未达到等为项数"
    found = [table("看效果：承诺与实际", OUTCOMES, rows, unit=counts)]
    if board.furthest_short:
        told = "；".join(_told(row) for row in board.furthest_short[:FURTHEST_SHOWN])
        found.append(text(f"未达到承诺 {len(board.furthest_short)} 项，差得最多的：{told}。"))
    if board.outcomes_missing:
        found.append(text(f"{len(board.outcomes_missing)} 个开工见效项目还没有填写产能、产值、税收、就业。"))
    return found


def _told(row):
    detail = f"（{row.row.detail}）" if row.row.detail else ""
    return f"{row.project.name}，{row.row.get_kind_display()}{detail}{row.words}"
