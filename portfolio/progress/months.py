"""Months as the rules count them: of a year that have passed, and whole ones between two days."""

import calendar
import datetime as dt

MONTHS = 12


def _last_of_month(year, month):
    return calendar.monthrange(year, month)[1]


def months_elapsed(year, day):
    """Whole months of `year` that have passed at the end of `day`: 5 on 31 May, 4 on the day before."""
    if day.year != year:
        return MONTHS if day.year > year else 0
    return day.month if day.day == _last_of_month(year, day.month) else day.month - 1


def whole_months(since, day):
    """Whole months from `since` to `day`: 31 March to 30 June are three."""
    months = (day.year - since.year) * MONTHS + day.month - since.month
    return max(0, months - (day.day < min(since.day, _last_of_month(day.year, day.month))))


def months_ago(day, months):
    """The latest day since which `months` whole months have passed on `day`: the turning point of `whole_months`."""
    year, month = divmod(day.year * MONTHS + day.month - 1 - months, MONTHS)
    if year < dt.MINYEAR:
        return dt.date.min
    last = _last_of_month(year, month + 1)
    is_last = day.day == _last_of_month(day.year, day.month)
    return dt.date(year, month + 1, last if is_last else min(day.day, last))


def lapse(since, day):
    """3个月, or 21天 within the first month."""
    months = whole_months(since, day)
    return f"{months}个月" if months else f"{(day - since).days}天"
