"""A project's page: who sees it, what it says, how it is added and edited, and what happens when two edit at once."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolio.actions import changes, register
from portfolio.models import AnnualPlan, ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(office):
    office.county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=dt.UTC)
    office.county.save()
    unit = factories.unit("县水利局")
    return factories.plan(
        project__name="污水处理厂",
        project__unit=unit,
        project__total_investment=Decimal("12000"),
        planned_investment=Decimal("3000"),
        seq=1,
    )


def edit_url(plan):
    return reverse("portfolio:project-edit", args=[plan.project_id]) + f"?year={plan.year}"


def form_data(client, url, **changed):
    """What a browser sends when only `changed` was typed."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else str(value) for name, value in values.items() if value is not False}
    return data | changed


def as_user(client, role, **fields):
    client.force_login(factories.user(role, **fields))
    return client


# The page


def test_page_shows_the_project_to_every_role(client, plan):
    for role in ("office", "reporter", "leader", "inspector", "auditor", "sysadmin"):
        response = as_user(client, role).get(plan.get_absolute_url())

        assert response.status_code == 200
        assert "占总投资 25.0%" in response.content.decode()


def test_page_of_another_county_is_not_found(client, plan):
    elsewhere = factories.county("140430", "邻县")

    response = as_user(client, "office", county=elsewhere).get(plan.get_absolute_url())

    assert response.status_code == 404


def test_page_asks_a_visitor_to_sign_in(client, plan):
    assert client.get(plan.get_absolute_url()).status_code == 302


def test_page_takes_the_asked_year_and_else_the_current_one(office_client, plan):
    factories.plan(plan.project, year=2025)
    url = plan.project.get_absolute_url()

    shown = [
        office_client.get(url, {"year": year}).context["year"] for year in ("2025", "2024", "1999", "x", "٢٠٢٥", "")
    ]

    assert shown == [2025, 2024, 2024, 2024, 2024, 2024]


def test_page_shows_markup_of_the_data_as_text(office_client, plan):
    attack = "<script>alert(1)</script>"
    plan.project.content = plan.project.name = attack
    plan.project.save()
    plan.extra = {attack: attack}
    plan.progress = attack
    plan.save()

    body = office_client.get(plan.get_absolute_url()).content.decode()

    assert "<script>alert" not in body
    assert body.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_page_leads_to_the_neighbours_in_the_table(office_client, plan):
    third, second = factories.plan(seq=3), factories.plan(seq=2)
    factories.plan(seq=2, year=2025)

    neighbours = office_client.get(second.get_absolute_url()).context["neighbours"]

    assert neighbours == {"before": plan, "after": third}


def test_page_costs_the_same_queries_however_much_there_is(client, office, plan):
    client.force_login(office)

    def fill(times):
        for _ in range(times):
            factories.plan(factories.project(parent=plan.project))
            plan.project.refresh_from_db()
            register.save_project(
                by=office,
                project=plan.project,
                project_fields={"total_investment": plan.project.total_investment + 1, "unit": factories.unit()},
                project_version=plan.project.row_version,
            )

    counts = []
    for times in (1, 4):
        fill(times)
        with CaptureQueriesContext(connection) as queries:
            client.get(plan.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 37


# Adding


def test_adding_makes_a_project_with_its_plan(office_client, plan):
    unit = factories.unit("县能源局")
    url = reverse("portfolio:project-add")
    data = form_data(
        office_client,
        url,
        name="光伏项目",
        unit=str(unit.pk),
        total_investment="４５,０００.005",
        planned_investment="8000",
        planned_start="2024年二季度",
        planned_finish="2025",
    )

    response = office_client.post(url, data)

    project = Project.objects.get(name="光伏项目")
    assert response.url == f"/projects/{project.pk}/?year=2024"
    assert (project.unit, project.total_investment) == (unit, Decimal("45000.01"))
    assert (project.planned_start, project.planned_start_precision) == (dt.date(2024, 4, 1), "q")
    assert (project.planned_finish, project.planned_finish_precision) == (dt.date(2025, 12, 31), "y")
    assert project.plans.values_list("year", "seq", "planned_investment").get() == (2024, 2, Decimal("8000"))


def test_adding_with_the_same_form_twice_makes_one_project(office_client, plan):
    url = reverse("portfolio:project-add")
    data = form_data(office_client, url, name="光伏项目")

    first, second = office_client.post(url, data), office_client.post(url, data)

    project = Project.objects.get(name="光伏项目")
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == project.get_absolute_url()


def test_adding_a_name_that_exists_asks_first(office_client, plan):
    url = reverse("portfolio:project-add")
    data = form_data(office_client, url, name="污水 处理厂")

    asked = office_client.post(url, data)
    saved = office_client.post(url, data | {"other_project": "on"})

    assert asked.status_code == 400
    assert asked.context["form"].namesakes == [plan.project]
    assert saved.status_code == 302
    assert Project.objects.count() == 2


def test_adding_says_all_that_is_wrong_and_keeps_what_was_typed(office_client, plan):
    url = reverse("portfolio:project-add")
    data = form_data(
        office_client, url, name="", total_investment="一百二十", planned_start="待定", longitude="112.3", code="123"
    )

    response = office_client.post(url, data)

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "name": ["请填写“项目名称”。"],
        "code": ["项目代码“123”格式不对，应为 24 位，如 2405-140431-04-01-123456。"],
        "total_investment": ["“总投资”不是数字：一百二十。请改为 120 或 120.50 这样的数值。"],
        "planned_start": ["“待定”不是能识别的日期，请写成 2024-05-31、2024-05、2024年二季度或 2024年。"],
        "latitude": ["经度和纬度要么都填，要么都不填；现在缺纬度。"],
    }
    assert 'value="一百二十"' in response.content.decode()
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [("reporter", 404), ("leader", 404), ("inspector", 404), ("auditor", 403), ("sysadmin", 404)]
)
def test_adding_is_for_the_office(client, plan, role, status):
    response = as_user(client, role).post(reverse("portfolio:project-add"), {"name": "光伏项目"})

    assert response.status_code == status
    assert Project.objects.count() == 1


# Editing


def test_editing_writes_what_was_changed_and_says_so(office_client, plan):
    response = office_client.post(edit_url(plan), form_data(office_client, edit_url(plan), total_investment="13000"))

    assert response.url == f"/projects/{plan.project_id}/?year=2024"
    assert ChangeSet.objects.get().summary == "污水处理厂：总投资 12,000 万元 → 13,000 万元"
    assert (Project.objects.get().row_version, AnnualPlan.objects.get().row_version) == (2, 1)


def test_a_renamed_project_stays_findable_under_its_former_name(office_client, plan):
    office_client.post(edit_url(plan), form_data(office_client, edit_url(plan), name="第二污水处理厂", keep_name="on"))

    project = Project.objects.get()
    assert [alias.name for alias in project.aliases.all()] == ["污水处理厂"]
    assert "污水处理厂|wsclc" in project.search_key


def test_a_mistyped_name_is_corrected_without_leaving_a_former_name(office_client, plan):
    data = form_data(office_client, edit_url(plan), name="第二污水处理厂")
    data.pop("keep_name")

    office_client.post(edit_url(plan), data)

    assert Project.objects.get().aliases.count() == 0


def test_a_project_without_any_plan_has_its_page_and_form(office_client, county):
    project = factories.project("谋划项目")
    url = reverse("portfolio:project-edit", args=[project.pk])

    page = office_client.get(project.get_absolute_url())
    office_client.post(url, form_data(office_client, url, address="河西村"))

    project.refresh_from_db()
    assert "还没有列入任何年度的计划" in page.content.decode()
    assert project.address == "河西村"


def test_editing_without_a_change_writes_nothing(office_client, plan):
    plan.project.content = "一\n二"
    plan.project.save()

    office_client.post(edit_url(plan), form_data(office_client, edit_url(plan), content="一\r\n二"))

    assert ChangeSet.objects.count() == 0


def test_sending_an_edit_twice_saves_once(office_client, plan):
    data = form_data(office_client, edit_url(plan), total_investment="13000", remark="新")

    first, second = office_client.post(edit_url(plan), data), office_client.post(edit_url(plan), data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert ChangeSet.objects.count() == 1


def test_editing_refuses_another_countys_rows(office_client, plan):
    elsewhere = factories.county("140430", "邻县")
    foreign = {
        "unit": str(factories.unit(county=elsewhere).pk),
        "town": str(factories.town("别处镇", "140430100", county=elsewhere).pk),
        "leader": str(factories.leader(county=elsewhere).pk),
    }

    response = office_client.post(edit_url(plan), form_data(office_client, edit_url(plan), **foreign))

    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"unit", "town", "leader"}
    assert ChangeSet.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("leader", 404), ("inspector", 404), ("auditor", 403), ("sysadmin", 404)])
def test_editing_is_not_found_for_who_may_not(client, plan, role, status):
    as_user(client, role, unit=plan.project.unit)

    assert client.get(edit_url(plan)).status_code == 404
    assert client.post(edit_url(plan), {"name": "乙"}).status_code == status
    assert Project.objects.get().name == "污水处理厂"


def test_a_reporter_changes_the_site_facts_of_an_own_project_and_nothing_else(client, plan):
    as_user(client, "reporter", unit=plan.project.unit)
    data = form_data(client, edit_url(plan), address="河西村", progress="主体完工")
    smuggled = {
        "name": "乙",
        "total_investment": "1",
        "unit": "",
        "planned_investment": "1",
        "is_demo": "1",
        "state": "ended",
    }

    response = client.post(edit_url(plan), data | smuggled)

    plan.refresh_from_db()
    project = plan.project
    assert response.status_code == 302
    assert (project.address, plan.progress) == ("河西村", "主体完工")
    assert (project.name, project.total_investment, project.is_demo) == ("污水处理厂", Decimal("12000"), False)
    assert (plan.planned_investment, plan.state, project.unit.name) == (Decimal("3000"), "listed", "县水利局")


def test_a_reporter_sees_the_other_fields_read_only(client, plan):
    as_user(client, "reporter", unit=plan.project.unit)

    form = client.get(edit_url(plan)).context["form"]

    assert form.keys == [
        "progress",
        "address",
        "builder",
        "builder_code",
        "owner",
        "registration",
        "registration_code",
        "registered",
        "remark",
    ]
    assert ("总投资", "12,000 万元") in form.read_only()


def test_a_reporter_of_another_unit_does_not_find_the_edit_page(client, plan):
    as_user(client, "reporter", unit=factories.unit())

    assert client.get(edit_url(plan)).status_code == 404
    assert client.post(edit_url(plan), {"address": "乙"}).status_code == 404
    as_user(client, "reporter", unit=None)
    assert client.get(edit_url(plan)).status_code == 404


# Two at once


def other_saves(plan, project_fields=None, plan_fields=None):
    row = AnnualPlan.objects.select_related("project").get(pk=plan.pk)
    register.save_project(
        by=factories.user(name="项目办乙"),
        project=row.project,
        project_fields=project_fields or {},
        plan=row,
        plan_fields=plan_fields,
        project_version=row.project.row_version,
        plan_version=row.row_version,
    )


def keeps(response):
    return {conflict.key: conflict.chosen for conflict in response.context["conflicts"]}


def test_the_second_of_two_sees_both_versions_and_nothing_is_overwritten(office_client, plan):
    data = form_data(office_client, edit_url(plan), total_investment="13000", address="河西村")
    other_saves(plan, {"total_investment": Decimal("14000")}, {"remark": "乙的备注"})

    response = office_client.post(edit_url(plan), data)

    assert response.status_code == 409
    assert [(c.label, c.base, c.mine, c.theirs, c.chosen, c.both_changed) for c in response.context["conflicts"]] == [
        ("总投资", "12,000 万元", "13,000 万元", "14,000 万元", "mine", True),
        ("建设地址", "空", "河西村", "空", "mine", False),
        ("备注", "空", "空", "乙的备注", "theirs", False),
    ]
    assert "项目办乙" in response.content.decode()
    assert Project.objects.get().total_investment == Decimal("14000")


def test_the_conflict_page_saves_the_chosen_versions(office_client, plan):
    data = form_data(office_client, edit_url(plan), total_investment="13000", address="河西村")
    other_saves(plan, {"total_investment": Decimal("14000")}, {"remark": "乙的备注"})
    page = office_client.post(edit_url(plan), data)
    body = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))
    choices = {f"keep_{key}": chosen for key, chosen in keeps(page).items()}

    response = office_client.post(edit_url(plan), hidden | choices | {"keep_total_investment": "theirs"})

    plan.refresh_from_db()
    assert response.status_code == 302
    assert (plan.project.total_investment, plan.project.address, plan.remark) == (
        Decimal("14000"),
        "河西村",
        "乙的备注",
    )


def test_changes_of_different_fields_are_preselected_to_merge(office_client, plan):
    data = form_data(office_client, edit_url(plan), address="河西村")
    other_saves(plan, {"builder": "某公司"})

    response = office_client.post(edit_url(plan), data)

    assert response.status_code == 409
    assert keeps(response) == {"address": "mine", "builder": "theirs"}


def test_a_third_change_comes_back_to_the_conflict_page(office_client, plan):
    data = form_data(office_client, edit_url(plan), address="河西村")
    other_saves(plan, {"builder": "某公司"})
    office_client.post(edit_url(plan), data)
    other_saves(plan, {"address": "城关村"})

    response = office_client.post(edit_url(plan), data | {"project_version": "2", "keep_builder": "theirs"})

    assert response.status_code == 409
    assert keeps(response) == {"address": "mine"}


def test_a_plan_that_was_taken_back_meanwhile_never_lands_in_another_years(office_client, office, plan):
    later = register.add_to_year(by=office, project=plan.project, year=2025, plan_fields={})
    data = form_data(office_client, edit_url(later), progress="2025年的进展")
    changes.undo(ChangeSet.objects.latest("pk"), by=office)

    response = office_client.post(edit_url(later), data)

    plan.refresh_from_db()
    assert (response.status_code, plan.progress) == (409, "")
    assert "2025年的进展" in response.content.decode()


def test_a_plan_of_another_project_is_not_edited_along(office_client, plan):
    other = factories.plan()
    data = form_data(office_client, edit_url(plan), progress="改")

    for posted in (str(other.pk), "9" * 40, "x"):
        assert office_client.post(edit_url(plan), data | {"plan": posted}).status_code == 409
    assert set(AnnualPlan.objects.values_list("progress", flat=True)) == {""}


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_malformed_version_saves_nothing_and_breaks_nothing(office_client, plan, version):
    data = form_data(office_client, edit_url(plan), address="河西村", project_version=version)

    assert office_client.post(edit_url(plan), data).status_code in {400, 409}
    assert Project.objects.get().address == ""


@pytest.mark.parametrize("garbage", ["9" * 100_000, "\x00", "1e400", "-1", "９９９９－９９", "<b>", "[" * 3000])
def test_garbage_in_every_field_breaks_nothing(office_client, plan, garbage):
    data = form_data(office_client, edit_url(plan))
    keys = [*office_client.get(edit_url(plan)).context["form"].keys, "other_project", "keep_name"]

    response = office_client.post(edit_url(plan), data | dict.fromkeys(keys, garbage))

    assert response.status_code == 400
    assert ChangeSet.objects.count() == 0


def test_addresses_beyond_any_number_are_not_found(office_client, plan):
    huge = "9" * 40

    for path in (f"/projects/{huge}/", f"/projects/{huge}/edit/", f"/projects/1/plans/{huge}/state/"):
        assert office_client.get(path).status_code == 404
    assert office_client.get(plan.project.get_absolute_url(), {"year": huge, "page": huge}).status_code == 200
