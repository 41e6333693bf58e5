"""The rankings' page, paper and file: read by every role, on a past day, of the own county."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from portfolio.models import AnnualPlan
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/progress/rankings/"


@pytest.fixture
def unit():
    factories.clock(2024, 5, 31, 10)
    unit = factories.unit("水利局")
    for _ in range(3):
        factories.plan_under_way(unit, ytd_investment=417, project__registration="done")
    return unit


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?by=town&print", f"{PAGE}export/?by=leader"])
def test_rankings_are_read_by_every_role(client, unit, role, path):
    client.force_login(factories.user(role))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}export/"])
def test_nobody_reads_them_without_signing_in(client, unit, path):
    assert client.get(path).status_code == 302


def test_units_of_another_county_are_not_ranked(office_client, unit):
    abroad = factories.county("140430", "邻县")
    for _ in range(3):
        factories.plan_under_way(factories.unit(county=abroad), project__county=abroad)

    rankings = office_client.get(PAGE).context["rankings"]

    assert [row.title for row in [*rankings.rows, *rankings.unranked]] == ["水利局"]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?print"])
def test_the_page_says_by_which_weights(office_client, unit, path):
    assert "默认值，非官方" in office_client.get(path).content.decode()


def test_a_row_leads_to_its_projects(office_client, unit):
    factories.plan_under_way()

    html = office_client.get(PAGE).content.decode()

    address = f"{reverse('portfolio:plan-table')}?year=2024&amp;unit={unit.pk}"
    assert f'href="{address}"' in html
    assert office_client.get(address.replace("&amp;", "&")).content.decode().count(">水利局<") >= 3


def test_a_past_day_knows_nothing_of_later_reports(office_client, unit):
    early = dt.datetime(2024, 1, 5, tzinfo=dt.UTC)
    for plan in AnnualPlan.objects.all():
        plan.history.update(history_date=early)
        plan.project.history.update(history_date=early)
        plan.ytd_investment = 1000
        plan._history_date = dt.datetime(2024, 5, 25, tzinfo=dt.UTC)
        plan.save()

    def completed(query):
        return office_client.get(f"{PAGE}{query}").context["rankings"].rows[0].completed

    assert [completed("?as_of=2024-05-20"), completed("")] == [Decimal("41.7"), 100]


def test_the_file_says_what_the_page_says_and_is_noted(office_client, unit):
    answer = office_client.get(f"{PAGE}export/")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[4]][:4] == [1, "水利局", 3, 100]
    assert [cell.value for cell in sheet[4]][-1] == "红榜"
    assert list(AuditEntry.objects.filter(action="导出").values_list("summary", flat=True)) == [
        "2024年沁源县责任单位红黑榜（演示数据）（.xlsx）"
    ]


def test_an_unknown_grouping_is_read_as_units(office_client, unit):
    assert office_client.get(f"{PAGE}?by=x").context["rankings"].by == "unit"
