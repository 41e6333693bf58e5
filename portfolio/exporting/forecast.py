"""The forecast of the projects as a ledger, as the page's list is narrowed and sorted."""

from portfolio.exporting.ledger import MONEY, PERCENT, Column, Ledger


def forecast_ledger(county, listing):
    found = listing.found
    title = f"{found.year}年{county.name}重大项目年底投资预测"
    return Ledger(
        title=f"{title}（演示数据）" if county.is_demo else title,
        scope=f"截至{found.day.year}年{found.day.month}月{found.day.day}日　{listing.words}　算法：{found.rule_label}",
        columns=_columns(found),
        rows=[_values(found, line) for line in listing.lines],
        sums=_sums(found, listing),
    )


def _columns(found):
    edges = [Column("下限", MONEY, 14), Column("上限", MONEY, 14)] if found.is_own else []
    return [
        Column("项目名称", width=36),
        Column("责任单位", width=18),
        Column("类别", width=18),
        Column("年度计划", MONEY, 14),
        Column("已完成", MONEY, 14),
        Column("预计年底", MONEY, 14),
        *edges,
        Column("占年度计划", PERCENT, 10),
        Column("缺口", MONEY, 14),
    ]


def _values(found, line):
    told, project = line.forecast, line.plan.project
    edges = [told.low, told.high] if found.is_own else []
    head = [project.name, line.unit_name, project.get_category_display()]
    return [*head, told.planned, told.ytd, told.middle, *edges, line.share, told.shortfall]


def _sums(found, listing):
    """The edges of a range do not add up: many plans are not all lucky at once."""
    sums = listing.sums()
    edges = [None, None] if found.is_own else []
    share = sums["middle"] * 100 / sums["planned"] if sums["planned"] else None
    head = ["合计", None, None, sums["planned"], sums["ytd"], sums["middle"]]
    return [*head, *edges, share, sums["shortfall"]]
