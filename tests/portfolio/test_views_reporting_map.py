"""/progress/reporting/: who reads it, what narrows it, what the file holds, what it costs."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/progress/reporting/"
EXPORT = f"{PAGE}export/"


@pytest.fixture(autouse=True)
def _friday_of_week_22(county):
    factories.clock(2024, 5, 31, 10)
    county.refresh_from_db()


@pytest.fixture
def unit():
    unit = factories.unit("水利局")
    factories.report(factories.plan_under_way(unit), 20)
    return unit


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("path", [PAGE, EXPORT])
def test_every_account_reads_it(client, unit, role, path):
    client.force_login(factories.user(role))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [PAGE, EXPORT])
def test_nobody_reads_it_without_an_account(client, path):
    assert client.get(path).status_code == 302


def test_units_of_another_county_are_not_shown(office_client, unit):
    abroad = factories.county("140430", "邻县")
    plan = factories.plan_under_way(factories.unit("外县局", county=abroad), project__county=abroad)
    factories.report(plan, 20)

    assert [line.name for line in office_client.get(PAGE).context["found"].lines] == ["水利局"]


def text(response):
    return " ".join(response.content.decode().split())


def test_one_sentence_says_how_the_year_went(office_client, unit):
    page = text(office_client.get(PAGE))

    assert "第20–22周，<b>1</b> 个责任单位已截止的应报 2 期：" in page
    assert "按时 1（<b>50.0%</b>），迟报 <b>0</b>，未报 <b>1</b>。" in page
    assert "第22周 5月31日 12:00 截止。" in page


@pytest.mark.parametrize(
    ("query", "weeks", "units"),
    [
        ("", 3, ["水利局", "教育局"]),
        ("?weeks=8", 3, ["水利局", "教育局"]),
        ("?weeks=x&gaps=x&year=x", 3, ["水利局", "教育局"]),
        ("?q=教", 3, ["教育局"]),
        ("?gaps=1", 3, ["水利局"]),
        ("?q=无", 3, []),
    ],
)
def test_the_query_narrows_and_what_is_unknown_narrows_nothing(office_client, unit, query, weeks, units):
    plan = factories.plan_under_way(factories.unit("教育局"))
    factories.report(plan, 20), factories.report(plan, 21)

    found = office_client.get(f"{PAGE}{query}").context["found"]

    assert (len(found.weeks), [line.name for line in found.lines]) == (weeks, units)


def test_no_unit_found_says_what_to_do(office_client, unit):
    assert "没有符合条件的责任单位" in text(office_client.get(f"{PAGE}?q=无"))


def test_a_year_without_reports_says_so(office_client):
    assert "2024年还没有周调度报送。" in text(office_client.get(PAGE))


def test_what_is_asked_is_kept_by_the_way_to_the_file(office_client, unit):
    page = text(office_client.get(f"{PAGE}?weeks=8&q=水利&gaps=1"))

    assert f'href="{EXPORT}?year=2024&amp;weeks=8&amp;q=%E6%B0%B4%E5%88%A9&amp;gaps=1" download' in page


def test_a_past_day_knows_nothing_of_later_reports(office_client, unit):
    page = text(office_client.get(f"{PAGE}?as_of=2024-05-20"))

    assert "2024年还没有周调度报送。" in page


def test_the_list_of_weeks_leads_here(office_client, unit):
    assert f'href="{PAGE}?year=2024">各单位报送情况</a>' in office_client.get("/dispatch/weeks/").content.decode()


def test_the_file_holds_the_same_figures_and_is_noted(office_client, unit):
    response = office_client.get(EXPORT)

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows == [
        ["责任单位", "应报", "按时", "迟报", "未报", "按时率", "20周", "21周", "22周"],
        ["水利局", 2, 1, 0, 1, 0.5, "●1/1", "■0/1", "○0/1"],
        ["合计", 2, 1, 0, 1, 0.5, "1/1", "0/1", "0/1"],
    ]
    assert AuditEntry.objects.latest("pk").summary == "2024年沁源县周调度报送情况（演示数据）（.xlsx）"


def test_the_file_of_no_unit_has_its_headers_only(office_client, unit):
    response = office_client.get(f"{EXPORT}?q=无")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert (sheet.max_row, "单位名称含“无”" in sheet["A2"].value) == (3, True)


def test_queries_are_as_many_for_many_units_as_for_one(office_client, unit):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert office_client.get(PAGE).status_code == 200
        return len(asked)

    office_client.get(PAGE)
    one = queries()
    for _ in range(5):
        plan = factories.plan_under_way()
        for week in (18, 19, 20, 21):
            factories.report(plan, week)

    assert queries() == one
