"""一站式服务: a request stands against its promised day, and how long it took."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import services
from portfolio.models.permits import ServiceRequest
from portfolio.services import ServiceState, ServiceTally
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)


def request(project, **fields):
    values = {"phase": "building", "title": "施工临时用电", "asked_on": TODAY - 10 * DAY, **fields}
    return ServiceRequest.objects.create(county=project.county, project=project, **values)


@pytest.mark.parametrize(
    ("fields", "state", "days_late"),
    [
        ({}, ServiceState.WAITING, 0),
        ({"taken_on": TODAY - 9 * DAY}, ServiceState.TAKEN, 0),
        ({"taken_on": TODAY, "promised_on": TODAY}, ServiceState.TAKEN, 0),
        ({"promised_on": TODAY - DAY}, ServiceState.OVERDUE, 1),
        ({"promised_on": TODAY - DAY, "answered_on": TODAY - DAY}, ServiceState.ANSWERED, 0),
        ({"promised_on": TODAY - DAY, "answered_on": TODAY}, ServiceState.LATE, 1),
        ({"answered_on": TODAY}, ServiceState.ANSWERED, 0),
    ],
)
def test_request_is_late_the_day_after_it_was_promised(fields, state, days_late):
    project = factories.project()
    request(project, **fields)

    row = services.of_project(project, TODAY)[0]

    assert (row.state, row.days_late) == (state, days_late)


def test_request_answered_later_is_open_on_a_day_before():
    project = factories.project()
    request(project, promised_on=TODAY - 5 * DAY, answered_on=TODAY)

    rows = [services.of_project(project, TODAY - back * DAY)[0] for back in (0, 1)]

    assert [(row.state, row.days_taken) for row in rows] == [(ServiceState.LATE, 10), (ServiceState.OVERDUE, 9)]


def test_tally_counts_what_was_kept_of_what_was_promised():
    project = factories.project()
    request(project, promised_on=TODAY, answered_on=TODAY)
    request(project, promised_on=TODAY - 2 * DAY, answered_on=TODAY - DAY)
    request(project, answered_on=TODAY - 8 * DAY)
    request(project, promised_on=TODAY - DAY)

    tally = ServiceTally.of(services.of_project(project, TODAY))

    assert tally == ServiceTally(
        total=4, open=1, overdue=1, answered=3, late=1, promised=2, in_time=1, days_taken=Decimal(7)
    )


def test_tally_of_nothing_has_no_average():
    assert ServiceTally.of([]).days_taken is None


def test_most_urgent_request_of_the_county_comes_first():
    first, second = factories.plan(seq=1), factories.plan(seq=2)
    request(first.project, title="办结", answered_on=TODAY)
    request(first.project, title="超期一天", promised_on=TODAY - DAY)
    request(second.project, title="超期五天", promised_on=TODAY - 5 * DAY)

    rows = services.of_county(first.county, 2024, TODAY)

    assert [row.row.title for row in rows] == ["超期五天", "超期一天", "办结"]


def test_county_takes_two_queries():
    for seq in range(1, 30):
        request(factories.plan(seq=seq).project)
    county = factories.county()

    with CaptureQueriesContext(connection) as queries:
        rows = services.of_county(county, 2024, TODAY)

    assert (len(rows), len(queries)) == (29, 2)
