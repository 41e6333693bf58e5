"""The file's own sums against the sums of its rows. A contradiction is told, never repaired, and never blocks."""

from decimal import Decimal

from portfolio.figures import wan
from portfolio.importing.layout import RowKind
from portfolio.plan_fields import BY_KEY
from portfolio.search import name_key

MONEY_FIELDS = ("total_investment", "planned_investment", "invested_before")
_GRAND_PREFIXES = {"", "全县", "全市", "全部", "项目", "全县项目", "总"}


def sums_of(rows):
    """{field key: Decimal} of the rows that count (sub-items don't)."""
    return {
        key: sum((row.values[key] for row in rows if row.values.get(key) is not None), Decimal(0))
        for key in MONEY_FIELDS
    }


def claims_of(body):
    """[{label, row, key, what, claimed, found, agrees}] for every count and sum that group and total rows state."""
    checks = []
    for line, sums, groups in body.claims:
        rows = [row for row in _rows_of(line, groups, body) if row.parent is None]
        if line.count is not None:
            checks.append(_check(line, "count", "项目个数", line.count, len(rows)))
        found = sums_of(rows)
        for key, claimed in sums.items():
            if key in found:
                checks.append(_check(line, key, BY_KEY[key].label, claimed, found[key]))
    return checks


def _check(line, key, what, claimed, found):
    shown = str if key == "count" else wan
    label = line.label
    return {
        "row": line.number,
        "label": label,
        "what": what,
        "claimed": shown(claimed),
        "found": shown(found),
        "difference": shown(claimed - found),
        "agrees": claimed == found,
    }


def _rows_of(line, groups, body):
    first, last = _span(line, groups, body)
    return [row for row in body.rows if first <= row.index < last]


def _span(line, groups, body):
    """[first, last) of the row indices that a group or total row speaks of."""
    lines = [other for other in body.lines if other.kind is RowKind.GROUP]
    if line.kind is RowKind.GROUP:
        return _group_span(line, lines)
    prefix = name_key(line.label.split("计")[0][:-1])
    named = [group for group in lines if prefix and name_key(group.label).startswith(prefix)]
    if named:
        return _group_span(named[-1], lines)
    if "小计" in line.label or prefix not in _GRAND_PREFIXES:
        before = [group for group in lines if group.index < line.index]
        if before:
            return before[-1].index, line.index
    return 0, 10**9


def _group_span(line, lines):
    ends = [other.index for other in lines if other.index > line.index and other.level <= line.level]
    return line.index, min(ends, default=10**9)


def packages_of(rows):
    """Sub-items whose sum is not what their project states: (row, label, stated, sum)."""
    parts = {}
    for row in rows:
        if row.parent is not None:
            parts.setdefault(id(row.parent), []).append(row)
    found = []
    for row in rows:
        for key in ("total_investment", "planned_investment"):
            amounts = [part.values.get(key) for part in parts.get(id(row), [])]
            if amounts and None not in amounts and row.values.get(key) not in (None, sum(amounts)):
                found.append((row, BY_KEY[key].label, row.values[key], sum(amounts)))
    return found
