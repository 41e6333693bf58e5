import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portfolio import latest_reports
from portfolio.actions import dispatch
from portfolio.actions.latest_reports import repair
from portfolio.models import AnnualPlan
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = Week(2024, 22)
ANSWERS = {"ytd_investment": Decimal(10), "works_percent": Decimal(5), "progress": "基础完成。"}


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


def submitted(county, plan):
    office = factories.user()
    saved = dispatch.save_many(by=office, county=county, week=WEEK, answers={plan: ANSWERS})
    dispatch.submit(by=office, county=county, week=WEEK, versions={plan.pk: saved[0].row_version})
    return saved[0], office


def row(plan):
    return AnnualPlan.objects.values_list(*latest_reports.KEPT).get(pk=plan.pk)


def test_a_report_is_kept_with_its_day_in_the_same_transaction(county):
    plan = factories.plan_under_way()

    submitted(county, plan)

    assert row(plan) == (10, 22, dt.date(2024, 5, 31))
    assert latest_reports.differences(county) == []


def test_a_returned_report_leaves_what_was_reported_before(county):
    plan = factories.plan_under_way()
    earlier = timezone.make_aware(dt.datetime(2024, 5, 24, 11))
    factories.report(plan, 21, ytd_investment=7, submitted_at=earlier)
    report, office = submitted(county, plan)
    report.refresh_from_db()

    dispatch.send_back(by=office, report=report, reason="请核对。", version=report.row_version)

    assert row(plan) == (7, 21, dt.date(2024, 5, 24))
    assert latest_reports.differences(county) == []


def test_a_row_that_is_wrong_is_found_by_name(county):
    plan = factories.plan_under_way()
    submitted(county, plan)
    AnnualPlan.objects.update(ytd_investment=11)

    found = [(each.plan, each.label, each.stored, each.recomputed) for each in latest_reports.differences(county)]

    assert found == [(plan, "年度累计完成投资", 11, 10)]


def test_repair_says_again_what_the_reports_say_and_leaves_history(county):
    plan = factories.plan_under_way()
    submitted(county, plan)
    AnnualPlan.objects.update(ytd_investment=11, reported_on=None)

    repaired = repair(county=county)

    assert (len(repaired), row(plan)) == (2, (10, 22, dt.date(2024, 5, 31)))
    last = AnnualPlan.history.filter(id=plan.pk).latest("history_id")
    assert last.change_set.summary == "按周调度重算 1 个项目的最近报送"


def test_command_fails_on_a_difference_and_repairs_it_when_told_to(county):
    submitted(county, factories.plan_under_way(project__name="城南供热站"))
    AnnualPlan.objects.update(reported_week=None)
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("check_latest", stdout=out)
    call_command("check_latest", repair=True, stdout=out)
    call_command("check_latest", stdout=out)

    assert out.getvalue().splitlines() == [
        "2024年计划：城南供热站：最近报送周次 —，应为 22",
        "沁源县：不一致 1 处。",
        "2024年计划：城南供热站：最近报送周次 —，应为 22",
        "沁源县：已重算 1 处。",
        "沁源县：全部一致。",
    ]
