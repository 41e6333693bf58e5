"""要素保障: what is missing, since when, and that only what has one measure is added up."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import factors
from portfolio.factors import FactorState, FactorSum
from portfolio.models.permits import Factor, FactorNeed
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)


def need(project, needed, secured=0, factor="land", measure="亩", **fields):
    return FactorNeed.objects.create(
        **{"county": project.county, "project": project, "factor": factor, "measure": measure},
        **{"needed": Decimal(needed), "secured": Decimal(secured), **fields},
    )


@pytest.mark.parametrize(
    ("secured", "due_on", "state", "days_late"),
    [
        ("99.99", None, FactorState.GAP, 0),
        ("99.99", TODAY, FactorState.GAP, 0),
        ("99.99", TODAY - DAY, FactorState.OVERDUE, 1),
        ("100", TODAY - DAY, FactorState.MET, 0),
        ("100.01", None, FactorState.MET, 0),
    ],
)
def test_need_is_overdue_the_day_after_it_was_due(secured, due_on, state, days_late):
    project = factories.project()
    need(project, "100", secured, due_on=due_on)

    row = factors.of_project(project, TODAY)[0]

    assert (row.state, row.days_late) == (state, days_late)


def test_what_one_project_has_too_much_of_fills_no_others_gap():
    need(factories.plan(seq=1).project, "100.10", "120.05")
    need(factories.plan(seq=2).project, "50.20", "10.10", due_on=TODAY - DAY)
    need(factories.plan(seq=3).project, "8", factor="labour", measure="人")

    found = factors.sums(factors.of_county(factories.county(), 2024, TODAY))

    land, labour = found
    assert land == FactorSum(Factor.LAND, "亩", 2, Decimal("150.30"), Decimal("130.15"), Decimal("40.10"), 1, 1)
    assert (labour.measure, labour.gap) == ("人", 8)


def test_measures_of_one_factor_are_not_added_up():
    project = factories.plan().project
    need(project, "5", measure="亩", detail="建设用地")
    need(project, "2", measure="公顷", detail="林地")

    found = factors.sums(factors.of_county(factories.county(), 2024, TODAY))

    assert [(found_sum.measure, found_sum.needed) for found_sum in found] == [("亩", 5), ("公顷", 2)]


def test_tons_of_one_pollutant_are_not_added_to_those_of_another():
    project = factories.plan(seq=1).project
    need(project, "5", factor="env", measure="吨", detail="氮氧化物排放量")
    need(project, "2", factor="env", measure="吨", detail="颗粒物排放量")
    need(factories.plan(seq=2).project, "3", factor="env", measure="吨", detail="氮氧化物排放量")

    found = factors.sums(factors.of_county(factories.county(), 2024, TODAY))

    assert {found_sum.detail: (found_sum.rows, found_sum.needed) for found_sum in found} == {
        "氮氧化物排放量": (2, 8),
        "颗粒物排放量": (1, 2),
    }


def test_plans_that_are_not_counted_are_left_out():
    need(factories.plan(state="removed", state_reason="缺地。").project, "5")
    need(factories.plan(year=2023).project, "5")

    assert factors.of_county(factories.county(), 2024, TODAY) == []


def test_county_takes_two_queries():
    for seq in range(1, 30):
        need(factories.plan(seq=seq).project, "5")
    county = factories.county()

    with CaptureQueriesContext(connection) as queries:
        rows = factors.of_county(county, 2024, TODAY)

    assert (len(rows), len(queries)) == (29, 2)
