import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio import progress
from portfolio.models.judging import Light


def rounded(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


# Published figures (reference/domain.md §13): what was done, what was planned, what the county printed.


@pytest.mark.parametrize(
    ("done", "planned", "printed"),
    [
        ("629.0", "647.4", "97.2"),
        ("96.4", "304", "31.7"),
        ("88.6", "236.2", "37.5"),
        ("362.32", "561.86", "64.49"),
        ("77.57", "63.27", "122.6"),
        ("28.78", "19", "151.47"),
        ("26.4", "22.67", "116.45"),
        ("25800", "20000", "129"),
        ("201.64", "515.78", "39.09"),
    ],
)
def test_completion_is_what_counties_publish(done, planned, printed):
    places = len(printed.partition(".")[2])

    assert rounded(progress.completion(Decimal(done), Decimal(planned)), places) == Decimal(printed)


def test_completion_of_one_county_is_within_its_own_rounding():
    """7.7 of 67.9 was printed as 11.4 %."""
    assert abs(progress.completion(Decimal("7.7"), Decimal("67.9")) - Decimal("11.4")) < Decimal("0.1")


@pytest.mark.parametrize(
    ("completed", "day", "printed"),
    [
        ("97.158", dt.date(2023, 10, 31), "13.8"),  # 江门: 629.0 of 647.4
        ("31.7", dt.date(2024, 4, 30), "-1.6"),  # 惠东
        ("56.5", dt.date(2023, 5, 31), "14.8"),  # 四川
        ("30.9", dt.date(2023, 3, 31), "5.9"),  # 江门
    ],
)
def test_deviation_is_what_counties_publish(completed, day, printed):
    expected = progress.calendar_progress(day.year, day)

    assert rounded(progress.deviation(Decimal(completed), expected), 1) == Decimal(printed)


def test_a_county_may_aim_at_120_percent():
    """惠东 2022: 82.2 % in August was 2.2 points ahead of 8/12 × 120 %."""
    expected = progress.calendar_progress(2022, dt.date(2022, 8, 31), factor=Decimal("1.2"))

    assert progress.deviation(Decimal("82.2"), expected) == Decimal("2.2")


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(57, 67, "85.07"), (136, 171, "79.5"), (206, 255, "80.8"), (33, 50, "66"), (7, 15, "46.7")],
)
def test_a_start_rate_is_what_counties_publish(part, whole, printed):
    rate = progress.Rate("应开工", part, whole)

    assert rounded(rate.percent, len(printed.partition(".")[2])) == Decimal(printed)


# Completion, calendar, deviation


@pytest.mark.parametrize("planned", [None, Decimal(0)])
def test_completion_without_a_plan_is_none_and_not_zero(planned):
    assert progress.completion(Decimal(5), planned) is None


def test_completion_of_nothing_reported_is_none_and_of_nothing_done_zero():
    assert progress.completion(None, Decimal(5)) is None
    assert progress.completion(Decimal(0), Decimal(5)) == 0


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (dt.date(2023, 12, 31), 0),
        (dt.date(2024, 1, 1), 0),
        (dt.date(2024, 1, 30), 0),
        (dt.date(2024, 1, 31), 1),
        (dt.date(2024, 2, 28), 1),
        (dt.date(2024, 2, 29), 2),
        (dt.date(2024, 5, 30), 4),
        (dt.date(2024, 5, 31), 5),
        (dt.date(2024, 12, 31), 12),
        (dt.date(2025, 1, 1), 12),
    ],
)
def test_a_month_has_elapsed_at_the_end_of_its_last_day(today, months):
    assert progress.months_elapsed(2024, today) == months


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("13.82", "超前 13.8 个百分点"),
        ("-1.63", "落后 1.6 个百分点"),
        ("0.04", "与序时持平"),
        ("-0.05", "落后 0.1 个百分点"),
    ],
)
def test_a_deviation_is_told_in_words(value, told):
    assert progress.points(Decimal(value)) == told


def test_no_deviation_is_told_as_none():
    assert progress.points(None) == "—"


# Months


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (dt.date(2024, 3, 31), dt.date(2024, 4, 29), 0),
        (dt.date(2024, 3, 31), dt.date(2024, 4, 30), 1),
        (dt.date(2024, 3, 31), dt.date(2024, 6, 29), 2),
        (dt.date(2024, 3, 31), dt.date(2024, 6, 30), 3),
        (dt.date(2024, 1, 15), dt.date(2024, 2, 14), 0),
        (dt.date(2024, 1, 15), dt.date(2024, 2, 15), 1),
    ],
)
def test_whole_months_end_on_the_same_day_or_on_the_last(since, until, months):
    assert progress.whole_months(since, until) == months


@given(
    day=st.dates(dt.date(2016, 1, 1), dt.date(2030, 12, 31)),
    since=st.dates(dt.date(2014, 1, 1), dt.date(2030, 12, 31)),
    months=st.integers(1, 24),
)
def test_months_ago_is_the_turning_point_of_whole_months(day, since, months):
    assert (progress.whole_months(since, day) >= months) == (since <= progress.months_ago(day, months))


@pytest.mark.parametrize(
    ("day", "months", "ago"),
    [
        (dt.date(2024, 6, 30), 3, dt.date(2024, 3, 31)),
        (dt.date(2024, 6, 29), 3, dt.date(2024, 3, 29)),
        (dt.date(2024, 3, 30), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 1, 15), 2, dt.date(2023, 11, 15)),
        (dt.date(1, 1, 15), 2, dt.date.min),
    ],
)
def test_months_ago_ends_a_month_with_a_month(day, months, ago):
    assert progress.months_ago(day, months) == ago


def test_light_is_a_word_and_a_shape():
    assert [(light.colour, light.shape, light.label) for light in reversed(Light)] == [
        ("绿", "●", "正常"),
        ("灰", "○", "停缓建或无计划"),
        ("黄", "▲", "滞后"),
        ("红", "■", "严重滞后"),
    ]
