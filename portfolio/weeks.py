"""Weeks of the dispatch (一周一调度): ISO weeks, Monday to Sunday, and the moment a week's reports are due.

A week belongs to the plan year of its Thursday, which is what ISO 8601 calls its year: 2026-12-28 … 2027-01-03 is
2026-W53. Deadlines are in Asia/Shanghai, the settings' time zone.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from portfolio.working_days import next_working_day

DUE_WEEKDAY = 4  # Friday, counted from Monday = 0
DUE_TIME = dt.time(12)
WRITTEN = re.compile(r"^(\d{4})-W(\d{2})$", re.ASCII)


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week; `Week(2026, 53)`. Raises ValueError for a week that its year does not have."""

    year: int
    number: int

    def __post_init__(self):
        dt.date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def of(cls, day):
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def last_of(cls, year):
        """28 December always lies in the year's last week."""
        return cls.of(dt.date(year, 12, 28))

    @classmethod
    def parse(cls, text):
        """`2024-W22` → Week(2024, 22); ValueError for anything else."""
        match = WRITTEN.match(text)
        if not match:
            raise ValueError(f"“{text}”不是周次，应写成 2024-W22。")
        return cls(int(match[1]), int(match[2]))

    def __str__(self):
        return f"{self.year}-W{self.number:02}"

    @property
    def label(self):
        return f"{self.year}年第{self.number}周"

    @property
    def monday(self):
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self):
        return self.monday + dt.timedelta(days=6)

    def shifted(self, weeks):
        return Week.of(self.monday + dt.timedelta(weeks=weeks))

    @property
    def next(self):
        return self.shifted(1)

    @property
    def previous(self):
        return self.shifted(-1)

    def due_at(self, days_off=frozenset(), days_on=frozenset()):
        """Friday 12:00, or 12:00 of the next working day when that Friday is none; an aware datetime."""
        friday = self.monday + dt.timedelta(days=DUE_WEEKDAY)
        day = next_working_day(friday, days_off, days_on)
        return timezone.make_aware(dt.datetime.combine(day, DUE_TIME))
