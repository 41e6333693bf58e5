"""The 271 generated rows of the 2024 plan table: the same every time, and exact to the cent in their sums."""

import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal

from portfolio.partial_dates import PartialDate, Precision
from qinyuan_projects.demo import people, progress
from qinyuan_projects.demo.kinds import OWN_TOWN, Scale, invented_places, kinds_of
from qinyuan_projects.demo.rows import (
    BUILDING,
    IN_OPERATION,
    INDUSTRIAL,
    INFRASTRUCTURE,
    NOT_REGISTERED,
    PLANNED,
    REGISTERED,
    RESERVE,
    DemoRow,
    month,
)

SEED = 140431
YEAR = 2024
NOW = dt.date(2024, 5, 31)
TOTAL = Decimal("5157800.00")  # 515.78 亿元
PLANNED_TOTAL = Decimal("2016400.00")  # 201.64 亿元
CENT = Decimal("0.01")
LARGEST = Decimal(198000)

ZONE_TOWN, SEAT_TOWN = "沁源经济技术开发区", "沁河镇"
TOWN_WEIGHTS = {
    "沁河镇": 17,
    "郭道镇": 14,
    "灵空山镇": 12,
    "王和镇": 9,
    "王陶镇": 9,
    "景凤镇": 8,
    "中峪乡": 8,
    "法中乡": 8,
    "交口乡": 9,
    "聪子峪乡": 7,
    "韩洪乡": 7,
    "赤石桥乡": 7,
}
DECLARED = ("正在编制", "已完成", "已纳入")  # what a reserve project's progress begins with once it has been declared
STAGE_WEIGHTS = {RESERVE: 10, PLANNED: 26, BUILDING: 48, IN_OPERATION: 16}
PRIVATE = ("煤业公司", "焦化公司", "新能源公司", "制造公司", "农业公司", "文旅公司", "物流公司", "商贸公司")


def generated_rows():
    """153 + 122 less the four stated projects: 151 industrial rows, then 120 of infrastructure and livelihood."""
    rng = random.Random(SEED)
    names = set()
    rows = [
        row
        for category in (INDUSTRIAL, INFRASTRUCTURE)
        for kind in kinds_of(category)
        for row in _rows_of_kind(rng, category, kind, names)
    ]
    _fit_totals(rng, rows)
    for row in rows:
        _set_life(rng, row)
    _fit_plans(rng, rows)
    _set_codes(rng, rows)
    _set_leaders(rng, rows)
    return rows


def _rows_of_kind(rng, category, kind, names):
    places = rng.sample(invented_places(), kind.count)
    towns = _distinct_towns(rng, kind.count)
    for number in range(kind.count):
        scale, place = Scale(kind.scales[number % len(kind.scales)]), places[number]
        town = {"zone": ZONE_TOWN, "seat": SEAT_TOWN, "county": ""}.get(kind.where, towns[number])
        name = kind.name.format(n=scale, p=place, t=town)
        if name in names:
            raise ValueError(f"two demo projects are called {name}")
        names.add(name)
        yield DemoRow(
            name=name,
            category=category,
            sector=kind.sector,
            industry=kind.industry,
            nature=kind.nature,
            town=town,
            address=_address(rng, kind, town, place),
            content=rng.choice(kind.contents).format(n=scale, p=place, t=town),
            total=Decimal(scale * kind.cost * rng.lognormvariate(0, 0.16)),
            unit=_own(kind.unit, town),
            builder=_builder(rng, kind, town),
            works=kind.works,
        )


def _distinct_towns(rng, count):
    """Townships by weight, as many different ones as there are."""
    left, towns = dict(TOWN_WEIGHTS), []
    while len(towns) < count:
        town = rng.choices(list(left), left.values())[0]
        towns.append(town)
        del left[town]
    return towns


def _address(rng, kind, town, place):
    match kind.where:
        case "zone":
            return f"{ZONE_TOWN}{rng.choice(['', '一号地块', '二号地块', '三号地块'])}"
        case "seat":
            return f"县城{rng.choice('东西南北')}部"
        case "county":
            return "全县"
    return town if rng.random() < 0.2 else f"{town}{place}村"


def _own(unit, town):
    """`OWN_TOWN` stands for the government of the project's township."""
    return f"{town}人民政府" if unit == OWN_TOWN else unit


def _builder(rng, kind, town):
    if kind.builder in PRIVATE:
        return f"{kind.builder}{rng.choice(people.LEADER_MARKS[:10])}"
    return _own(kind.builder, town)


def written(rng, amount):
    """An amount as people write one: mostly round, sometimes to the 万元, now and then with two decimals."""
    step = Decimal(10) if amount < 1000 else Decimal(50) if amount < 10000 else Decimal(100)
    step = rng.choices([step, Decimal(1), CENT], [60, 27, 13])[0]
    return max((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step, step).quantize(CENT)


def _fit_totals(rng, rows):
    """Scale the drawn totals to the county's, round each, and let one ordinary project take what rounding left."""
    small = Decimal(600)  # small works keep their price: a playground stays at 50 万元
    fixed = sum(row.total for row in rows if row.total < small)
    factor = (TOTAL - fixed) / sum(row.total for row in rows if row.total >= small)
    for row in rows:
        row.total = written(rng, min(row.total * (factor if row.total >= small else 1), LARGEST))
    _hand_out(rng, sorted(rows, key=lambda row: row.total)[-60:-20], "total", TOTAL - sum(row.total for row in rows))


def _hand_out(rng, takers, attribute, rest):
    """Add `rest` to `takers` in uneven tens; the last one takes what is left of it."""
    for row in takers[:-1]:
        part = (rest / len(takers) * Decimal(rng.uniform(0.2, 1.8)) / 10).quantize(Decimal(1)) * 10
        setattr(row, attribute, getattr(row, attribute) + part)
        rest -= part
    setattr(takers[-1], attribute, getattr(takers[-1], attribute) + rest)


def _months(day, count):
    index = day.year * 12 + day.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def _duration(rng, total):
    """Months of building, by size."""
    for limit, months in ((1000, (4, 9)), (5000, (8, 15)), (20000, (12, 22)), (60000, (18, 30))):
        if total < limit:
            return rng.randint(*months)
    return rng.randint(24, 40)


def _set_life(rng, row):
    """Stage, dates, percentage, words, target and 入统 that fit one another on `NOW`."""
    row.stage = rng.choices(list(STAGE_WEIGHTS), STAGE_WEIGHTS.values())[0]
    months = _duration(rng, row.total)
    {RESERVE: _in_reserve, PLANNED: _to_start, BUILDING: _being_built, IN_OPERATION: _in_operation}[row.stage](
        rng, row, months
    )
    row.target = rng.choice(progress.TARGETS[row.stage])
    row.level = _level(rng, row)
    if row.stage in (BUILDING, IN_OPERATION) and row.total >= 500:
        row.registration = REGISTERED if rng.random() < 0.86 else NOT_REGISTERED
    if row.stage in (BUILDING, IN_OPERATION) and row.start.first_day.year < YEAR and row.nature == "新建":
        row.nature = rng.choice(("续建", "续建", "新建"))


def _in_reserve(rng, row, months):
    row.progress = rng.choice(progress.RESERVE[row.category])
    if rng.random() < 0.5:
        row.start = PartialDate(dt.date(2025, 1, 1), Precision.YEAR)
        row.finish = PartialDate(dt.date(2025 + months // 12, 1, 1), Precision.YEAR)


def _to_start(rng, row, months):
    start = dt.date(YEAR, rng.choice((3, 4, 5, 6, 6, 7, 7, 8, 9, 10)), 1)
    in_quarters = start.month >= 7 and rng.random() < 0.3
    row.start = (
        PartialDate(_months(start, -((start.month - 1) % 3)), Precision.QUARTER)
        if in_quarters
        else month(start.year, start.month)
    )
    finish = _months(start, months)
    row.finish = month(finish.year, finish.month)
    row.progress = rng.choice(progress.PLANNED[row.category])


def _being_built(rng, row, months):
    finish = _months(dt.date(YEAR, 6, 1), rng.randint(-1, max(2, months - 2)))
    start = min(max(_months(finish, -months), dt.date(2021, 3, 1)), dt.date(YEAR, 5, 1))
    row.start, row.finish = _start(rng, start), month(finish.year, finish.month)
    done = ((NOW - start).days / max((finish - start).days, 60)) * rng.uniform(0.7, 1.08)
    row.percent = min(max(round(done * 100), 2), 97)
    row.progress = progress.steps_at(row.works, row.percent)


def _in_operation(rng, row, months):
    finish = dt.date(*rng.choice(((2023, 11), (2023, 12), (2024, 1), (2024, 3), (2024, 4), (2024, 5))), 1)
    start = max(_months(finish, -months), dt.date(2021, 3, 1))
    row.start, row.finish, row.percent = _start(rng, start), month(finish.year, finish.month), 100
    row.progress = rng.choice(progress.of_finished(row.works))


def _start(rng, day):
    if rng.random() < 0.35:
        return PartialDate(day.replace(day=rng.randint(2, 28)), Precision.DAY)
    return month(day.year, day.month)


def _level(rng, row):
    if row.total >= 80000:
        return rng.choice(("省重点", "市重点"))
    if row.total >= 20000:
        return rng.choice(("市重点", "市重点", "县重点"))
    return "县重点" if row.total >= 1000 or rng.random() < 0.3 else ""


def _fit_plans(rng, rows):
    """This year's planned investment: never more than what is left of a project, and exact in sum."""
    left, drawn = {}, {}
    for row in rows:
        row.before = _invested_before(rng, row)
        left[row.name] = row.total - (row.before or 0)
        if row.stage != RESERVE:
            drawn[row.name] = _share_of_this_year(rng, row)
    power = _power_for(PLANNED_TOTAL, left, drawn)
    for row in rows:
        if row.name in drawn:
            share = Decimal(drawn[row.name] ** power)
            row.planned = left[row.name] if share >= 1 else min(written(rng, left[row.name] * share), left[row.name])
    takers = [row for row in rows if drawn.get(row.name, 1) < 0.9 and row.planned < left[row.name] * Decimal("0.9")]
    rest = PLANNED_TOTAL - sum(row.planned or 0 for row in rows)
    _hand_out(rng, sorted(takers, key=lambda row: row.total)[-30:], "planned", rest)


def _share_of_this_year(rng, row):
    """The part of what is left that falls into this year: by its months, with some ambition."""
    begin = max(row.start.first_day, dt.date(YEAR, 1, 1))
    months = max((row.finish.last_day - begin).days / 30, 1)
    this_year = 12 - begin.month + 1
    return 1.0 if this_year >= months else min(this_year / months * rng.uniform(0.85, 1.2), 0.97)


def _invested_before(rng, row):
    """What was invested until the end of last year; None for what had not begun."""
    if row.stage not in (BUILDING, IN_OPERATION) or row.start.first_day.year >= YEAR:
        return None
    days = (row.finish.first_day - row.start.first_day).days or 1
    part = (dt.date(YEAR, 1, 1) - row.start.first_day).days / days * rng.uniform(0.75, 1.0)
    return written(rng, row.total * Decimal(min(max(part, 0.05), 0.88)))


def _power_for(wanted, left, drawn):
    """The exponent under which the drawn shares add up to `wanted`."""
    low, high = 0.05, 8.0
    for _ in range(60):
        power = (low + high) / 2
        if sum(float(left[name]) * share**power for name, share in drawn.items()) > wanted:
            low = power
        else:
            high = power
    return power


def _set_codes(rng, rows):
    """Shape and place are those of a real code; the serial numbers are plainly made up: 000001 and on."""
    for number, row in enumerate(rows, start=1):
        if row.stage == RESERVE:
            row.code = _code_of_reserve(row, number)
            continue
        if rng.random() < 0.08:
            continue
        approved = _months(row.start.first_day, -rng.randint(3, 9))
        if approved < dt.date(2020, 11, 1):
            row.code = f"2020-140431-{row.industry[1:3]}-03-{number:06}"
        else:
            row.code = f"{approved:%y%m}-140431-{rng.choice(('04', '89'))}-{rng.choice(('01', '02', '05'))}-{number:06}"


def _code_of_reserve(row, number):
    """A code is given when a project is declared (赋码): ideas that are only being talked about have none yet."""
    if not row.progress.startswith(DECLARED):
        return ""
    rng = random.Random(f"{SEED} code {row.name}")
    return f"23{rng.randint(5, 12):02}-140431-{rng.choice(('04', '89'))}-{rng.choice(('01', '05'))}-{number:06}"


def _set_leaders(rng, rows):
    """Each leader about a dozen projects; a few small or early ones nobody yet."""
    theirs = [row for row in rows if row.stage != RESERVE and row.total > 1000]
    chosen = {row.name for row in rng.sample(theirs, people.PROJECTS_OF_THAT_LEADER)}
    others = [name for name in people.LEADERS if name != people.LEADER_WITH_ACCOUNT]
    pack = []
    for row in rows:
        if row.name in chosen:
            row.leader = people.LEADER_WITH_ACCOUNT
        elif (row.stage == RESERVE or row.total < 500) and rng.random() < 0.2:
            row.leader = ""
        else:
            pack = pack or rng.sample(others, len(others))
            row.leader = pack.pop()
