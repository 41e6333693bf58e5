"""The county's lists: overdue and soon due milestones, plans without a schedule, what stands still."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio.actions import pauses, schedule
from portfolio.models import AnnualPlan, Pause
from portfolio.models.register import PlanState, Stage
from portfolio.schedule_entries import MilestoneEntry
from portfolio.schedule_lists import CountySchedules, paused_plans
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 5, 31)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_may(county):
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()


def planned(by, name, due, unit=None, done_on=None, **fields):
    plan = factories.plan(project__name=name, project__unit=factories.unit(), **fields)
    entry = MilestoneEntry("封顶", due, unit=unit, done_on=done_on)
    schedule.save_schedule(by=by, plan=plan, milestones=[entry], monthly=None, version=0)
    return plan


def pause(by, plan, review_on=DAY):
    return pauses.pause(
        by=by, plan=plan, reason="funds", words="等资金", paused_on=DAY - 9 * ONE_DAY, review_on=review_on
    )


def lists(county, **params):
    found = CountySchedules(county, 2024, DAY, params)
    return [[row.plan.project.name for row in rows] for rows in (found.overdue, found.soon)]


def test_overdue_and_soon_are_parted_by_their_day(county, office):
    for name, due in (
        ("昨天", DAY - ONE_DAY),
        ("今天", DAY),
        ("三十天", DAY + 30 * ONE_DAY),
        ("三十一天", DAY + 31 * ONE_DAY),
    ):
        planned(office, name, due)
    planned(office, "已完成", DAY - 9 * ONE_DAY, done_on=DAY)

    assert lists(county) == [["昨天"], ["今天", "三十天"]]


def test_paused_projects_come_last_and_those_out_of_the_plan_not_at_all(county, office):
    pause(office, planned(office, "停建", DAY - 20 * ONE_DAY))
    planned(office, "在建", DAY - ONE_DAY)
    planned(office, "调出", DAY - ONE_DAY, state=PlanState.REMOVED, state_reason="用地")

    assert lists(county) == [["在建", "停建"], []]


def finish(by, name, due, version=0, **told):
    """A plan whose only node is its finish; with `told`, the plan of that name moves."""
    plan = AnnualPlan.objects.filter(project__name=name).first() or factories.plan(project__name=name)
    entry = MilestoneEntry("竣工", due, kind="finish", pk=plan.milestones.values_list("pk", flat=True).first())
    schedule.save_schedule(by=by, plan=plan, milestones=[entry], monthly=None, version=version, **told)
    if not version:
        schedule.approve(by=by, plan=plan, version=1)


def test_finishes_are_late_against_three_plans(county, office):
    county.business_time -= dt.timedelta(days=60)
    county.save()
    for name, due in (("推后", dt.date(2024, 8, 1)), ("逾期", dt.date(2024, 5, 30)), ("今天", DAY)):
        finish(office, name, due)
    county.business_time += dt.timedelta(days=60)
    county.save()
    finish(office, "推后", dt.date(2024, 8, 31), version=2, kind="delay", reason="land", words="征地未完")

    found = CountySchedules(county, 2024, DAY, {})

    assert found.late_counts == [("首次计划", 2), ("现计划", 1), ("上月末的计划", 2)]
    late = [(n.milestone.plan.project.name, n.late_by_original, n.late_by_period) for n in found.late_finishes]
    assert late == [("推后", 30, 30), ("逾期", 1, 1)]


def test_a_unit_answers_for_its_own_milestones_before_the_projects_unit(county, office):
    unit, leader = factories.unit(), factories.leader()
    planned(office, "节点归甲", DAY, unit=unit)
    other = planned(office, "项目归乙", DAY, leader=leader)

    assert lists(county, unit=str(unit.pk)) == [[], ["节点归甲"]]
    assert lists(county, unit=str(other.project.unit_id)) == [[], ["项目归乙"]]
    assert lists(county, leader=str(leader.pk)) == [[], ["项目归乙"]]
    assert lists(county, unit="x", leader="²") == [[], ["节点归甲", "项目归乙"]]


def test_plans_without_a_schedule_are_those_that_should_have_one(county, office):
    planned(office, "有节点", DAY)
    factories.plan(project__name="没有节点", project__stage=Stage.BUILDING)
    factories.plan(project__name="谋划", project__stage=Stage.RESERVE)
    factories.plan(project__name="去年", year=2023)

    assert [plan.project.name for plan in CountySchedules(county, 2024, DAY, {}).without] == ["没有节点"]


def test_the_review_that_is_longest_overdue_comes_first(county, office):
    for name, review_on in (("明天", DAY + ONE_DAY), ("昨天", DAY - ONE_DAY), ("今天", DAY)):
        pause(office, factories.plan(project__name=name), review_on)

    rows = paused_plans(county, DAY)

    assert [(row.plan.project.name, row.is_overdue, row.days_paused) for row in rows] == [
        ("昨天", True, 9),
        ("今天", False, 9),
        ("明天", False, 9),
    ]


@pytest.mark.parametrize("count", [1, 8])
def test_lists_take_as_many_queries_however_long_they_are(count, office_client, office, django_assert_num_queries):
    for number in range(count):
        pause(office, planned(office, f"甲{number}", DAY, leader=factories.leader()))
        factories.plan(project__name=f"乙{number}", project__unit=factories.unit())

    with django_assert_num_queries(11):
        office_client.get(reverse("portfolio:schedule-list"))
    with django_assert_num_queries(3):
        office_client.get(reverse("portfolio:schedule-paused"))


def test_a_long_list_is_cut_on_the_page_and_says_so(office_client, office, monkeypatch):
    for name, due in (("甲", DAY - 2 * ONE_DAY), ("乙", DAY - ONE_DAY)):
        planned(office, name, due)
    url = reverse("portfolio:schedule-list")

    whole, cut = [], []
    for most, found in ((2, whole), (1, cut)):
        monkeypatch.setattr("portfolio.views.schedule_lists.MOST_SHOWN", most)
        page = office_client.get(url).content.decode()
        found += [name for name in ("甲", "乙", f"只列前 {most} 个") if name in page]

    assert (whole, cut) == (["甲", "乙"], ["甲", "只列前 1 个"])


def test_other_counties_are_not_listed(client, office):
    pause(office, planned(office, "沁源的", DAY - ONE_DAY))
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    page, paused = (client.get(reverse(f"portfolio:schedule-{name}")) for name in ("list", "paused"))

    assert (page.context["schedules"].overdue, page.context["schedules"].units, paused.context["rows"]) == ([], [], [])


def test_the_export_holds_the_rows_of_the_page_and_is_noted(office_client, office, tmp_path):
    planned(office, "=1+1", DAY - ONE_DAY)
    planned(office, "乙", DAY + ONE_DAY)

    answer = office_client.get(reverse("portfolio:schedule-export"), {"year": "2024"})

    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    rows = list(load_workbook(file).active.iter_rows(min_row=4, values_only=True))
    assert [row[1:7] for row in rows] == [
        ("=1+1", "封顶", "2024-05-30", "2024-05-30", "逾期未完成", "晚 1 天"),
        ("乙", "封顶", "2024-06-01", "2024-06-01", "30 天内到期", "还有 1 天"),
    ]
    assert AuditEntry.objects.filter(action="导出").count() == 1


# The form


def sent(**values):
    usual = {"act": "pause", "reason": "funds", "words": "等资金", "paused_on": "2024-05-01", "review_on": "2024-08-01"}
    return usual | values


def test_the_office_pauses_and_resumes_on_the_page(office_client, office):
    plan = factories.plan()
    url = reverse("portfolio:schedule-pause", args=[plan.pk])

    office_client.post(url, sent())
    paused = Pause.objects.get()
    office_client.post(url, {"act": "resume", "resumed_on": "2024-05-31", "words": "资金到位"})

    assert (paused.resumed_on, Pause.objects.get().resumed_on) == (None, DAY)


def test_a_pause_sent_twice_neither_doubles_nor_resumes(office_client):
    url = reverse("portfolio:schedule-pause", args=[factories.plan().pk])

    answers = [office_client.post(url, sent()).status_code for _ in range(2)]

    assert (answers, Pause.objects.get().resumed_on) == ([302, 302], None)


def test_a_review_is_registered_once_however_often_it_is_sent(office_client, office):
    plan = factories.plan()
    pause(office, plan)
    url = reverse("portfolio:schedule-pause", args=[plan.pk])

    for _ in range(2):
        office_client.post(url, {"act": "review", "review_on": "2024-08-31", "words": "贷款已到评审"})

    standing = Pause.objects.get()
    assert (standing.review_on, standing.words) == (dt.date(2024, 8, 31), "等资金；2024-05-31 复核：贷款已到评审")


@pytest.mark.parametrize(("review_on", "is_taken"), [("2024-05-31", False), ("2024-06-01", True)])
def test_the_next_review_is_after_today(review_on, is_taken, office_client, office):
    plan = factories.plan()
    pause(office, plan)

    office_client.post(
        reverse("portfolio:schedule-pause", args=[plan.pk]),
        {"act": "review", "review_on": review_on, "words": "仍未到位"},
    )

    assert (str(Pause.objects.get().review_on) == "2024-06-01") is is_taken


def test_a_review_that_has_passed_is_taken_with_a_warning(office_client):
    url = reverse("portfolio:schedule-pause", args=[factories.plan().pk])

    page = office_client.post(url, sent(review_on="2024-05-30"), follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "已登记自 2024-05-01 起停缓建。",
        "复核日期 2024-05-30 已经过去，会列为逾期未复核。",
    ]


def test_what_is_wrong_stands_on_the_form(office_client):
    url = reverse("portfolio:schedule-pause", args=[factories.plan().pk])

    page = office_client.post(url, sent(reason="", paused_on="2024-05", review_on="2024-04-30"))
    late = office_client.post(url, sent(paused_on="2024-05-02", review_on="2024-05-01"))

    assert dict(page.context["forms"])["pause"].errors == {
        "reason": ["请选择“停缓建原因”。"],
        "paused_on": ["“停缓建日期”请写到日，如 2024-05-31。"],
    }
    assert dict(late.context["forms"])["pause"].errors == {
        "review_on": ["复核日期 2024-05-01 早于停缓建日期 2024-05-02，请核对。"]
    }


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_nobody_else_pauses(role, client, office):
    plan = factories.plan(project__unit=factories.unit())
    client.force_login(factories.user(role, unit=plan.project.unit))

    answer = client.post(reverse("portfolio:schedule-pause", args=[plan.pk]), sent())

    assert (answer.status_code in {403, 404}, Pause.objects.count()) == (True, 0)
