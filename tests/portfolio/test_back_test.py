"""How well the forecast would have done: with what was known then, for projects and for their sum."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from portfolio.back_test import BackTest, Trial, back_tests, best_rules
from portfolio.forecast import CALENDAR, OWN, STRAIGHT
from tests import factories
from tests.portfolio.forecasting import reported

TODAY = dt.date(2024, 5, 31)


def trial(own, straight=5, calendar=9):
    errors = {OWN: own, STRAIGHT: straight, CALENDAR: calendar}
    return Trial({rule: [Decimal(error)] for rule, error in errors.items()})


@pytest.fixture
def county_in_may(db):
    return factories.clock(2024, 5, 31, 10)


def test_our_rule_is_best_only_when_it_is_better():
    assert (trial(own=5).best, trial(own=4).best) == (STRAIGHT, OWN)


def test_the_longest_horizon_that_was_tried_often_enough_says_which_rule_is_best():
    short = BackTest(4, [4, 5, 6], trial(own=9), trial(own=9))
    long = BackTest(8, [4, 5, 6], trial(own=4), trial(own=6, calendar=2))
    seldom = BackTest(12, [4, 5], trial(own=9), trial(own=9))

    assert best_rules([short, long, seldom]) == (OWN, CALENDAR)


def test_our_rule_is_shown_until_there_is_something_to_compare():
    assert best_rules([BackTest(4, [4, 5], trial(own=9), trial(own=9))]) == (OWN, OWN)


def test_the_back_test_knows_nothing_later_than_its_week(county_in_may):
    plan = reported(weeks=range(1, 9))
    late = plan.dispatches.get(week=4)
    late.ytd_investment = 41
    late.save()

    test = back_tests(county_in_may, 2024, TODAY, [17])[0]

    assert (test.origins, test.projects.cases) == ([4], 1)
    # 40 in 28 of 366 days, carried on to 147 days, against 80: of a plan of 1,000.
    assert round(test.projects.errors[STRAIGHT], 1) == Decimal("13.0")


def test_the_sum_is_tried_once_a_week_and_each_plan_by_itself(county_in_may):
    reported(5)
    reported(15)

    test = back_tests(county_in_may, 2024, TODAY, [16])[0]

    assert (test.origins, test.projects.cases, test.county.cases) == ([4, 5], 4, 2)


def test_errors_of_two_plans_level_out_in_the_sum(county_in_may):
    reported(5)
    reported(15)

    test = back_tests(county_in_may, 2024, TODAY, [16])[0]

    assert test.county.errors[STRAIGHT] <= test.projects.errors[STRAIGHT]


def test_the_open_week_is_not_what_a_forecast_is_measured_by(county_in_may):
    reported(weeks=range(1, 22))

    tests = back_tests(county_in_may, 2024, TODAY, [17, 18])

    assert [test.origins for test in tests] == [[4], []]


def test_without_weeks_to_look_back_on_nothing_is_claimed(county_in_may):
    test = back_tests(county_in_may, 2024, TODAY, [30])[0]

    assert (test.projects.cases, test.projects.best, test.projects.covered) == (0, OWN, None)


def test_a_year_without_reports_is_not_read_week_by_week(county_in_may, django_assert_num_queries):
    factories.plan_under_way()

    with django_assert_num_queries(4):
        back_tests(county_in_may, 2024, TODAY)


def test_the_command_names_what_the_page_shows(county_in_may, capsys):
    reported()

    call_command("backtest_forecast", horizon=[8])

    out = capsys.readouterr().out.splitlines()
    assert [line.split("，")[0].strip() for line in out if "次预测" in line] == ["各项目", "全县合计"]
    assert "页面采用：" in out[-1]


def test_the_command_says_where_our_rule_is_not_better(county_in_may, capsys):
    reported()

    call_command("backtest_forecast", horizon=[8])

    assert "    本系统预测没有优于简单算法，这一档最好的是：直线外推。" in capsys.readouterr().out.splitlines()


def test_the_command_refuses_a_horizon_of_nothing(county_in_may):
    with pytest.raises(CommandError, match="不小于 1"):
        call_command("backtest_forecast", horizon=[0])
