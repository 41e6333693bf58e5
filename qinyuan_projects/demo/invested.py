"""What each project of the demo had invested this year by the end of May: exact in sum, and like its works."""

import datetime as dt
import random
from decimal import Decimal

from qinyuan_projects.demo import defects
from qinyuan_projects.demo.generation import NOW, SEED, YEAR, written
from qinyuan_projects.demo.rows import BUILDING, IN_OPERATION

# 38.2 % of the year's 201.64 亿元, 3.5 points behind the calendar.
INVESTED = Decimal("770264.80")
MOST = 0.985
OVER = Decimal("1.03")


def by_may(rows):
    """{project name: 万元}; nothing for the projects that the report names, whose money it does not tell."""
    shares = {row.name: _share(row) for row in rows if row.planned and row.stage in (BUILDING, IN_OPERATION)}
    planned = {row.name: row.planned for row in rows if row.name in shares}
    over = {name: (planned[name] * OVER).quantize(Decimal(1)) for name in planned if _is_over(name)}
    power = _power_for(INVESTED - sum(over.values()), planned, {name: shares[name] for name in shares.keys() - over})
    invested = {row.name: Decimal("0.00") for row in rows if row.planned}
    for name in shares:
        amount = planned[name] * Decimal(min(shares[name] ** power, MOST))
        invested[name] = over.get(name) or min(written(_rng(name), amount), planned[name])
    _take_up_the_rest(invested, planned)
    return invested


def _is_over(name):
    return defects.of(name, defects.Kind.ABOVE_PLAN) is not None


def _rng(name):
    return random.Random(f"{SEED} invested {name}")


def _share(row):
    """The part of this year's works that should be done by now, with some luck."""
    if row.stage == IN_OPERATION:
        return _rng(row.name).uniform(0.75, 0.98)
    begin = max(row.start.first_day, dt.date(YEAR, 1, 1))
    end = max(min(row.finish.last_day, dt.date(YEAR, 12, 31)), NOW)
    return max((NOW - begin).days / ((end - begin).days + 20), 0.04) * _rng(row.name).uniform(0.72, 1.05)


def _power_for(wanted, planned, shares):
    """The exponent under which the shares of the plans add up to `wanted`."""
    low, high = 0.05, 8.0
    for _ in range(60):
        power = (low + high) / 2
        if sum(float(planned[name]) * min(share**power, MOST) for name, share in shares.items()) > wanted:
            low = power
        else:
            high = power
    return power


def _take_up_the_rest(invested, planned):
    """What rounding left goes to the project with the most room."""
    taker = max(planned, key=lambda name: planned[name] - invested[name])
    invested[taker] += INVESTED - sum(invested.values())
