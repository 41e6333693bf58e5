"""The calendar as an .xlsx ledger: what the page shows, a row for each thing, in the order of the days."""

from django.utils import timezone

from portfolio.exporting.ledger import COUNT, Column, Ledger

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("日期", width=12),
    Column("至", width=12),
    Column("时间", width=8),
    Column("内容", width=12),
    Column("事项", width=60),
    Column("单位", width=30),
    Column("领导", width=20),
    Column("时限情况", width=12),
]


def ledger(page):
    """Of a `CalendarPage`."""
    return Ledger(
        title="重大项目日历",
        scope=f"{page.since} 至 {page.until}；{page.words}；截至 {page.today}",
        columns=COLUMNS,
        rows=[_values(number, event, page.today) for number, event in enumerate(page.events, 1)],
        unit=f"共 {len(page.events)} 项",
    )


def _values(number, event, today):
    return [
        number,
        str(event.day),
        str(event.until) if event.until and event.until != event.day else "",
        f"{timezone.localtime(event.at):%H:%M}" if event.at else "",
        event.kind.label,
        event.title,
        "、".join(map(str, event.units)),
        "、".join(map(str, event.leaders)),
        "逾期" if event.is_late(today) else "",
    ]
