"""Numbers and return addresses that no page of ours would send."""

import pytest

from portfolio.actions import changes
from portfolio.models import ChangeSet
from portfolio.sent import way_back, whole_number
from tests import factories


@pytest.fixture
def plan(county):
    return factories.plan(project__name="光伏发电项目")


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("9" * 12, 999_999_999_999), ("9" * 13, None), ("²", None), ("٣", None), ("", None)]
)
def test_whole_number_takes_plain_digits_only(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "?q=1", "//evil.example", "/\\evil.example", "https://evil.example/"])
def test_way_back_leaves_for_no_other_place(text):
    assert way_back(text, otherwise="/projects/") == "/projects/"


def test_way_back_keeps_the_filter_of_the_page():
    assert way_back("/projects/?q=路&year=2024", otherwise="/") == "/projects/?q=路&year=2024"


@pytest.mark.parametrize("number", ["²", "①", "9" * 5000])
def test_plan_table_ignores_a_strange_number_of_a_change(office_client, plan, number):
    response = office_client.get("/projects/", {"changed": number})

    assert (response.status_code, response.context["change_set"]) == (200, None)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_layout_of_a_strange_number_is_not_found(office_client, number):
    assert office_client.post("/projects/columns/", {"use": number}).status_code == 404


def test_layout_pins_nothing_for_a_strange_number(office_client, plan):
    response = office_client.post("/projects/columns/", {"show_name": "on", "pinned": "9" * 5000})

    assert (response.status_code, office_client.session["plan_layout"]) == (302, [["name"], 0])


def test_bulk_edit_goes_back_to_the_table_instead_of_a_bare_word(office_client, plan):
    response = office_client.post("/projects/bulk/", {"plan": "²", "back": "abc"})

    assert response.url == "/projects/"


def test_undo_goes_back_to_the_list_instead_of_a_bare_word(office_client, office, plan):
    change_set = changes.begin(ChangeSet.Kind.BULK, county=office.county, by=office, summary="改动")

    response = office_client.post(f"/projects/changes/{change_set.pk}/undo/", {"back": "abc"})

    assert response.url == "/projects/changes/"


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_form_for_a_plan_of_a_strange_number_is_shown_back(office_client, plan, number):
    response = office_client.post(f"/projects/{plan.project_id}/edit/", {"plan": number, "name": "改名"})

    plan.project.refresh_from_db()
    assert (response.status_code, plan.project.name) == (409, "光伏发电项目")
