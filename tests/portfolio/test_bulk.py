"""Bulk edit: preview first, then one change set with one undo, and nothing half-written."""

import re
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from portfolio.codes import industry_name
from portfolio.models import ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/projects/bulk/"


@pytest.fixture
def plans(county):
    return [factories.plan(seq=number, project__name=f"项目{number}") for number in (1, 2, 3)]


def tokens(html):
    return re.findall(r'name="row" value="([^"]+)"', html)


def preview(client, plans, key, value):
    data = {"step": "preview", "plan": [plan.pk for plan in plans], "key": key, f"value_{key}": value}
    return client.post(URL, data).content.decode()


def apply(client, rows, key, value, **more):
    return client.post(URL, {"step": "apply", "row": rows, "key": key, f"value_{key}": value, **more})


def test_preview_shows_before_and_after_and_writes_nothing(office_client, plans):
    Project.objects.filter(pk=plans[0].project_id).update(level="city")

    html = preview(office_client, plans, "level", "city")

    assert "将修改 <b>2</b> 个，不变 <b>1</b> 个，不能修改 <b>0</b> 个" in html
    assert tokens(html) == [f"{plan.pk}:1:1" for plan in plans[1:]]
    assert list(Project.objects.order_by("pk").values_list("level", flat=True)) == ["city", "", ""]


def test_apply_writes_one_change_set_that_can_be_undone_from_the_table(office_client, plans):
    rows = tokens(preview(office_client, plans[:2], "level", "city"))

    response = apply(office_client, rows, "level", "city", back="/projects/?year=2024")

    change_set = ChangeSet.objects.get(kind="bulk")
    assert response.url == f"/projects/?year=2024&changed={change_set.pk}"
    assert change_set.summary == "2 个项目的“项目级别”改为“市重点”"
    assert list(Project.objects.order_by("pk").values_list("level", flat=True)) == ["city", "city", ""]
    assert f"/projects/changes/{change_set.pk}/undo/" in office_client.get(response.url).content.decode()
    office_client.post(f"/projects/changes/{change_set.pk}/undo/", {"back": "/projects/"})
    assert set(Project.objects.values_list("level", flat=True)) == {""}


def test_apply_a_second_time_writes_nothing(office_client, plans):
    rows = tokens(preview(office_client, plans, "level", "city"))
    apply(office_client, rows, "level", "city")

    apply(office_client, rows, "level", "city")

    assert ChangeSet.objects.count() == 1


def test_apply_refuses_rows_that_others_changed_since_the_preview(office_client, plans):
    rows = tokens(preview(office_client, plans, "level", "city"))
    Project.objects.filter(pk=plans[1].project_id).update(row_version=2)

    response = apply(office_client, rows, "level", "city", follow=True)

    assert response.status_code == 302
    assert set(Project.objects.values_list("level", flat=True)) == {""}
    assert "项目2等 1 项已被他人修改，请重新预览" in office_client.get("/projects/").content.decode()


def test_preview_keeps_out_rows_that_would_contradict_themselves(office_client, plans):
    Project.objects.filter(pk=plans[0].project_id).update(started_on="2024-01-01", started_on_precision="d")

    html = preview(office_client, plans, "stage", "planned")

    assert "不能修改 <b>1</b> 个" in html
    assert "项目阶段是“计划新开工”，却填了实际开工时间" in html
    assert tokens(html) == [f"{plan.pk}:1:1" for plan in plans[1:]]


def test_a_leader_is_given_to_many_plans_at_once(office_client, plans):
    leader = factories.leader("县领导甲")

    rows = tokens(preview(office_client, plans, "leader", leader.pk))
    apply(office_client, rows, "leader", leader.pk)

    assert {plan.leader for plan in type(plans[0]).objects.all()} == {leader}


def test_all_filtered_rows_can_be_picked_without_ticking_them(office_client, plans):
    factories.plan(project__name="别的项目", project__category="industrial")

    html = office_client.post(URL, {"scope": "filter", "back": "/projects/?year=2024&category=-"}).content.decode()

    assert "批量修改 3 个项目" in html


def test_nothing_picked_leads_back_with_a_hint(office_client, plans):
    response = office_client.post(URL, {"back": "/projects/?year=2024"}, follow=True)

    assert "没有选中项目" in response.content.decode()


def test_back_never_leads_to_another_site(office_client, plans):
    response = office_client.post(URL, {"back": "https://evil.example/"})

    assert response.url == "/projects/"


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_bulk_edit_is_for_the_office_only(client, plans, role):
    client.force_login(factories.user(role, unit=factories.unit()))
    rows = [f"{plan.pk}:1:1" for plan in plans]

    response = apply(client, rows, "level", "city")

    assert response.status_code in {403, 404}
    assert set(Project.objects.values_list("level", flat=True)) == {""}


def test_rows_units_and_leaders_of_another_county_are_out_of_reach(office_client, plans):
    there = factories.county("140429", "武乡县")
    foreign = factories.plan(project__county=there, project__name="外县项目")
    leader = factories.leader("外县领导", county=there)

    apply(office_client, [f"{foreign.pk}:1:1"], "level", "city")
    apply(office_client, [f"{plans[0].pk}:1:1"], "leader", leader.pk)

    foreign.project.refresh_from_db()
    plans[0].refresh_from_db()
    assert (foreign.project.level, plans[0].leader) == ("", None)


def test_bulk_edit_leaves_an_audit_entry(office_client, office, plans):
    apply(office_client, tokens(preview(office_client, plans, "level", "city")), "level", "city")

    entry = AuditEntry.objects.filter(action="批量修改").get()
    assert (entry.actor, entry.summary) == (office, "3 个项目的“项目级别”改为“市重点”")


@pytest.mark.parametrize("count", [1, 20])
def test_apply_needs_the_same_queries_for_any_number_of_rows(
    office_client, county, django_assert_max_num_queries, count
):
    parent, whole = factories.project(), factories.plan()
    plans = [
        factories.plan(
            part_of=whole,
            project__name=f"项目{n}",
            project__parent=parent,
            project__code=f"2405-140431-04-01-{n:06}",
            project__total_investment=Decimal(n),
        )
        for n in range(count)
    ]
    rows = tokens(preview(office_client, plans, "level", "city"))

    with django_assert_max_num_queries(18):
        apply(office_client, rows, "level", "city")


@pytest.mark.parametrize("code", ["NaN", "1e400", "²", ""])
def test_what_is_no_industry_code_has_no_name(code):
    assert industry_name(code) == ""
