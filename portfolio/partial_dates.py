"""Dates as officials write them: a day, a month, a quarter or only a year, kept with their precision."""

import calendar
import datetime as dt
import re
import unicodedata
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


EARLIEST_YEAR, LATEST_YEAR = 1980, 2100

_YEAR = r"(?P<year>\d{4}|今年|本年)"
_MONTH_NUMBER, _DAY_NUMBER = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_WRITTEN = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?:{_YEAR}年?)?第?(?P<quarter>[一二三四1-4])季度",
        rf"{_YEAR}年?q(?P<quarter>[1-4])",
        rf"(?:{_YEAR}年?)?{_MONTH_NUMBER}月(?:{_DAY_NUMBER}[日号]?)?份?",
        rf"{_YEAR}[-/.]{_MONTH_NUMBER}(?:[-/.]{_DAY_NUMBER})?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"{_YEAR}年?",
    )
)


def parse_partial_date(text, *, default_year=None):
    """A written date as the period it stands for; None for nothing; `ValueError` in Chinese for anything else.

    `default_year` stands in where the text names none (3月, 一季度) or says 今年; without it those are refused.
    """
    written = unicodedata.normalize("NFKC", text or "").strip()
    compact = re.sub(r"\s+", "", written).lower()
    if not compact:
        return None
    match = next((found for pattern in _WRITTEN if (found := pattern.fullmatch(compact))), None)
    if len(compact) > 20 or match is None:
        raise ValueError(f"“{written[:20]}”不是能识别的日期，请写成 2024-05-31、2024-05、2024年二季度或 2024年。")
    return _period(match.groupdict(), written, default_year)


def _period(parts, written, default_year):
    year = parts.get("year")
    year = int(year) if year and year.isdigit() else default_year
    if year is None:
        raise ValueError(f"“{written}”没有写明年份，请写成 2024-05 或 2024年二季度这样的日期。")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"“{written}”的年份应在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间。")
    if quarter := parts.get("quarter"):
        number = QUARTER_NAMES.find(quarter) + 1 or int(quarter)
        return PartialDate(dt.date(year, number * 3 - 2, 1), Precision.QUARTER)
    month, day = parts.get("month"), parts.get("day")
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(dt.date(year, int(month or 1), int(day or 1)), precision)
    except ValueError:
        raise ValueError(f"“{written}”不是日历上有的日期，请核对月和日。") from None
