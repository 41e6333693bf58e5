"""What looks unusual in a weekly report: each check on both sides of its line."""

from decimal import Decimal

import pytest

from portfolio.models import WeeklyDispatch
from portfolio.report_checks import Compared, alike, warnings


def report(ytd=None, percent=None, progress="", week=22, **fields):
    return WeeklyDispatch(
        year=2024,
        week=week,
        ytd_investment=None if ytd is None else Decimal(ytd),
        works_percent=None if percent is None else Decimal(percent),
        progress=progress,
        **fields,
    )


def found(row, **compared):
    return {warning.code: warning.text for warning in warnings(row, Compared(**compared))}


LAST = report(500, 40, "主体结构施工至三层，正在绑扎钢筋。", week=21)


def test_an_empty_card_warns_of_nothing():
    assert found(report(), previous=LAST, three_weeks_ago=LAST, planned=Decimal(1000), total=Decimal(5000)) == {}


def test_an_ordinary_week_warns_of_nothing():
    row = report(560, 44, "四层梁板混凝土浇筑完成，开始砌体施工。")

    assert found(row, previous=LAST, planned=Decimal(1000), total=Decimal(5000)) == {}


def test_a_cumulative_figure_below_last_week_s_says_by_how_much():
    assert found(report("499.5", 41), previous=LAST) == {
        "ytd_falls": "累计 499.50 万元，比第21周的 500 万元少了 0.50 万元。"
    }
    assert found(report(500, 41), previous=LAST) == {}


def test_a_percentage_going_back_is_told():
    assert found(report(510, "39.5"), previous=LAST) == {"percent_falls": "工程量 39.50%，低于第21周的 40%。"}
    assert found(report(510, 41), previous=LAST) == {}


def test_the_total_investment_counts_what_was_invested_before_this_year():
    row = report(600, 41)

    assert found(row, total=Decimal(1000), invested_before=Decimal(400)) == {}
    assert found(row, total=Decimal(1000), invested_before=Decimal("400.01")) == {
        "above_total": "开工以来累计 1,000.01 万元，超过总投资 1,000 万元。"
    }


def test_passing_the_annual_plan_is_told_once_when_it_is_passed():
    over = report(1050, 90)

    assert found(over, planned=Decimal(1000), previous=report(990, 85, week=21)) == {
        "above_plan": "投资完成率 105.0%，超过年度计划 1,000 万元。"
    }
    assert found(report(1000, 90), planned=Decimal(1000), previous=report(990, 85, week=21)) == {}
    assert found(report(1060, 91), planned=Decimal(1000), previous=over) == {}


def test_works_above_a_hundred_percent_are_told():
    assert found(report(10, "100.01")) == {"above_hundred": "工程量 100.01%，超过了 100%。"}
    assert found(report(10, 100)) == {}


def test_a_week_of_more_than_a_quarter_of_the_plan_is_told():
    assert found(report("750.01", 45), previous=LAST, planned=Decimal(1000)) == {
        "big_week": "本周完成 250.01 万元，超过年度计划 1,000 万元的四分之一。"
    }
    assert found(report(750, 45), previous=LAST, planned=Decimal(1000)) == {}


def test_a_first_report_may_bring_half_the_plan():
    assert found(report(500, 45), planned=Decimal(1000)) == {}


def test_money_that_moves_while_the_percentage_stands_is_told():
    assert found(report(520, 40), previous=LAST) == {"money_alone": "本周完成 20 万元，工程量仍是 40%。"}
    assert found(report(520, 100), previous=report(500, 100, week=21)) == {}


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("主体结构施工至三层，正在绑扎钢筋。", True),
        ("主体结构施工至四层， 正在绑扎钢筋。", True),  # 16 of 17 characters
        ("主体结构封顶，正在砌筑填充墙。", False),
    ],
)
def test_the_words_of_last_week_are_noticed_from_ninety_percent_on(words, is_told):
    assert ("same_words" in found(report(510, 41, words), previous=LAST)) is is_told


def test_no_change_may_repeat_its_words():
    row = report(500, 40, LAST.progress, no_change="funds")

    assert found(row, previous=LAST) == {}


def test_three_weeks_without_anything_are_told():
    earlier = report(500, 40, week=19)

    assert found(report(500, 40), three_weeks_ago=earlier) == {"quiet": "自第19周以来，投资和工程量都没有变化。"}
    assert found(report(500, 41), three_weeks_ago=earlier) == {}
    assert found(report(500, 100), three_weeks_ago=report(500, 100, week=19)) == {}
    assert found(report(0, None), three_weeks_ago=report(0, None, week=19)) == {}


def test_comparing_long_hostile_texts_is_bounded():
    assert alike("甲乙" * 50_000, "乙甲" * 50_000) > 0.9
    assert alike("", "") == 1
