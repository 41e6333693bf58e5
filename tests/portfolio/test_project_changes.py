"""The smaller pages around a project: who may, what is written, what a second person is told."""

import pytest
from django.urls import reverse

from portfolio.actions import register
from portfolio.models import ChangeSet, Component, Project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(office):
    return factories.plan(project__name="污水处理厂", seq=1, year=2024)


def page(name, plan, *args):
    return reverse(f"portfolio:{name}", args=[plan.project_id, *args])


def component_lines(*lines, **others):
    data = {"form-TOTAL_FORMS": str(len(lines)), "form-INITIAL_FORMS": "0", "version": "1"}
    for number, (name, quantity, done) in enumerate(lines):
        values = {"name": name, "quantity": quantity, "measure": "座", "done": done, "note": ""}
        data |= {f"form-{number}-{key}": str(value) for key, value in values.items()}
    return data | others


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_pages_are_not_found_for_who_may_not(client, plan, role):
    client.force_login(factories.user(role, unit=factories.unit()))
    pages = [
        page("plan-state", plan, 2024),
        *(page(f"project-{name}", plan) for name in ("add-year", "parent", "components", "aliases")),
    ]

    assert [client.get(url).status_code for url in pages] == [404] * 5
    assert {client.post(url, {"version": "1", "names": "乙"}).status_code for url in pages} <= {403, 404}
    assert ChangeSet.objects.count() == 0


def test_pages_of_another_county_are_not_found(client, plan):
    client.force_login(factories.user(county=factories.county("140430", "邻县")))

    assert client.post(page("project-aliases", plan), {"version": "1", "names": "乙"}).status_code == 404
    assert client.post(page("plan-state", plan, 2024), {"version": "1", "state": "ended"}).status_code == 404


def test_leaving_the_plan_needs_a_reason_and_is_shown_on_the_page(office_client, plan):
    url = page("plan-state", plan, 2024)

    refused = office_client.post(url, {"state": "removed", "reason": " ", "version": "1"})
    saved = office_client.post(url, {"state": "removed", "reason": "用地未落实", "version": "1"}, follow=True)

    assert refused.context["form"].errors == {"reason": ["请写明调整原因，如：用地未落实，调至下一年度。"]}
    assert "2024年计划已调出：用地未落实" in saved.content.decode()


def test_a_state_that_changed_meanwhile_is_not_overwritten(office_client, office, plan):
    register.set_plan_state(by=office, plan=plan, state="ended", reason="业主放弃", version=1)

    response = office_client.post(
        page("plan-state", plan, 2024), {"state": "removed", "reason": "用地", "version": "1"}
    )

    plan.refresh_from_db()
    assert (response.status_code, plan.state) == (409, "ended")
    assert response.context["form"]["version"].value() == 2
    assert response.context["form"]["reason"].value() == "用地"


def test_a_project_is_added_to_the_next_year_once(office_client, plan):
    url = page("project-add-year", plan)
    assert office_client.get(url).context["form"]["year"].value() == 2025

    for _ in range(2):
        response = office_client.post(url, {"year": "2025", "planned_investment": "500"})
        assert response.url == f"/projects/{plan.project_id}/?year=2025"

    assert list(plan.project.plans.order_by("year").values_list("year", flat=True)) == [2024, 2025]


def test_a_plan_beyond_the_total_is_refused_at_its_field(office_client, plan):
    Project.objects.update(total_investment=100)

    response = office_client.post(page("project-add-year", plan), {"year": "2025", "planned_investment": "101"})

    assert response.context["form"].errors.keys() == {"planned_investment"}


def test_a_parent_is_found_by_name_or_code(office_client, plan):
    parent = factories.project("水务一体化项目", code="2405-140431-04-01-123456")
    url = page("project-parent", plan)

    office_client.post(url, {"version": "1", "parent": "水务 一体化项目", "phase": "2"})
    plan.project.refresh_from_db()
    assert (plan.project.parent, plan.project.phase) == (parent, 2)
    office_client.post(url, {"version": "2", "parent": ""})
    office_client.post(url, {"version": "3", "parent": "2405-140431-04-01-123456"})

    plan.project.refresh_from_db()
    assert (plan.project.parent, plan.project.phase) == (parent, None)


def test_an_unknown_or_doubtful_parent_is_refused(office_client, plan):
    factories.project("甲"), factories.project("甲")
    factories.project("邻县项目", county=factories.county("140430", "邻县"))
    url = page("project-parent", plan)

    errors = [
        office_client.post(url, {"version": "1", "parent": name}).context["form"].errors["parent"][0]
        for name in ("乙", "邻县项目", "甲", "污水处理厂")
    ]

    assert errors == [
        "没有叫“乙”的项目，请填写全名或项目代码。",
        "没有叫“邻县项目”的项目，请填写全名或项目代码。",
        "叫“甲”的项目不止一个，请改填项目代码。",
        "“污水处理厂”是“污水处理厂”本身或它的下级项目，不能作为上级项目。",
    ]


def test_a_sub_item_is_listed_under_its_parents_plan(office_client, plan):
    parent = factories.plan(project__name="打包项目", year=2024)
    url = page("project-parent", plan) + "?year=2024"

    office_client.post(url, {"version": "1", "parent": "打包项目", "counted_within": "on"})

    plan.refresh_from_db()
    assert plan.part_of == parent


def test_a_sub_item_needs_its_parents_plan(office_client, plan):
    factories.project("打包项目")

    response = office_client.post(
        page("project-parent", plan) + "?year=2024", {"version": "1", "parent": "打包项目", "counted_within": "on"}
    )

    assert response.context["form"].errors == {"counted_within": ["“打包项目”没有列入2024年计划，不能随它列示。"]}
    plan.project.refresh_from_db()
    assert plan.project.parent is None


def test_a_parent_is_set_without_touching_any_plan_where_no_year_is_asked(office_client, plan):
    factories.plan(project__name="打包项目", year=2024)

    office_client.post(page("project-parent", plan), {"version": "1", "parent": "打包项目", "counted_within": "on"})

    plan.refresh_from_db()
    assert (plan.project.parent.name, plan.part_of) == ("打包项目", None)


def test_aliases_are_one_on_each_line(office_client, plan):
    office_client.post(page("project-aliases", plan), {"version": "1", "names": "老厂\r\n\r\n第二污水厂"})

    assert [alias.name for alias in plan.project.aliases.all()] == ["老厂", "第二污水厂"]


def test_aliases_that_changed_meanwhile_are_shown_beside_the_typed_ones(office_client, office, plan):
    register.set_aliases(by=office, project=plan.project, names=["对方的"], version=1)

    response = office_client.post(page("project-aliases", plan), {"version": "1", "names": "我的"})

    assert response.status_code == 409
    assert [str(alias) for alias in response.context["stored"]] == ["对方的"]
    assert response.context["form"]["names"].value() == "我的"


def test_components_are_saved_without_the_empty_lines(office_client, plan):
    office_client.post(page("project-components", plan), component_lines(("单体", 14, 14), ("", 1, 0)))

    assert [str(part) for part in plan.project.components.all()] == ["单体 14/14座"]


def test_components_show_more_lines_without_saving(office_client, plan):
    response = office_client.post(page("project-components", plan), component_lines(("单体", 14, 14), more="1"))

    assert len(response.context["form"].lines.forms) == 4
    assert response.context["form"].lines.forms[0]["name"].value() == "单体"
    assert Component.objects.count() == 0


def test_components_say_which_line_is_wrong(office_client, plan):
    response = office_client.post(page("project-components", plan), component_lines(("单体", 14, 15)))

    assert response.status_code == 400
    assert response.context["form"].lines.errors == [{"done": ["已建成 15 大于数量 14，请核对。"]}]


@pytest.mark.parametrize("total", ["", "x", "-5", "99999999999"])
@pytest.mark.parametrize("more", [{}, {"more": "1"}])
def test_malformed_component_forms_break_nothing(office_client, plan, total, more):
    data = component_lines(("单体", 1, 1)) | {"form-TOTAL_FORMS": total} | more

    assert office_client.post(page("project-components", plan), data).status_code in {200, 302, 400}
    assert Component.objects.filter(quantity__gt=1).count() == 0
