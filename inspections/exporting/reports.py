"""The annex of a report as .xlsx, from the frozen content alone: its plan table, or the table of projects, and what
its paper leaves to the workbook."""

from decimal import Decimal

from portfolio.exporting import ledger

KINDS = {
    "ordinal": ledger.COUNT,
    "count": ledger.COUNT,
    "money": ledger.MONEY,
    "percent": ledger.PERCENT,
    "points": ledger.POINTS,
}
# The first of these that a report has is its annex.
ANNEXES = ("annex", "projects", "by-unit")
WIDEST, NARROWEST = 48, 6


def annex_ledgers(content, imprint):
    """The `Ledger`s of the workbook's sheets; 合计 first as in the printed tables."""
    return [_ledger(block, content, imprint) for block in (_annex(content), *_annexed(content))]


def _annex(content):
    of_key = {section["key"]: section for section in content["sections"]}
    section = next(of_key[key] for key in ANNEXES if key in of_key)
    return next(block for block in section["blocks"] if block["type"] == "table")


def _annexed(content):
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    return [block["table"] for block in blocks if block["type"] == "annexed"]


def _ledger(block, content, imprint):
    rows = [*([block["sums"]] if block["sums"] else []), *block["rows"]]
    roles = [*(["sums"] if block["sums"] else []), *block["roles"]]
    mark = f"　{imprint.mark}" if imprint.mark else ""
    return ledger.Ledger(
        title=block["title"],
        scope=f"{content['title']}　截至 {content['as_of']}{mark}",
        columns=[
            ledger.Column(each["label"], KINDS.get(each["kind"], ledger.TEXT), _width(block, each))
            for each in block["columns"]
        ],
        rows=[
            [_value(column["kind"], value) for column, value in zip(block["columns"], row, strict=True)] for row in rows
        ],
        unit=block["unit"] or "单位：万元",
        heavy=frozenset(place for place, role in enumerate(roles) if role in {"sums", "group"}),
    )


def _width(block, column):
    """In Excel characters, of a sheet about 200 wide."""
    share = column["width"] * 200 / sum(each["width"] for each in block["columns"])
    return round(max(NARROWEST, min(WIDEST, share)))


def _value(kind, value):
    if value is None or value == "":
        return None
    return Decimal(value) if kind in {"money", "percent", "points", "score"} else value
