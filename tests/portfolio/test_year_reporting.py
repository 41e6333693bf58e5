"""Which reports of a year were due, and what came: the one answer behind week list, quality, rankings and map."""

import datetime as dt

import pytest

from portfolio.actions import dispatch as actions
from portfolio.weeks import Week
from portfolio.weeks_of_year import weeks_of_year
from portfolio.year_reporting import Arrival, YearReporting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def plan(county):
    return factories.plan_under_way()


def test_a_report_came_in_time_late_or_not_at_all(county, plan):
    factories.report(plan, 19)
    factories.report(plan, 20, is_late=True)
    factories.report(plan, 21, "draft")

    read = YearReporting(county, 2024)

    assert [read.arrival(plan.pk, week) for week in (19, 20, 21)] == [Arrival.IN_TIME, Arrival.LATE, Arrival.MISSING]


@pytest.mark.parametrize(("hour", "minute", "last"), [(12, 0, 22), (11, 59, 21)])
def test_a_week_counts_from_the_moment_it_is_due(plan, hour, minute, last):
    factories.report(plan, 20)
    county = factories.clock(2024, 5, 31, hour, minute)

    read = YearReporting(county, 2024)

    assert list(read.weeks_due) == list(range(20, last + 1))


@pytest.mark.parametrize(("day", "last"), [(23, 20), (24, 21)])
def test_a_past_day_knows_the_weeks_that_were_due_by_its_end(county, plan, day, last):
    factories.report(plan, 20)

    read = YearReporting(county, 2024, dt.date(2024, 5, day))

    assert read.last_due == last


def test_a_lock_fixes_who_had_to_report_from_its_day_on(county, plan, office):
    actions.lock_week(by=office, county=county, week=Week(2024, 22))
    later = factories.plan_under_way()

    now, before = YearReporting(county, 2024), YearReporting(county, 2024, dt.date(2024, 5, 30))

    assert now.due(22) == {plan.pk}
    assert before.due(22) == {plan.pk, later.pk}


@pytest.mark.parametrize(("year", "weeks"), [(2023, [51, 52]), (2024, []), (2025, [])])
def test_a_year_begins_with_its_first_report_and_one_without_has_no_weeks(county, year, weeks):
    factories.report(factories.plan_under_way(year=2023), 51)

    assert list(YearReporting(county, year).weeks_due) == weeks


def test_reports_at_hand_are_not_read_again(county, plan):
    reports = [factories.report(plan, 20)]

    assert YearReporting(county, 2024, published=reports).reports == {20: {plan.pk: False}}
    assert YearReporting(county, 2024, published=[]).reports == {}


def test_the_list_of_weeks_counts_the_same(county, plan):
    factories.plan_under_way()
    factories.report(plan, 21, is_late=True)

    lines = {line.week.number: (line.due, line.late, line.missing) for line in weeks_of_year(county, 2024)}

    read = YearReporting(county, 2024)
    came = [read.arrival(one, 21) for one in read.due(21)]
    assert lines[21] == (len(came), came.count(Arrival.LATE), came.count(Arrival.MISSING)) == (2, 1, 1)
