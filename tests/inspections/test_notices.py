"""Who is told what of supervision, from which day on and how often: each boundary in a pair."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections.actions import letter_steps, letters, matters
from inspections.models import Checklist, MatterEvent
from inspections.models.rounds import RoundState
from inspections.notices import READERS
from portfolio import notices
from portfolio.actions.notices import write_notices
from portfolio.models import Notice, NoticeKind, NoticeRule
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import letter_factories as make
from tests.inspections import matter_factories, round_factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def water(county):
    return factories.unit("水利局")


@pytest.fixture
def office(county):
    return factories.user("office", "office")


@pytest.fixture
def reporter(water):
    """The unit's reporter; one of another unit, who must be told nothing, is there too."""
    factories.user("reporter", "elsewhere", unit=factories.unit("住建局"))
    return factories.user("reporter", "water", unit=water)


@pytest.fixture
def leader(county):
    return factories.leader(user=factories.user("leader", "leader"))


def due(county, kind, day=TODAY):
    """[DueNotice] of one kind at ten o'clock of a day."""
    now = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
    return [notice for notice in notices.due_notices(county, now) if notice.kind == kind]


def told(county, kind, day=TODAY):
    """[(account name, title)]."""
    return [(notice.recipient.username, notice.title) for notice in due(county, kind, day)]


def rule(county, kind, threshold):
    NoticeRule.objects.update_or_create(county=county, kind=kind, defaults={"threshold": threshold})


# Problems found on site


def found_problem(water, inspector=None, state="assigned", **fields):
    plan = factories.plan_under_way(water, project__name="河道治理")
    problem = factories.problem(plan.project, state, text="缺排水沟，电话 13812345678", deadline=TODAY + DAY, **fields)
    inspector = inspector or factories.user("inspector")
    checklist = Checklist.objects.first() or looks.checklist()
    looks.check(plan, inspector, checklist, {"schedule": {"answer": "no", "problem": problem}})
    return problem


def test_a_problem_found_on_site_is_told_to_the_unit_that_has_to_settle_it(county, water, reporter, office):
    problem = found_problem(water)

    [notice] = due(county, "problem_found")

    assert (notice.recipient, notice.key, notice.title) == (
        reporter,
        f"found:{problem.pk}",
        "“河道治理”督导发现问题",
    )
    assert notice.words == "缺排水沟，电话 138****5678（责任单位 水利局，请于 2024-06-01 前办结）"
    assert notice.path == f"/problems/{problem.pk}/"


@pytest.mark.parametrize(
    ("state", "accounts"),
    [("raised", ["water", "office"]), ("assigned", ["water"]), ("closing", []), ("closed", [])],
)
def test_the_office_is_told_of_a_found_problem_until_it_is_assigned(county, water, reporter, office, state, accounts):
    found_problem(water, state=state)

    assert [name for name, _ in told(county, "problem_found")] == accounts


def test_a_problem_that_was_not_found_on_site_is_not_told_so(county, water, reporter):
    factories.problem(factories.plan_under_way(water).project, "assigned")

    assert told(county, "problem_found") == []


# Matters


def test_a_matter_is_told_to_the_units_reporters_and_its_leader(county, water, reporter, leader, office):
    matter = matter_factories.matter(unit=water, leader=leader, text="办理用地手续")
    event = matter_factories.event(matter, "decided")

    found = due(county, "matter")

    assert [(notice.recipient.username, notice.title) for notice in found] == [
        ("water", "事项交办：办理用地手续"),
        ("leader", "事项交办：办理用地手续"),
    ]
    assert {(notice.key, notice.words, notice.path) for notice in found} == {
        (
            f"matter:{matter.pk}:{event.pk}",
            "责任单位 水利局，办结时限 2024-05-17。",
            f"/inspections/matters/{matter.pk}/",
        )
    }


def test_a_matter_of_minutes_that_are_not_issued_is_not_told(county, water, reporter):
    matter_factories.matter(matter_factories.meeting("open"), unit=water)

    assert told(county, "matter") == []


@pytest.mark.parametrize(("state", "count"), [("open", 1), ("closing", 0), ("done", 0), ("dropped", 0)])
def test_a_matter_is_told_while_the_unit_has_to_act(county, water, reporter, state, count):
    matter_factories.matter(unit=water, state=state)

    assert len(told(county, "matter")) == count


def test_a_matter_that_was_sent_back_is_told_once_more(county, water, reporter, office):
    matter = matter_factories.matter(unit=water, text="办理用地手续")
    matter_factories.event(matter, "decided")
    write_notices(county=county, now=county.business_now())
    matter = matters.ask_closing(by=reporter, matter=matter, version=matter.row_version, text="已办")
    matters.send_back(by=office, matter=matter, version=matter.row_version, reason="没有附件")

    for _ in range(2):
        write_notices(county=county, now=county.business_now())

    stored = Notice.objects.filter(kind="matter", user=reporter).order_by("pk")
    assert [(one.title, one.read_at is None) for one in stored] == [
        ("事项交办：办理用地手续", False),
        ("事项被退回办理：办理用地手续", True),
    ]


def matter_due(unit, day, **fields):
    return matter_factories.matter(unit=unit, deadline=day, text="办理用地手续", **fields)


@pytest.mark.parametrize(
    ("day", "titles"),
    [
        (TODAY + 3 * DAY, []),
        (TODAY + 2 * DAY, ["交办事项还有 2 天到期：办理用地手续"]),
        (TODAY, ["交办事项今天到期：办理用地手续"]),
        (TODAY - DAY, []),
    ],
)
def test_a_matter_is_due_from_two_days_before_to_its_last_day(county, water, reporter, office, leader, day, titles):
    matter = matter_due(water, day, leader=leader)

    assert told(county, "matter_due") == [("water", title) for title in titles]
    assert [notice.key for notice in due(county, "matter_due")] == [f"matter-due:{matter.pk}:{day}"] * len(titles)


@pytest.mark.parametrize(("threshold", "count"), [(4, 0), (5, 1)])
def test_the_days_before_a_matter_is_due_are_the_countys_to_set(county, water, reporter, threshold, count):
    rule(county, NoticeKind.MATTER_DUE, threshold)
    matter_due(water, TODAY + 5 * DAY)

    assert len(told(county, "matter_due")) == count


@pytest.mark.parametrize(("day", "count"), [(TODAY, 0), (TODAY - DAY, 1)])
def test_unit_leader_and_office_are_told_of_a_matter_the_day_after_its_deadline(
    county, water, reporter, leader, office, day, count
):
    matter_due(water, day, leader=leader)

    title = "交办事项逾期 1 天：办理用地手续"
    assert told(county, "matter_late") == [("water", title), ("leader", title), ("office", title)] * count


@pytest.mark.parametrize(("threshold", "count"), [(6, 0), (5, 1)])
def test_the_days_after_which_a_matter_is_told_as_late_are_the_countys_to_set(
    county, water, reporter, threshold, count
):
    rule(county, NoticeKind.MATTER_LATE, threshold)
    matter_due(water, TODAY - 5 * DAY)

    assert len(told(county, "matter_late")) == count


def test_a_later_deadline_makes_a_new_notice_and_takes_the_old_one_back(county, water, reporter, office):
    matter = matter_due(water, TODAY - DAY)
    now = county.business_now()
    write_notices(county=county, now=now)
    late = Notice.objects.filter(user=reporter, kind="matter_late")
    before = late.filter(read_at=None).count()

    matters.extend(by=office, matter=matter, version=1, deadline=TODAY + DAY, reason="雨季")
    write_notices(county=county, now=now)

    assert (before, late.filter(read_at=None).count()) == (1, 0)
    assert Notice.objects.get(user=reporter, kind="matter_due").key == f"matter-due:{matter.pk}:2024-06-01"


# Letters


@pytest.fixture
def letter(office, water, leader):
    """A 提醒函 of today about a red plan, to be answered by 7 June."""
    return make.issued(office, make.red_plan(water, leader=leader))


def test_a_letter_is_told_to_the_units_reporters_and_the_leader_whose_project_it_is(county, reporter, letter):
    event = letter.events.get(kind="issued")

    found = due(county, "letter")

    assert [notice.recipient.username for notice in found] == ["water", "leader"]
    assert {(notice.key, notice.title, notice.path) for notice in found} == {
        (f"letter:{letter.pk}:{event.pk}", "提醒函已发出：沁重项提〔2024〕1号", f"/inspections/letters/{letter.pk}/")
    }
    assert found[0].words == "关于河道治理未按期开工的提醒函（主送水利局，请于 2024-06-07 前书面回复）"


def test_a_letter_about_a_problem_or_matter_is_told_to_its_leader(county, water, leader, office):
    problem = make.late_problem(make.red_plan(water, leader=leader).project)
    matter = make.late_matter(county, water, leader=leader)
    for what, row in (("problem", problem), ("matter", matter)):
        draft = letters.draft(by=office, what=what, row=row)
        letters.issue(by=office, letter=draft, version=draft.row_version)

    assert [name for name, _ in told(county, "letter")] == ["leader", "leader"]


def test_a_draft_is_told_to_nobody(county, water, reporter, office):
    make.drafted(office, make.red_plan(water))

    assert told(county, "letter") == []


def test_an_answered_letter_is_no_longer_the_units_and_one_sent_back_is_again(county, reporter, letter, office):
    answered = letter_steps.answer(by=reporter, letter=letter, version=letter.row_version, text="正在整改")
    while_answered = told(county, "letter")

    letter_steps.send_back(by=office, letter=answered, version=answered.row_version, reason="请附照片")

    assert (while_answered, ("water", "提醒函被退回重办：沁重项提〔2024〕1号") in told(county, "letter")) == ([], True)


@pytest.mark.parametrize(
    ("day", "titles"),
    [
        (dt.date(2024, 6, 5), []),
        (dt.date(2024, 6, 6), ["沁重项提〔2024〕1号回复时限还有 1 天到期"]),
        (dt.date(2024, 6, 7), ["沁重项提〔2024〕1号回复时限今天到期"]),
        (dt.date(2024, 6, 8), []),
    ],
)
def test_a_letter_is_due_from_the_day_before_to_its_last_day(county, reporter, letter, day, titles):
    assert told(county, "letter_due", day) == [("water", title) for title in titles]


@pytest.mark.parametrize(
    ("day", "accounts"), [(dt.date(2024, 6, 7), set()), (dt.date(2024, 6, 8), {"water", "leader"})]
)
def test_unit_and_leader_are_told_of_a_letter_the_day_after_its_deadline(county, reporter, letter, day, accounts):
    found = told(county, "letter_late", day)

    assert set(found) == {(name, "沁重项提〔2024〕1号逾期 1 天未回复") for name in accounts}


def test_the_office_is_told_of_a_late_talk_which_rises_no_further(county, reporter, office, letter):
    talk = make.risen(office, make.risen(office, letter))

    names = {name for name, _ in told(county, "letter_late", talk.deadline + DAY)}

    assert names == {"water", "leader", "office"}


# What waits for the office


def test_an_answer_to_a_matter_is_told_to_the_office_but_to_who_gave_it(county, water, reporter, office):
    other = factories.user("office", "office2")
    matter = matter_factories.matter(unit=water, text="办理用地手续")
    matters.answer(by=other, matter=matter, version=1, text="已报批，电话 13812345678")

    [notice] = due(county, "answered")

    assert (notice.recipient, notice.title, notice.words) == (
        office,
        "水利局反馈：办理用地手续",
        "已报批，电话 138****5678",
    )


def test_only_the_last_that_was_said_of_a_matter_waits(county, water, reporter, office):
    matter = matter_factories.matter(unit=water, text="办理用地手续")
    matter = matters.answer(by=reporter, matter=matter, version=1, text="已报批")
    matter = matters.ask_closing(by=reporter, matter=matter, version=2, text="已办结")
    asked = MatterEvent.objects.get(kind="ask_end")
    waiting = due(county, "answered")

    matters.send_back(by=office, matter=matter, version=3, reason="请附批文")

    assert [(one.key, one.title) for one in waiting] == [(f"matter-said:{asked.pk}", "水利局申请办结：办理用地手续")]
    assert due(county, "answered") == []


def test_an_answered_letter_and_a_request_for_more_time_wait_for_the_office(county, reporter, office, letter):
    asked = letter_steps.ask_extension(
        by=reporter, letter=letter, version=letter.row_version, reason="雨季", deadline=dt.date(2024, 6, 20)
    )
    first = told(county, "answered")
    answered = letter_steps.answer(by=reporter, letter=asked, version=asked.row_version, text="正在整改")
    second = told(county, "answered")

    letter_steps.close(by=office, letter=answered, version=answered.row_version, text="属实", is_settled=True)

    number = "沁重项提〔2024〕1号"
    assert (first, second) == (
        [("office", f"水利局申请延期：{number}")],
        [("office", f"水利局回复：{number}")],
    )
    assert told(county, "answered") == []


# What rises


@pytest.mark.parametrize(("days", "count"), [(2, 0), (3, 1)])
def test_the_office_is_told_that_a_matter_needs_a_reminder_with_the_way_to_write_it(
    county, water, reporter, office, days, count
):
    matter = matter_due(water, TODAY - days * DAY)

    found = due(county, "to_remind")

    assert [(one.recipient, one.key, one.title, one.words, one.path) for one in found] == [
        (
            office,
            f"rise:matter:{matter.pk}:reminder:2024-05-28",
            "应发提醒函：办理用地手续",
            "水利局事项逾期 3 天。发不发、何时发，请核对后决定。",
            f"/inspections/letters/new/?matter={matter.pk}",
        )
    ] * count


@pytest.mark.parametrize(("day", "count"), [(dt.date(2024, 6, 7), 0), (dt.date(2024, 6, 8), 1)])
def test_the_office_is_told_that_an_unanswered_letter_rises(county, reporter, office, letter, day, count):
    found = due(county, "to_order", day)

    assert [(one.recipient, one.title, one.path) for one in found] == [
        (
            office,
            "应发督办单：沁重项提〔2024〕1号关于河道治理未按期开工的提醒函",
            f"/inspections/letters/{letter.pk}/",
        )
    ] * count
    assert due(county, "to_remind", day) == due(county, "to_talk", day) == []


def test_a_step_that_is_switched_off_tells_nothing_and_leaves_the_others(county, water, office):
    NoticeRule.objects.create(county=county, kind=NoticeKind.TO_REMIND, threshold=3, is_on=False)
    matter_due(water, TODAY - 5 * DAY)

    assert (told(county, "to_remind"), len(told(county, "matter_late"))) == ([], 1)


# Rounds


def test_the_judges_of_an_open_round_are_told_while_they_have_a_stop_left_to_score(county):
    inspector, leader = factories.user("inspector", "inspector"), factories.user("leader", "leader")
    factories.user("inspector", "no_judge")
    row = round_factories.round_(title="二季度观摩")
    first, second = (round_factories.stop(row) for _ in range(2))
    done, half = round_factories.judge(row, leader), round_factories.judge(row, inspector)
    for judge, stop in ((done, first), (done, second), (half, first)):
        round_factories.sheet(judge, stop, "50", "30")

    [notice] = due(county, "round")

    assert (notice.recipient, notice.key, notice.title, notice.words, notice.path) == (
        inspector,
        f"round:{row.pk}",
        "“二季度观摩”已开始，请您评分",
        "2024-05-28 至 2024-05-31，共 2 个观摩点，您还有 1 个没有评分。",
        f"/inspections/quarterly/{row.pk}/score/",
    )


@pytest.mark.parametrize(("state", "count"), [("planned", 0), ("open", 1), ("closed", 0)])
def test_a_round_is_told_while_it_is_open(county, state, count):
    row = round_factories.round_(state=RoundState(state))
    round_factories.stop(row)
    round_factories.judge(row)

    assert len(due(county, "round")) == count


def test_a_judge_whose_account_is_closed_is_told_nothing(county):
    row = round_factories.round_()
    round_factories.stop(row)
    round_factories.judge(row, factories.user("inspector", is_active=False))

    assert due(county, "round") == []


# All of them


def everything(county, water, office, reporter):
    found_problem(water)
    for days in (-1, 1, 11):
        matter_due(water, TODAY - days * DAY)
    answered = matter_due(water, TODAY + 5 * DAY)
    matters.answer(by=reporter, matter=answered, version=1, text="已报批")
    letter = make.issued(office, make.red_plan(water, "河道治理"))
    letter_steps.ask_extension(
        by=reporter, letter=letter, version=letter.row_version, reason="雨季", deadline=dt.date(2024, 6, 20)
    )
    row = round_factories.round_()
    round_factories.stop(row)
    round_factories.judge(row)


def test_each_is_told_once(county, water, office, reporter):
    everything(county, water, office, reporter)
    now = county.business_now()

    first = {notice.kind for notice in write_notices(county=county, now=now)}

    assert first >= {"problem_found", "matter", "matter_due", "matter_late", "letter", "answered", "to_remind", "round"}
    assert write_notices(county=county, now=now) == []


def test_what_supervision_tells_takes_as_many_queries_for_one_as_for_three(
    county, water, office, reporter, django_assert_max_num_queries
):
    everything(county, water, office, reporter)
    with CaptureQueriesContext(connection) as of_one:
        due(county, "matter", dt.date(2024, 6, 8))
    for _ in range(2):
        everything(county, water, office, reporter)

    with django_assert_max_num_queries(len(of_one)):
        due(county, "matter", dt.date(2024, 6, 8))


def test_another_county_is_told_nothing(county, water, office, reporter):
    everything(county, water, office, reporter)
    elsewhere = factories.county("140430", "别县")
    for role in ("office", "inspector", "leader"):
        factories.user(role, county=elsewhere)

    assert [one for one in notices.due_notices(elsewhere, county.business_now()) if one.kind in READERS] == []
