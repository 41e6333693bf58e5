"""Problems per unit and per leader: what is counted, and where each figure leads."""

import datetime as dt

import pytest
from django.http import QueryDict

from portfolio.problem_listing import ProblemListing
from portfolio.problem_tallies import tallies
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)


def listing(user, query=""):
    return ProblemListing(user, QueryDict(query), TODAY)


@pytest.fixture
def river(county):
    project = factories.project("河道治理", unit=factories.unit("水利局"))
    factories.plan(project, leader=factories.leader("县领导甲"))
    factories.problem(project, "assigned", deadline=dt.date(2024, 5, 30))
    factories.problem(project, "raised", deadline=TODAY)
    return project


@pytest.fixture
def bridge(county):
    project = factories.project("大桥", unit=factories.unit("交通局"))
    factories.problem(project, "closed", closed_on=dt.date(2024, 5, 15))
    factories.problem(project, "closed", closed_on=dt.date(2024, 5, 24))
    return project


def test_tallies_count_each_units_problems_and_the_days_closing_took(office, river, bridge):
    rows, total = tallies(listing(office), "unit")

    told = [(row.title, row.total, row.open, row.overdue, row.closed, row.median_days) for row in rows]
    assert told == [("水利局", 2, 2, 1, 0, None), ("交通局", 2, 0, 0, 2, 6.5)]
    assert (total.total, total.open, total.overdue, total.closed, total.median_days) == (4, 2, 1, 2, 6.5)


def test_tallies_of_leaders_put_projects_without_one_last(office, river, bridge):
    rows, _ = tallies(listing(office), "leader")

    assert [(row.title, row.total) for row in rows] == [("县领导甲", 2), ("未定", 2)]


@pytest.mark.parametrize("state", ["all", "open", "overdue", "closed"])
def test_every_figure_leads_to_as_many_rows(office, river, bridge, state):
    rows, total = tallies(listing(office, "by=unit&state=raised"), "unit")

    for row in (*rows, total):
        counted = {"all": row.total, "open": row.open, "overdue": row.overdue, "closed": row.closed}
        assert len(listing(office, row.queries[state]).rows()) == counted[state]


def test_tallies_follow_the_filters_but_not_the_state(office, river, bridge):
    rows, total = tallies(listing(office, f"unit={bridge.unit_id}&state=open"), "unit")

    assert ([row.title for row in rows], total.closed) == (["交通局"], 2)


def test_without_problems_there_is_nothing_to_tally(office):
    rows, total = tallies(listing(office), "unit")

    assert (rows, total.total, total.median_days) == ([], 0, None)
