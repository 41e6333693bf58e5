"""Who reported in a week, unit by unit: states in pairs, the deadline to the second, and whose eyes see a draft."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.actions import dispatch as actions
from portfolio.county_week import CountyWeek
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)
NOTHING = {"due": 0, "reported": 0, "missing": 0, "returned": 0, "draft": 0, "late": 0, "accepted": 0}


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


def of_each_state(unit):
    """A plan with a report of each state, and one without."""
    for state in ("draft", "reported", "returned", "accepted"):
        factories.report(factories.plan_under_way(unit, project__name=state), 22, state)
    factories.plan_under_way(unit, project__name="none")


def test_a_week_without_plans_counts_nothing(county):
    seen = CountyWeek(county, WEEK)

    assert (seen.counts, seen.units, seen.rows) == (NOTHING, [], [])


def test_the_office_sees_every_state(county, unit, office):
    of_each_state(unit)

    seen = CountyWeek(county, WEEK, office)

    assert seen.counts == {
        "due": 5, "reported": 2, "missing": 3, "returned": 1, "draft": 1, "late": 0, "accepted": 1,
    }  # fmt: skip
    assert [row.standing for row in seen.rows] == ["草稿", "已报", "退回", "已审", "未报"]
    assert seen.pending == 1


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "reporter"])
def test_others_see_published_reports_and_nothing_of_drafts(county, unit, role):
    of_each_state(unit)
    reader = factories.user(role, unit=factories.unit("别的单位"))

    seen = CountyWeek(county, WEEK, reader)

    assert [row.standing for row in seen.rows] == ["未报", "已报", "未报", "已审", "未报"]
    assert (seen.counts["returned"], seen.counts["draft"]) == (0, 0)


def test_a_reporter_sees_the_own_units_drafts_and_its_row_first(county, unit):
    other = factories.unit("教育局")
    for _ in range(3):
        factories.plan_under_way(other)
    factories.report(factories.plan_under_way(unit), 22, "draft")

    seen = CountyWeek(county, WEEK, factories.user("reporter", unit=unit))

    assert [standing.name for standing in seen.units] == ["水利局", "教育局"]
    assert seen.units[0].counts["draft"] == 1


def test_units_with_most_missing_stand_first(county, office):
    one, two = factories.unit("一局"), factories.unit("二局")
    factories.plan_under_way(one)
    factories.plan_under_way(two), factories.plan_under_way(two)

    assert [standing.name for standing in CountyWeek(county, WEEK, office).units] == ["二局", "一局"]


def test_a_plan_that_need_not_report_is_voluntary(county, office):
    reserve = factories.plan(project__stage="reserve")
    factories.report(reserve, 22)

    seen = CountyWeek(county, WEEK, office)

    assert (seen.counts, seen.voluntary) == (NOTHING, 1)


def test_every_number_counts_the_rows_it_leads_to(county, unit, office):
    of_each_state(unit)

    seen = CountyWeek(county, WEEK, office)

    assert {kind: len(seen.rows_of(kind, seen.units[0])) for kind in seen.counts} == seen.counts
    assert {kind: len(seen.rows_of(kind)) for kind in seen.counts} == seen.counts


def test_a_locked_week_keeps_its_list(county, unit, office):
    before = factories.plan_under_way(unit, project__name="锁定前")
    actions.lock_week(by=office, county=county, week=WEEK)
    before.state, before.state_reason = "removed", "调出"
    before.save()
    factories.plan_under_way(unit, project__name="锁定后")

    seen = CountyWeek(county, WEEK)

    assert [row.name for row in seen.due_rows] == ["锁定前"]


@pytest.mark.parametrize(("second", "is_late"), [(0, False), (1, True)])
def test_late_begins_one_second_after_noon(county, unit, office, second, is_late):
    plan = factories.plan_under_way(unit)
    values = {"ytd_investment": Decimal(10), "works_percent": Decimal(3), "progress": "开挖。"}
    draft = actions.save(by=office, plan=plan, week=WEEK, values=values, version=0)
    county = factories.clock(2024, 5, 31, 12, 0, second)
    actions.submit(by=office, county=county, week=WEEK, versions={plan.pk: draft.row_version})

    seen = CountyWeek(county, WEEK)

    assert (seen.counts["late"], seen.is_past_due) == (int(is_late), is_late)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((2024, 5, 31, 10, 2), "1 小时 58 分"),
        ((2024, 5, 31, 11, 0), "1 小时"),
        ((2024, 5, 31, 11, 59, 30), "0 分钟"),
        ((2024, 5, 29, 10), "2 天 2 小时"),
        ((2024, 6, 3, 12), "3 天"),
    ],
)
def test_the_distance_to_the_deadline_is_told_in_words(moment, words):
    assert CountyWeek(factories.clock(*moment), WEEK).distance_to_due == words


@pytest.mark.parametrize(("year", "is_known"), [(2024, True), (2099, False)])
def test_a_year_without_published_holidays_is_known(county, year, is_known):
    assert CountyWeek(county, Week(year, 22)).calendar_is_known is is_known


def test_the_queries_do_not_grow_with_the_plans(county, office):
    counts = []
    for more in (20, 40):
        unit = factories.unit()
        for number in range(more):
            plan = factories.plan_under_way(unit)
            factories.report(plan, 21)
            factories.report(plan, 22, "reported" if number % 2 else "draft")
        with CaptureQueriesContext(connection) as queries:
            seen = CountyWeek(county, WEEK, office)
            seen.counts, seen.units, seen.compared_rows, seen.changed_at  # noqa: B018
        counts.append(len(queries))

    assert counts == [8, 8]


def test_a_withdrawal_counts_as_a_change(county, unit):
    plan = factories.plan_under_way(unit)
    reporter = factories.user("reporter", unit=unit)
    values = {"ytd_investment": Decimal(10), "works_percent": Decimal(3), "progress": "开挖。"}
    draft = actions.save(by=reporter, plan=plan, week=WEEK, values=values, version=0)
    (report,) = actions.submit(by=reporter, county=county, week=WEEK, versions={plan.pk: draft.row_version}).submitted
    later = factories.clock(2024, 5, 31, 11)
    actions.withdraw(by=reporter, report=report, version=report.row_version)

    assert CountyWeek(later, WEEK).changed_at == later.business_time
