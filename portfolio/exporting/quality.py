"""What the watch over data quality found, as a ledger (.xlsx), as the page lists it."""

from portfolio.exporting.ledger import COUNT, Column, Ledger

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("情况", width=18),
    Column("项目名称", width=32),
    Column("责任单位", width=18),
    Column("周次", width=13),
    Column("具体情况", width=50),
    Column("填报单位的说明", width=34),
]


def quality_ledger(listing, day):
    """Of a `QualityListing`: kind by kind, the newest first."""
    county = listing.county
    title = f"{listing.year}年{county.name}周调度数据核实清单"
    found = [one for _, findings in listing.groups for one in findings]
    return Ledger(
        title=f"{title}（演示数据）" if county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日　{listing.words or '全县'}　列入不等于有错，请核实",
        columns=COLUMNS,
        rows=[_values(number, one) for number, one in enumerate(found, 1)],
        unit=f"共 {len(found)} 处，没有说明的 {listing.unexplained} 处",
    )


def _values(number, finding):
    project = finding.plan.project
    explained = finding.explanation or "没有说明"
    unit = project.unit.name if project.unit else None
    return [number, finding.kind.label, project.name, unit, finding.weeks_label, finding.reason, explained]
