"""Each figure's rows in the plan table are the standings that the figure counts."""

import datetime as dt
from itertools import product

import pytest
from django.http import QueryDict

from accounts.models import County
from portfolio import plan_queries
from portfolio.listing import PlanListing
from portfolio.partial_dates import Precision
from portfolio.progress import Light
from portfolio.standings import CHOICES, YearStandings
from tests import factories

pytestmark = pytest.mark.django_db
MAY = (2024, 5, 31)
OF_REPORTS = {"missing", "to-report", "reported"}
DAYS = (None, dt.date(2023, 5, 1), dt.date(2024, 3, 1), dt.date(2024, 11, 1))


@pytest.fixture
def standings(county):
    """Plans of every stage, with and without days of start, small and large, 入统 or not."""
    factories.clock(*MAY)
    answers = [("", None), ("not_yet", 499), ("not_yet", 500), ("done", 499), ("done", 500)]
    kinds = zip(product(("", "planned", "building", "in_operation"), DAYS, DAYS), answers * 13, strict=False)
    for (stage, planned, started), (registration, total) in kinds:
        factories.plan(
            project__stage=stage,
            project__registration=registration,
            project__total_investment=total,
            **_dated("planned_start", planned),
            **_dated("started_on", started),
        )
    return YearStandings(County.objects.get(), 2024, dt.date(*MAY))


def _dated(name, day):
    return {f"project__{name}": day, f"project__{name}_precision": Precision.DAY} if day else {}


def found(county, query):
    return {entry.pk for entry in PlanListing(county, QueryDict(f"year=2024&{query}")).entries}


@pytest.mark.parametrize("key", sorted(CHOICES.keys() - OF_REPORTS))
def test_the_table_of_a_choice_shows_whom_the_choice_holds_of(standings, key):
    expected = {row.plan.pk for row in standings.rows if CHOICES[key].holds(row)}
    assert expected

    assert found(standings.county, plan_queries.of_choice(key, standings.thresholds)) == expected


@pytest.mark.parametrize("light", Light)
def test_the_table_of_a_light_shows_all_that_stand_under_it(standings, light):
    factories.plan(project__stage="building", planned_investment=100, ytd_investment=30)
    factories.plan(project__stage="building", planned_investment=100, ytd_investment=100)
    expected = {row.plan.pk for row in standings.rows if row.light == light}
    assert expected

    assert found(standings.county, plan_queries.of_light(light)) == expected
