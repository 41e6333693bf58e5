"""A notice is written once, counted where the bell looks, read by its own account, and given by rules that are kept."""

import datetime as dt
import uuid

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import AuditEntry, County, User
from portfolio import notice_rules
from portfolio.actions import dispatch
from portfolio.actions.notices import mark_read, set_notice_rules, write_notices
from portfolio.models import ChangeSet, Notice, NoticeKind, NoticeRule, WeeklyDispatch
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(dt.datetime(2024, 5, 31, 12))


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def reporter(county):
    """A reporter with one project that is due and one that was returned."""
    account = factories.user("reporter", unit=factories.unit("水利局"))
    factories.plan_under_way(account.unit)
    report = factories.report(factories.plan_under_way(account.unit), 22, "reported", progress="施工。", row_version=1)
    dispatch.send_back(by=factories.user("office"), report=report, reason="请写明数量。", version=1)
    return account


def check_unread():
    """Every account's count is that of its unread notices."""
    unread = Count("notices", filter=Q(notices__read_at=None))
    wrong = [account for account in User.objects.annotate(unread=unread) if account.unread != account.unread_notices]
    assert wrong == []


def unread(account):
    account.refresh_from_db()
    return account.unread_notices


def test_a_return_is_told_in_its_own_transaction_and_leaves_no_second_entry(reporter):
    notice = Notice.objects.get()

    assert (notice.user, notice.kind, notice.words) == (reporter, "returned", "退回原因：请写明数量。")
    assert (unread(reporter), AuditEntry.objects.filter(action="写入提醒").count()) == (1, 0)


def test_a_return_is_not_told_while_the_county_wants_no_such_notices(county):
    account = factories.user("reporter", unit=factories.unit())
    NoticeRule.objects.create(county=county, kind=NoticeKind.RETURNED, is_on=False)
    report = factories.report(factories.plan_under_way(account.unit), 22, "reported", row_version=1)

    dispatch.send_back(by=factories.user("office"), report=report, reason="不实。", version=1)

    assert (Notice.objects.count(), unread(account)) == (0, 0)


def test_what_was_missed_is_written_and_what_was_told_is_not_written_again(county, reporter):
    """The return was told when it was made; the other notices come with the next run."""
    first = write_notices(county=county, now=NOW)
    second = write_notices(county=county, now=NOW)

    assert sorted(notice.kind for notice in first) == ["due", "late_units"]
    assert (second, Notice.objects.count()) == ([], 3)
    check_unread()


def test_a_run_leaves_one_entry_in_the_trail_and_none_when_nothing_was_new(county, reporter):
    for _ in range(2):
        write_notices(county=county, now=NOW)

    entry = AuditEntry.objects.get(action="写入提醒")
    assert (entry.summary, entry.actor, entry.county) == ("写入提醒 2 条", None, county)


def test_writing_and_reading_notices_leaves_the_pages_that_are_kept_as_they_are(county, reporter):
    before = County.objects.get().data_version

    write_notices(county=county, now=NOW)
    mark_read(by=reporter)

    assert County.objects.get().data_version == before


def test_a_return_that_was_missed_is_found_by_the_next_run_under_the_same_key(county, reporter):
    key = Notice.objects.get().key
    Notice.objects.all().delete()

    write_notices(county=county, now=NOW)

    assert list(Notice.objects.filter(kind="returned").values_list("key", flat=True)) == [key]


# Taking back


def is_unread(kind):
    return list(Notice.objects.filter(kind=kind).values_list("read_at", flat=True)) == [None]


def test_what_has_been_settled_is_taken_back_from_the_bell_by_the_next_run(county, reporter):
    before = unread(reporter)
    WeeklyDispatch.objects.filter(state="returned").update(state="reported")

    write_notices(county=county, now=NOW)

    returned = Notice.objects.get(kind="returned")
    # The other project is due now.
    assert (before, returned.read_at, unread(reporter)) == (1, NOW, 1)
    assert AuditEntry.objects.get(action="收回提醒").summary == "1 条提醒所说的事已经办理，标为已读"
    check_unread()


def test_what_still_stands_stays_unread(county, reporter):
    for _ in range(2):
        write_notices(county=county, now=NOW)

    assert (is_unread("returned"), is_unread("due"), is_unread("late_units")) == (True, True, True)
    assert not AuditEntry.objects.filter(action="收回提醒").exists()


def test_what_happened_and_what_is_switched_off_is_not_taken_back(county, reporter):
    """A light that turned red is no matter to settle; a kind that is off was not looked for."""
    NoticeRule.objects.create(county=county, kind=NoticeKind.RETURNED, is_on=False)
    WeeklyDispatch.objects.filter(state="returned").update(state="reported")
    fields = {"county": county, "user": reporter, "path": "/", "at": NOW}
    Notice.objects.create(kind="turned_red", key="red:1:2024-W21", title="转为红灯", **fields)
    User.objects.filter(pk=reporter.pk).update(unread_notices=2)

    write_notices(county=county, now=NOW)

    assert (is_unread("returned"), is_unread("turned_red")) == (True, True)
    check_unread()


def test_a_notice_that_comes_in_while_the_county_is_read_is_not_taken_back(county, reporter, monkeypatch):
    def read(*args):
        fields = {"county": county, "user": reporter, "kind": "returned", "path": "/", "at": NOW}
        Notice.objects.create(key="returned:999999", title="又一次退回", **fields)
        User.objects.filter(pk=reporter.pk).update(unread_notices=2)
        return []

    monkeypatch.setattr("portfolio.actions.notices.notices.due_notices", read)

    write_notices(county=county, now=NOW)

    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == ["returned:999999"]
    check_unread()


# Reading


def test_one_notice_is_read_once(county, reporter):
    write_notices(county=county, now=NOW)
    notice = reporter.notices.first()

    counts = [mark_read(by=reporter, notice=notice) for _ in range(2)]

    notice.refresh_from_db()
    assert (counts, notice.read_at, unread(reporter)) == ([1, 0], county.business_now(), 1)
    assert AuditEntry.objects.filter(action="阅读提醒").count() == 1
    check_unread()


def test_all_are_read_up_to_the_one_that_the_page_showed(county, reporter):
    shown = reporter.notices.get()
    write_notices(county=county, now=NOW)

    count = mark_read(by=reporter, until=shown.pk)

    assert (count, unread(reporter)) == (1, 1)
    assert (mark_read(by=reporter), unread(reporter)) == (1, 0)


def test_somebody_else_s_notice_is_not_there(county, reporter):
    notice = reporter.notices.get()

    with pytest.raises(Notice.DoesNotExist):
        mark_read(by=factories.user("reporter", unit=reporter.unit), notice=notice)

    assert unread(reporter) == 1


def test_a_count_that_was_not_kept_is_seen(reporter):
    check_unread()
    Notice.objects.update(read_at=NOW)

    with pytest.raises(AssertionError):
        check_unread()


# Rules


def rules(county, **changed):
    """{kind: fields} of the rules in force, with `due={"threshold": 48}` and the like changed."""
    values = notice_rules.content_of(notice_rules.rules_of(county))
    return {kind: fields | changed.get(kind.value, {}) for kind, fields in values.items()}


def set_(office, form_key=None, seen=None, **changed):
    county = office.county
    seen = seen or notice_rules.stamp(notice_rules.rules_of(county))
    values = rules(county, **changed)
    return set_notice_rules(by=office, county=county, values=values, seen=seen, form_key=form_key or uuid.uuid4())


def test_rules_are_the_default_until_they_are_set(county):
    found = {kind.value: (rule.is_on, rule.threshold) for kind, rule in notice_rules.rules_of(county).items()}

    assert found == {
        "due": (True, 24),
        "returned": (True, 0),
        "late_units": (True, 0),
        "turned_red": (True, 0),
        "problem_overdue": (True, 7),
        "permit_lapsing": (True, 30),
        "problem_found": (True, 0),
        "matter": (True, 0),
        "matter_due": (True, 2),
        "matter_late": (True, 1),
        "letter": (True, 0),
        "letter_due": (True, 1),
        "letter_late": (True, 1),
        "answered": (True, 0),
        "to_remind": (True, 3),
        "to_order": (True, 10),
        "to_talk": (True, 20),
        "round": (True, 0),
    }


def test_a_changed_rule_holds_at_once_and_is_told_in_the_trail(county, office):
    set_(office, due={"threshold": 48, "by_email": True}, returned={"is_on": False})

    found = notice_rules.rules_of(county)
    assert (found["due"].threshold, found["due"].by_email, found["returned"].is_on) == (48, True, False)
    assert AuditEntry.objects.get(action="修改资料").summary == (
        "修改提醒规则：“本周待报”截止前 48 小时起、同时发邮件；“报送被退回”不启用"
    )


def test_the_same_form_twice_changes_the_rules_once(office):
    key = uuid.uuid4()

    first, second = set_(office, key, due={"threshold": 48}), set_(office, key, due={"threshold": 12})

    assert (first.summary, second) == ("修改提醒规则：“本周待报”截止前 48 小时起", None)
    assert (ChangeSet.objects.count(), NoticeRule.objects.get(kind="due").threshold) == (1, 48)


def test_rules_that_somebody_else_has_set_meanwhile_are_not_overwritten(county, office):
    seen = notice_rules.stamp(notice_rules.rules_of(county))
    set_(office, due={"threshold": 48})

    with pytest.raises(notice_rules.Stale):
        set_(office, seen=seen, late_units={"threshold": 4})

    assert notice_rules.rules_of(county)["late_units"].threshold == 0


@pytest.mark.parametrize(
    ("kind", "fine", "refused", "told"),
    [
        ("due", 1, 0, "“本周待报”应为 1 到 96 小时，现在填的是 0。"),
        ("due", 96, 97, "“本周待报”应为 1 到 96 小时，现在填的是 97。"),
        ("late_units", 96, 97, "“单位逾期未报”应为 0 到 96 小时，现在填的是 97。"),
        ("problem_overdue", 1, 0, "“问题逾期”应为 1 到 90 天，现在填的是 0。"),
        ("problem_overdue", 90, 91, "“问题逾期”应为 1 到 90 天，现在填的是 91。"),
    ],
)
def test_a_threshold_is_within_its_bounds(office, kind, fine, refused, told):
    set_(office, **{kind: {"threshold": fine}})

    with pytest.raises(notice_rules.Refused) as refusal:
        set_(office, **{kind: {"threshold": refused}})

    assert refusal.value.errors == {(kind, "threshold"): told}


@pytest.mark.parametrize(
    ("kind", "fine", "refused", "told"),
    [
        ("to_remind", 2, 1, "“应发提醒函”应晚于“交办事项逾期”，请填大于 1 的天数。"),
        ("to_order", 4, 3, "“应发督办单”应晚于“应发提醒函”，请填大于 3 的天数。"),
        ("to_talk", 11, 10, "“应发约谈通知”应晚于“应发督办单”，请填大于 10 的天数。"),
    ],
)
def test_each_step_of_rising_is_later_than_the_one_before(county, office, kind, fine, refused, told):
    notice_rules.insist(rules(county, **{kind: {"threshold": fine}}))

    with pytest.raises(notice_rules.Refused) as refusal:
        set_(office, **{kind: {"threshold": refused}})

    assert refusal.value.errors == {(kind, "threshold"): told}


def test_rules_that_change_nothing_are_not_saved(office):
    with pytest.raises(notice_rules.Refused) as refusal:
        set_(office)

    assert refusal.value.errors == {None: "各项都没有改动，没有保存。请修改要调整的项再保存。"}
    assert NoticeRule.objects.count() == 0
