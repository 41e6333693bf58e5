"""要素 of the demo: what a project needs by its kind, what it has of it, and who brings the rest by when."""

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from portfolio.models.permits import Factor, FundKind
from qinyuan_projects.demo.generation import NOW, SEED
from qinyuan_projects.demo.rows import BUILDING, PLANNED
from qinyuan_projects.demo.timeline import workday

# What takes how much: {works, or how the industry's code begins: (detail, measure, 万元 of the total for one of it)};
# the longest beginning holds, None is nothing.
PLOT, ACRES = "建设用地指标", "亩"
LAND_OF_WORKS = {
    "building": (PLOT, ACRES, 320),
    "equipment": (PLOT, ACRES, 900),
    "road": (PLOT, ACRES, 75),
    "pipe": ("临时用地", ACRES, 130),
    "field": ("实施地块", ACRES, 2.4),
    "solar": ("复合用地", ACRES, 20),
}
LAND = {"B06": (PLOT, ACRES, 2600), "B07": ("井场用地", ACRES, 420), "E4720": None, "N7715": ("治理地块", ACRES, 6)}
LAND |= {"N78": (PLOT, ACRES, 60), "C": (PLOT, ACRES, 700)}
STANDARD_COAL, TO_GRID, FROM_GRID = ("能耗指标", "吨标准煤"), ("电力接入容量", "千伏安"), ("新增用电容量", "千伏安")
ENERGY = {
    "C25": (*STANDARD_COAL, 1.8),
    "C26": (*STANDARD_COAL, 3),
    "C30": (*STANDARD_COAL, 5),
    "C": (*STANDARD_COAL, 20),
    "B06": (*STANDARD_COAL, 14),
    "B07": (*STANDARD_COAL, 22),
    "D441": (*TO_GRID, 0.5),
    "D4420": (*TO_GRID, 0.3),
    "D4430": (*STANDARD_COAL, 6),
    "D45": (*STANDARD_COAL, 18),
    "F5266": (*FROM_GRID, 1.5),
    "H": (*FROM_GRID, 12),
    "I": (*FROM_GRID, 8),
    "M": (*FROM_GRID, 10),
    "P": (*FROM_GRID, 11),
    "Q": (*FROM_GRID, 9),
}
NITROGEN, OXYGEN, DUST = ("氮氧化物排放量", "吨"), ("化学需氧量排放量", "吨"), ("颗粒物排放量", "吨")
ENVIRONMENT = {
    "C25": (*NITROGEN, 1700),
    "C26": (*NITROGEN, 1900),
    "C30": (*NITROGEN, 1500),
    "C13": (*OXYGEN, 900),
    "C15": (*OXYGEN, 900),
    "C27": (*OXYGEN, 1100),
    "A03": (*OXYGEN, 420),
    "B06": (*DUST, 5200),
    "D4417": (*NITROGEN, 1500),
    "D4430": (*NITROGEN, 1600),
}
CUBIC = "万立方米"
WATER = {
    "C25": ("生产取水", CUBIC, 1500),
    "C26": ("生产取水", CUBIC, 1400),
    "C30": ("生产取水", CUBIC, 800),
    "C13": ("生产取水", CUBIC, 700),
    "C15": ("生产取水", CUBIC, 600),
    "C27": ("生产取水", CUBIC, 900),
    "A01": ("灌溉用水", CUBIC, 65),
    "A03": ("养殖用水", CUBIC, 700),
    "B06": ("生产取水", CUBIC, 2600),
    "D4417": ("生产取水", CUBIC, 900),
    "D4430": ("生产取水", CUBIC, 2200),
    "D4610": ("取水许可水量", CUBIC, 60),
}
LABOUR_OF_WORKS = {
    "building": "施工人员",
    "equipment": "安装工人",
    "road": "施工人员",
    "pipe": "施工人员",
    "field": "季节性用工",
    "solar": "安装工人",
    "digital": "安装调试人员",
}
PEOPLE_PER_ROOT = 0.9  # people on site grow with the root of the money
MONEY = {FundKind.COUNTY: "县级配套资金", FundKind.LOAN: "银行贷款授信"}

BRINGS = {
    Factor.LAND: "自然资源局",
    Factor.ENERGY: "发展和改革局",
    Factor.ENVIRONMENT: "生态环境分局",
    Factor.FUNDS: "财政局",
    Factor.WATER: "水利局",
    Factor.LABOUR: "人力资源和社会保障局",
}
GRID = "供电公司"
# What is being done about a gap: by its detail, or by its factor.
SHORT_OF_PLOT = "临时用地"  # works under way have their plot, and may miss room beside it
STEPS = {
    Factor.LAND: ("剩余地块正在协商补偿。", "已申请年度新增用地指标。"),
    SHORT_OF_PLOT: ("正在办理临时用地审批。", "剩余地块正在协商补偿。"),
    "实施地块": ("剩余地块正在与农户签订协议。", "地块边界正在核定。"),
    Factor.ENERGY: ("正在协调市级统筹指标。", "正在办理节能审查。"),
    TO_GRID[0]: ("等待接入系统方案批复。", "配套送出线路正在施工。"),
    FROM_GRID[0]: ("等待供电方案答复。", "配套变压器已招标。"),
    Factor.ENVIRONMENT: ("正在核定区域削减来源。", "拟通过排污权交易取得。"),
    MONEY[FundKind.COUNTY]: ("已列入下一批资金安排。", "已报县政府研究。"),
    MONEY[FundKind.LOAN]: ("正在与银行对接授信。", "抵押物正在评估。"),
    Factor.WATER: ("取水许可正在审查。", "正在调剂用水指标。"),
    Factor.LABOUR: ("正在组织专场招聘。", "施工班组陆续进场。"),
}
# How often something is missing, and how often of that its day has passed.
SHORT, OVERDUE = {BUILDING: 0.1, PLANNED: 0.28}, 0.16


@dataclass(frozen=True)
class Need:
    """`early` is what was secured when it was first noted, `secured` what was by the end of May."""

    factor: Factor
    detail: str
    measure: str
    needed: Decimal
    early: Decimal
    secured: Decimal
    unit: str
    due_on: dt.date
    note: str


def needs_of(row, sources, told):
    """[Need] of a row that has these fund_plans.Source; `told`: the factors that are told of elsewhere."""
    needs = [_need(row, *amount) for amount in _amounts(row) if amount[0] not in told]
    return needs if Factor.FUNDS in told else needs + [_money(row, source) for source in sources if _counts(source)][:1]


def _amounts(row):
    """(factor, detail, measure, needed) of all that the kind of project takes, but for money."""
    rows = ((Factor.LAND, _land(row)), *((factor, _longest(table, row)) for factor, table in BY_INDUSTRY.items()))
    for factor, found in rows:
        if found:
            detail, measure, price = found
            yield factor, detail, measure, _rounded(float(row.total) / price)
    if row.works in LABOUR_OF_WORKS:
        yield Factor.LABOUR, LABOUR_OF_WORKS[row.works], "人", _rounded(4 + PEOPLE_PER_ROOT * sqrt(row.total))


BY_INDUSTRY = {Factor.ENERGY: ENERGY, Factor.ENVIRONMENT: ENVIRONMENT, Factor.WATER: WATER}


def _land(row):
    if row.nature == "技术改造" or "屋顶" in row.name:
        return None  # on a site that is there
    if any(row.industry.startswith(start) for start in LAND):
        return _longest(LAND, row)
    return LAND_OF_WORKS.get(row.works)


def _longest(table, row):
    found = [start for start in table if row.industry.startswith(start)]
    return table[max(found, key=len)] if found else None


def _need(row, factor, detail, measure, needed):
    rng = random.Random(f"{SEED} factor {row.name} {factor}")
    unit = GRID if measure == "千伏安" else BRINGS[factor]
    if rng.random() >= SHORT[row.stage]:
        early = _part(needed, rng.choice((0.3, 0.5, 0.7, 1, 1, 1)))
        return Need(factor, detail, measure, needed, early, needed, unit, _was_due(rng, row), "")
    secured = _part(needed, rng.choice((0, 0.3, 0.45, 0.6, 0.75, 0.85)))
    early = _part(secured, rng.choice((0, 0.5, 1)))
    if row.stage == BUILDING and detail == PLOT:
        detail = SHORT_OF_PLOT
    return Need(factor, detail, measure, needed, early, secured, unit, _due(rng), _step(rng, factor, detail))


def _counts(source):
    return source.kind in MONEY and source.planned > 0


def _money(row, source):
    """What the county or a bank is to give: promised in full, or not more than what has arrived and some."""
    rng = random.Random(f"{SEED} factor {row.name} {Factor.FUNDS}")
    detail, needed, arrived = MONEY[source.kind], source.planned, source.arrived
    is_short = rng.random() < SHORT[row.stage] and arrived < needed
    secured = max(_part(needed, rng.choice((0, 0.4, 0.6, 0.8))), arrived) if is_short else needed
    due, note = (_due(rng), _step(rng, Factor.FUNDS, detail)) if is_short else (_was_due(rng, row), "")
    return Need(Factor.FUNDS, detail, "万元", needed, secured, secured, BRINGS[Factor.FUNDS], due, note)


def _was_due(rng, row):
    """What is secured was wanted by the start of the works, or this spring."""
    return max(row.start.first_day, dt.date(NOW.year, 3, 29) + dt.timedelta(days=7 * rng.randrange(8)))


def _due(rng):
    if rng.random() < OVERDUE:
        return workday(NOW - dt.timedelta(days=rng.randint(3, 26)))
    return workday(NOW + dt.timedelta(days=rng.randint(10, 120)))


def _step(rng, factor, detail):
    return rng.choice(STEPS.get(detail) or STEPS[factor])


def _part(amount, part):
    """Less than `amount` unless all of it: fewer than one of something is none."""
    return amount if part == 1 else Decimal(int(amount * Decimal(part)))


def _rounded(amount):
    step = 1 if amount < 100 else 10 if amount < 5000 else 100
    return max(Decimal(round(amount / step) * step), Decimal(1))
