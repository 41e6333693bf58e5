import dataclasses
import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import pytest

from portfolio import progress
from portfolio.models.register import Registration, Stage
from portfolio.partial_dates import PartialDate, Precision
from portfolio.progress import Facts, Light, judge

MAY = dt.date(2024, 5, 31)


def month(year, number):
    return PartialDate(dt.date(year, number, 1), Precision.MONTH)


def day(*parts):
    return PartialDate(dt.date(*parts), Precision.DAY)


def rounded(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def building(**fields):
    """A project under way, registered, with a plan of 100 万元."""
    fields = {"planned": Decimal(100), "started": day(2023, 6, 1), "registration": Registration.DONE, **fields}
    return Facts(year=2024, stage=Stage.BUILDING, **fields)


def waiting(planned_start=None, **fields):
    return Facts(year=2024, stage=Stage.PLANNED, planned_start=planned_start, **fields)


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


def test_a_plan_with_monthly_targets_is_measured_by_them():
    targets = {1: Decimal(10), 5: Decimal(20), 6: Decimal(70)}

    assert progress.expected_progress(2024, MAY, targets) == 30
    assert progress.expected_progress(2024, MAY - dt.timedelta(days=1), targets) == 10


def test_monthly_targets_that_are_all_zero_plan_nothing():
    assert progress.expected_progress(2024, dt.date(2024, 6, 30), {6: Decimal(0)}) == 50


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


# Starts


def test_start_rates_name_their_denominators_and_keep_early_starts_apart():
    rows = [
        Facts(2024, stage=Stage.BUILDING, planned_start=month(2024, 3), started=day(2024, 3, 9)),
        Facts(2024, stage=Stage.PLANNED, planned_start=month(2024, 4)),
        Facts(2024, stage=Stage.PLANNED, planned_start=month(2024, 9)),
        Facts(2024, stage=Stage.BUILDING, planned_start=month(2024, 9), started=day(2024, 4, 2)),
        Facts(2024, stage=Stage.BUILDING, started=day(2022, 4, 2)),
    ]

    rates = progress.start_rates(rows, 2024, MAY)

    assert [(rate.of, rate.part, rate.whole) for rate in (rates.due, rates.planned, rates.everything)] == [
        ("截至当日应开工", 1, 2),
        ("全年计划新开工", 2, 4),
        ("全部项目", 3, 5),
    ]
    assert rates.ahead == 1


def test_a_start_of_an_earlier_year_that_is_still_waited_for_stays_a_new_start():
    rates = progress.start_rates([waiting(month(2023, 6))], 2024, MAY)

    assert (rates.due.part, rates.due.whole) == (0, 1)


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


# Lights


def test_light_is_a_word_and_a_shape():
    assert [(light.colour, light.shape, light.label) for light in reversed(Light)] == [
        ("绿", "●", "正常"),
        ("灰", "○", "停缓建或无计划"),
        ("黄", "▲", "滞后"),
        ("红", "■", "严重滞后"),
    ]


@pytest.mark.parametrize(
    ("ytd", "light"),
    [("40", Light.GREEN), ("39.99", Light.YELLOW), ("20", Light.YELLOW), ("19.99", Light.RED), ("140", Light.GREEN)],
)
def test_money_is_green_down_to_10_points_behind_and_yellow_down_to_30(ytd, light):
    """Half of the year has passed."""
    assert judge(building(ytd=Decimal(ytd)), dt.date(2024, 6, 30)).light == light


def test_the_reason_of_money_tells_completion_and_calendar():
    judged = judge(building(ytd=Decimal("11.5")), MAY)

    assert judged.reason == "红：投资完成 11.5%，落后序时（41.7%）30.2 个百分点"


@pytest.mark.parametrize(
    ("today", "light", "reason"),
    [
        (dt.date(2024, 3, 31), Light.GREEN, "绿：计划2024-03开工，未到时间"),
        (dt.date(2024, 4, 1), Light.YELLOW, "黄：应于2024-03开工，已逾期1天"),
        (dt.date(2024, 6, 29), Light.YELLOW, "黄：应于2024-03开工，已逾期2个月"),
        (dt.date(2024, 6, 30), Light.RED, "红：应于2024-03开工，已逾期3个月"),
    ],
)
def test_a_late_start_is_yellow_and_red_after_three_months(today, light, reason):
    judged = judge(waiting(month(2024, 3)), today)

    assert (judged.light, judged.reason) == (light, reason)


def test_what_is_not_due_to_start_owes_no_money_yet():
    assert judge(waiting(month(2024, 9), planned=Decimal(100), ytd=Decimal(0)), MAY).light == Light.GREEN


@pytest.mark.parametrize(
    "facts", [waiting(month(2024, 9)), building(finished=day(2024, 5, 1)), building(paused_on=dt.date(2024, 5, 1))]
)
def test_what_is_not_under_way_is_neither_ahead_nor_behind(facts):
    judged = judge(dataclasses.replace(facts, planned=Decimal(100), ytd=Decimal(0)), MAY)

    assert (judged.completed, judged.expected, judged.deviation) == (0, None, None)


def test_a_start_without_a_date_is_grey_and_says_so():
    judged = judge(waiting(), MAY)

    assert (judged.light, judged.reason) == (Light.GREY, "灰：未填计划开工时间，无法判断")


@pytest.mark.parametrize(
    ("started", "light"),
    [
        (day(2024, 5, 1), Light.GREEN),
        (day(2024, 4, 30), Light.YELLOW),
        (day(2024, 4, 1), Light.YELLOW),
        (day(2024, 3, 31), Light.RED),
        (month(2024, 5), Light.GREEN),
    ],
)
def test_what_is_not_registered_is_yellow_after_one_month_and_red_after_two(started, light):
    facts = building(
        started=started, registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(50), planned=Decimal(100)
    )

    assert judge(facts, MAY).light == light


@pytest.mark.parametrize(("total", "light"), [("499.99", Light.GREEN), ("500", Light.RED), (None, Light.GREEN)])
def test_below_500_nothing_need_be_registered(total, light):
    facts = building(registration=Registration.NOT_YET, total=total and Decimal(total), ytd=Decimal(50))

    assert judge(facts, MAY).light == light


def test_the_worst_wins_and_all_as_bad_are_told():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(1))

    judged = judge(facts, MAY)

    assert judged.light == Light.RED
    assert judged.reason.endswith("个百分点；2024-01-10开工，4个月未入统")


def test_the_milder_finding_is_not_told():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(50))

    assert judge(facts, MAY).reason == "红：2024-01-10开工，4个月未入统"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (building(ytd=Decimal(1), paused_on=dt.date(2024, 3, 2)), "灰：停缓建，自 2024-03-02"),
        (building(ytd=Decimal(1), finished=day(2024, 5, 31)), "灰：已竣工或已投入使用"),
        (building(planned=None, ytd=Decimal(1)), "灰：未列年度计划投资，无法判断"),
        (building(ytd=None), "灰：今年尚未报送完成投资，无法判断"),
    ],
)
def test_paused_finished_without_plan_and_not_reported_are_grey(facts, reason):
    judged = judge(facts, MAY)

    assert (judged.light, judged.reason) == (Light.GREY, reason)


def test_what_finishes_tomorrow_is_still_judged():
    assert judge(building(ytd=Decimal(1), finished=day(2024, 6, 1)), MAY).light == Light.RED


def test_not_reported_hides_no_missing_registration():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500))

    assert judge(facts, MAY).light == Light.RED


def test_thresholds_can_be_others():
    strict = dataclasses.replace(progress.DEFAULTS, yellow_points=Decimal(5))

    assert judge(building(ytd=Decimal(35)), MAY, strict).light == Light.YELLOW
    assert judge(building(ytd=Decimal(35)), MAY).light == Light.GREEN
