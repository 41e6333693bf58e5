"""Where a plan, and the sum of all, will stand at the year's end."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.forecast import CALENDAR, OWN, STRAIGHT, Course, Snapshot, quantile

YEAR_END = dt.date(2024, 12, 31)
WEEK_22 = dt.date(2024, 6, 2)


def course(reports, planned=366, **fields):
    return Course(1, None if planned is None else Decimal(planned), fields.pop("targets", {}), reports, **fields)


def forecast(course_, day=WEEK_22, end=YEAR_END, rule=OWN):
    return Snapshot(2024, day, [course_]).forecasts(end, rule)


def steady(weekly, weeks=22):
    return {week: Decimal(weekly * week) for week in range(1, weeks + 1)}


def test_a_week_goes_on_at_the_pace_and_then_by_the_calendar():
    told = forecast(course(steady(2)), end=WEEK_22 + dt.timedelta(days=21))

    assert told[0].middle == Decimal(44 + 2 + 14)


def test_monthly_targets_take_the_calendars_place():
    plan = course(steady(2), targets={12: Decimal(100)})

    assert forecast(plan)[0].middle == Decimal(44 + 2 + 100)


def test_the_middle_stops_at_the_years_plan():
    assert forecast(course(steady(20), planned=500))[0].middle == Decimal(500)


def test_what_is_beyond_its_plan_stays_where_it_is():
    assert forecast(course({22: Decimal(600)}, planned=500))[0].middle == Decimal(600)


def test_a_plan_without_reports_has_no_forecast():
    assert forecast(course({})) == []


@pytest.mark.parametrize("planned", [0, None])
def test_a_plan_of_nothing_misses_nothing(planned):
    told = forecast(course(steady(2), planned=planned))[0]

    assert (told.middle, told.shortfall) == (Decimal(44), None)


def test_what_stands_still_stays_where_it_is():
    told = forecast(course(steady(2), stands_still=True))[0]

    assert (told.low, told.middle, told.high) == (Decimal(44), Decimal(44), Decimal(44))


def test_a_year_that_is_over_is_what_was_reported():
    told = forecast(course(steady(2, 52)), day=dt.date(2025, 3, 1))[0]

    assert (told.low, told.middle, told.high) == (Decimal(104), Decimal(104), Decimal(104))


def test_the_range_holds_the_middle():
    told = forecast(course({week: Decimal(week * week) for week in range(1, 23)}, planned=5000))[0]

    assert told.low <= told.middle <= told.high


def test_the_naive_rules_are_what_their_names_say():
    plan = course({22: Decimal(77)}, planned=366)

    assert forecast(plan, rule=STRAIGHT)[0].middle == Decimal("183.00")
    assert forecast(plan, rule=CALENDAR, end=WEEK_22)[0].middle == Decimal("154.00")


def test_a_quantile_lies_between_its_neighbours():
    assert quantile([Decimal(0), Decimal(10)], Decimal("0.1")) == 1


def test_a_week_without_a_report_carries_on_what_was_last_said():
    plan = course({2: Decimal(5), 4: Decimal(9)})

    assert [plan.ytd(week) for week in (1, 2, 3, 4, 40)] == [None, 5, 5, 9, 9]


def test_a_month_s_targets_are_spread_over_its_days():
    plan = course({}, targets={1: Decimal(31), 2: Decimal(29)})

    assert [plan.planned_until(dt.date(2024, *day)) for day in ((1, 10), (1, 31), (2, 10), (12, 31))] == [
        10,
        31,
        41,
        60,
    ]


@pytest.mark.parametrize(("day", "closed"), [((6, 1), 21), ((6, 2), 22), ((6, 3), 22), ((1, 3), 0)])
def test_a_week_counts_as_over_on_its_sunday(day, closed):
    assert Snapshot(2024, dt.date(2024, *day), []).closed_week == closed


def test_a_plan_has_no_range_before_there_is_a_past():
    told = forecast(course({1: Decimal(2)}), day=dt.date(2024, 1, 7))[0]

    assert (told.low, told.high) == (None, None)


# The sum


def by_turns(day=WEEK_22):
    """Two plans that bring four a week by turns, as much as the calendar asks of both."""
    odd = {week: Decimal(4 * ((week + 1) // 2)) for week in range(1, 23)}
    even = {week: Decimal(4 * (week // 2)) for week in range(1, 23)}
    planned = Decimal(2 * 366) / 7
    return Snapshot(2024, day, [Course(1, planned, {}, odd), Course(2, planned, {}, even)])


def test_the_sum_adds_up_the_middles():
    snapshot = by_turns()

    lines = snapshot.forecasts(YEAR_END)
    total = snapshot.total(lines, YEAR_END)

    assert (total.count, total.ytd, total.middle) == (2, Decimal(88), sum(line.middle for line in lines))


def test_the_sum_s_range_is_that_of_past_sums_and_not_the_sum_of_ranges():
    snapshot = by_turns()

    lines = snapshot.forecasts(YEAR_END)
    total = snapshot.total(lines, YEAR_END)

    in_sum = total.high - total.low
    assert in_sum < sum(line.high - line.low for line in lines) / 2
    assert total.high - total.middle == total.middle - total.low


def test_the_sum_has_no_range_before_there_is_a_past():
    first_week = dt.date(2024, 1, 7)
    snapshot = Snapshot(2024, first_week, [course({1: Decimal(2)})])

    total = snapshot.total(snapshot.forecasts(YEAR_END), YEAR_END)

    assert (total.low, total.high) == (None, None)


def test_a_naive_sum_has_no_range():
    snapshot = by_turns()

    total = snapshot.total(snapshot.forecasts(YEAR_END, CALENDAR), YEAR_END, CALENDAR)

    assert (total.low, total.middle, total.high) == (None, Decimal("209.14"), None)
