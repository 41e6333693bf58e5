"""Cells edited where they stand in the plan table."""

import re
from decimal import Decimal

import pytest

from portfolio.models import ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def plan(county):
    return factories.plan(
        project__name="污水处理厂", project__unit=factories.unit("水利局"), project__total_investment=Decimal("100")
    )


def url(plan, key):
    return f"/projects/cells/{plan.pk}/{key}/"


def post(client, plan, key, value, version=1):
    data = {"value": value, "project_version": version, "plan_version": 1}
    return client.post(url(plan, key), data, headers=HTMX)


def test_cell_opens_as_a_form_with_its_value_and_versions(office_client, plan):
    html = office_client.get(url(plan, "total_investment"), headers=HTMX).content.decode()

    assert re.search(r'name="value" value="100"', html)
    assert re.search(r'name="project_version" value="1"', html)


def test_cell_saves_half_up_and_answers_with_the_new_text(office_client, plan):
    response = post(office_client, plan, "total_investment", "1,234.565")

    plan.project.refresh_from_db()
    assert plan.project.total_investment == Decimal("1234.57")
    assert "1,234.57" in response.content.decode()
    assert ChangeSet.objects.get().summary == "污水处理厂：总投资 100 万元 → 1,234.57 万元"


def test_cell_of_the_start_writes_the_date_that_the_stage_speaks_of(office_client, plan):
    Project.objects.update(stage="planned")

    post(office_client, plan, "start", "2024年二季度")

    plan.project.refresh_from_db()
    assert (str(plan.project.planned_start), plan.project.planned_start_precision) == ("2024-04-01", "q")
    assert plan.project.started_on is None


def test_cell_that_makes_no_sense_comes_back_with_the_reason(office_client, plan):
    response = post(office_client, plan, "total_investment", "一百二十")

    assert response.status_code == 422
    assert "“总投资”不是数字：一百二十" in response.content.decode()
    assert ChangeSet.objects.count() == 0


def test_cell_that_contradicts_the_row_is_refused(office_client, plan):
    response = post(office_client, plan, "planned_investment", "100.01")

    assert response.status_code == 422
    assert "大于总投资" in response.content.decode()


def test_cell_changed_by_another_person_shows_both_and_saves_on_the_second_try(office_client, plan):
    Project.objects.update(total_investment=Decimal("777"), row_version=2)

    conflict = post(office_client, plan, "total_investment", "120")
    html = conflict.content.decode()

    assert conflict.status_code == 409
    assert "现在是：777" in html
    assert 'name="value" value="120"' in html
    version = re.search(r'name="project_version" value="(\d+)"', html)[1]
    assert post(office_client, plan, "total_investment", "120", version).status_code == 200
    plan.project.refresh_from_db()
    assert plan.project.total_investment == Decimal("120")


def test_the_same_cell_saved_twice_changes_once(office_client, plan):
    post(office_client, plan, "name", "新名称")
    post(office_client, plan, "name", "新名称", version=2)

    assert ChangeSet.objects.count() == 1


def test_reporter_edits_reporters_columns_of_own_rows_only(client, plan):
    client.force_login(factories.user("reporter", unit=plan.project.unit))
    other = factories.plan(project__name="外单位项目", project__unit=factories.unit())

    statuses = [
        post(client, plan, "progress", "主体完工").status_code,
        post(client, plan, "total_investment", "1").status_code,
        post(client, other, "progress", "改别人的").status_code,
    ]

    plan.refresh_from_db()
    other.refresh_from_db()
    assert statuses == [200, 404, 404]
    assert (plan.progress, other.progress) == ("主体完工", "")


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_cells_are_closed_to_other_roles(client, plan, role):
    client.force_login(factories.user(role, unit=plan.project.unit))

    assert post(client, plan, "progress", "x").status_code in {403, 404}
    plan.refresh_from_db()
    assert plan.progress == ""


@pytest.mark.parametrize("key", ["period", "state", "ytd", "password", "county"])
def test_cells_without_a_place_of_their_own_are_not_found(office_client, plan, key):
    assert post(office_client, plan, key, "x").status_code == 404


def test_cell_without_htmx_leads_to_the_edit_page(office_client, plan):
    response = office_client.get(url(plan, "progress"))

    assert response.url == f"/projects/{plan.project_id}/edit/?year=2024"
