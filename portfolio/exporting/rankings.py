"""Rankings as a ledger: every score with its parts and their numerators and denominators in words."""

from portfolio.exporting.ledger import COUNT, PERCENT, POINTS, SCORE, Column, Ledger
from portfolio.ranking_weights import PARTS


def rankings_ledger(rankings):
    county, day = rankings.county, rankings.day
    title = f"{rankings.year}年{county.name}{rankings.grouping}红黑榜"
    return Ledger(
        title=f"{title}（演示数据）" if county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日　序时进度 {rankings.expected:.1f}%　"
        f"权重：{rankings.weights.words}（{rankings.weights.name}）",
        columns=_columns(rankings),
        rows=[_values(rankings, row) for row in [*rankings.rows, *rankings.unranked]],
        unit="单位：分",
    )


def _columns(rankings):
    parts = [
        column
        for label, _ in PARTS.values()
        for column in (Column(f"{label}得分", SCORE, 10), Column(f"{label}依据", width=28))
    ]
    head = [Column("名次", COUNT, 11), Column(rankings.grouping, width=18), Column("项目数", COUNT, 8)]
    money = [Column("完成率", PERCENT, 9), Column("与序时相比（百分点）", POINTS, 11)]
    return [*head, Column("得分", SCORE, 8), *money, *parts, Column("榜单", width=7)]


def _values(rankings, row):
    listed = "红榜" if row in rankings.red else "黑榜" if row in rankings.black else None
    parts = [
        value for part in row.parts for value in ("不计" if part.points is None else round(part.points, 1), part.words)
    ]
    return [
        row.place or "不参与排名",
        row.title,
        row.count,
        row.score if row.place else None,
        row.completed,
        row.deviation,
        *parts,
        listed,
    ]
