"""Taking the plan table out of the house: what is sent, to whom, and what the audit trail says of it."""

import datetime as dt
import io
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.roles import Role
from portfolio.listing import PlanListing
from portfolio.models import TableLayout
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.county(business_time=dt.datetime(2024, 5, 31, 4, tzinfo=dt.UTC))


@pytest.fixture
def office(county):
    return factories.user("office")


def export(client, query=""):
    response = client.get(f"{reverse('portfolio:plan-export')}?{query}")
    return response, b"".join(response.streaming_content) if response.streaming else response.content


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).active


def test_the_address_is_that_of_the_design():
    assert reverse("portfolio:plan-export") == "/projects/export/"


def test_an_export_is_the_whole_look_as_a_named_attachment(office_client):
    for number in range(60):
        factories.plan(factories.project(f"产业{number}", category="industrial"))
    factories.plan(factories.project("民生", category="infrastructure"))

    response, content = export(office_client, "category=industrial&page=2")

    name = quote("2024年沁源县重大项目计划表_产业类_20240531.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert int(response["Content-Length"]) == len(content)
    assert sheet_of(content)["A5"].value == "合计（60个）"


def test_csv_begins_with_the_mark_that_makes_spreadsheets_read_chinese(office_client):
    factories.plan(factories.project("甲"), seq=1)

    response, content = export(office_client, "format=csv&cols=seq,name&group=none")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert content == b"\xef\xbb\xbf" + "序号,项目名称\r\n1,甲\r\n".encode()


def test_an_unknown_format_is_a_workbook(office_client):
    response, content = export(office_client, "format=exe")

    assert response["Content-Disposition"].endswith(".xlsx")
    assert sheet_of(content)["A5"].value == "合计（0个）"


def test_the_columns_are_those_asked_for_and_else_those_the_account_uses(office_client, office):
    TableLayout.objects.create(
        county=office.county, owner=office, name="常用", columns=["name", "address"], is_default=True
    )

    used = sheet_of(export(office_client)[1])
    asked = sheet_of(export(office_client, "cols=name,remark")[1])

    assert [cell.value for cell in used[3]] == ["项目名称", "建设地址"]
    assert [cell.value for cell in asked[3]] == ["项目名称", "备注"]


def test_each_export_is_in_the_audit_trail_with_its_filter_and_its_size(office_client, office):
    factories.plan(factories.project(category="industrial"))
    before = office.county.data_version

    export(office_client, "category=industrial")
    export(office_client, "format=csv")

    entries = AuditEntry.objects.filter(action="导出").order_by("pk")
    assert [(entry.actor, entry.summary, entry.detail["count"]) for entry in entries] == [
        (office, "2024年计划表（.xlsx）：类别：产业类，1 个项目", 1),
        (office, "2024年计划表（.csv）：全部项目，1 个项目", 1),
    ]
    office.county.refresh_from_db()
    assert office.county.data_version == before


def test_who_is_not_signed_in_gets_no_export(client, county):
    factories.plan()

    response, _ = export(client)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))
    assert AuditEntry.objects.filter(action="导出").count() == 0


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading_is_answered(office_client, method):
    assert getattr(office_client, method)(reverse("portfolio:plan-export")).status_code == 405


@pytest.mark.parametrize("role", list(Role))
def test_every_role_exports_the_sums_of_the_page(client, county, role):
    for total in ("0.10", "0.20", "1234567.89"):
        factories.plan(factories.project(total_investment=Decimal(total)), planned_investment=Decimal("0.01"))
    client.force_login(factories.user(role))

    _, content = export(client, "cols=name,total_investment,planned_investment")

    sums = PlanListing(county, QueryDict("")).sums
    exported = [Decimal(str(sheet_of(content).cell(5, column).value)) for column in (2, 3)]
    assert exported == [sums.total, sums.planned] == [Decimal("1234568.19"), Decimal("0.03")]


def test_another_county_is_never_exported(office_client):
    other = factories.county("140430", "沁县")
    factories.plan(factories.project("外县", county=other))

    _, content = export(office_client, "group=none")

    assert sheet_of(content)["A5"].value == "合计（0个）"


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "sort=project__county__users__password",
        "cols=password",
        "group=x",
        "total_min=NaN",
        "since=0001-01-01",
        "since=9999-12-31",
    ],
)
def test_hostile_queries_are_answered_with_the_table(office_client, query):
    factories.plan(factories.project("甲"))

    response, content = export(office_client, query)

    assert response.status_code == 200
    assert sheet_of(content)["A5"].value == "合计（1个）"
