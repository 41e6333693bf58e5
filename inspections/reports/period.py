"""What a report is about: a quarter or a month of a year."""

import calendar
import datetime as dt
from dataclasses import dataclass

from inspections.models import ReportKind

ORDINALS = "一二三四"


@dataclass(frozen=True)
class Period:
    """`number` is the quarter of a quarterly report (1–4), else the month (1–12); ValueError for any other."""

    kind: str
    year: int
    number: int

    def __post_init__(self):
        if not 1 <= self.number <= self.last_number:
            raise ValueError(f"{self.number} is no period of a {self.kind} report")

    @property
    def is_quarter(self):
        return self.kind == ReportKind.QUARTERLY

    @property
    def last_number(self):
        return 4 if self.is_quarter else 12

    @property
    def _months(self):
        return (self.number * 3 - 2, self.number * 3) if self.is_quarter else (self.number, self.number)

    @property
    def first_month(self):
        return self._months[0]

    @property
    def last_month(self):
        return self._months[1]

    @property
    def first_day(self):
        return dt.date(self.year, self.first_month, 1)

    @property
    def last_day(self):
        return dt.date(self.year, self.last_month, calendar.monthrange(self.year, self.last_month)[1])

    @property
    def label(self):
        """`2024年第一季度`, `2024年5月`."""
        return f"{self.year}年{f'第{ORDINALS[self.number - 1]}季度' if self.is_quarter else f'{self.number}月'}"

    @property
    def word(self):
        """How the report calls its own period: 本季度, 本月."""
        return "本季度" if self.is_quarter else "本月"

    def default_day(self, today):
        """The last day that figures of this period can speak of."""
        return min(self.last_day, today)

    def holds(self, day):
        """Whether a report of this period may speak of that day: the period has begun."""
        return self.first_day <= day


def latest(kind, today):
    """The period that `today` lies in."""
    number = (today.month + 2) // 3 if kind == ReportKind.QUARTERLY else today.month
    return Period(kind, today.year, number)
