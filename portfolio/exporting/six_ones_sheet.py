"""What the six ones' page shows as a ledger (.xlsx): the matrix, the list of gaps, or the counts, as on the screen."""

from portfolio import plan_rows
from portfolio.exporting.ledger import COUNT, PERCENT, POINTS, TEXT, Column, Ledger
from portfolio.figures import share
from portfolio.plan_fields import BY_KEY
from portfolio.six_ones.rules import Key, Standing

SHAPES = {Standing.STANDS: "● 齐", Standing.MISSING: "▲ 缺", Standing.NOT_NEEDED: "○ 不适用"}
TITLES = {
    "matrix": "六个一责任落实表",
    "gaps": "六个一缺项清单",
    "leaders": "六个一落实情况（按包联领导）",
    "units": "六个一落实情况（按责任单位）",
}


def ledger_of(listing):
    """The `Ledger` of a `SixOnesListing` (all its pages), as its `view` shows it."""
    columns, rows, sums, heavy = _MAKERS[listing.view](listing)
    title = f"{listing.year}年{listing.county.name}重大项目{TITLES[listing.view]}"
    return Ledger(
        title=f"{title}（演示数据）" if listing.county.is_demo else title,
        scope=_scope(listing),
        columns=columns,
        rows=rows,
        sums=sums,
        unit=f"{listing.tally.count} 个项目，六个一齐全 {listing.tally.whole} 个"
        f"（{share(listing.tally.whole, listing.tally.count)}）",
        heavy=frozenset(heavy),
    )


def _scope(listing):
    day = listing.as_of or listing.county.business_today()
    as_of = f"截至{day.year}年{day.month}月{day.day}日"
    return f"{as_of}　{listing.words}" if listing.words else as_of


def standing_text(one):
    """`▲ 缺 专班组长、驻点人员`, as the cell of the page says it."""
    if one.gaps:
        return f"{SHAPES[Standing.MISSING]}{'、'.join(gap.what for gap in one.gaps)}"
    return f"{SHAPES[Standing.NOT_NEEDED]}（{one.note}）" if one.note else SHAPES[Standing.STANDS]


def _cell(one):
    lines = [one.text] if one.text and one.key != Key.PROJECT else []
    return "\n".join([*lines, standing_text(one)])


_JUDGED = (("light", TEXT, 24), ("completion", PERCENT, 10), ("deviation", POINTS, 10), ("reported", TEXT, 16))
_MATRIX = (
    *(Column("序号", COUNT, 6), Column("项目名称", width=30), Column("责任单位", width=16)),
    *(Column(key.label, width=24) for key in Key),
    Column("缺项", COUNT, 6),
    *(Column(BY_KEY[key].label, kind, width) for key, kind, width in _JUDGED),
)


def _matrix(listing):
    columns = _MATRIX
    rows, heavy = [], []
    for group in listing.matrix_groups(listing.entries, plan_rows.value):
        if group.title:
            heavy.append(len(rows))
            whole = listing.whole_by_group.get(group.title, 0)
            title = f"{group.title}（{group.sums.count}个，六个一齐全{whole}个）"
            rows.append([group.ordinal, title, *[None] * (len(columns) - 2)])
        rows += [_project(row, listing.judged[row.pk]) for row in group.rows]
    counts = [f"{listing.tally.stands[key]}/{listing.tally.needs[key]}" for key in Key]
    sums = [None, "已有/应有", None, *counts, listing.gaps_in_rows, *[None] * 4]
    return columns, rows, sums, heavy


def _project(row, six):
    unit = six.facts.unit_name or None
    return [row.seq, six.facts.name, unit, *[_cell(one) for one in six.ones], len(six.gaps), *_judged(row)]


def _judged(row):
    """Light with its reason, completion, deviation, last report."""
    cells = row.cells
    light = f"{cells['light']}\n{row.judgement.words}"
    return [light, cells["completion"], cells["deviation"], cells["reported"] or "今年未报"]


def _gaps(listing):
    columns = [
        Column("由谁补齐", width=20),
        Column("项目名称", width=36),
        Column("哪一项", width=14),
        Column("缺什么", width=50),
    ]
    rows = [
        [supplier.name, six.facts.name, one.label, "、".join(gap.what for gap in gaps)]
        for supplier in listing.suppliers
        for six, ones in supplier.items
        for one, gaps in ones.items()
    ]
    return columns, rows, None, ()


def _accounts(key, label):
    def make(listing):
        columns = [Column(label, width=20), Column("项目", COUNT, 8), Column("六个一齐全", width=14)]
        columns += [Column(f"{key.label}（已有/应有）", width=14) for key in Key]
        rows = [_account(account) for account in listing.accounts(key)]
        return columns, rows, _account(listing.total_account), ()

    return make


def _account(account):
    tally = account.tally
    counts = [f"{cell.have}/{cell.due}" for cell in account.cells]
    return [account.title, tally.count, f"{tally.whole}/{tally.count}", *counts]


_MAKERS = {
    "matrix": _matrix,
    "gaps": _gaps,
    "leaders": _accounts("leader", "包联领导"),
    "units": _accounts("unit", "责任单位"),
}
