"""Who has to report, and until when."""

import datetime as dt

import pytest
from django.utils import timezone

from portfolio import reporting
from portfolio.actions import dispatch as actions
from portfolio.models import CalendarDay, Pause
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)


def due(county):
    return set(reporting.plans_due(county, WEEK).values_list("project__name", flat=True))


def may(county):
    return set(reporting.plans_that_may(county, WEEK).values_list("project__name", flat=True))


@pytest.mark.parametrize(
    ("stage", "has_to"),
    [("reserve", False), ("", False), ("planned", True), ("building", True), ("in_operation", True)],
)
def test_a_project_past_its_reserve_stage_has_to_report(county, stage, has_to):
    factories.plan(project__name="甲", project__stage=stage)

    assert (due(county), may(county)) == (({"甲"}, set()) if has_to else (set(), {"甲"}))


@pytest.mark.parametrize(("state", "has_to"), [("added", True), ("removed", False), ("ended", False)])
def test_only_a_plan_that_is_in_has_to_report(county, state, has_to):
    factories.plan_under_way(project__name="甲", state=state, state_reason="县政府常务会议")

    assert due(county) == ({"甲"} if has_to else set())


def test_a_sub_item_may_report_and_nobody_asks_it_to(county):
    whole = factories.plan_under_way(project__name="整体")
    factories.plan_under_way(project__name="子项", part_of=whole)

    assert (due(county), may(county)) == ({"整体"}, {"子项"})


def test_a_paused_plan_need_not_report_until_it_is_resumed(county):
    plan = factories.plan_under_way(project__name="甲")
    pause = Pause.objects.create(
        county=county,
        plan=plan,
        reason="funds",
        words="等待资金",
        paused_on=dt.date(2024, 5, 1),
        review_on=dt.date(2024, 6, 30),
    )

    assert (due(county), may(county)) == (set(), {"甲"})

    pause.resumed_on = dt.date(2024, 5, 20)
    pause.save()

    assert due(county) == {"甲"}


def test_a_locked_week_keeps_the_list_of_who_had_to_report(office):
    county = factories.clock(2024, 6, 3, 9, 0)
    plan = factories.plan_under_way(project__name="甲")
    actions.lock_week(by=office, county=county, week=WEEK)

    plan.state, plan.state_reason = "removed", "终止合作"
    plan.save()
    factories.plan_under_way(project__name="后来的")

    assert due(county) == {"甲"}

    actions.reopen_week(by=office, county=county, week=WEEK, reason="更正")

    assert due(county) == {"后来的"}


def test_the_county_s_own_days_off_move_the_deadline(county):
    assert reporting.due_at(county, WEEK) == timezone.make_aware(dt.datetime(2024, 5, 31, 12))

    CalendarDay.objects.create(county=county, day=dt.date(2024, 5, 31), is_working=False, note="县庆")
    CalendarDay.objects.create(county=county, day=dt.date(2024, 6, 1), is_working=True, note="县庆调休")

    assert reporting.due_at(county, WEEK) == timezone.make_aware(dt.datetime(2024, 6, 1, 12))
