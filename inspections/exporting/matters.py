"""The list of matters as an .xlsx ledger: the rows, order and words of the page, on all its pages."""

from portfolio.exporting.ledger import COUNT, Column, Ledger
from portfolio.privacy import mask_phones

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("议定事项", width=44),
    Column("责任单位", width=18),
    Column("责任人", width=10),
    Column("牵头领导", width=10),
    Column("项目", width=26),
    Column("出自", width=26),
    Column("议定日期", width=12),
    Column("原办结时限", width=12),
    Column("办结时限", width=12),
    Column("状态", width=10),
    Column("时限情况", width=16),
    Column("办结日期", width=12),
    Column("最近情况", width=40),
]
RISE = Column("督办", width=28)


def ledger(listing):
    """Of a `MatterListing`."""
    total = listing.tally
    return Ledger(
        title="月落实和观摩交办事项清单",
        scope=f"截至 {listing.today}；{listing.words}",
        columns=[*COLUMNS, RISE] if listing.issues else COLUMNS,
        rows=[_values(number, row) + _rise(listing, row) for number, row in enumerate(listing.found, 1)],
        unit=f"未办结 {total.open} 项，其中逾期 {total.overdue} 项；已办结 {total.done} 项",
    )


def _rise(listing, row):
    return [row.rise.words if row.rise else ""] if listing.issues else []


def _values(number, row):
    matter = row.matter
    return [
        number,
        mask_phones(matter.text),
        str(matter.unit),
        mask_phones(matter.person),
        str(matter.leader or ""),
        str(matter.project or ""),
        matter.origin,
        str(matter.decided_on),
        str(matter.original_deadline),
        str(matter.deadline),
        matter.get_state_display(),
        row.clock.words,
        str(matter.settled_on or ""),
        row.latest_words,
    ]
