"""Completion, the calendar's share and their difference, of single plans and of sums."""

from dataclasses import dataclass
from decimal import Decimal

from portfolio.figures import NONE, percent
from portfolio.progress.months import MONTHS, months_elapsed

HUNDRED = Decimal(100)


def ratio(part, whole):
    """`part` as a percentage of `whole`; None where either is missing or there is no whole."""
    return Decimal(part) * HUNDRED / Decimal(whole) if part is not None and whole else None


def completion(ytd, planned):
    """投资完成率: may exceed 100; None without a plan, or with nothing reported."""
    return ratio(ytd, planned)


def calendar_progress(year, day, factor=Decimal(1)):
    """序时进度 by the calendar: whole months passed ÷ 12, times what the county asks of the year."""
    return months_elapsed(year, day) * HUNDRED * factor / MONTHS


def deviation(completed, expected):
    """Percentage points ahead (+) or behind (−); None where there is no completion."""
    return None if completed is None or expected is None else completed - expected


def points(value):
    """How a deviation is told: 超前 13.8 个百分点, 落后 1.6 个百分点, 与序时持平."""
    if value is None:
        return NONE
    told = percent(abs(value)).removesuffix("%")
    if Decimal(told) == 0:
        return "与序时持平"
    return f"{'超前' if value > 0 else '落后'} {told} 个百分点"


@dataclass(frozen=True)
class Rate:
    """A rate with its parts: `of` names the denominator, without which a rate means nothing."""

    of: str
    part: int
    whole: int

    @property
    def percent(self):
        return ratio(self.part, self.whole)
