"""Weeks and their deadlines, the hard cases first."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portfolio.weeks import Week
from portfolio.working_days import is_known, is_working_day, next_working_day

SHANGHAI = ZoneInfo("Asia/Shanghai")


def noon(*day):
    return dt.datetime(*day, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ((2026, 12, 27), "2026-W52"),
        ((2026, 12, 28), "2026-W53"),
        ((2027, 1, 3), "2026-W53"),
        ((2027, 1, 4), "2027-W01"),
        ((2024, 12, 29), "2024-W52"),
        ((2024, 12, 30), "2025-W01"),
        ((2024, 5, 31), "2024-W22"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day, week):
    assert str(Week.of(dt.date(*day))) == week


def test_a_week_runs_from_monday_to_sunday_across_the_year():
    week = Week(2026, 53)

    assert (week.monday, week.sunday) == (dt.date(2026, 12, 28), dt.date(2027, 1, 3))
    assert (str(week.previous), str(week.next)) == ("2026-W52", "2027-W01")


@pytest.mark.parametrize("text", ["2024-W53", "2024-W00", "2024-22", "", "2024-W5", "２０２４-W22"])
def test_a_week_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Week.parse(text)


def test_reports_are_due_on_friday_noon():
    assert Week(2024, 22).due_at() == noon(2024, 5, 31)


def test_a_friday_of_spring_festival_moves_to_the_first_working_day_a_made_up_sunday():
    # 2024: off from 10 to 17 February, Sunday 18 February is worked.
    assert Week(2024, 7).due_at() == noon(2024, 2, 18)


def test_a_friday_before_spring_festival_stays():
    assert Week(2024, 6).due_at() == noon(2024, 2, 9)


def test_new_year_s_day_of_a_year_without_a_published_calendar_is_still_off():
    friday = dt.date(2027, 1, 1)

    assert not is_known(friday)
    assert Week(2026, 53).due_at() == noon(2027, 1, 4)


def test_beyond_the_known_years_weekdays_are_worked():
    assert is_working_day(dt.date(2035, 3, 2))
    assert not is_working_day(dt.date(2035, 3, 3))


def test_a_county_s_own_exceptions_come_first():
    friday, saturday = dt.date(2024, 5, 31), dt.date(2024, 6, 1)

    assert next_working_day(friday, days_off={friday}, days_on={saturday}) == saturday
    assert Week(2024, 22).due_at(days_off={friday}) == noon(2024, 6, 3)
