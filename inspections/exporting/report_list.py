"""The list of issued reports as an .xlsx ledger: the rows and words of the page."""

from django.utils import timezone

from portfolio.exporting.ledger import COUNT, Column, Ledger

COLUMNS = [
    Column("报告", width=34),
    Column("版本", COUNT, 8),
    Column("截至", width=12),
    Column("签发时间", width=18),
    Column("签发人", width=14),
    Column("更正说明", width=40),
    Column("内容指纹", width=70),
]


def list_ledger(listing, day):
    """Of a `ReportListing`."""
    return Ledger(
        title="签发的报告",
        scope=f"截至 {day}；{listing.words}",
        columns=COLUMNS,
        rows=[_values(row) for row in listing.rows],
        unit=f"共 {len(listing.rows)} 份",
    )


def _values(row):
    moment = timezone.localtime(row.issued_at)
    by = row.issued_by.name if row.issued_by else ""
    return [row.label, row.version, str(row.as_of), f"{moment:%Y-%m-%d %H:%M}", by, row.correction, row.digest]
