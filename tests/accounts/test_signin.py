import datetime as dt
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests import factories
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD, next_url="", **extra):
    return client.post(LOGIN, {"username": username, "password": password, "next": next_url}, **extra)


def trail():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "outcome"))


def test_sign_in_leads_to_the_asked_page_and_is_noted(client):
    factories.user("office", "zhang")

    response = sign_in(client, "zhang", next_url="/projects/?q=1")

    assert (response.status_code, response.url) == (302, "/projects/?q=1")
    assert trail() == [("登录", "done")]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "http:///evil.example"],
)
def test_next_never_leads_to_another_site(client, target):
    factories.user("office", "zhang")

    response = sign_in(client, "zhang", next_url=target)

    assert (response.status_code, response.url) == (302, "/start/")


@pytest.mark.parametrize("target", [LOGIN, "/accounts/logout/", "/"])
def test_next_to_the_sign_in_itself_leads_home(client, target):
    client.force_login(factories.user("office", "zhang"))

    response = client.get(LOGIN, {"next": target})

    assert (response.status_code, response.url) == (302, "/start/")


def test_sign_in_gives_a_new_session_id(client):
    factories.user("office", "zhang")
    client.session["planted"] = 1
    planted = client.session
    planted["planted"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key

    sign_in(client, "zhang")

    assert client.cookies["sessionid"].value != planted.session_key
    assert not Session.objects.filter(pk=planted.session_key).exists()


def test_unknown_and_wrong_get_the_same_answer(client):
    factories.user("office", "zhang")

    wrong = sign_in(client, "zhang", "Wrong-1234")
    unknown = sign_in(client, "zhong", "Wrong-1234")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert trail() == [("登录失败", "refused"), ("登录失败", "refused")]


def test_disabled_account_gets_the_same_answer_as_a_wrong_password(client):
    factories.user("office", "zhang", is_active=False)
    factories.user("office", "wang")

    disabled = sign_in(client, "zhang")
    wrong = sign_in(client, "wang", "Wrong-1234")

    assert disabled.context["form"].errors == wrong.context["form"].errors


def test_the_typed_name_of_an_unknown_account_is_not_kept(client):
    factories.county()

    sign_in(client, "MyPassword-1", "x")

    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.target_label, entry.summary) == ("未登录", "", "账号不存在")
    assert entry.county == factories.county()


def fail(client, username, times, **extra):
    return [sign_in(client, username, "Wrong-1234", **extra) for _ in range(times)][-1]


def test_four_failures_do_not_lock_and_five_do(client):
    factories.user("office", "zhang")
    factories.user("office", "wang")

    fourth = fail(client, "zhang", 4)
    fifth = fail(client, "zhang", 1)
    fail(client, "wang", 4)

    assert (fourth.status_code, fifth.status_code) == (200, 429)
    assert sign_in(client, "wang").status_code == 302


def test_the_right_password_is_refused_while_locked(client):
    factories.user("office", "zhang")
    fail(client, "zhang", 5)

    response = sign_in(client, "zhang")

    assert response.status_code == 429
    assert "账号暂时锁定" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert trail()[-2:] == [("登录被锁定", "refused")] * 2


def without_time(response):
    return re.sub(r"\d\d:\d\d", "hh:mm", response.content.decode())


def test_a_lock_looks_the_same_for_unknown_accounts(client):
    factories.user("office", "zhang")

    known, unknown = fail(client, "zhang", 5), fail(client, "zhong", 5)

    assert (known.status_code, without_time(known)) == (unknown.status_code, without_time(unknown))


def test_a_lock_says_when_it_ends_and_ends_then(client):
    factories.user("office", "zhang")
    response = fail(client, "zhang", 5)
    last = AccessAttempt.objects.get().attempt_time
    assert f"<strong>{timezone.localtime(last + dt.timedelta(minutes=15)):%H:%M}</strong>" in response.content.decode()

    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=14, seconds=50))
    just_before = sign_in(client, "zhang")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=15, seconds=1))
    after = sign_in(client, "zhang")

    assert (just_before.status_code, after.status_code) == (429, 302)


def test_trying_while_locked_does_not_prolong_the_lock(client):
    factories.user("office", "zhang")
    fail(client, "zhang", 5)
    before = AccessAttempt.objects.get().attempt_time

    fail(client, "zhang", 3)

    assert AccessAttempt.objects.get().attempt_time == before


def test_a_lock_holds_one_account_at_one_address(client):
    factories.user("office", "zhang")
    factories.user("office", "wang")
    fail(client, "zhang", 5, REMOTE_ADDR="10.1.1.1")

    colleague = sign_in(Client(), "wang", REMOTE_ADDR="10.1.1.1")
    elsewhere = sign_in(Client(), "zhang", REMOTE_ADDR="10.1.1.2")

    assert (colleague.status_code, elsewhere.status_code) == (302, 302)


def test_a_success_forgets_the_failures_before_it(client):
    factories.user("office", "zhang")
    fail(client, "zhang", 4)
    sign_in(client, "zhang")
    client.logout()

    assert fail(client, "zhang", 4).status_code == 200


def test_sign_out_is_post_and_kills_the_session_on_the_server(client):
    user = factories.user("office", "zhang")
    client.force_login(user)
    old_cookie = client.cookies["sessionid"].value

    got = client.get(reverse("accounts:logout"))
    posted = client.post(reverse("accounts:logout"))
    client.cookies["sessionid"] = old_cookie
    afterwards = client.get("/projects/")

    assert (got.status_code, posted.status_code, posted.url) == (405, 302, LOGIN)
    assert (afterwards.status_code, afterwards.url) == (302, f"{LOGIN}?next=/projects/")
    assert trail() == [("退出登录", "done")]


def test_demo_accounts_are_shown_only_while_the_demo_is_loaded(client):
    county = factories.county()
    factories.user("office", "office", is_demo=True)
    factories.user("office", "zhang")

    without = client.get(LOGIN)
    county.business_time = timezone.now()
    county.save()
    loaded = client.get(LOGIN)

    assert without.context["demo_accounts"] == []
    assert [account.username for account in loaded.context["demo_accounts"]] == ["office"]
    assert ("Demo-2024" in without.content.decode(), "Demo-2024" in loaded.content.decode()) == (False, True)


def test_an_account_whose_password_is_too_old_has_to_change_it(client, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 90
    now = timezone.now()
    fresh = factories.user("office", password_changed_at=now - dt.timedelta(days=89))
    stale = factories.user("office", password_changed_at=now - dt.timedelta(days=91))

    sign_in(Client(), fresh.username)
    sign_in(Client(), stale.username)

    fresh.refresh_from_db()
    stale.refresh_from_db()
    assert (fresh.must_change_password, stale.must_change_password) == (False, True)


def test_a_fresh_installation_says_how_the_first_account_is_made(client):
    empty = client.get("/accounts/login/").content.decode()
    factories.user("sysadmin")

    assert "create_sysadmin" in empty
    assert "create_sysadmin" not in client.get("/accounts/login/").content.decode()


def test_the_address_of_a_button_is_explained_in_full(client):
    client.force_login(factories.user("office"))

    response = client.get("/projects/bulk/")

    assert response.status_code == 405
    assert "这个地址不能直接打开" in response.content.decode()
    assert response["Content-Length"] == str(len(response.content))
