"""Base data: everybody signed in reads it, the office writes it, each write is told and moves the data version."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Unit
from portfolio.models import Leader, Town
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = ("unit-list", "leader-list", "town-list")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_lists_are_read_by_every_role(client, county, name, role):
    client.force_login(factories.user(role))

    assert client.get(reverse(f"portfolio:{name}")).status_code == 200


def test_lists_show_the_own_county_only(office_client):
    factories.unit("县水利局")
    factories.unit("邻县水利局", county=factories.county("140430", "邻县"))

    rows = office_client.get(reverse("portfolio:unit-list")).context["rows"]

    assert [row.name for row in rows] == ["县水利局"]


def test_counts_are_those_of_the_plan_table_and_of_all_years(office_client):
    unit, leader, town = factories.unit(), factories.leader(), factories.town()
    place = {"project__unit": unit, "project__town": town}
    first = factories.plan(**place, leader=leader, year=2026)
    factories.plan(first.project, year=2025, leader=leader)
    factories.plan(**place, leader=leader, year=2026, state="removed", state_reason="调出")
    factories.plan(year=2026)

    for name in LISTS:
        context = office_client.get(reverse(f"portfolio:{name}")).context

        (row,) = context["rows"]
        assert (context["year"], row.projects_listed, row.projects_ever, context["unfilled"]) == (2026, 1, 2, 1)


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_queries_at_any_length(office_client, name):
    counts = []
    for number in (1, 2, 3):
        factories.unit(), factories.leader(), factories.town(f"镇{number}", f"14043110{number}")
        with CaptureQueriesContext(connection) as queries:
            office_client.get(reverse(f"portfolio:{name}"))
        counts.append(len(queries))

    assert counts[1] == counts[2]  # the first request also fills the cache of plan years


def post(client, page, *args, **data):
    return client.post(reverse(f"portfolio:{page}", args=args), data)


def test_adding_a_unit_is_told_and_moves_the_data_version(office_client, office):
    response = post(office_client, "unit-add", name="县水利局", kind="bureau", is_active="on")

    assert response.url == reverse("portfolio:unit-list")
    unit = Unit.objects.get()
    assert (unit.name, unit.county, unit.is_active) == ("县水利局", office.county, True)
    assert AuditEntry.objects.values_list("action", "summary").get() == ("修改资料", "新增单位：县水利局")
    office.county.refresh_from_db()
    assert office.county.data_version == 2


def test_changing_a_unit_tells_old_and_new_and_twice_writes_once(office_client):
    unit = factories.unit("县水利局")

    for _ in range(2):
        post(office_client, "unit-edit", unit.pk, name="县水务局", short_name="水务局", kind="bureau")

    assert AuditEntry.objects.values_list("summary", flat=True).get() == (
        "单位“县水利局”：单位名称 县水利局 → 县水务局；简称 空 → 水务局；在用 是 → 否"
    )


def test_a_second_spelling_of_a_name_is_refused(office_client):
    factories.unit("县水利局")

    response = post(office_client, "unit-add", name="县 水利局", kind="bureau")

    assert response.status_code == 400
    assert response.context["form"].errors == {"name": ["已有“县水利局”，请直接修改它，不要重复新增。"]}


def test_a_leaders_account_is_a_leaders_and_of_the_own_county(office_client):
    mine, other_role = factories.user("leader"), factories.user("reporter")
    elsewhere = factories.user("leader", county=factories.county("140430", "邻县"))

    refused = [
        post(office_client, "leader-add", name="县领导甲", rank="1", user=str(user.pk)).status_code
        for user in (other_role, elsewhere)
    ]
    saved = post(office_client, "leader-add", name="县领导甲", rank="1", user=str(mine.pk))

    assert refused == [400, 400]
    assert saved.status_code == 302
    assert Leader.objects.get().user == mine


def test_a_town_has_nine_digits_of_its_own_and_keeps_former_names(office_client):
    factories.town()

    bad = post(office_client, "town-add", name="郭道镇", code="14043110A", kind="town")
    taken = post(office_client, "town-add", name="郭道镇", code="140431100", kind="town")
    post(office_client, "town-add", name="郭道镇", code="140431101", kind="town", aliases="郭道公社\r\n\r\n郭道")

    assert bad.context["form"].errors == {"code": ["区划代码“14043110A”应为 9 位数字，如 140431100。"]}
    assert taken.context["form"].errors == {"code": ["区划代码“140431100”已属于“沁河镇”，请核对。"]}
    assert Town.objects.get(name="郭道镇").aliases == ["郭道公社", "郭道"]


def test_posted_fields_of_no_form_go_nowhere(office_client):
    elsewhere = factories.county("140430", "邻县")

    post(office_client, "unit-add", name="县水利局", kind="bureau", county=str(elsewhere.pk), is_demo="on")

    unit = Unit.objects.get()
    assert (unit.county.code, unit.is_demo) == ("140431", False)


@pytest.mark.parametrize(
    ("role", "status"), [("reporter", 404), ("leader", 404), ("inspector", 404), ("auditor", 403), ("sysadmin", 404)]
)
def test_writing_is_for_the_office(client, county, role, status):
    unit = factories.unit("县水利局")
    client.force_login(factories.user(role, unit=unit))

    assert client.get(reverse("portfolio:unit-add")).status_code == 404
    assert post(client, "unit-add", name="乙", kind="bureau").status_code == status
    assert post(client, "unit-edit", unit.pk, name="乙", kind="bureau").status_code == status
    assert Unit.objects.values_list("name", flat=True).get() == "县水利局"


def test_rows_of_another_county_are_not_found(office_client):
    foreign = factories.unit(county=factories.county("140430", "邻县"))

    assert post(office_client, "unit-edit", foreign.pk, name="乙", kind="bureau").status_code == 404


def test_names_are_shown_as_text(office_client):
    factories.unit("<script>alert(1)</script>")

    body = office_client.get(reverse("portfolio:unit-list")).content.decode()

    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
