import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import sessions
from accounts.models import AuditEntry
from tests import factories

PAGE = "/accounts/password/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = factories.user("office", unit=factories.unit())
    client.force_login(user)
    return user


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved: clock.move(minutes=29)."""
    return Clock(monkeypatch)


class Clock:
    def __init__(self, monkeypatch):
        self.seconds = int(time.time())
        monkeypatch.setattr(sessions, "now", lambda: self.seconds)

    def move(self, *, hours=0, minutes=0, seconds=0):
        self.seconds += hours * 3600 + minutes * 60 + seconds


def test_a_session_lives_through_30_idle_minutes_and_not_a_second_longer(client, clock, user):
    clock.move(minutes=30)
    alive = client.get(PAGE)
    clock.move(minutes=30, seconds=1)
    ended = client.get(PAGE)

    assert alive.status_code == 200
    assert (ended.status_code, ended.url) == (302, f"/accounts/login/?next={PAGE}")
    assert "登录已超时，请重新登录。" in client.get(ended.url).content.decode()
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["登录超时退出"]
    assert Session.objects.count() == 0


def test_a_busy_session_ends_after_eight_hours(client, clock, user):
    for _ in range(16):
        clock.move(minutes=30)
        alive = client.get(PAGE)
    clock.move(seconds=1)
    ended = client.get(PAGE)

    assert (alive.status_code, ended.status_code) == (200, 302)


def test_the_stamp_is_renewed_once_a_minute_and_never_in_the_database(client, clock, user, django_assert_num_queries):
    clock.move(seconds=59)
    early = client.get(PAGE)
    clock.move(seconds=1)
    with django_assert_num_queries(2):
        due = client.get(PAGE)
    clock.move(seconds=59)
    soon = client.get(PAGE)

    renewed = [sessions.COOKIE in answer.cookies for answer in (early, due, soon)]
    assert renewed == [False, True, False]
    assert (due.cookies[sessions.COOKIE]["httponly"], due.cookies[sessions.COOKIE]["samesite"]) == (True, "Lax")


def test_a_stamp_of_another_session_or_of_ones_own_making_is_worth_nothing(client, clock, user):
    elsewhere = Client()
    elsewhere.force_login(user)
    clock.move(minutes=31)
    fresh = Client()
    fresh.force_login(user)
    clock.move(minutes=1)
    fresh.get(PAGE)

    client.cookies[sessions.COOKIE] = fresh.cookies[sessions.COOKIE].value
    elsewhere.cookies[sessions.COOKIE] = str(clock.seconds)

    assert (client.get(PAGE).status_code, elsewhere.get(PAGE).status_code) == (302, 302)


def test_changing_the_password_keeps_the_clock_running(client, clock, user):
    clock.move(minutes=25)
    client.get(PAGE)
    clock.move(minutes=25)
    new = {"old_password": factories.PASSWORD, "new_password1": "Sunny-Field-7", "new_password2": "Sunny-Field-7"}
    client.post(PAGE, new)
    clock.move(minutes=25)

    assert client.get(PAGE).status_code == 200


def test_session_and_account_cost_two_queries(client, user, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(PAGE)


def test_a_clock_set_back_does_not_make_a_session_eternal(client, clock, user):
    clock.move(minutes=5)
    client.get(PAGE)
    clock.move(hours=-24)
    client.get(PAGE)

    clock.move(minutes=31)

    assert client.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 302


def test_a_disabled_account_meets_the_sign_in_page_at_its_next_request(client, user):
    user.is_active = False
    user.save()

    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_a_form_sent_after_the_time_out_is_shown_back_for_copying(client, clock, user):
    clock.move(minutes=31)

    response = client.post(
        "/projects/",
        {
            "progress": "一层<b>封顶",
            "empty": " ",
            "password": "Secret-1",
            "csrfmiddlewaretoken": "x",
            "row_version": "7",
        },
    )

    page = response.content.decode()
    assert response.status_code == 403
    assert "登录已超时，内容没有保存" in page
    assert "一层&lt;b&gt;封顶</textarea>" in page
    assert page.count("<textarea") == 1
    assert "Secret-1" not in page


def test_a_form_sent_without_any_session_is_shown_back_too(client, db):
    response = client.post("/projects/", {"progress": "一层封顶"})

    assert response.status_code == 403
    assert "一层封顶</textarea>" in response.content.decode()


@pytest.mark.parametrize(
    ("current", "target"),
    [("http://testserver/projects/?q=1", "%2Fprojects%2F%3Fq%3D1"), ("https://evil.example/x", "%2Fprojects%2F")],
)
def test_htmx_is_sent_from_its_page_to_the_sign_in_page(client, db, current, target):
    response = client.get("/projects/", headers={"HX-Request": "true", "HX-Current-URL": current})

    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"/accounts/login/?next={target}")


def test_htmx_shows_the_lost_form_in_place_of_the_page(client, db):
    response = client.post("/projects/", {"progress": "一层封顶"}, headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Retarget"]) == (403, "body")
