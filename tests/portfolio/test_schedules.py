"""Slippage against three plans, what is done by weight, the log of changes; days in pairs around each border."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portfolio.actions import pauses, schedule
from portfolio.as_of import reading
from portfolio.models import Milestone, MonthlyTarget
from portfolio.schedule_entries import MilestoneEntry
from portfolio.schedules import (
    MonthlyPlan,
    Node,
    Period,
    ScheduleReading,
    Standing,
    earlier_explanations,
    project_schedule_context,
    repeated,
    standing_of,
)
from tests import factories

DAY = dt.date(2024, 5, 31)
ONE_DAY = dt.timedelta(days=1)


def at(county, day):
    """The business clock stands at ten o'clock of `day`."""
    county.business_time = dt.datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()


@pytest.fixture
def plan(county):
    at(county, dt.date(2024, 3, 1))
    return factories.plan(project__name="污水处理厂", planned_investment=1200)


def save(plan, by, milestones, **options):
    options.setdefault("monthly", None)
    schedule.save_schedule(by=by, plan=plan, milestones=milestones, version=schedule.version_of(plan), **options)


def approve(plan, by):
    schedule.approve(by=by, plan=plan, version=schedule.version_of(plan))


def entries(plan):
    return [MilestoneEntry.of(milestone) for milestone in plan.milestones.all()]


# A milestone on a day


@pytest.mark.parametrize(
    ("due", "done_on", "standing"),
    [
        (DAY, None, Standing.DUE_SOON),
        (DAY - ONE_DAY, None, Standing.OVERDUE),
        (DAY + 30 * ONE_DAY, None, Standing.DUE_SOON),
        (DAY + 31 * ONE_DAY, None, Standing.NOT_DUE),
        (DAY, DAY, Standing.MET),
        (DAY - ONE_DAY, DAY, Standing.MET_LATE),
        (DAY, DAY + ONE_DAY, Standing.DUE_SOON),
    ],
)
def test_standing_changes_on_its_day(due, done_on, standing):
    assert standing_of(due, done_on, DAY) == standing


def node(original, due, done_on=None, then=None):
    return Node(Milestone(original_due=original, due=due, done_on=done_on), DAY, then)


def test_lateness_is_told_against_three_plans():
    finished = node(dt.date(2024, 4, 1), dt.date(2024, 5, 1), dt.date(2024, 5, 11), dt.date(2024, 4, 21))

    assert (finished.late_by_original, finished.late_by_latest, finished.late_by_period) == (40, 10, 20)


def test_what_is_not_done_is_late_by_today_at_least():
    overdue = node(dt.date(2024, 5, 1), dt.date(2024, 5, 21))
    waiting = node(dt.date(2024, 6, 10), dt.date(2024, 6, 20))

    assert (overdue.late_by_original, overdue.late_by_latest, overdue.late_by_period) == (30, 10, None)
    assert (waiting.late_by_original, waiting.late_by_latest) == (10, 0)


def test_what_was_done_early_is_late_by_less_than_nothing():
    assert node(DAY, DAY, DAY - 5 * ONE_DAY).late_by_original == -5


@pytest.mark.parametrize(
    ("period", "day", "end"),
    [
        (Period.MONTH, dt.date(2024, 5, 31), dt.date(2024, 4, 30)),
        (Period.MONTH, dt.date(2024, 1, 1), dt.date(2023, 12, 31)),
        (Period.MONTH, dt.date.min, dt.date.min),
        (Period.QUARTER, dt.date(2024, 6, 30), dt.date(2024, 3, 31)),
        (Period.QUARTER, dt.date(2024, 7, 1), dt.date(2024, 6, 30)),
    ],
)
def test_the_last_period_has_ended(period, day, end):
    assert period.end_before(day) == end


# The twelve months


def test_months_add_up_to_quarters_and_differ_from_the_year():
    targets = [MonthlyTarget(month=month, amount=Decimal("100.01"), original_amount=90) for month in range(1, 13)]

    monthly = MonthlyPlan(Decimal(1200), targets)

    assert [(quarter.name, quarter.amount) for quarter in monthly.quarters][:2] == [
        ("一季度", Decimal("300.03")),
        ("二季度", Decimal("300.03")),
    ]
    assert (monthly.total, monthly.original_total, monthly.difference) == (Decimal("1200.12"), 1080, Decimal("0.12"))


def test_no_months_are_no_zero():
    monthly = MonthlyPlan(Decimal(1200), [])

    assert (bool(monthly), monthly.total, monthly.difference, monthly.quarters[0].amount) == (False, None, None, None)


# A schedule on a day


@pytest.mark.django_db
def test_slippage_against_the_plan_of_the_last_period_comes_from_history(plan, office, county):
    save(plan, office, [MilestoneEntry("竣工", dt.date(2024, 7, 1), "finish")])
    approve(plan, office)
    for day, due in ((dt.date(2024, 4, 10), dt.date(2024, 7, 11)), (dt.date(2024, 5, 10), dt.date(2024, 7, 31))):
        at(county, day)
        told = {"kind": "delay", "reason": "land", "words": f"{day} 征地未完"}
        save(plan, office, [replace(entries(plan)[0], due=due)], **told)

    by_month, by_quarter = (ScheduleReading(plan, DAY, period) for period in Period)

    finish = by_month.finish
    assert (finish.late_by_original, finish.late_by_latest, finish.late_by_period) == (30, 0, 20)
    assert by_quarter.finish.late_by_period == 30
    assert (len(by_month.log.delays), by_month.log.delayed_days) == (2, 30)


@pytest.mark.django_db
def test_a_node_that_is_new_has_no_last_period(plan, office, county):
    at(county, DAY)
    save(plan, office, [MilestoneEntry("竣工", DAY)])

    assert ScheduleReading(plan, DAY).nodes[0].late_by_period is None


@pytest.mark.django_db
def test_completion_is_weight_done_of_all_weight(plan, office):
    weights = [("基础", 30, dt.date(2024, 2, 1)), ("主体", 40, None), ("竣工", 20, None)]
    save(plan, office, [MilestoneEntry(n, DAY, weight=Decimal(w), done_on=d) for n, w, d in weights])

    read = ScheduleReading(plan, DAY)

    assert (read.done_weight, read.weight, read.completion) == (30, 90, Decimal("33.3"))


@pytest.mark.django_db
def test_without_weights_there_is_no_completion(plan, office):
    save(plan, office, [MilestoneEntry("基础", DAY)])

    assert ScheduleReading(plan, DAY).completion is None


@pytest.mark.django_db
def test_a_past_day_shows_the_plan_of_that_day(plan, office, county):
    save(plan, office, [MilestoneEntry("竣工", dt.date(2024, 7, 1))])
    at(county, dt.date(2024, 4, 10))
    save(plan, office, [replace(entries(plan)[0], due=dt.date(2024, 8, 1), done_on=dt.date(2024, 4, 9))])
    approve(plan, office)

    def seen(day):
        with reading(county, day):
            read = ScheduleReading(plan, day)
            return [(node.milestone.due, node.is_done) for node in read.nodes], bool(read.approved_at)

    assert seen(dt.date(2024, 4, 9)) == ([(dt.date(2024, 7, 1), False)], False)
    assert seen(dt.date(2024, 4, 10)) == ([(dt.date(2024, 8, 1), True)], True)


@pytest.mark.django_db
def test_corrections_and_delays_stand_apart_and_pasted_words_are_noticed(plan, office, county):
    other = factories.plan(project__name="别的项目")
    words = "因征地协议尚未签订，施工单位不能进场，计划顺延一个月完成。"
    for each in (plan, other):
        save(each, office, [MilestoneEntry("竣工", dt.date(2024, 7, 1))])
        approve(each, office)
        later = [replace(entries(each)[0], due=dt.date(2024, 8, 1))]
        save(each, office, later, kind="delay", reason="land", words=words if each == plan else words + "。")
    earlier_day = [replace(entries(other)[0], due=dt.date(2024, 7, 20))]
    save(other, office, earlier_day, kind="correct", reason="typo", words="月份写错了")

    first, second = (ScheduleReading(each, DAY).log for each in (plan, other))

    assert [entry.repeats for entry in first.delays] == [None]
    assert [entry.repeats.plan for entry in second.delays] == [plan]
    assert [entry.first.what for entry in second.corrections] == ["节点“竣工”计划完成 2024-08-01 → 2024-07-20"]


@pytest.mark.django_db
def test_words_of_which_a_ninth_differs_are_no_copy(plan, office):
    save(plan, office, [MilestoneEntry("竣工", dt.date(2024, 7, 1))])
    approve(plan, office)
    save(
        plan,
        office,
        [replace(entries(plan)[0], due=dt.date(2024, 8, 1))],
        kind="delay",
        reason="land",
        words="一二三四五六七八九十",
    )
    earlier = earlier_explanations(plan.county_id)

    assert repeated("一二三四五六七八九〇", None, earlier) is not None
    assert repeated("一二三四五六七八〇〇", None, earlier) is None


@pytest.mark.django_db
def test_a_pause_stands_from_its_day_until_it_is_resumed(plan, office, county):
    day = dt.date(2024, 2, 20)
    pauses.pause(by=office, plan=plan, reason="funds", words="等资金", paused_on=day, review_on=DAY)
    at(county, DAY)
    pauses.resume(by=office, plan=plan, resumed_on=DAY, words="")

    standing = [ScheduleReading(plan, when).standing_pause for when in (day - ONE_DAY, day, DAY - ONE_DAY, DAY)]

    assert [pause is not None for pause in standing] == [False, True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 12])
def test_a_schedule_is_read_in_as_many_queries_however_long_it_is(
    count, plan, office, django_assert_num_queries, county
):
    unit = factories.unit()
    save(plan, office, [MilestoneEntry(f"节点{n}", DAY, unit=unit) for n in range(count)], monthly=[Decimal(1)] * 12)
    plan.refresh_from_db()

    with django_assert_num_queries(6):
        read = project_schedule_context(plan, DAY)["reading"]
        seen = [(node.standing, node.milestone.unit.name, node.late_by_period) for node in read.nodes]
        told = (read.monthly.total, read.approved_at, read.log.entries, read.standing_pause, read.completion)

    assert (len(seen), told) == (count, (12, None, [], None, None))


def test_a_project_without_a_plan_has_no_schedule():
    assert project_schedule_context(None, DAY) == {"reading": None}
