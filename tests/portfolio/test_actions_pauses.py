"""Pausing and resuming: reasons from the list, days in order, once however often it is sent."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from portfolio.actions import pauses
from portfolio.actions.register import Invalid
from portfolio.models import AnnualPlan, ChangeSet, Pause
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def plan(county):
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()
    return factories.plan(project__name="污水处理厂")


def pause(plan, by, **values):
    usual = {"reason": "funds", "words": "二期贷款未批", "paused_on": TODAY, "review_on": TODAY}
    return pauses.pause(by=by, plan=plan, **usual | values)


def test_a_pause_is_kept_with_its_reason_and_told(plan, office):
    paused = pause(plan, office, review_on=TODAY + ONE_DAY)

    assert (paused.reason, paused.words, paused.review_on, paused.by) == (
        "funds",
        "二期贷款未批",
        TODAY + ONE_DAY,
        office,
    )
    assert ChangeSet.objects.get().summary == "污水处理厂：停缓建，资金未到位：二期贷款未批"


def test_the_same_pause_sent_twice_is_one(plan, office):
    assert pause(plan, office) == pause(plan, office)
    assert (Pause.objects.count(), ChangeSet.objects.count()) == (1, 1)


def test_a_paused_project_is_not_paused_again_before_it_is_resumed(plan, office):
    pause(plan, office)

    with pytest.raises(Invalid, match="已停缓建"):
        pause(plan, office, words="另有原因")
    pauses.resume(by=office, plan=plan, resumed_on=TODAY, words="资金到位")
    pause(plan, office, words="另有原因")

    assert Pause.objects.standing().get().words == "另有原因"


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"reason": "bored"}, "reason"),
        ({"words": " "}, "words"),
        ({"paused_on": TODAY + ONE_DAY, "review_on": TODAY + ONE_DAY}, "paused_on"),
        ({"review_on": TODAY - ONE_DAY}, "review_on"),
    ],
)
def test_what_is_wrong_is_told_by_field(plan, office, values, key):
    with pytest.raises(Invalid) as refused:
        pause(plan, office, **values)

    assert list(refused.value.problems) == [key]
    assert Pause.objects.count() == 0


def test_a_project_is_resumed_on_its_day_of_pausing_but_not_before(plan, office):
    pause(plan, office)

    with pytest.raises(Invalid, match="早于停缓建日期"):
        pauses.resume(by=office, plan=plan, resumed_on=TODAY - ONE_DAY, words="")
    with pytest.raises(Invalid, match="还没有到"):
        pauses.resume(by=office, plan=plan, resumed_on=TODAY + ONE_DAY, words="")
    pauses.resume(by=office, plan=plan, resumed_on=TODAY, words="资金到位")

    assert Pause.objects.standing().count() == 0
    assert pauses.resume(by=office, plan=plan, resumed_on=TODAY, words="资金到位") is None


def test_only_the_office_of_the_county_pauses(plan):
    for role in ("reporter", "leader", "inspector", "auditor", "sysadmin"):
        with pytest.raises(PermissionDenied):
            pause(plan, factories.user(role))
    with pytest.raises(AnnualPlan.DoesNotExist):
        pause(plan, factories.user(county=factories.county("140430", "邻县")))
