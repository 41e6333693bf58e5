"""The section on the six ones: which are missing and with whom; of a leader's projects, all that each one lacks."""

from collections import Counter, defaultdict

from inspections.reports.blocks import COUNT, ORDINAL, PERCENT, Column, annexed, section, table, text
from portfolio.figures import share
from portfolio.six_ones.rules import OFFICE, RULES, Key

UNITS_SHOWN = 3
UNKNOWN = "未明确"
LIST = "六个一缺口清单"
# Widths in mm of a page upright.
ONES = (
    Column("六个一", width=22),
    Column("有缺口的项目", COUNT, 22),
    Column("占全部项目", PERCENT, 20),
    Column("由谁补", width=20),
    Column("有缺口的项目最多的责任单位", width=86),
)
UNITS = (
    Column("责任单位", width=44),
    Column("有缺口的项目", COUNT, 22),
    *(Column(key.label, COUNT, 17) for key in RULES),
)
GAPS = (
    Column("序号", ORDINAL, 9),
    Column("项目", width=42),
    Column("责任单位", width=27),
    Column("缺什么", width=65),
    Column("由谁补", width=27),
)


def of_county(material):
    """Two tables to be read; the list of all projects, most of it in the same words, is the annex's."""
    lacking = _lacking(material)
    return _section(
        material,
        lacking,
        table("缺哪一个“一”", ONES, _by_one(lacking, len(material.six_ones)), unit="单位：个", empty=_NONE),
        lacking and _by_unit(lacking),
        lacking and annexed(f"每个项目缺什么、由谁补，见本报告 Excel 附件的工作表“{LIST}”。", _list(lacking)),
    )


def of_leader(material):
    lacking = _lacking(material)
    return _section(material, lacking, _list(lacking))


_NONE = "全部项目六个一齐全。"


def _lacking(material):
    return [six for six in material.six_ones if six.gaps]


def _section(material, lacking, *blocks):
    whole = len(material.six_ones)
    words = f"{whole} 个项目中六个一齐全的 {whole - len(lacking)} 个，有缺口的 {len(lacking)} 个"
    told = f"{words}（{share(len(lacking), whole)}）。" if lacking else f"{words}。"
    return section("six-ones", "六个一缺口", text(told), *blocks)


def _by_one(lacking, whole):
    """A row of each of the six, in the slogan's order; none where nothing is missing at all."""
    if not lacking:
        return []
    units = {key: Counter(_unit(six) for six in lacking if key in _keys(six)) for key in RULES}
    return [
        [
            key.label,
            units[key].total(),
            100 * units[key].total() / whole,
            _supplied_by(key, lacking),
            _most(units[key]),
        ]
        for key in RULES
    ]


def _supplied_by(key, lacking):
    found = {gap.supplier for six in lacking for one, gap in six.gaps if one.key == key}
    return "、".join(([OFFICE] if OFFICE in found else []) + (["责任单位"] if found - {OFFICE} else []))


def _most(units):
    """Units by name; projects that no unit answers for are told of, and are no unit."""
    named = [each for each in _ordered(units) if each[0] != UNKNOWN]
    told = "、".join(f"{name} {number} 个" for name, number in named[:UNITS_SHOWN])
    more = f"等 {len(named)} 个单位" if len(named) > UNITS_SHOWN else ""
    unknown = f"责任单位未明确 {units[UNKNOWN]} 个" if units[UNKNOWN] else ""
    return "；".join(filter(None, (told + more, unknown)))


def _ordered(units):
    """Who has most first, and last what no unit answers for."""
    return sorted(units.items(), key=lambda each: (each[0] == UNKNOWN, -each[1], each[0]))


def _by_unit(lacking):
    of_unit = defaultdict(list)
    for six in lacking:
        of_unit[_unit(six)].append(six)
    names = [name for name, _ in _ordered({name: len(own) for name, own in of_unit.items()})]
    rows = [[name, *_counts(of_unit[name])] for name in names]
    sums = ["合计", *_counts(lacking)]
    return table("各责任单位有缺口的项目", UNITS, rows, sums=sums, unit="单位：个")


def _counts(lacking):
    return [len(lacking), *(sum(key in _keys(six) for six in lacking) for key in RULES)]


def _unit(six):
    return six.facts.unit_name or UNKNOWN


def _keys(six):
    return {one.key for one, _ in six.gaps}


def _list(lacking):
    rows = [[number, six.facts.name, _unit(six), _gaps(six), _suppliers(six)] for number, six in enumerate(lacking, 1)]
    return table(LIST, GAPS, rows, unit=f"共 {len(rows)} 个项目", empty=_NONE)


def _gaps(six):
    found = {}
    for one, gap in six.gaps:
        found.setdefault(one.key, []).append(gap.what)
    return "；".join(f"{Key(key).label}：{'、'.join(what)}" for key, what in found.items())


def _suppliers(six):
    return "、".join(dict.fromkeys(gap.supplier for _, gap in six.gaps))
