"""The plan table's page, print and files of a past day: what was known then, and nothing there can be changed."""

import io
import re
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def write(office, *day):
    county = factories.clock(*day, 10)
    return changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary="改")


@pytest.fixture
def plan(office):
    """A row written in week 10, whose name and money were changed in week 20; today is 2024-05-31, in week 22."""
    mine = write(office, 2024, 3, 8)
    project = Project(county=office.county, name="旧名", total_investment=Decimal("100"), unit=factories.unit("水利局"))
    (project,) = changes.create(mine, [project])
    plan = changes.create(mine, [AnnualPlan(county=office.county, project=project, year=2024, seq=1)])[0]
    project.name, project.total_investment = "新名", Decimal("120.50")
    changes.update(write(office, 2024, 5, 15), [project], ["name", "total_investment"])
    factories.clock(2024, 5, 31, 10)
    return plan


def names(response):
    return re.findall(r'<a href="/projects/\d+/\?[^"]*">([^<]+)</a>', response.content.decode())


def text(html):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize(
    ("query", "name"),
    [("", "新名"), ("&as_of=2024-W19", "旧名"), ("&as_of=2024-05-14", "旧名"), ("&as_of=2024-05-15", "新名")],
)
def test_the_page_shows_what_was_known_at_the_end_of_the_day(office_client, plan, query, name):
    assert names(office_client.get(f"/projects/?year=2024{query}")) == [name]


def test_a_strip_says_which_day_it_is_and_leads_back_to_today(office_client, plan):
    html = office_client.get("/projects/?year=2024&q=旧名&as_of=2024-W19").content.decode()

    (strip,) = re.findall(r'<p class="as-of-strip".*?</p>', html, re.S)
    assert text(strip).startswith("以下是截至2024-05-12（第19周）当时的情况")
    assert re.findall(r'href="([^"]+)"', strip) == ["?year=2024&amp;q=%E6%97%A7%E5%90%8D"]
    assert "as-of-strip" not in office_client.get("/projects/?year=2024").content.decode()


def test_rows_of_a_past_day_lead_to_the_projects_of_that_day(office_client, plan):
    html = office_client.get("/projects/?year=2024&as_of=2024-W19").content.decode()

    assert re.findall(r'<a href="(/projects/\d+/[^"]*)"', html) == [
        f"/projects/{plan.project_id}/?year=2024&amp;as_of=2024-05-12"
    ]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nothing_of_a_past_day_can_be_picked_or_edited(office_client, plan, headers):
    today = office_client.get("/projects/?year=2024", headers=headers).content.decode()
    then = office_client.get("/projects/?year=2024&as_of=2024-W19", headers=headers).content.decode()

    assert [('name="plan"' in html, "data-editable" in html) for html in (today, then)] == [
        (True, True),
        (False, False),
    ]


def test_the_own_rows_of_a_reporter_are_closed_on_a_past_day(client, plan):
    client.force_login(factories.user("reporter", unit=plan.project.unit))

    rows = [
        re.findall(r'<tr data-plan="\d+"([^>]*)>', client.get(f"/projects/?year=2024{query}").content.decode())
        for query in ("", "&as_of=2024-W19")
    ]

    assert rows == [[' class="own"'], [""]]


def test_the_filter_form_keeps_the_day(office_client, plan):
    html = office_client.get("/projects/?year=2024&as_of=2024-W19", headers=HTMX).content.decode()

    assert re.findall(r'<input type="hidden" name="as_of" value="([^"]*)"', html) == ["2024-W19"]


def test_the_top_bar_offers_a_day_and_the_last_weeks_keeping_the_filter(office_client, plan):
    html = office_client.get("/projects/?year=2024&town=-").content.decode()

    (menu,) = re.findall(r'<details class="menu as-of-menu".*?</details>', html, re.S)
    assert text(re.search(r"<summary>.*?</summary>", menu, re.S)[0]) == "截至今天"
    assert re.findall(r'name="(\w+)" value="([^"]*)"', menu)[:2] == [("year", "2024"), ("town", "-")]
    assert re.findall(r'href="([^"]+)"', menu)[0] == "?year=2024&amp;town=-&amp;as_of=2024-W21"
    assert 'max="2024-05-30"' in menu


def test_a_changed_filter_takes_the_menu_and_the_strip_along(office_client, plan):
    html = office_client.get("/projects/?year=2024&town=-&as_of=2024-W19", headers=HTMX).content.decode()

    assert re.findall(r'id="(as-of-\w+)"[^>]* hx-swap-oob="true"', html) == ["as-of-menu", "as-of-strip"]
    assert html.count('href="?year=2024&amp;town=-"') == 2


def test_pages_that_know_no_past_offer_none(office_client, plan):
    assert "as-of-menu" not in office_client.get("/projects/columns/").content.decode()


def test_paper_names_the_day(office_client, plan):
    response = office_client.get("/projects/?year=2024&per_page=all&print=1&as_of=2024-W19")

    assert names(response) == ["旧名"]
    assert "截至2024-05-12日终（演示数据）" in text(response.content.decode())


def test_files_hold_and_name_the_day(office_client, plan):
    response = office_client.get("/projects/export/?year=2024&as_of=2024-W19")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active

    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "截至2024年5月12日" in cells
    assert [value for value in cells if value in ("旧名", "新名")] == ["旧名"]
    assert [value for value in cells if isinstance(value, int | float) and value > 99] == [100, 100, 100]
    assert "20240512.xlsx" in response["Content-Disposition"]
    assert AuditEntry.objects.latest("pk").summary == "2024年计划表截至2024-05-12（.xlsx）：全部项目，1 个项目"


def test_comma_separated_files_hold_the_day(office_client, plan):
    response = office_client.get("/projects/export/?year=2024&as_of=2024-W19&format=csv&cols=name,total_investment")

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in lines] == [["项目名称", "总投资（万元）"], ["旧名", "100.00"]]


def test_a_page_of_a_past_day_is_unchanged_only_for_the_same_day(office_client, plan):
    tag = office_client.get("/projects/?year=2024&as_of=2024-W19")["ETag"]

    statuses = [
        office_client.get(f"/projects/?year=2024&as_of={day}", headers={"If-None-Match": tag}).status_code
        for day in ("2024-W19", "2024-W20", "")
    ]

    assert statuses == [304, 200, 200]


def test_a_past_day_hides_the_rows_of_other_counties(client, plan):
    client.force_login(factories.user("office", county=factories.county("140429", "武乡县")))

    assert names(client.get("/projects/?year=2024&as_of=2024-W19")) == []


@pytest.mark.parametrize("day", ["2024-05-31", "2024-W22", "2030-01-01", "2024-13-01", "昨天", "9999-W52"])
def test_what_is_no_past_day_is_today(office_client, plan, day):
    response = office_client.get(f"/projects/?year=2024&as_of={day}")

    assert (response.status_code, names(response)) == (200, ["新名"])


def test_a_day_before_the_plan_says_so(office_client, plan):
    html = office_client.get("/projects/?year=2024&as_of=2024-03-07").content.decode()

    assert "2024-03-07时2024年还没有计划。请换一个日期。" in text(html)
