"""Dates as officials write them: a day, a month, a quarter or only a year, kept with their precision."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db import models


class Precision(models.TextChoices):
    DAY = "d", "日"
    MONTH = "m", "月"
    QUARTER = "q", "季度"
    YEAR = "y", "年"


QUARTER_NAMES = "一二三四"


@dataclass(frozen=True)
class PartialDate:
    """A period that a written date stands for. A start is stored as `first_day`, a finish as `last_day`."""

    first_day: dt.date
    precision: Precision

    @classmethod
    def from_stored(cls, day, precision):
        """From either end of the period, as the database holds it; None stays None."""
        if day is None:
            return None
        starts = {
            Precision.DAY: day,
            Precision.MONTH: day.replace(day=1),
            Precision.QUARTER: dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
            Precision.YEAR: dt.date(day.year, 1, 1),
        }
        precision = Precision(precision or Precision.DAY)
        return cls(starts[precision], precision)

    @property
    def last_day(self):
        months = {Precision.DAY: 0, Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}[self.precision]
        if not months:
            return self.first_day
        month = self.first_day.month + months - 1
        return dt.date(self.first_day.year, month, calendar.monthrange(self.first_day.year, month)[1])

    def __str__(self):
        day = self.first_day
        match self.precision:
            case Precision.DAY:
                return day.isoformat()
            case Precision.MONTH:
                return f"{day:%Y-%m}"
            case Precision.QUARTER:
                return f"{day.year}年{QUARTER_NAMES[(day.month - 1) // 3]}季度"
            case Precision.YEAR:
                return f"{day.year}年"
