"""Who is told what, and from which hour or day on: each boundary in a pair."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio import notice_readers, notices, permit_kinds
from portfolio.actions import dispatch
from portfolio.models import CalendarDay, DispatchWeek, NoticeKind, NoticeRule, WeekLight
from portfolio.models.permits import Permit, PermitKind
from tests import factories

pytestmark = pytest.mark.django_db

# Reports of 2024-W22 are due on Friday 31 May at 12:00.
HOUR = dt.timedelta(hours=1)


def at(*moment):
    return timezone.make_aware(dt.datetime(*moment))


DUE = at(2024, 5, 31, 12)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def water(county):
    return factories.unit("水利局")


def rule(county, kind, **fields):
    fields.setdefault("threshold", 0)
    return NoticeRule.objects.create(county=county, kind=kind, **fields)


def told(county, now, kind):
    """[(account name, title)] of one kind."""
    found = notices.due_notices(county, now)
    return [(notice.recipient.username, notice.title) for notice in found if notice.kind == kind]


# Due reports


def test_a_reporter_is_told_of_what_is_due_from_a_day_before_the_deadline_on(county, water):
    factories.user("reporter", "water", unit=water)
    factories.plan_under_way(water)
    factories.plan_under_way(water)

    before, then = told(county, DUE - 24 * HOUR - dt.timedelta(seconds=1), "due"), told(county, DUE - 24 * HOUR, "due")

    assert before == []
    assert then == [("water", "第22周还有 2 个项目未报，截止 5月31日 12:00")]


def test_the_hours_before_the_deadline_are_the_county_s_to_set(county, water):
    factories.user("reporter", "water", unit=water)
    factories.plan_under_way(water)
    rule(county, NoticeKind.DUE, threshold=2)

    assert told(county, DUE - 2 * HOUR - dt.timedelta(seconds=1), "due") == []
    assert len(told(county, DUE - 2 * HOUR, "due")) == 1


def test_the_names_of_the_missing_projects_stand_in_the_notice(county, water):
    factories.user("reporter", unit=water)
    factories.plan_under_way(water, project__name="河道治理", seq=1)
    factories.plan_under_way(water, project__name="水网连通", seq=2)

    (notice,) = notices.due_notices(county, DUE - HOUR)

    assert (notice.key, notice.words, notice.path) == (
        "due:2024-W22",
        "未报：河道治理、水网连通。",
        "/dispatch/?week=2024-W22",
    )


@pytest.mark.parametrize(("state", "count"), [("draft", 1), ("returned", 1), ("reported", 0), ("accepted", 0)])
def test_what_is_in_is_no_longer_due(county, water, state, count):
    factories.user("reporter", unit=water)
    factories.report(factories.plan_under_way(water), 22, state)

    assert len(told(county, DUE - HOUR, "due")) == count


def test_after_the_deadline_the_notice_says_that_it_has_passed(county, water):
    factories.user("reporter", "water", unit=water)
    factories.plan_under_way(water)

    assert told(county, DUE, "due") == [("water", "第22周还有 1 个项目未报，已过截止时间 5月31日 12:00")]


def test_a_deadline_that_a_holiday_moved_to_the_next_week_still_counts_there(county, water):
    factories.user("reporter", unit=water)
    factories.plan_under_way(water)
    CalendarDay.objects.create(county=county, day=dt.date(2024, 5, 31), note="放假")

    # Due on Monday, 3 June, at 12:00, when the week after has begun.
    keys = {
        now: [notice.key for notice in notices.due_notices(county, now) if notice.kind == "due"]
        for now in (at(2024, 6, 3, 11, 59), at(2024, 6, 3, 12))
    }

    assert list(keys.values()) == [["due:2024-W22"], []]


def test_nobody_is_told_to_report_for_a_locked_week(county, water):
    factories.user("reporter", unit=water)
    plan = factories.plan_under_way(water)
    DispatchWeek.objects.create(county=county, year=2024, week=22, locked_at=DUE, due_plans=[plan.pk])

    assert notices.due_notices(county, DUE + HOUR) == []


def test_inactive_accounts_other_units_and_other_roles_are_told_nothing(county, water):
    factories.user("reporter", unit=water, is_active=False)
    factories.user("reporter", unit=factories.unit("住建局"))
    factories.user("inspector", unit=water)
    factories.user("auditor")
    factories.plan_under_way(water)

    assert notices.due_notices(county, DUE + HOUR) == []


# Returned reports


def returned(plan, office):
    report = factories.report(
        plan, 22, "reported", ytd_investment=10, works_percent=5, progress="施工。", row_version=1
    )
    return dispatch.send_back(by=office, report=report, reason="请写明数量。", version=1)


def test_the_unit_s_reporters_are_told_of_a_returned_report_with_its_reason(county, water, office):
    reporter = factories.user("reporter", unit=water)
    plan = factories.plan_under_way(water, project__name="河道治理")
    returned(plan, office)

    (notice,) = [notice for notice in notices.due_notices(county, at(2024, 5, 27, 9)) if notice.kind == "returned"]

    assert (notice.recipient, notice.title, notice.words, notice.path) == (
        reporter,
        "“河道治理”2024年第22周报送被退回",
        "退回原因：请写明数量。",
        f"/dispatch/?week=2024-W22#card-{plan.pk}",
    )


def test_a_return_keeps_its_key_while_the_reporter_types_and_a_second_one_has_another(county, water, office):
    reporter = factories.user("reporter", unit=water)
    plan = factories.plan_under_way(water)
    report = returned(plan, office)
    keys = [key_of_return(county)]

    values = {"ytd_investment": 20, "works_percent": 5, "progress": "主体完成 2 层。"}
    report = dispatch.save(by=reporter, plan=plan, week=report.iso_week, values=values, version=report.row_version)
    keys.append(key_of_return(county))
    dispatch.submit(by=reporter, county=county, week=report.iso_week, versions={plan.pk: report.row_version})
    report.refresh_from_db()
    dispatch.send_back(by=office, report=report, reason="仍不实。", version=report.row_version)
    keys.append(key_of_return(county))

    assert keys[0] == keys[1] != keys[2]


def key_of_return(county):
    (key,) = {notice.key for notice in notices.due_notices(county, DUE - HOUR) if notice.kind == "returned"}
    return key


# Late units


def in_last_week(unit, **fields):
    """A plan that has to report, and did last week."""
    plan = factories.plan_under_way(unit, **fields)
    factories.report(plan, 21)
    return plan


def test_the_office_is_told_of_late_units_from_the_deadline_on(county, water):
    factories.user("office", "office")
    for unit in (water, water, factories.unit("住建局")):
        in_last_week(unit)

    before, then = told(county, DUE - dt.timedelta(seconds=1), "late_units"), told(county, DUE, "late_units")

    assert (before, then) == ([], [("office", "第22周有 2 个单位 3 个项目逾期未报")])


def test_the_office_is_told_of_late_units_as_many_hours_later_as_it_wants(county, water):
    factories.user("office", "office")
    in_last_week(water)
    rule(county, NoticeKind.LATE_UNITS, threshold=4)

    before, then = (told(county, DUE + 4 * HOUR - wait, "late_units") for wait in (dt.timedelta(seconds=1), 0 * HOUR))

    assert (before, len(then)) == ([], 1)


def test_late_units_are_named_with_how_many_projects_each_the_most_first(county, water):
    factories.user("office")
    in_last_week(factories.unit("住建局"), seq=1)
    in_last_week(water, seq=2)
    in_last_week(water, seq=3)

    (notice,) = notices.due_notices(county, DUE)

    assert (notice.key, notice.words, notice.path) == (
        "late:2024-W22",
        "已过截止时间 5月31日 12:00，未报：水利局 2 个、住建局 1 个。",
        "/dispatch/2024/22/?tab=remind",
    )


def test_a_week_in_which_all_are_in_tells_the_office_nothing(county, water):
    factories.user("office")
    factories.report(in_last_week(water), 22, "reported")

    assert notices.due_notices(county, DUE + HOUR) == []


# Lights


def lit(plan, bucket, week=21):
    light = {"bucket": bucket, "reason": "", "rule_version": 0}
    return WeekLight.objects.create(county=plan.county, plan=plan, year=2024, week=week, **light)


def red(**fields):
    """A plan that is red in May: nothing of its 1,000 万元 is done."""
    return factories.plan_under_way(ytd_investment=0, project__registration="done", **fields)


def of_lights(county, now=DUE - HOUR):
    found = notices.due_notices(county, now)
    return [(notice.recipient.username, notice.key) for notice in found if notice.kind == "turned_red"]


@pytest.mark.parametrize(("bucket", "is_told"), [("green", True), ("yellow", True), ("paused", True), ("red", False)])
def test_leader_and_office_are_told_of_a_plan_that_is_red_and_was_not(county, bucket, is_told):
    factories.user("office", "office")
    leader = factories.leader(user=factories.user("leader", "leader"))
    plan = red(leader=leader)
    lit(plan, bucket)

    key = f"red:{plan.pk}:2024-W21"

    assert of_lights(county) == ([("leader", key), ("office", key)] if is_told else [])


def test_the_notice_of_a_red_light_says_why_and_what_it_was(county):
    factories.user("office")
    plan = red(project__name="河道治理")
    lit(plan, "yellow")

    (notice,) = [notice for notice in notices.due_notices(county, DUE - HOUR) if notice.kind == "turned_red"]

    assert notice.title == "“河道治理”转为红灯"
    assert notice.words == "红：投资完成 0.0%，落后序时（41.7%）41.7 个百分点（2024年第21周末为黄灯）。"
    assert notice.path == plan.get_absolute_url()


def test_only_the_last_stored_week_counts(county):
    factories.user("office")
    plan = red()
    lit(plan, "green", week=20)
    lit(plan, "red", week=21)

    assert of_lights(county) == []


def test_a_plan_that_is_red_at_once_is_told_of_but_not_while_no_week_is_stored(county):
    factories.user("office", "office")
    plan = red()
    without = of_lights(county)

    lit(red(), "red")

    assert (without, of_lights(county)) == ([], [("office", f"red:{plan.pk}:2024-W21")])


def test_a_leader_without_an_account_or_with_a_closed_one_is_told_nothing(county):
    for leader in (factories.leader(), factories.leader(user=factories.user("leader", is_active=False)), None):
        lit(red(leader=leader), "green")

    assert of_lights(county) == []


# Problems


def overdue(deadline, leader, state="assigned", **fields):
    plan = factories.plan_under_way(leader=leader, project__name="河道治理")
    return factories.problem(plan.project, state, deadline=deadline, **fields)


def of_problems(county, now):
    return [notice for notice in notices.due_notices(county, now) if notice.kind == "problem_overdue"]


def test_the_leader_is_told_of_a_problem_seven_days_past_its_deadline(county):
    account = factories.user("leader")
    problem = overdue(dt.date(2024, 5, 20), factories.leader(user=account), text="缺地，联系 13812345678。")

    before, then = of_problems(county, at(2024, 5, 26, 23, 59)), of_problems(county, at(2024, 5, 27, 0, 0))

    assert before == []
    (notice,) = then
    assert (notice.recipient, notice.title) == (account, "“河道治理”有问题逾期 7 天未销号")
    assert notice.words.startswith("缺地，联系 138****5678。（办结时限 2024-05-20，责任单位 单位")
    assert (notice.key, notice.path) == (f"problem:{problem.pk}:2024-05-20", f"/problems/{problem.pk}/")


def test_the_days_past_the_deadline_are_the_county_s_to_set(county):
    overdue(dt.date(2024, 5, 29), factories.leader(user=factories.user("leader")))
    rule(county, NoticeKind.PROBLEM_OVERDUE, threshold=1)

    assert [len(of_problems(county, at(2024, 5, day, 9))) for day in (29, 30)] == [0, 1]


def test_a_closed_problem_is_not_told_of(county):
    overdue(dt.date(2024, 5, 1), factories.leader(user=factories.user("leader")), "closed")

    assert of_problems(county, DUE) == []


# Permits


def granted(unit, valid_until):
    """A permit on paper that holds until a day."""
    county = unit.county
    if not PermitKind.objects.filter(county=county).exists():
        PermitKind.objects.bulk_create(permit_kinds.default_rows(county))
    project = factories.plan_under_way(unit, project__name="河道治理").project
    kind = PermitKind.objects.get(county=county, code="environment")
    fields = {"state": "granted", "granted_on": dt.date(2023, 1, 1), "valid_until": valid_until}
    return Permit.objects.create(county=county, project=project, kind=kind, **fields)


@pytest.mark.parametrize(("day", "titles"), [(dt.date(2024, 7, 1), []), (dt.date(2024, 6, 30), ["还有 30 天到期"])])
def test_a_permit_that_lapses_within_thirty_days_is_told_to_the_unit_and_the_office(county, water, day, titles):
    factories.user("office", "office")
    factories.user("reporter", "water", unit=water)
    factories.user("reporter", unit=factories.unit())
    granted(water, day)

    told_ = [("water", f"“河道治理”环境影响评价批复{left}") for left in titles]

    assert told(county, DUE, "permit_lapsing") == told_ + [("office", title) for _, title in told_]


@pytest.mark.parametrize(("day", "count"), [(dt.date(2024, 5, 31), 1), (dt.date(2024, 5, 30), 0)])
def test_a_permit_is_told_of_to_its_last_day(county, water, office, day, count):
    permit = granted(water, day)

    found = [notice for notice in notices.due_notices(county, DUE) if notice.kind == "permit_lapsing"]

    assert [notice.key for notice in found] == [f"permit:{permit.pk}:{day}"] * count


def test_the_days_before_a_permit_lapses_are_the_county_s_to_set(county, water, office):
    granted(water, dt.date(2024, 6, 5))
    kind = NoticeKind.PERMIT_LAPSING

    counts = []
    for days in (4, 5):
        NoticeRule.objects.update_or_create(county=county, kind=kind, defaults={"threshold": days})
        counts.append(len(told(county, DUE, kind)))

    assert counts == [0, 1]


# All of them

OWN = set(NoticeKind) - notice_readers.registered().keys()


def everything(county, count=1):
    """`count` of each kind, told to one reporter, one leader and one office account."""
    unit = factories.unit()
    office, account = factories.user("office"), factories.user("leader")
    leader = factories.leader(user=account)
    factories.user("reporter", unit=unit)
    for _ in range(count):
        lit(red(leader=leader, unit_=unit), "green")
        returned(factories.plan_under_way(unit), office)
        overdue(dt.date(2024, 5, 1), leader)
        granted(unit, dt.date(2024, 6, 5))


@pytest.mark.parametrize("kind", sorted(OWN))
def test_a_kind_that_is_switched_off_is_not_given_and_the_others_are(county, kind):
    everything(county)
    rule(county, kind, is_on=False)

    found = {notice.kind for notice in notices.due_notices(county, DUE)}

    assert found == OWN - {kind}


def test_every_kind_that_this_app_does_not_find_has_a_reader_of_another(county):
    assert {"due", "returned", "late_units", "turned_red", "problem_overdue", "permit_lapsing"} == OWN


@pytest.mark.parametrize(("is_on", "count"), [(True, 1), (False, 0)])
def test_another_app_s_reader_is_asked_while_its_kind_is_on(county, office, monkeypatch, is_on, count):
    def read(reading):
        words = {"title": "长" * 200, "words": str(reading.today), "path": "/"}
        return notice_readers.told([*reading.office, *reading.office], NoticeKind.MATTER, "matter:1", **words)

    monkeypatch.setitem(notice_readers._READERS, NoticeKind.MATTER, read)
    rule(county, NoticeKind.MATTER, is_on=is_on)

    found = notices.due_notices(county, DUE)

    assert [(one.recipient, one.key, len(one.title), one.words) for one in found] == [
        (office, "matter:1", 120, "2024-05-31")
    ] * count


def test_what_is_told_takes_as_many_queries_for_one_as_for_three(county, django_assert_max_num_queries):
    everything(county)
    with CaptureQueriesContext(connection) as of_one:
        notices.due_notices(county, DUE)

    everything(county, count=3)

    with django_assert_max_num_queries(len(of_one)):
        notices.due_notices(county, DUE)


def test_another_county_s_accounts_are_told_nothing(county):
    everything(county)
    elsewhere = factories.county("140430", "别县")
    factories.user("office", county=elsewhere)

    assert notices.due_notices(elsewhere, DUE) == []
    assert {notice.recipient.county for notice in notices.due_notices(county, DUE)} == {county}


def test_long_names_and_reasons_are_cut_to_what_a_notice_holds(county, office):
    unit = factories.unit()
    factories.user("reporter", unit=unit)
    plan = factories.plan_under_way(unit, project__name="长" * 200)
    report = factories.report(plan, 22, "returned", return_reason="因" * 500, row_version=1)

    (notice,) = notices.of_returned(county, type(report).objects.filter(pk=report.pk))

    assert (notice.title, len(notice.words)) == (f"“{'长' * 59}…”2024年第22周报送被退回", 500)
