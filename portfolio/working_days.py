"""Working days of mainland China, with the State Council's make-up days (chinesecalendar).

The yearly notice is published each autumn. Beyond the last year the library knows, Monday to Friday count as working
days except the holidays that the regulation on statutory holidays itself dates in the Gregorian calendar; `is_known`
says whether that is so, for the page to tell. A county's own exceptions come first.
"""

import datetime as dt

import chinese_calendar

# 全国年节及纪念日放假办法, as amended for 2025: New Year's Day, May Day (two days), National Day (three days).
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
ONE_DAY = dt.timedelta(days=1)


def is_known(day):
    """Whether the make-up days of that year are published and known here."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_working_day(day, days_off=frozenset(), days_on=frozenset()):
    if day in days_off or day in days_on:
        return day in days_on
    if is_known(day):
        return chinese_calendar.is_workday(day)
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def next_working_day(day, days_off=frozenset(), days_on=frozenset()):
    """`day` itself when it is one."""
    while not is_working_day(day, days_off, days_on):
        day += ONE_DAY
    return day
