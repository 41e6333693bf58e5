"""Saved views keep a filter, layouts keep columns; neither touches the other."""

import pytest

from portfolio.models import SavedView, TableLayout
from portfolio.plan_fields import DEFAULT_COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(county):
    return factories.plan(project__name="光伏发电项目", project__category="industrial")


def columns(client, query=""):
    return client.get(f"/projects/?{query}").context["listing"].column_keys


def test_view_saves_the_filter_without_the_layout(office_client, office, plan):
    url = "/projects/views/?year=2024&category=industrial&cols=name,unit&pin=1&page=3"

    response = office_client.post(url, {"name": "产业类"})

    view = SavedView.objects.get()
    assert (view.owner, view.query, view.shared) == (office, "year=2024&category=industrial", False)
    assert response.url == "/projects/?year=2024&category=industrial"


def test_view_saved_again_under_its_name_is_replaced(office_client, plan):
    office_client.post("/projects/views/?q=a", {"name": "常看"})
    office_client.post("/projects/views/?q=b", {"name": "常看"})

    assert list(SavedView.objects.values_list("query", flat=True)) == ["q=b"]


def test_shared_views_are_seen_by_all_and_private_ones_by_their_owner(client, office_client, plan):
    office_client.post("/projects/views/?q=a", {"name": "大家的", "shared": "on"})
    office_client.post("/projects/views/?q=b", {"name": "自己的"})

    client.force_login(factories.user("leader"))
    seen = client.get("/projects/views/").context["views"]

    assert [view.name for view in seen] == ["大家的"]


def test_who_may_not_share_saves_for_themselves(client, plan):
    client.force_login(factories.user("leader"))

    client.post("/projects/views/?q=a", {"name": "我的", "shared": "on"})

    assert SavedView.objects.get().shared is False


def test_view_of_somebody_else_can_not_be_deleted(client, office, plan):
    view = SavedView.objects.create(county=office.county, owner=office, name="大家的", shared=True)
    client.force_login(factories.user("office"))

    assert client.post(f"/projects/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.count() == 1


def test_layout_orders_and_pins_columns_and_keeps_the_filter(office_client, plan):
    data = {"show_name": "1", "place_name": "2", "show_unit": "1", "place_unit": "1", "pinned": "1"}

    response = office_client.post("/projects/columns/", {**data, "query": "year=2024&category=industrial"})

    assert response.url == "/projects/?year=2024&category=industrial"
    assert columns(office_client) == ["unit", "name"]
    assert office_client.session["plan_layout"] == [["unit", "name"], 1]


def test_layout_in_the_address_wins_over_the_remembered_one(office_client, plan):
    office_client.post("/projects/columns/", {"show_name": "1", "place_name": "1"})

    assert columns(office_client, "cols=seq,name,evil") == ["seq", "name"]
    assert columns(office_client) == ["name"]


def test_default_layout_is_used_after_the_next_sign_in(client, office, plan):
    client.force_login(office)
    client.post("/projects/columns/", {"show_name": "1", "place_name": "1", "name": "只看名称", "is_default": "1"})
    client.force_login(factories.user("leader"))
    assert columns(client) == list(DEFAULT_COLUMNS)

    client.force_login(office)
    assert columns(client) == ["name"]


def test_layout_of_another_county_can_not_be_used(office_client, plan):
    other = factories.user("office", county=factories.county("140429", "武乡县"))
    layout = TableLayout.objects.create(county=other.county, owner=other, name="x", columns=["name"], shared=True)

    assert office_client.post("/projects/columns/", {"use": layout.pk}).status_code == 404


def test_reset_brings_back_the_usual_columns(office_client, plan):
    office_client.post("/projects/columns/", {"show_name": "1", "place_name": "1"})
    office_client.post("/projects/columns/", {"reset": "1", "show_name": "1"})

    assert columns(office_client) == list(DEFAULT_COLUMNS)


@pytest.mark.parametrize(
    ("path", "button"), [("/projects/views/", ">保存</button>"), ("/projects/columns/", ">使用这个布局</button>")]
)
def test_an_account_that_may_only_read_is_not_offered_to_save(client, plan, path, button):
    pages = {}
    for role in ("leader", "auditor"):
        client.force_login(factories.user(role))
        pages[role] = client.get(path).content.decode()

    assert button in pages["leader"]
    assert button not in pages["auditor"]
    assert "审计员账号只能查看" in pages["auditor"]


@pytest.mark.parametrize(("length", "status", "saved"), [(1998, 302, 1), (1999, 422, 0)])
def test_view_takes_a_filter_as_long_as_can_be_kept(office_client, plan, length, status, saved):
    response = office_client.post(f"/projects/views/?q={'a' * length}", {"name": "很长"})

    assert (response.status_code, SavedView.objects.count()) == (status, saved)
