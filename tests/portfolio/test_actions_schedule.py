"""Writing schedules: free until approved; afterwards the first plan stays and every move says why."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from portfolio.actions import schedule
from portfolio.actions.changes import StaleRow
from portfolio.actions.register import Invalid
from portfolio.models import AnnualPlan, ChangeSet, Milestone, MonthlyTarget, Schedule, ScheduleChange
from portfolio.schedule_entries import MilestoneEntry
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
MONTHS = [Decimal(100)] * 12


@pytest.fixture
def plan(county):
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()
    return factories.plan(project__name="污水处理厂", project__unit=factories.unit(), planned_investment=1200)


def node(name, due, **values):
    return MilestoneEntry(name=name, due=due, **values)


TWO_NODES = (node("基础完工", dt.date(2024, 4, 30), weight=Decimal(40)), node("竣工", dt.date(2024, 9, 30)))


def save(plan, by, milestones=TWO_NODES, monthly=MONTHS, **options):
    options.setdefault("version", schedule.version_of(plan))
    return schedule.save_schedule(by=by, plan=plan, milestones=milestones, monthly=monthly, **options)


def stored(plan):
    return [MilestoneEntry.of(milestone) for milestone in plan.milestones.all()]


@pytest.fixture
def approved(plan, office):
    save(plan, office)
    schedule.approve(by=office, plan=plan, version=schedule.version_of(plan))
    return plan


def moved(plan, days, place=1):
    entries = stored(plan)
    entries[place] = replace(entries[place], due=entries[place].due + dt.timedelta(days=days))
    return entries


def delay(plan, by, milestones, monthly=MONTHS, **options):
    told = {"kind": "delay", "reason": "land", "words": "征地协议尚未签订"}
    return save(plan, by, milestones, monthly, **{**told, **options})


# Before the approval


def test_first_save_lays_the_schedule_down(plan, office):
    change_set = save(plan, office, template="water")

    milestones = plan.milestones.values_list("seq", "name", "original_due", "due", "weight")
    assert list(milestones) == [
        (1, "基础完工", dt.date(2024, 4, 30), dt.date(2024, 4, 30), Decimal(40)),
        (2, "竣工", dt.date(2024, 9, 30), dt.date(2024, 9, 30), None),
    ]
    assert sum(plan.monthly_targets.values_list("amount", flat=True)) == 1200
    assert (change_set.kind, change_set.summary) == (
        ChangeSet.Kind.SCHEDULE,
        "污水处理厂：工期计划 新增 2 个节点、月度计划投资",
    )
    assert (plan.schedule.template, plan.schedule.row_version) == ("water", 1)


def test_a_schedule_not_approved_moves_with_its_first_plan(plan, office):
    save(plan, office)

    save(plan, office, [replace(stored(plan)[0], due=dt.date(2024, 5, 10))], [Decimal(50)] * 12)

    assert list(plan.milestones.values_list("due", "original_due")) == [(dt.date(2024, 5, 10),) * 2]
    assert set(plan.monthly_targets.values_list("amount", "original_amount")) == {(50, 50)}
    assert ScheduleChange.objects.count() == 0


def test_removed_nodes_leave_a_last_record_in_their_change_set(plan, office):
    save(plan, office)

    change_set = save(plan, office, stored(plan)[:1])

    records = Milestone.history.filter(change_set=change_set)
    assert list(records.values_list("name", "history_type")) == [("竣工", "-")]


def test_saving_what_stands_writes_nothing(plan, office):
    save(plan, office)

    assert save(plan, office, stored(plan)) is None
    assert (ChangeSet.objects.count(), plan.schedule.row_version) == (1, 1)


def test_order_of_the_page_is_kept(plan, office):
    save(plan, office)

    save(plan, office, list(reversed(stored(plan))))

    assert list(plan.milestones.values_list("seq", "name")) == [(1, "竣工"), (2, "基础完工")]


def test_a_stale_page_is_refused_and_writes_nothing(plan, office):
    save(plan, office)
    save(plan, office, stored(plan)[:1])

    with pytest.raises(StaleRow):
        save(plan, office, version=1)
    with pytest.raises(StaleRow):
        save(plan, office, version=schedule.NOT_STARTED)
    assert plan.milestones.count() == 1


def test_a_reporter_writes_the_schedules_of_the_own_unit_only(plan):
    own = factories.user("reporter", unit=plan.project.unit)
    other = factories.user("reporter", unit=factories.unit())
    foreign = factories.user("office", county=factories.county("140430", "邻县"))

    save(plan, own)

    for nobody in (other, foreign, factories.user("leader"), factories.user("auditor")):
        with pytest.raises(AnnualPlan.DoesNotExist):
            save(plan, nobody, [])
    assert plan.milestones.count() == 2


def test_every_fault_is_told_with_its_row_and_nothing_is_written(plan, office):
    wrong = [
        node(" ", dt.date(2024, 4, 30), weight=Decimal("100.01")),
        node("竣工", None, unit=factories.unit(county=factories.county("140430", "邻县"))),
        node("封顶", TODAY, done_on=TODAY + dt.timedelta(days=1)),
    ]

    with pytest.raises(Invalid) as refused:
        save(plan, office, wrong, [Decimal(1)] * 11 + [Decimal(-1)])

    assert list(refused.value.problems) == ["1-name", "1-weight", "2-due", "2-unit", "3-done_on", "month-12"]
    assert refused.value.problems["3-done_on"] == (
        "第 3 行“封顶”：实际完成 2024-06-01 还没有到，请填写 2024-05-31 或更早的日期。"
    )
    assert Schedule.objects.count() == 0


def test_a_weight_of_100_and_a_node_done_today_are_taken(plan, office):
    save(plan, office, [node("封顶", TODAY, weight=Decimal(100), done_on=TODAY)])

    assert stored(plan)[0].done_on == TODAY


def test_a_node_of_another_plan_is_not_taken_over(plan, office):
    other = factories.plan(project__name="别的项目")
    save(other, office)

    with pytest.raises(Invalid, match="已不在这个计划里"):
        save(plan, office, stored(other))


def test_eleven_months_are_no_year(plan, office):
    with pytest.raises(Invalid, match="月度计划应有 12 个月"):
        save(plan, office, monthly=MONTHS[:11])


# Approval


def test_only_the_office_approves(plan, office):
    save(plan, office)

    with pytest.raises(PermissionDenied):
        schedule.approve(by=factories.user("reporter", unit=plan.project.unit), plan=plan, version=1)
    schedule.approve(by=office, plan=plan, version=1)

    assert Schedule.objects.get(plan=plan).approved_by == office


def test_a_second_approval_changes_nothing(approved, office):
    version = schedule.version_of(approved)

    assert schedule.approve(by=office, plan=approved, version=1) is None
    assert schedule.version_of(approved) == version


def test_nothing_is_approved_without_a_node(plan, office):
    save(plan, office, [])

    with pytest.raises(Invalid, match="还没有工期节点"):
        schedule.approve(by=office, plan=plan, version=schedule.version_of(plan))


# After the approval


def test_a_delay_keeps_the_first_plan_and_says_why(approved, office):
    change_set = delay(approved, office, moved(approved, 31))

    milestone = approved.milestones.get(name="竣工")
    assert (milestone.original_due, milestone.due) == (dt.date(2024, 9, 30), dt.date(2024, 10, 31))
    change = ScheduleChange.objects.get()
    assert (change.kind, change.reason, change.words, change.by) == ("delay", "land", "征地协议尚未签订", office)
    assert (change.due_before, change.due_after) == (dt.date(2024, 9, 30), dt.date(2024, 10, 31))
    assert change_set.summary == "污水处理厂：延期，节点“竣工”计划完成 2024-09-30 → 2024-10-31"


def test_an_approved_schedule_asks_for_kind_reason_and_words_at_once(approved, office):
    with pytest.raises(Invalid) as refused:
        save(approved, office, moved(approved, 1))

    assert list(refused.value.problems) == ["change_kind", "change_reason", "change_words"]
    assert stored(approved)[1].due == dt.date(2024, 9, 30)


def test_a_delay_by_a_day_is_taken_and_a_day_earlier_is_none(approved, office):
    with pytest.raises(Invalid) as refused:
        delay(approved, office, moved(approved, -1))
    delay(approved, office, moved(approved, 1))

    assert refused.value.problems == {
        "2-due": "第 2 行“竣工”由 2024-09-30 提前到 2024-09-29，不是延期。请改选“更正”，或与延期分两次保存。"
    }


def test_a_correction_may_move_a_node_earlier_and_add_and_remove(approved, office):
    entries = [*moved(approved, -1)[1:], node("试运行", dt.date(2024, 9, 15))]

    delay(approved, office, entries, kind="correct", reason="typo", words="把交工日期写成了竣工日期")

    assert sorted(ScheduleChange.objects.values_list("what", flat=True)) == [
        "删除节点“基础完工”（最初计划 2024-04-30）",
        "增加节点“试运行”（计划 2024-09-15）",
        "节点“竣工”计划完成 2024-09-30 → 2024-09-29",
    ]


def test_adding_and_removing_nodes_is_no_delay(approved, office):
    with pytest.raises(Invalid, match="增加或删除节点不是延期"):
        delay(approved, office, stored(approved)[:1])


def test_money_may_move_later_as_a_delay_but_not_forward(approved, office):
    later = [Decimal(0), Decimal(200), *MONTHS[2:]]
    forward = [Decimal("100.01"), Decimal("99.99"), *MONTHS[2:]]

    with pytest.raises(Invalid, match="改后 1 至 1 月的计划投资比原来多"):
        delay(approved, office, stored(approved), forward)
    delay(approved, office, stored(approved), later)

    first = MonthlyTarget.objects.get(plan=approved, month=1)
    assert (first.original_amount, first.amount) == (100, 0)
    assert list(ScheduleChange.objects.order_by("month").values_list("month", "amount_before", "amount_after")) == [
        (1, 100, 0),
        (2, 100, 200),
    ]


def test_approved_months_are_not_wiped_out(approved, office):
    with pytest.raises(Invalid, match="不能整体清空"):
        delay(approved, office, stored(approved), None)


def test_names_weights_and_what_is_done_need_no_reason(approved, office):
    first, last = stored(approved)

    save(approved, office, [replace(first, weight=Decimal(30), done_on=TODAY), last])

    assert ScheduleChange.objects.count() == 0
    assert stored(approved)[0].done_on == TODAY


def test_a_removed_node_leaves_its_earlier_changes_in_the_log(approved, office):
    delay(approved, office, moved(approved, 1))

    delay(approved, office, stored(approved)[:1], kind="correct", words="竣工由二期承担")

    assert list(ScheduleChange.objects.order_by("pk").values_list("milestone", "due_before")) == [
        (None, dt.date(2024, 9, 30)),
        (None, dt.date(2024, 10, 1)),
    ]


# What is done


def test_a_milestone_is_done_and_taken_back_without_a_reason(approved, office):
    milestone = approved.milestones.first()

    def record(done_on, evidence=""):
        version = schedule.version_of(approved)
        schedule.record_done(by=office, milestone=milestone, done_on=done_on, evidence=evidence, version=version)
        return stored(approved)[0].done_on, stored(approved)[0].evidence

    assert record(TODAY, "监理验收单") == (TODAY, "监理验收单")
    assert record(None, "监理验收单") == (None, "")


def test_no_milestone_is_done_tomorrow(approved, office):
    with pytest.raises(Invalid, match="还没有到"):
        schedule.record_done(
            by=office,
            milestone=approved.milestones.first(),
            done_on=TODAY + dt.timedelta(days=1),
            version=schedule.version_of(approved),
        )


def test_done_twice_writes_once_and_stale_is_refused(approved, office):
    milestone, version = approved.milestones.first(), schedule.version_of(approved)
    schedule.record_done(by=office, milestone=milestone, done_on=TODAY, version=version)

    with pytest.raises(StaleRow):
        schedule.record_done(by=office, milestone=milestone, done_on=None, version=version)
    assert schedule.record_done(by=office, milestone=milestone, done_on=TODAY, version=version + 1) is None
