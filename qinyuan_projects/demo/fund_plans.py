"""资金 of the demo: where a project's money is to come from, what of it has arrived, and what was paid.

The sources of a project add up to its total investment. What arrives follows what has been invested, and each payment
follows the arrival that it is made from, so that on no day more is paid than has arrived.
"""

import datetime as dt
import random
from dataclasses import dataclass, replace
from decimal import Decimal

from portfolio.models.permits import FundFlow, FundKind
from portfolio.money import exact_sum, to_cent
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.rows import BUILDING, INDUSTRIAL
from qinyuan_projects.demo.timeline import workday

CENTRAL, PROVINCE, CITY, COUNTY, BOND, LOAN, OWN = (kind for kind in FundKind if kind != FundKind.OTHER)
# {sector: {source: weight}}
SECTORS = {
    "交通运输": {CENTRAL: 30, PROVINCE: 35, COUNTY: 20, BOND: 25},
    "水利供水": {CENTRAL: 35, PROVINCE: 25, COUNTY: 15, BOND: 25},
    "生态环保": {CENTRAL: 50, PROVINCE: 30, COUNTY: 20},
    "市政能源": {CITY: 15, COUNTY: 30, BOND: 55},
    "教育": {CENTRAL: 25, PROVINCE: 25, COUNTY: 20, BOND: 30},
    "卫生体育": {CENTRAL: 15, PROVINCE: 20, COUNTY: 20, BOND: 45},
    "民政养老": {CENTRAL: 40, CITY: 15, COUNTY: 45},
    "住房保障": {CENTRAL: 35, PROVINCE: 15, COUNTY: 20, BOND: 30},
    "数字建设": {PROVINCE: 40, CITY: 15, COUNTY: 45},
    "公共服务": {PROVINCE: 30, CITY: 15, COUNTY: 55},
    "乡村建设": {CENTRAL: 45, PROVINCE: 25, COUNTY: 30},
    "中药材": {PROVINCE: 15, LOAN: 25, OWN: 60},
    "特色种植与加工": {CENTRAL: 15, LOAN: 20, OWN: 65},
    "畜牧养殖": {CENTRAL: 10, LOAN: 25, OWN: 65},
    "文旅康养": {PROVINCE: 10, LOAN: 35, OWN: 55},
}
OF_COMPANIES = {LOAN: 60, OWN: 40}
# {industry: {source: weight}} where it is not like the others of its sector
INDUSTRIES = {
    "D4420": OF_COMPANIES,
    "D4511": {COUNTY: 15, LOAN: 35, OWN: 50},
    "D4430": {COUNTY: 10, BOND: 55, OWN: 35},
    "I6319": {OWN: 100},
    "K7010": {COUNTY: 30, BOND: 70},
    "G5320": {BOND: 30, LOAN: 45, OWN: 25},
}
SMALL = 1000  # 万元; below it nobody issues a bond or lends, and there are two sources at most
INSTEAD = (COUNTY, PROVINCE, OWN)  # for what the recipe of a story leaves open
# How much of a source arrives by the time as much of the project is built: grants come ahead, the county's behind.
AHEAD = {CENTRAL: 1.2, PROVINCE: 1.15, CITY: 1.05, BOND: 1.3, LOAN: 1.05, OWN: 1.0, COUNTY: 0.82}
SLOW, SLOW_PART = 0.12, 0.75  # some projects' money comes late
FIRST_OF_PLANNED = {CENTRAL, PROVINCE, BOND, OWN}  # may arrive before works begin

BEFORE, TOLD_BEFORE = dt.date(YEAR - 1, 12, 29), "截至上年末累计"
FIRST_ARRIVAL, LAST_ARRIVAL = dt.date(YEAR, 1, 8), dt.date(YEAR, 5, 10)


@dataclass(frozen=True)
class Flow:
    kind: FundFlow.Kind
    day: dt.date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True)
class Source:
    """万元 of one kind, with its `flows` by the end of May in the order of their days."""

    kind: FundKind
    planned: Decimal
    flows: tuple = ()

    @property
    def arrived(self):
        return exact_sum(flow.amount for flow in self.flows if flow.kind == FundFlow.Kind.ARRIVED)


def sources_of(row, invested, told):
    """[Source] of a row. `invested`: 万元 this year; `told`: {FundKind: planned} of what is told elsewhere."""
    rng = random.Random(f"{SEED} funds {row.name}")
    slow = SLOW_PART if rng.random() < SLOW else 1
    sources = _split(rng, row.total - exact_sum(told.values()), _weights(row, told))
    if row.stage != BUILDING:
        return [replace(source, flows=_before_the_start(rng, source)) for source in sources]
    return [replace(source, flows=_flows(rng, row, source, invested, slow)) for source in sources]


def _weights(row, told):
    weights = INDUSTRIES.get(row.industry) or SECTORS.get(row.sector) or OF_COMPANIES
    if row.total < SMALL:
        weights = {kind: weight for kind, weight in weights.items() if kind not in {BOND, LOAN}}
        weights = dict(sorted(weights.items(), key=lambda item: -item[1])[:2])
    left = {kind: weight for kind, weight in weights.items() if kind not in told}
    instead = next(kind for kind in (OWN if row.category == INDUSTRIAL else COUNTY, *INSTEAD) if kind not in told)
    return left or {instead: 1}


def _split(rng, total, weights):
    """[Source], round but for the last one, which takes what is left of `total`."""
    drawn = {kind: weight * rng.uniform(0.8, 1.2) for kind, weight in weights.items()}
    step = Decimal(1) if total < SMALL else Decimal(10) if total < 10 * SMALL else Decimal(100)
    found, left = [], total
    for kind, weight in list(drawn.items())[:-1]:
        part = (total * Decimal(weight / sum(drawn.values())) / step).quantize(Decimal(1)) * step
        found.append(Source(kind, to_cent(part)))
        left -= part
    return [*found, Source(list(drawn)[-1], to_cent(left))]


def _before_the_start(rng, source):
    if source.kind not in FIRST_OF_PLANNED or rng.random() < 0.65:
        return ()
    day = workday(dt.date(YEAR, 3, 4) + dt.timedelta(days=rng.randrange(80)))
    return (Flow(FundFlow.Kind.ARRIVED, day, _round(source.planned * Decimal(rng.uniform(0.2, 0.45)))),)


def _flows(rng, row, source, invested, slow):
    ahead = Decimal(AHEAD[source.kind] * rng.uniform(0.93, 1.05) * slow)
    before = row.before or Decimal(0)
    by_now = _round(min(source.planned * (before + invested) / row.total * ahead, source.planned))
    by_new_year = _round(min(source.planned * before / row.total * ahead, by_now))
    paid = Decimal(rng.uniform(0.8, 0.96))
    flows = list(_pair(BEFORE, BEFORE, by_new_year, paid, TOLD_BEFORE))
    for day, amount in _parts(rng, row, by_now - by_new_year):
        flows += _pair(day, workday(day + dt.timedelta(days=rng.randint(4, 16))), amount, paid)
    return tuple(sorted(flows, key=lambda flow: (flow.day, flow.kind)))


def _pair(arrived_on, paid_on, amount, paid, note=""):
    if amount > 0:
        yield Flow(FundFlow.Kind.ARRIVED, arrived_on, amount, note)
    if amount > 0 and _round(amount * paid) > 0:
        yield Flow(FundFlow.Kind.PAID, paid_on, _round(amount * paid), note)


def _parts(rng, row, amount):
    """(day, 万元) of what arrived this year: in one to three parts, since the works began."""
    if amount <= 0:
        return
    first = max(row.start.first_day, FIRST_ARRIVAL)
    span = max((LAST_ARRIVAL - first).days, 1)
    number = 1 if amount < 60 or span < 30 else rng.randint(2, 3)
    weights = [rng.uniform(0.7, 1.3) for _ in range(number)]
    left = amount
    for place, weight in enumerate(weights):
        part = left if place == number - 1 else _round(amount * Decimal(weight / sum(weights)))
        left -= part
        yield workday(first + dt.timedelta(days=int(span * (place + rng.random()) / number))), part


def _round(amount):
    """Down to whole 万元, and to tens where it is much, so that parts never exceed the whole."""
    step = Decimal(1) if amount < SMALL else Decimal(10)
    return to_cent(amount // step * step)
