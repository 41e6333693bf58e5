"""Reading the dispatch: the last report before a week, and the money that a week brought."""

from decimal import Decimal

import pytest

from portfolio import dispatch
from portfolio.models import WeeklyDispatch
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db


def weeks_money(plan):
    """{week: 万元} of the plan's published reports."""
    reports = dispatch.with_previous(WeeklyDispatch.objects.published().filter(plan=plan)).order_by("week")
    return {report.week: report.ytd_investment - (report.previous_ytd or 0) for report in reports}


def test_the_report_before_is_the_last_published_one_of_the_year(county):
    plan = factories.plan_under_way()
    factories.report(plan, 18, ytd_investment=100)
    kept = factories.report(plan, 19, ytd_investment=120)
    factories.report(plan, 20, "returned", ytd_investment=900)
    factories.report(plan, 21, "draft", ytd_investment=950)
    factories.report(plan, 22, ytd_investment=150)

    assert dispatch.latest_before([plan], Week(2024, 22)) == {plan.pk: kept}
    assert dispatch.latest_before([plan], Week(2024, 18)) == {}


def test_the_week_s_money_is_the_difference_to_the_report_before(county):
    plan = factories.plan_under_way()
    before = factories.report(plan, 20, ytd_investment=Decimal("120.05"))

    assert dispatch.week_investment(Decimal("150.10"), before) == Decimal("30.05")
    assert dispatch.week_investment(Decimal("150.10"), None) == Decimal("150.10")
    assert dispatch.week_investment(None, before) is None


def test_a_corrected_week_moves_every_later_week_s_money(county):
    plan = factories.plan_under_way()
    for week, ytd in ((19, 100), (20, 150), (21, 180)):
        factories.report(plan, week, ytd_investment=ytd)
    assert weeks_money(plan) == {19: 100, 20: 50, 21: 30}

    WeeklyDispatch.objects.filter(plan=plan, week=20).update(ytd_investment=130)

    assert weeks_money(plan) == {19: 100, 20: 30, 21: 50}


@pytest.mark.parametrize("plans", [3, 12])
def test_the_queries_do_not_grow_with_the_plans(county, plans, django_assert_num_queries):
    rows = [factories.plan_under_way() for _ in range(plans)]
    for row in rows:
        factories.report(row, 20, ytd_investment=1)
        factories.report(row, 21, ytd_investment=2)

    with django_assert_num_queries(1):
        assert len(dispatch.latest_before(rows, Week(2024, 22))) == plans
