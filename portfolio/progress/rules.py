"""The thresholds that are in force on a day. Their sources: reference/domain.md §3.

Yinchuan 2025: 10 and 30 percentage points, 3 months to start, 1 and 2 months to register. Wuhan: 80 % and 60 % of the
calendar's share. 惠东 2022: 120 % of the year's plan. 入统 begins at 500 万元.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Subquery

from portfolio.models.judging import LightRule, Yardstick
from portfolio.progress.figures import calendar_progress


@dataclass(frozen=True)
class Thresholds:
    """Where the lights change. A value on the border belongs to the milder light. Version 0 is the default.

    The fields are those of `LightRule`: percentage points, percent of the calendar's share, months, 万元.
    """

    version: int = 0
    since: dt.date | None = None
    yardstick: str = Yardstick.POINTS
    yellow_points: Decimal = Decimal(10)
    red_points: Decimal = Decimal(30)
    yellow_ratio: Decimal = Decimal(80)
    red_ratio: Decimal = Decimal(60)
    year_factor: Decimal = Decimal(1)
    grace_months: int = 0
    start_red_months: int = 3
    registration_yellow_months: int = 1
    registration_red_months: int = 2
    registration_from: Decimal = Decimal(500)

    @classmethod
    def of(cls, rule):
        """From a stored `LightRule`."""
        return cls(**{field.name: getattr(rule, field.name) for field in dataclasses.fields(cls)})

    @property
    def by_ratio(self):
        return self.yardstick == Yardstick.RATIO

    def expected_of_sums(self, year, day):
        """序时进度 that a sum of plans is held against: by the calendar, times what the county asks of a year."""
        return calendar_progress(year, day, self.year_factor)

    @property
    def name(self):
        return f"第 {self.version} 版（自 {self.since} 起）" if self.version else "默认规则"


DEFAULTS = Thresholds()


def rules_on(county, day):
    """The `Thresholds` in force in the county at the end of `day`. A version never starts before it is made."""
    key = f"light-rules:{county.pk}:{county.data_version}:{day}"
    return cache.get_or_set(key, lambda: _read(county, day))


def version_on(county, day):
    """The key of the version in force, to be read beside other things in their query; NULL where the default holds."""
    return Subquery(LightRule.objects.begun(county, day).values("pk")[:1])


def thresholds_of(pk):
    """The `Thresholds` of that version. It is never changed, so it stays known whatever is written."""
    if pk is None:
        return DEFAULTS
    return cache.get_or_set(f"light-rule:{pk}", lambda: Thresholds.of(LightRule.objects.get(pk=pk)))


def _read(county, day):
    rule = LightRule.objects.in_force(county, day)
    return Thresholds.of(rule) if rule else DEFAULTS
