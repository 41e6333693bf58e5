import time

import pytest

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


def move_stamps(client, *, seen=0, began=0):
    """Shift the session's stamps by seconds (negative: into the past)."""
    session = client.session
    session[sessions.SEEN] += seen
    session[sessions.BEGAN] += began
    session.save()


def test_a_session_lives_through_29_idle_minutes_and_ends_after_30(client, user):
    move_stamps(client, seen=-29 * 60)
    alive = client.get(PAGE)
    move_stamps(client, seen=-30 * 60 - 5)
    ended = client.get(PAGE)

    assert alive.status_code == 200
    assert (ended.status_code, ended.url) == (302, f"/accounts/login/?next={PAGE}")
    assert "登录已超时，请重新登录。" in client.get(ended.url).content.decode()
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["登录超时退出"]


def test_a_busy_session_ends_after_eight_hours(client, user):
    move_stamps(client, began=-8 * 3600 + 30)
    alive = client.get(PAGE)
    move_stamps(client, began=-60)
    ended = client.get(PAGE)

    assert (alive.status_code, ended.status_code) == (200, 302)


def test_a_page_view_does_not_write_the_session_again_within_a_minute(client, user):
    before = client.session[sessions.SEEN]
    move_stamps(client, seen=-30)

    client.get(PAGE)
    untouched = client.session[sessions.SEEN]
    move_stamps(client, seen=-31)
    client.get(PAGE)

    assert untouched == before - 30
    assert client.session[sessions.SEEN] >= before


def test_session_and_account_cost_two_queries(client, user, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(PAGE)


def test_a_clock_set_back_does_not_make_a_session_eternal(client, user):
    move_stamps(client, seen=86_400, began=86_400)

    client.get(PAGE)

    now = time.time()
    assert client.session[sessions.SEEN] <= now
    assert client.session[sessions.BEGAN] <= now


def test_a_disabled_account_meets_the_sign_in_page_at_its_next_request(client, user):
    user.is_active = False
    user.save()

    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_a_form_sent_after_the_time_out_is_shown_back_for_copying(client, user):
    move_stamps(client, seen=-31 * 60)

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


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(client, db):
    response = client.get("/projects/?q=1", headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=%2Fprojects%2F%3Fq%3D1",
    )


def test_htmx_shows_the_lost_form_in_place_of_the_page(client, db):
    response = client.post("/projects/", {"progress": "一层封顶"}, headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Retarget"]) == (403, "body")
