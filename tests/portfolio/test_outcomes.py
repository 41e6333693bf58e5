"""见效情况: when a figure misses its promise, when it is too early to say, and what is added up."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import outcomes
from portfolio.models.outcomes import OutcomeKind
from portfolio.outcomes import OutcomeState
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)
IN_SERVICE = {"project__stage": "in_operation"}


def outcome(project, promised="100", reached="60", kind="capacity", measure="万吨/年", counted=(TODAY, "d"), **fields):
    fields |= {"measure": measure, "counted_on": counted[0], "counted_on_precision": counted[1]}
    return factories.outcome(project, promised, reached, kind, **fields)


def row(day=TODAY, **fields):
    project = factories.project()
    outcome(project, **fields)
    return outcomes.of_project(project, day)[0]


@pytest.mark.parametrize(
    ("promised", "reached", "state", "share"),
    [
        ("100", "99.99", OutcomeState.SHORT, Decimal("99.9")),
        ("100", "99.8", OutcomeState.SHORT, Decimal("99.8")),
        ("100", "100", OutcomeState.REACHED, 100),
        ("100", "0", OutcomeState.SHORT, 0),
        ("0", "0", OutcomeState.REACHED, None),
        ("100", None, OutcomeState.NOT_COUNTED, None),
        (None, "5", OutcomeState.UNPROMISED, None),
    ],
)
def test_promise_is_met_by_all_of_it(promised, reached, state, share):
    found = row(promised=promised, reached=reached)

    assert (found.state, found.share) == (state, share)


@pytest.mark.parametrize(("due_on", "state"), [(TODAY, OutcomeState.NOT_DUE), (TODAY - DAY, OutcomeState.SHORT)])
def test_promise_is_missed_the_day_after_it_was_due(due_on, state):
    assert row(due_on=due_on).state == state


@pytest.mark.parametrize(
    ("kind", "counted", "state"),
    [
        ("output", (dt.date(2023, 12, 31), "y"), OutcomeState.SHORT),
        ("output", (dt.date(2023, 12, 31), "d"), OutcomeState.SHORT),
        ("output", (dt.date(2023, 12, 30), "d"), OutcomeState.NOT_DUE),
        ("tax", (dt.date(2024, 3, 31), "q"), OutcomeState.NOT_DUE),
        ("tax", (dt.date(2024, 12, 31), "y"), OutcomeState.NOT_DUE),
        ("jobs", (dt.date(2024, 3, 31), "q"), OutcomeState.SHORT),
        ("capacity", (dt.date(2024, 5, 31), "m"), OutcomeState.SHORT),
    ],
)
def test_figure_of_a_year_is_judged_when_the_year_is_over(kind, counted, state):
    assert row(kind=kind, counted=counted).state == state


@pytest.mark.parametrize(("day", "state"), [(30, OutcomeState.NOT_DUE), (31, OutcomeState.SHORT)])
def test_this_years_figure_is_judged_on_the_last_day_of_the_year(day, state):
    assert row(dt.date(2024, 12, day), kind="tax", counted=(dt.date(2024, 12, 31), "y")).state == state


def test_promise_met_before_the_year_is_over_is_met():
    assert row(kind="tax", reached="100", counted=(TODAY, "d")).state == OutcomeState.REACHED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "承诺 100 万吨/年，实际 60 万吨/年（截至 2024-05-31），达产率 60.0%，未达到"),
        (
            {"kind": "tax", "measure": "万元", "counted": (dt.date(2024, 3, 31), "q")},
            "承诺 100 万元，实际 60 万元（截至 2024年一季度），达到率 60.0%，全年未满",
        ),
        (
            {"due_on": TODAY},
            "承诺 100 万吨/年，实际 60 万吨/年（截至 2024-05-31），达产率 60.0%，应于 2024-05-31 前达到",
        ),
        ({"reached": None}, "承诺 100 万吨/年，未填实际"),
        ({"promised": None}, "实际 60 万吨/年（截至 2024-05-31），未填承诺"),
    ],
)
def test_figure_is_told_in_words(fields, words):
    assert row(**fields).words == words


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"stage": "in_operation"}, True),
        ({"stage": "building"}, False),
        ({"stage": "building", "finished_on": TODAY, "finished_on_precision": "d"}, True),
        ({"stage": "building", "finished_on": TODAY + DAY, "finished_on_precision": "d"}, False),
        ({"stage": "building", "finished_on": dt.date(2024, 6, 30), "finished_on_precision": "q"}, True),
        ({"stage": ""}, False),
    ],
)
def test_county_lists_what_is_in_service_or_finished(fields, listed):
    plan = factories.plan(**{f"project__{name}": value for name, value in fields.items()})
    outcome(plan.project)

    assert len(outcomes.of_county(plan.county, 2024, TODAY)) == listed


def test_project_without_figures_stands_in_the_list_once():
    plan = factories.plan(**IN_SERVICE)

    found = outcomes.of_county(plan.county, 2024, TODAY)

    assert [(each.project, each.state, each.share) for each in found] == [(plan.project, OutcomeState.MISSING, None)]


def test_plans_that_are_not_counted_are_left_out():
    outcome(factories.plan(state="removed", state_reason="停产。", **IN_SERVICE).project)
    outcome(factories.plan(year=2023, **IN_SERVICE).project)

    assert outcomes.of_county(factories.county(), 2024, TODAY) == []


def test_sums_are_of_one_figure_and_measure_and_share_of_rows_with_both_sides():
    for promised, reached in (("100.10", "50.05"), ("0.30", "0.30"), ("40", None), (None, "7")):
        outcome(factories.plan(**IN_SERVICE).project, promised, reached, "jobs", "人")
    outcome(factories.plan(**IN_SERVICE).project, "2", "1", measure="万立方米/日")
    outcome(factories.plan(**IN_SERVICE).project)

    found = outcomes.sums(outcomes.of_county(factories.county(), 2024, TODAY))

    jobs = found[2]
    assert [(each.kind, each.measure) for each in found] == [
        ("capacity", "万吨/年"),
        ("capacity", "万立方米/日"),
        (OutcomeKind.JOBS, "人"),
    ]
    assert (jobs.rows, jobs.promised, jobs.reached) == (4, Decimal("100.40"), Decimal("50.35"))
    assert round(jobs.share, 4) == round(Decimal("50.35") * 100 / Decimal("100.40"), 4)
    assert (jobs.met, jobs.short, jobs.not_due, jobs.untold) == (1, 1, 0, 2)


def test_furthest_short_is_the_lowest_share_of_those_that_miss_their_promise():
    for name, reached, due_on in (("甲", "60", None), ("乙", "20", None), ("丙", "1", TODAY), ("丁", "100", None)):
        outcome(factories.plan(project__name=name, **IN_SERVICE).project, reached=reached, due_on=due_on)

    found = outcomes.furthest_short(outcomes.of_county(factories.county(), 2024, TODAY))

    assert [each.project.name for each in found] == ["乙", "甲"]


def test_county_takes_two_queries():
    for _ in range(20):
        outcome(factories.plan(**IN_SERVICE).project)
    county = factories.county()

    with CaptureQueriesContext(connection) as queries:
        rows = outcomes.of_county(county, 2024, TODAY)

    assert (len(rows), len(queries)) == (20, 2)


GIVEN = {
    "kind": "capacity",
    "measure": "万吨/年",
    "promised": Decimal(5),
    "reached": Decimal(4),
    "counted_on": TODAY,
    "counted_on_precision": "d",
}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {}),
        ({"kind": "tax", "measure": "万元"}, {}),
        ({"kind": "tax", "measure": "亿元"}, {"measure": "年税收的计量单位请填“万元”。"}),
        ({"kind": "jobs"}, {"measure": "就业的计量单位请填“人”。"}),
        (
            {"promised": None, "reached": None, "counted_on": None, "counted_on_precision": ""},
            {"promised": "承诺和实际至少填写一项。"},
        ),
        ({"counted_on": None, "counted_on_precision": ""}, {"counted_on": "填了实际的，请写明截至哪一天或哪一年。"}),
        ({"reached": None}, {"reached": "写了截至时间的，请填写实际数；没有的填 0。"}),
        ({"counted_on": TODAY + DAY}, {"counted_on": "2024-06-01 还没有到，请填写已有的实际数截至的时间。"}),
        ({"counted_on": dt.date(2024, 12, 31), "counted_on_precision": "y"}, {}),
    ],
)
def test_what_can_not_be_is_refused(given, found):
    assert outcomes.faults(GIVEN | given, None, TODAY) == found
