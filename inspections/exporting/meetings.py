"""The list of meetings as an .xlsx ledger: the rows of the page, with who was there and what was said."""

from inspections.models import Meeting
from portfolio.exporting.ledger import COUNT, Column, Ledger
from portfolio.privacy import mask_phones

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("会议日期", width=12),
    Column("会议名称", width=36),
    Column("地点", width=18),
    Column("主持人", width=12),
    Column("参会人员", width=40),
    Column("议定事项", COUNT, 10),
    Column("已办结", COUNT, 10),
    Column("逾期未办结", COUNT, 10),
    Column("状态", width=14),
]


def ledger(listing):
    """Of a `MeetingListing`."""
    rows = listing.rows
    sums = ["合计", *[None] * 5, *(sum(_counts(row)[place] or 0 for row in rows) for place in range(3)), None]
    return Ledger(
        title="月落实会议清单",
        scope=f"截至 {listing.today}；{listing.words}",
        columns=COLUMNS,
        rows=[_values(number, row) for number, row in enumerate(rows, 1)],
        sums=sums if rows else None,
        unit=f"共 {len(rows)} 次会议",
    )


def _values(number, row):
    said = (row.title, row.place, row.chair, row.present)
    return [number, str(row.held_on), *map(mask_phones, said), *_counts(row), row.get_state_display()]


def _counts(row):
    """Before the minutes are issued nothing is handed out: nothing done, nothing overdue."""
    return (row.total, row.done, row.overdue) if row.state == Meeting.State.CLOSED else (row.total, None, None)
