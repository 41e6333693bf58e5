"""The list of letters as an .xlsx ledger: the rows and words of the page."""

from portfolio.exporting.ledger import COUNT, Column, Ledger
from portfolio.privacy import mask_phones

COLUMNS = [
    Column("序号", COUNT, 6),
    Column("文种", width=10),
    Column("发文字号", width=22),
    Column("标题", width=40),
    Column("主送单位", width=20),
    Column("缘由", width=44),
    Column("成文日期", width=12),
    Column("原回复时限", width=12),
    Column("回复时限", width=12),
    Column("签收日期", width=12),
    Column("回复日期", width=12),
    Column("办结日期", width=12),
    Column("作废日期", width=12),
    Column("作废原因", width=30),
    Column("状态", width=10),
    Column("时限情况", width=14),
]


def ledger(listing):
    """Of a `LetterListing`."""
    return Ledger(
        title="督办文书台账",
        scope=f"截至 {listing.today}；{listing.words}",
        columns=COLUMNS,
        rows=[_values(place, row) for place, row in enumerate(listing.found, 1)],
        unit=f"共 {len(listing.found)} 份",
    )


def _values(place, row):
    letter = row.letter
    days = (letter.issued_on, letter.original_deadline, letter.deadline)
    return [
        place,
        letter.get_kind_display(),
        letter.document_number,
        mask_phones(letter.title),
        letter.unit.name,
        mask_phones(letter.reason),
        *(str(day or "") for day in (*days, letter.received_on, letter.answered_on, letter.closed_on)),
        str(letter.voided_on or ""),
        mask_phones(letter.void_reason),
        letter.get_state_display(),
        row.clock.words,
    ]
