"""Quarterly inspections as .xlsx ledgers: the list of rounds, and the result of one; the words of the pages."""

from portfolio.exporting.ledger import COUNT, MONEY, Column, Ledger

ROUND_COLUMNS = [
    Column("年度", COUNT, 8),
    Column("季度", COUNT, 8),
    Column("名称", width=40),
    Column("开始日期", width=12),
    Column("结束日期", width=12),
    Column("状态", width=10),
    Column("观摩点", COUNT, 8),
    Column("评委", COUNT, 8),
    Column("亮点", COUNT, 8),
    Column("问题", COUNT, 8),
]
PLACE_COLUMNS = [
    Column("名次", COUNT, 6),
    Column("项目名称", width=32),
    Column("责任单位", width=18),
    Column("所属乡镇", width=12),
    Column("包联领导", width=10),
    Column("年度计划投资", MONEY, 12),
]


def round_ledger(listing, day):
    """Of a `RoundListing`."""
    rows = [
        [
            each.year,
            each.quarter,
            each.title,
            str(each.starts_on),
            str(each.ends_on),
            each.get_state_display(),
            each.stop_count,
            each.judge_count,
            each.strength_count,
            each.defect_count,
        ]
        for each in listing.rows
    ]
    return Ledger(
        title="季度观摩一览表",
        scope=f"截至 {day}；{listing.words}",
        columns=ROUND_COLUMNS,
        rows=rows,
        unit="单位：个、人、条",
    )


def result_ledger(result):
    """Of `rounds.Results`: a row for each stop in order of the ranking, the scores by criterion and by judge."""
    criteria = [Column(f"{each.name}（{each.weight}分）", MONEY, 17) for each in result.criteria]
    judges = [Column(f"评委{number} {judge}", MONEY, 12) for number, judge in enumerate(result.judges, 1)]
    return Ledger(
        title=f"{result.round.title}评分结果",
        scope=f"{result.round.starts_on} 至 {result.round.ends_on}；{result.rule}",
        columns=[*PLACE_COLUMNS, Column("得分", MONEY, 10), *criteria, *judges, Column("去掉的评委", width=20)],
        rows=[_values(row) for row in result.rows],
        unit="单位：分；计划投资为万元",
    )


def _values(row):
    plan = row.stop.plan
    return [
        row.place,
        plan.project.name,
        str(plan.project.unit or ""),
        str(plan.project.town or ""),
        str(plan.leader or ""),
        plan.planned_investment,
        row.score if row.score is not None else "没有评分",
        *(points for _, points in row.by_criterion),
        *(mark.total for mark in row.marks),
        "、".join(str(mark.judge) for mark in row.dropped),
    ]
