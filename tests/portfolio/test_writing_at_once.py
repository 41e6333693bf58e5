"""Two people write at the same moment. SQLite lets one in after the other; PostgreSQL needs an order of locks."""

import threading

import pytest
from django.db import connection, connections, transaction

from portfolio.actions import changes, delivery, dispatch, notices, pauses, problems, register
from portfolio.models import AnnualPlan, DispatchWeek, Notice, Problem, Project, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.weeks import Week
from tests import factories

WEEK = Week(2024, 22)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def scene():
    """A plan with a finished draft of 2024-W22, its reporter, and the office."""
    factories.clock(2024, 5, 31, 10)
    plan = factories.plan_under_way()
    factories.report(plan, 22, "draft", ytd_investment=10, works_percent=5, progress="基础完成。", row_version=1)
    return plan, factories.user("reporter", unit=plan.project.unit), factories.user("office")


def meanwhile(first, second, then=lambda: None):
    """`first` in a transaction; before its end another connection begins `second` and has to wait; `then` follows.

    What `second` raised, or None.
    """
    raised = []

    def run():
        try:
            second()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_until_somebody_waits()
        then()
    thread.join()
    return raised[0] if raised else None


def wait_until_somebody_waits():
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("Nobody waits.")


def move_version():
    """What every change set does on its way: from here on the transaction holds the county's row."""
    factories.county().move_data_version()


def submit(plan, reporter):
    return dispatch.submit(by=reporter, county=reporter.county, week=WEEK, versions={plan.pk: 1})


def pause(plan, office):
    words = {"reason": "funds", "words": "等待资金。", "paused_on": WEEK.monday, "review_on": WEEK.sunday}
    return pauses.pause(by=office, plan=plan, **words)


def test_a_submission_and_a_pause_of_its_plan_wait_for_each_other(scene):
    plan, reporter, office = scene

    raised = meanwhile(move_version, lambda: pause(plan, office), then=lambda: submit(plan, reporter))

    assert raised is None
    assert plan.pauses.standing().count() == 1
    assert WeeklyDispatch.objects.get().state == ReportState.REPORTED
    assert AnnualPlan.objects.get().reported_week == 22


def test_an_edit_of_a_project_and_a_submission_that_raises_a_problem_wait_for_each_other(scene):
    plan, reporter, office = scene
    WeeklyDispatch.objects.update(problem="征地未完成。", problem_kind="land")
    project = Project.objects.get()
    edit = {"by": office, "project": project, "project_fields": {"sector": "文旅"}, "project_version": 1}

    raised = meanwhile(move_version, lambda: register.save_project(**edit), then=lambda: submit(plan, reporter))

    assert raised is None
    assert Problem.objects.get().text == "征地未完成。"
    assert Project.objects.get().sector == "文旅"


def test_what_points_at_a_row_that_is_being_edited_need_not_wait_for_it(scene):
    plan, _, office = scene
    reporter, week = factories.user("reporter", unit=plan.project.unit), WEEK.previous
    save = {"by": reporter, "plan": plan, "week": week, "values": {"progress": "基础开挖。"}, "version": 0}

    with transaction.atomic():
        pause(plan, office)
        thread = threading.Thread(target=_close_after(lambda: dispatch.save(**save)))
        thread.start()
        thread.join(5)

        assert not thread.is_alive()

    assert WeeklyDispatch.objects.get(week=21).progress == "基础开挖。"


def _close_after(action):
    def run():
        try:
            action()
        finally:
            connections.close_all()

    return run


def test_a_week_that_is_being_locked_takes_no_submission(scene):
    plan, reporter, office = scene
    lock = {"by": office, "county": office.county, "week": WEEK}

    raised = meanwhile(lambda: dispatch.lock_week(**lock), lambda: submit(plan, reporter))

    assert str(raised) == "2024年第22周已锁定，不能再填报。确需更正，请与项目办联系重开这一周。"
    assert WeeklyDispatch.objects.get().state == ReportState.DRAFT


def test_two_offices_lock_a_week_once(scene):
    _, _, office = scene
    other = factories.user("office")
    lock = {"county": office.county, "week": WEEK}

    raised = meanwhile(lambda: dispatch.lock_week(by=office, **lock), lambda: dispatch.lock_week(by=other, **lock))

    assert raised is None
    assert DispatchWeek.objects.get().locked_by == office


def test_a_report_that_is_being_withdrawn_is_not_accepted(scene):
    plan, reporter, office = scene
    submit(plan, reporter)
    report = WeeklyDispatch.objects.get()
    versions = {report.pk: report.row_version}
    accept = {"by": office, "county": office.county, "week": WEEK, "versions": versions}

    raised = meanwhile(
        lambda: dispatch.withdraw(by=reporter, report=report, version=report.row_version),
        lambda: dispatch.accept(**accept),
    )

    assert raised is None
    assert WeeklyDispatch.objects.get().state == ReportState.DRAFT
    assert AnnualPlan.objects.get().reported_week is None


def test_of_two_who_close_a_problem_the_second_is_told(scene):
    plan, _, office = scene
    problem = factories.problem(plan.project, "closing")
    other = factories.user("office")

    def close(by):
        return problems.close(by=by, problem=problem, version=1, text="已看现场。")

    raised = meanwhile(lambda: close(office), lambda: close(other))

    assert type(raised) is changes.StaleRow
    assert Problem.objects.get().history.count() == 2


def test_taking_a_change_back_and_a_pause_of_its_plan_wait_for_each_other(scene):
    plan, _, office = scene
    added = {"by": office, "plan": plan, "state": "added", "reason": "市里新增。", "version": 1}
    change_set = register.set_plan_state(**added)

    raised = meanwhile(move_version, lambda: pause(plan, office), then=lambda: changes.undo(change_set, by=office))

    assert raised is None
    assert (AnnualPlan.objects.get().state, plan.pauses.count()) == ("listed", 1)


def write_notices(county):
    return notices.write_notices(county=county, now=county.business_now())


def unread(account):
    account.refresh_from_db()
    return account.unread_notices


def test_two_runs_at_once_tell_each_matter_once(scene):
    _, reporter, _ = scene
    county = reporter.county

    raised = meanwhile(lambda: write_notices(county), lambda: write_notices(county))

    assert (raised, list(reporter.notices.values_list("key", flat=True))) == (None, ["due:2024-W22"])
    assert unread(reporter) == 1


def test_a_reader_and_a_run_at_once_leave_the_right_count(scene):
    _, reporter, _ = scene
    county = reporter.county
    told = {"kind": "returned", "key": "returned:1", "title": "报送被退回", "path": "/dispatch/"}
    Notice.objects.create(county=county, user=reporter, at=county.business_now(), **told)
    reporter.unread_notices = 1
    reporter.save()

    raised = meanwhile(lambda: notices.mark_read(by=reporter), lambda: write_notices(county))

    assert (raised, unread(reporter), reporter.notices.filter(read_at=None).count()) == (None, 1, 1)


def test_a_reader_and_the_channel_that_marks_the_same_notices_wait_for_each_other(scene):
    _, reporter, _ = scene
    first, second = (
        Notice.objects.create(county=reporter.county, user=reporter, at=reporter.county.business_now(), key=key)
        for key in ("a", "b")
    )
    first.save()  # which moves it behind the second in the table
    reporter.unread_notices = 2
    reporter.save()

    raised = meanwhile(
        lambda: notices.mark_read(by=reporter, notice=first),
        lambda: delivery.mark_sent([first, second], "emailed_at", first.at, "发送提醒邮件", county=reporter.county),
        then=lambda: notices.mark_read(by=reporter, notice=second),
    )

    assert (raised, unread(reporter)) == (None, 0)
    assert reporter.notices.exclude(read_at=None).exclude(emailed_at=None).count() == 2
