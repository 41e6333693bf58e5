"""The bell, the digest of one's own notices, and the page of their rules."""

import datetime as dt
import uuid

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import AuditEntry, User
from portfolio import notice_rules
from portfolio.models import Notice, NoticeRule
from tests import factories

pytestmark = pytest.mark.django_db

RECIPIENTS = {"office", "reporter", "leader", "inspector"}
ROLES = ("office", "reporter", "leader", "inspector", "auditor", "sysadmin")


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


def notice(account, title="第22周还有 3 个项目未报", kind="due", day=31, **fields):
    fields.setdefault("at", timezone.make_aware(dt.datetime(2024, 5, day, 9)))
    fields.setdefault("key", f"{kind}:{uuid.uuid4()}")
    fields.setdefault("path", "/dispatch/?week=2024-W22")
    found = Notice.objects.create(county=account.county, user=account, kind=kind, title=title, **fields)
    if found.read_at is None:
        account.unread_notices += 1
        account.save(update_fields=["unread_notices"])
    return found


@pytest.fixture
def reporter(county, client):
    account = factories.user("reporter", unit=factories.unit())
    client.force_login(account)
    return account


# The bell


def bell(response):
    return response.content.decode().partition('<a class="bell')[2].partition("</a>")[0]


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_notices_has_the_bell_and_the_page(county, client, role):
    client.force_login(factories.user(role))

    has_bell, status = bool(bell(client.get("/projects/"))), client.get("/notices/").status_code

    assert (has_bell, status) == ((True, 200) if role in RECIPIENTS else (False, 404))


@pytest.mark.parametrize(("unread", "shown"), [(0, None), (1, "1"), (99, "99"), (100, "99+")])
def test_the_bell_shows_how_many_are_unread_and_says_the_whole_number(reporter, client, unread, shown):
    reporter.unread_notices = unread
    reporter.save()

    text = bell(client.get("/projects/"))

    told = (f'<span class="bell-count" aria-hidden="true">{shown}</span>', f"，{unread} 条未读")
    assert [words in text for words in ("bell-count", *told)] == [unread > 0] * 3


def test_the_bell_costs_no_query(reporter, rf, django_assert_num_queries):
    notice(reporter)
    request = rf.get("/")
    request.user = User.objects.for_session().get(pk=reporter.pk)

    with django_assert_num_queries(0):
        text = render_to_string("includes/_bell.html", {"request": request})

    assert "，1 条未读" in text


def test_the_plan_table_is_not_kept_with_an_old_count(reporter, client):
    tag = client.get("/projects/")["ETag"]
    unchanged = client.get("/projects/", headers={"If-None-Match": tag}).status_code

    notice(reporter)

    response = client.get("/projects/", headers={"If-None-Match": tag})
    assert (unchanged, response.status_code) == (304, 200)
    assert "，1 条未读" in bell(response)


# The digest


def titles(days):
    return [
        (day.is_unread, day.day.day, kind.value, [notice.title for notice in found])
        for day in days
        for kind, found in day.kinds
    ]


def test_unread_notices_come_first_then_by_day_and_kind(reporter, client):
    read_at = timezone.make_aware(dt.datetime(2024, 5, 31, 9, 30))
    for title, kind, day, read in (
        ("读过的", "due", 31, read_at),
        ("旧的", "due", 24, None),
        ("退回一", "returned", 31, None),
        ("待报", "due", 31, None),
        ("退回二", "returned", 31, None),
    ):
        notice(reporter, title, kind, day, read_at=read)

    response = client.get("/notices/")

    assert titles(response.context["days"]) == [
        (True, 31, "due", ["待报"]),
        (True, 31, "returned", ["退回二", "退回一"]),
        (True, 24, "due", ["旧的"]),
        (False, 31, "due", ["读过的"]),
    ]


def test_an_account_sees_its_own_notices_only(reporter, client):
    notice(reporter, "自己的")
    notice(factories.user("reporter", unit=reporter.unit), "别人的")

    text = client.get("/notices/").content.decode()

    assert ("自己的" in text, "别人的" in text) == (True, False)


def test_without_notices_the_page_says_what_will_stand_there(reporter, client):
    text = client.get("/notices/").content.decode()

    assert ("还没有提醒。" in text, "列在这里。" in text) == (True, True)
    assert "全部标为已读" not in text


def test_older_notices_stand_on_the_next_page(reporter, client):
    for number in range(51):
        notice(reporter, f"提醒{number}")

    pages = [client.get("/notices/", {"page": page}) for page in (1, 2)]

    counts = [sum(len(found) for day in page.context["days"] for _, found in day.kinds) for page in pages]
    assert counts == [50, 1]
    assert "共 51 条，第 2 / 2 页" in pages[1].content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_digest_takes_as_many_queries_however_long_it_is(reporter, client, django_assert_num_queries, count):
    for _ in range(count):
        notice(reporter)

    with django_assert_num_queries(5):
        client.get("/notices/")


def test_opening_a_notice_marks_it_read_and_leads_to_its_matter(reporter, client):
    opened, other = notice(reporter), notice(reporter)

    response = client.post(f"/notices/{opened.pk}/")

    reporter.refresh_from_db()
    assert (response.status_code, response.url) == (302, "/dispatch/?week=2024-W22")
    assert list(reporter.notices.filter(read_at=None)) == [other]
    assert reporter.unread_notices == 1


def test_opening_an_address_writes_nothing(reporter, client):
    opened = notice(reporter)

    statuses = [client.get(path).status_code for path in (f"/notices/{opened.pk}/", "/notices/read/", "/notices/")]

    assert (statuses, reporter.notices.filter(read_at=None).count()) == ([405, 405, 200], 1)


def test_all_that_the_page_showed_are_marked_read_and_what_came_since_is_not(reporter, client):
    shown = notice(reporter)
    newest = client.get("/notices/").context["newest"]
    since = notice(reporter)

    response = client.post("/notices/read/", {"until": newest}, follow=True)

    assert (newest, list(reporter.notices.filter(read_at=None))) == (shown.pk, [since])
    assert "已把 1 条提醒标为已读。" in response.content.decode()


def test_somebody_else_s_notice_is_not_there(reporter, client):
    foreign = notice(factories.user("reporter", unit=reporter.unit))

    assert client.post(f"/notices/{foreign.pk}/").status_code == client.post("/notices/999999/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


@pytest.mark.parametrize("role", sorted(set(ROLES) - RECIPIENTS))
def test_who_gets_no_notices_can_mark_none(county, client, role):
    client.force_login(factories.user(role))

    statuses = {client.post(path).status_code for path in ("/notices/1/", "/notices/read/")}

    assert statuses == ({403} if role == "auditor" else {404})
    assert AuditEntry.objects.filter(outcome="refused").count() == 2


# The rules


ADDRESS = "/rules/notices/"


def fields(county, **changed):
    """What the form sends; `changed` are fields such as due_threshold, None for a box that is not ticked."""
    rules = notice_rules.rules_of(county)
    sent = {f"{kind}-is_on": "on" for kind in rules}
    sent |= {
        f"{kind}-threshold": rule.threshold for kind, rule in rules.items() if notice_rules.MANNERS[kind].threshold
    }
    sent |= {"form_key": str(uuid.uuid4()), "seen": notice_rules.stamp(rules)}
    sent |= {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in sent.items() if value is not None}


@pytest.fixture
def channels(settings):
    settings.EMAIL_HOST = "mail.test"
    settings.NOTICE_WEBHOOK_URL = "http://robot.test/"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_the_rules_and_only_the_office_is_offered_to_save(county, client, role):
    client.force_login(factories.user(role))

    response = client.get(ADDRESS)

    text = response.content.decode()
    assert (response.status_code, "截止前" in text, "默认值，非官方" in text) == (200, True, True)
    assert ('type="submit">保存</button>' in text) == (role == "office")


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "sysadmin", "auditor"])
def test_who_is_not_the_office_sets_no_rule_and_the_attempt_is_noted(county, client, role):
    client.force_login(factories.user(role))

    response = client.post(ADDRESS, fields(county, due__threshold=48))

    assert (response.status_code, NoticeRule.objects.count()) == (403 if role == "auditor" else 404, 0)
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


def test_the_office_sets_the_rules(county, office_client, channels):
    sent = fields(county, due__threshold=48, due__by_email="on", late_units__by_webhook="on", turned_red__is_on=None)

    response = office_client.post(ADDRESS, sent, follow=True)

    rules = notice_rules.rules_of(county)
    assert (rules["due"].threshold, rules["due"].by_email, rules["late_units"].by_webhook) == (48, True, True)
    assert (rules["turned_red"].is_on, rules["returned"].is_on) == (False, True)
    assert "已保存提醒规则。" in response.content.decode()


def test_a_channel_that_is_not_set_up_is_greyed_out_explained_and_not_switched(county, office_client, settings):
    settings.EMAIL_HOST = settings.NOTICE_WEBHOOK_URL = ""
    NoticeRule.objects.create(county=county, kind="due", threshold=24, by_email=True)

    text = office_client.get(ADDRESS).content.decode()
    office_client.post(ADDRESS, fields(county, due__threshold=48, due__by_webhook="on"))

    rule = notice_rules.rules_of(county)["due"]
    assert (rule.threshold, rule.by_email, rule.by_webhook) == (48, True, False)
    assert text.count("disabled") == 2 * len(notice_rules.MANNERS)
    assert ("没有设置邮件服务器" in text, "没有设置工作群机器人" in text) == (True, True)


def test_with_both_channels_set_up_nothing_is_greyed_out(county, office_client, channels):
    text = office_client.get(ADDRESS).content.decode()

    assert ("disabled" in text, "没有设置邮件服务器" in text, "没有设置工作群机器人" in text) == (False, False, False)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "各项都没有改动，没有保存。"),
        ({"due__threshold": "97"}, "“本周待报”应为 1 到 96 小时，现在填的是 97。"),
        ({"due__threshold": ""}, "请填写“本周待报：截止前几小时起”。"),
        ({"due__threshold": "一天"}, "“本周待报：截止前几小时起”不是整数，请填写 7 这样的数。"),
        ({"problem_overdue__threshold": "-1"}, "“问题逾期”应为 1 到 90 天，现在填的是 -1。"),
    ],
)
def test_rules_that_make_no_sense_are_refused_in_words(county, office_client, changed, told):
    response = office_client.post(ADDRESS, fields(county, **changed))

    assert (response.status_code, NoticeRule.objects.count()) == (400, 0)
    assert told in response.content.decode()


def test_the_same_form_twice_is_taken_once_and_says_so(county, office_client):
    sent = fields(county, due__threshold=48)

    answers = [office_client.post(ADDRESS, sent, follow=True).content.decode() for _ in range(2)]

    assert ["已保存提醒规则。" in answers[0], "没有重复保存。" in answers[1]] == [True, True]
    assert AuditEntry.objects.filter(action="修改资料").count() == 1


def test_an_old_form_is_shown_again_with_what_differs_and_can_then_be_saved(county, office_client):
    old = fields(county, due__threshold=48)
    office_client.post(ADDRESS, fields(county, late_units__threshold=4))

    refused = office_client.post(ADDRESS, old)

    text = refused.content.decode()
    assert (refused.status_code, notice_rules.rules_of(county)["due"].threshold) == (409, 24)
    assert "现行规则与您所填不同的：“本周待报”截止前 24 小时起；“单位逾期未报”截止后 4 小时起。" in text
    again = old | {"seen": refused.context["form"]["seen"].value()}
    assert office_client.post(ADDRESS, again).status_code == 302
    assert notice_rules.rules_of(county)["due"].threshold == 48
