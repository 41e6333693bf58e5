"""What a report's sections are made of: plain dicts that JSON can hold, drawn alike on screen, as PDF and as .docx.

Figures travel as whole numbers and decimal texts: money in 万元 to the cent, percents and points to one place. A
section without anything to show says so (`empty`).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portfolio.figures import percent, wan
from portfolio.money import to_cent
from portfolio.privacy import mask_phones

TENTH = Decimal("0.1")
TEXT, COUNT, MONEY, PERCENT, POINTS = "text", "count", "money", "percent", "points"
SCORE, ORDINAL = "score", "ordinal"  # 序号, 名次: a number that is no figure, so that none is blank
FIGURES = {COUNT, MONEY, PERCENT, POINTS, SCORE}


@dataclass(frozen=True)
class Column:
    """`width` is the column's share of the table's width; `place` the one that carries 合计."""

    label: str
    kind: str = TEXT
    width: int = 3

    def plain(self):
        return {"label": self.label, "kind": self.kind, "width": self.width, "figure": self.kind in FIGURES}


def section(key, title, *blocks):
    return {"key": key, "title": title, "blocks": [block for block in blocks if block]}


def text(words):
    return {"type": "text", "words": mask_phones(words)}


def clause(words):
    """A sentence as part of a longer one: without the stop at its end."""
    return words.strip().rstrip("。；，;,.")


def note(words):
    return {"type": "note", "words": words}


def fact(label, value, of):
    """One headline figure; `of` tells numerator and denominator, or what it counts."""
    return {"label": label, "value": value, "of": of}


def facts(*items):
    return {"type": "facts", "items": list(items)}


def table(title, columns, rows, *, sums=None, unit="", empty="无。", roles=None, wide=False):
    """`rows` hold values in the order of the columns; `sums` is the row 合计, the first of the table.

    `roles` tells for each row "row", "group" or "part"; `wide` asks for a page across.
    """
    return {
        "type": "table",
        "title": title,
        "unit": unit,
        "columns": [column.plain() for column in columns],
        "rows": [_row(columns, row) for row in rows],
        "roles": list(roles) if roles else ["row"] * len(rows),
        "sums": _row(columns, sums) if sums and rows else None,
        "empty": empty,
        "wide": wide,
    }


def annexed(words, listed):
    """A table that is too long to be printed: folded on screen, a sheet of the .xlsx; on paper `words` tell of it."""
    return {"type": "annexed", "words": words, "table": listed}


def _row(columns, values):
    return [plain(column.kind, value) for column, value in zip(columns, values, strict=True)]


def plain(kind, value):
    """A value as it is kept. A figure that is not known stays None, a text becomes empty."""
    if value is None or isinstance(value, str):
        return mask_phones(value) if value else None if kind in FIGURES else ""
    if kind in {MONEY, SCORE}:
        return str(to_cent(value))
    if kind in {PERCENT, POINTS}:
        return str(Decimal(value).quantize(TENTH, ROUND_HALF_UP))
    return int(value) if kind in {COUNT, ORDINAL} else str(value)


def told(kind, value):
    """A kept value as people read it."""
    if value is None or value == "":
        return "—" if kind in FIGURES else ""
    match kind:
        case "money":
            return wan(Decimal(value))
        case "percent":
            return percent(Decimal(value))
        case "points":
            return f"{Decimal(value):+.1f}"
    return str(value)
