"""The weeks of a year: rates, late reports, locks, from the first report to this week."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.actions import dispatch as actions
from portfolio.weeks import Week
from portfolio.weeks_of_year import weeks_of_year
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/dispatch/weeks/"


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


def test_weeks_are_counted_latest_first(county):
    one, two = factories.plan_under_way(), factories.plan_under_way()
    factories.report(one, 20), factories.report(two, 20, is_late=True)
    factories.report(one, 22, "reported"), factories.report(two, 22, "draft")

    lines = weeks_of_year(county, 2024)

    counted = [(line.week.number, line.due, line.reported, line.missing, line.late) for line in lines]
    assert counted == [(22, 2, 1, 1, 0), (21, 2, 0, 2, 0), (20, 2, 2, 0, 1)]


def test_a_locked_week_keeps_its_list(county, office):
    plan = factories.plan_under_way()
    actions.lock_week(by=office, county=county, week=Week(2024, 22))
    factories.plan_under_way()
    factories.report(plan, 22)

    (line,) = weeks_of_year(county, 2024)

    assert (line.due, line.reported, line.is_locked) == (1, 1, True)


def test_a_past_year_ends_with_its_last_week_and_a_future_one_has_none(county):
    factories.report(factories.plan_under_way(year=2020), 52)

    numbers = [[line.week.number for line in weeks_of_year(county, year)] for year in (2020, 2019, 2025)]

    assert numbers == [[53, 52], [], []]


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "auditor"])
def test_everybody_reads_the_list(client, county, role):
    client.force_login(factories.user(role))

    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("asked", ["x", "1900", "²", "99999999999999999"])
def test_an_unknown_year_shows_this_one(office_client, county, asked):
    assert office_client.get(ADDRESS, {"year": asked}).context["year"] == 2024


def test_the_queries_do_not_grow_with_weeks_and_plans(office_client, county):
    counts = []
    for week in (20, 21):
        for _ in range(10):
            factories.report(factories.plan_under_way(), week)
        with CaptureQueriesContext(connection) as queries:
            office_client.get(ADDRESS)
        counts.append(len(queries))

    assert counts[0] == counts[1]
