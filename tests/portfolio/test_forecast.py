"""Where a plan will stand at the year's end, how far to believe it, and the page and command that say so."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.forecast import CALENDAR, OWN, STRAIGHT, BackTest, Course, Snapshot, back_test, quantile
from portfolio.models import WeeklyDispatch
from tests import factories

YEAR_END = dt.date(2024, 12, 31)
WEEK_22 = dt.date(2024, 6, 2)
PAGE = "/progress/forecast/"


def course(reports, planned=366, **fields):
    return Course(1, None if planned is None else Decimal(planned), fields.pop("targets", {}), reports, **fields)


def forecast(course_, day=WEEK_22, end=YEAR_END, rule=OWN):
    return Snapshot(2024, day, [course_]).forecasts(end, rule)


def steady(weekly, weeks=22):
    return {week: Decimal(weekly * week) for week in range(1, weeks + 1)}


def test_two_weeks_go_on_at_the_pace_and_then_by_the_calendar():
    told = forecast(course(steady(2)), end=WEEK_22 + dt.timedelta(days=21))

    assert told[0].middle == Decimal(44 + 2 * 2 + 7)


def test_monthly_targets_take_the_calendars_place():
    plan = course(steady(2), targets={12: Decimal(100)})

    assert forecast(plan)[0].middle == Decimal(44 + 2 * 2 + 100)


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


def test_our_rule_is_best_only_when_it_is_better():
    tie = BackTest(8, [4], 1, {OWN: Decimal(5), STRAIGHT: Decimal(5), CALENDAR: Decimal(9)}, Decimal(80))
    won = BackTest(8, [4], 1, {OWN: Decimal(4), STRAIGHT: Decimal(5), CALENDAR: Decimal(9)}, Decimal(80))

    assert (tie.best, won.best) == (STRAIGHT, OWN)


# In the database


@pytest.fixture
def county_in_may(db):
    cache.clear()
    return factories.clock(2024, 5, 31, 10)


def reported(weekly=10, weeks=range(1, 23)):
    plan = factories.plan_under_way()
    plan.history.update(history_date=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    plan.project.history.update(history_date=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    for week in weeks:
        report = WeeklyDispatch.objects.create(
            county=plan.county, plan=plan, year=2024, week=week, state="accepted", ytd_investment=weekly * week
        )
        day = dt.date.fromisocalendar(2024, week, 5)
        report.history.update(history_date=dt.datetime.combine(day, dt.time(1), dt.UTC))
    return plan


def test_the_back_test_knows_nothing_later_than_its_week(county_in_may):
    plan = reported(weeks=range(1, 9))
    late = plan.dispatches.get(week=4)
    late.ytd_investment = 41
    late.save()

    test = back_test(county_in_may, 2024, dt.date(2024, 5, 31), 18)

    assert (test.origins, test.cases) == ([4], 1)
    assert round(test.errors[STRAIGHT], 1) == Decimal("14.0")


def test_without_weeks_to_look_back_on_nothing_is_claimed(county_in_may):
    test = back_test(county_in_may, 2024, dt.date(2024, 5, 31), 30)

    assert (test.cases, test.best, test.covered) == (0, OWN, None)


def test_the_command_names_what_the_page_shows(county_in_may, capsys):
    reported()

    call_command("backtest_forecast", horizon=[8])

    assert "按此页面采用：" in capsys.readouterr().out.splitlines()[-1]


def test_the_command_refuses_a_horizon_of_nothing(county_in_may):
    with pytest.raises(CommandError, match="不小于 1"):
        call_command("backtest_forecast", horizon=[0])


def test_the_page_lists_who_will_miss_the_plan(county_in_may, office_client):
    worst, better = reported(1), reported(10)

    page = office_client.get(PAGE)

    assert [plan for _, plan in page.context["lines"]] == [worst, better]


def test_the_page_of_a_year_without_reports_says_so(county_in_may, office_client):
    factories.plan_under_way()

    page = office_client.get(PAGE)

    assert "2024年还没有项目报送完成投资，无法预测。" in page.content.decode()


def test_the_page_costs_the_same_queries_whatever_the_rows(county_in_may, office_client):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            office_client.get(PAGE)
        return len(queries)

    reported()
    office_client.get(PAGE)
    one = cost()
    for _ in range(3):
        reported()

    assert cost() == one
