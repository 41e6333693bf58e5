"""What the office does with a week: accept many, return one, lock, reopen; twice, by others, and behind one's back."""

from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from portfolio.actions import dispatch as actions
from portfolio.models import DispatchWeek, WeeklyDispatch
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)
ADDRESS = "/dispatch/2024/22/"
OTHERS = [("reporter", 404), ("leader", 404), ("inspector", 404), ("auditor", 403), ("sysadmin", 404)]


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


def reported(unit, name, week=WEEK, **fields):
    by = factories.user("reporter", unit=unit)
    plan = factories.plan_under_way(unit, project__name=name, **fields)
    values = {"ytd_investment": Decimal(10), "works_percent": Decimal(3), "progress": "开挖。"}
    draft = actions.save(by=by, plan=plan, week=week, values=values, version=0)
    versions = {plan.pk: draft.row_version}
    return actions.submit(by=by, county=plan.county, week=week, versions=versions).submitted[0]


def token(report):
    return f"{report.pk}-{report.row_version}"


def said(response):
    return [str(message) for message in response.context["messages"]]


def states():
    return list(WeeklyDispatch.objects.order_by("pk").values_list("state", flat=True))


def accept(client, *reports, **options):
    return client.post(f"{ADDRESS}accept/", {"report": [token(report) for report in reports]}, follow=True, **options)


def test_many_are_accepted_at_once(office_client, unit):
    reports = [reported(unit, name) for name in ("甲", "乙")]

    response = accept(office_client, *reports)

    assert said(response) == ["已审核通过 2 项。"]
    assert states() == ["accepted", "accepted"]


def test_accepting_twice_is_the_same_success_and_one_change(office_client, unit):
    report = reported(unit, "甲")

    answers = [said(accept(office_client, report)) for _ in range(2)]

    assert answers == [["已审核通过 1 项。"]] * 2
    assert AuditEntry.objects.filter(summary__startswith="审核通过").count() == 1


def test_what_changed_meanwhile_is_shown_again_and_not_accepted(office_client, unit):
    seen, moved = reported(unit, "甲"), reported(unit, "乙")
    actions.withdraw(by=factories.user("reporter", unit=unit), report=moved, version=moved.row_version)
    moved.row_version -= 1

    response = accept(office_client, seen, moved)

    assert said(response) == [
        "已审核通过 1 项。",
        "有 1 项在您打开页面之后有改动，没有审核：“乙”（现在是草稿）。请按现在的内容重新核对。",
    ]
    assert response.redirect_chain[0][0] == f"{ADDRESS}?tab=review&moved={moved.pk}"
    assert states() == ["accepted", "draft"]


def test_without_a_tick_nothing_is_accepted_and_it_is_said(office_client, unit):
    reported(unit, "甲")

    response = accept(office_client)

    assert said(response) == ["没有勾选要审核的项目。请先勾选，再点“审核通过”。"]


@pytest.mark.parametrize("tokens", [["x"], ["1-"], ["-1"], ["1-2-3"], ["²-1"], ["99999999999999-1"], ["1-1' or 1=1"]])
def test_what_is_no_token_is_passed_over(office_client, unit, tokens):
    reported(unit, "甲")

    office_client.post(f"{ADDRESS}accept/", {"report": tokens})

    assert states() == ["reported"]


def test_reports_of_another_week_or_county_are_not_accepted(client, office_client, unit):
    earlier = reported(unit, "上周", Week(2024, 21))
    here = reported(unit, "本县")
    elsewhere = factories.user(
        "office", county=factories.county("140430", "邻县", business_time=unit.county.business_time)
    )

    accept(office_client, earlier)
    client.force_login(elsewhere)
    accept(client, here)

    assert states() == ["reported", "reported"]


@pytest.mark.parametrize(("role", "status"), OTHERS)
def test_others_neither_accept_nor_return_nor_lock(client, unit, role, status):
    report = reported(unit, "甲")
    client.force_login(factories.user(role, unit=unit))
    posts = {"accept/": {"report": token(report)}, f"return/{report.pk}/": {}, "lock/": {}, "reopen/": {}}

    answers = [client.post(f"{ADDRESS}{path}", data).status_code for path, data in posts.items()]

    assert answers == [status] * 4
    assert (states(), DispatchWeek.objects.count()) == (["reported"], 0)


# Returning


def send_back(client, report, **data):
    data = {"version": report.row_version, "reason": "请写清部位。", **data}
    return client.post(f"{ADDRESS}return/{report.pk}/", data, follow=True)


def test_a_report_is_returned_with_its_reason(office_client, unit):
    report = reported(unit, "甲")

    response = send_back(office_client, report)

    assert said(response) == ["已退回“甲”，填报员下次打开填报页时首先看到。"]
    report.refresh_from_db()
    assert (report.state, report.return_reason) == ("returned", "请写清部位。")


def test_an_accepted_report_can_be_returned(office_client, unit):
    report = reported(unit, "甲")
    accept(office_client, report)
    report.refresh_from_db()

    send_back(office_client, report)

    assert states() == ["returned"]


def test_a_common_reason_serves_where_none_is_written(office_client, unit):
    report = reported(unit, "甲")
    common = "照片与项目或时间不符，请重新上传现场照片。"

    send_back(office_client, report, reason=" ", common=common)

    assert WeeklyDispatch.objects.get().return_reason == common


@pytest.mark.parametrize("data", [{"reason": ""}, {"reason": "", "common": "自编的"}, {"reason": "长" * 501}])
def test_a_return_needs_a_reason(office_client, unit, data):
    report = reported(unit, "甲")

    response = send_back(office_client, report, **data)

    assert (response.status_code, states()) == (400, ["reported"])
    assert response.context["form"].errors


def test_returning_twice_is_the_same_success(office_client, unit):
    report = reported(unit, "甲")

    answers = [said(send_back(office_client, report)) for _ in range(2)]

    assert answers[0] == answers[1]
    assert AuditEntry.objects.filter(summary__startswith="退回").count() == 1


def test_a_report_that_changed_is_looked_at_again_before_it_is_returned(office_client, unit, office):
    report = reported(unit, "甲")
    actions.accept(by=office, county=unit.county, week=WEEK, versions={report.pk: report.row_version})

    stale = send_back(office_client, report)
    again = send_back(office_client, report, version=stale.context["form"]["version"].value())

    assert (stale.status_code, again.status_code, states()) == (409, 200, ["returned"])


def test_a_report_of_another_county_or_week_is_not_found(client, office_client, unit):
    report = reported(unit, "甲")
    other_week = office_client.post(f"/dispatch/2024/21/return/{report.pk}/", {"version": 2, "reason": "x"})
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    assert (other_week.status_code, send_back(client, report).status_code) == (404, 404)
    assert states() == ["reported"]


# Locking


def test_a_week_is_locked_and_opened_again_with_a_reason(office_client, unit):
    reported(unit, "甲")

    asked = office_client.get(f"{ADDRESS}lock/")
    locked = office_client.post(f"{ADDRESS}lock/", follow=True)
    reopened = office_client.post(f"{ADDRESS}reopen/", {"reason": "甲填错，需更正"}, follow=True)

    assert asked.status_code == 200
    assert said(locked) == ["2024年第22周已锁定，不能再填报、退回和审核。"]
    assert said(reopened) == ["2024年第22周已重开，可以更正了。更正完请再次锁定。"]
    summaries = AuditEntry.objects.filter(summary__contains="第22周").order_by("pk").values_list("summary", flat=True)
    assert list(summaries)[-2:] == ["锁定2024年第22周", "重开2024年第22周：甲填错，需更正"]


def test_locking_twice_locks_once(office_client, unit):
    for _ in range(2):
        office_client.post(f"{ADDRESS}lock/")

    assert AuditEntry.objects.filter(summary="锁定2024年第22周").count() == 1


def test_reopening_needs_a_reason(office_client, unit):
    office_client.post(f"{ADDRESS}lock/")

    response = office_client.post(f"{ADDRESS}reopen/", {"reason": " "})

    assert (response.status_code, DispatchWeek.objects.get().is_locked) == (400, True)


def test_a_locked_week_is_neither_accepted_nor_returned(office_client, unit):
    report = reported(unit, "甲")
    office_client.post(f"{ADDRESS}lock/", follow=True)

    answers = [said(accept(office_client, report)), send_back(office_client, report).status_code]

    assert answers == [["2024年第22周已锁定，不能再填报。确需更正，请与项目办联系重开这一周。"], 409]
    assert states() == ["reported"]


@pytest.mark.parametrize(("week", "locked"), [(22, True), (23, False)])
def test_a_week_that_has_not_begun_is_not_locked(office_client, unit, week, locked):
    office_client.post(f"/dispatch/2024/{week}/lock/")

    assert DispatchWeek.objects.filter(locked_at__isnull=False).exists() is locked


def test_only_a_post_writes(office_client, unit):
    report = reported(unit, "甲")

    answers = [
        office_client.get(f"{ADDRESS}{path}").status_code
        for path in ("accept/", f"return/{report.pk}/", "lock/", "reopen/")
    ]

    assert answers == [405, 200, 200, 404]
    assert (states(), DispatchWeek.objects.count()) == (["reported"], 0)
