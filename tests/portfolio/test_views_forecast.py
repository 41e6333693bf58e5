"""/progress/forecast/: the county's fan, who will miss the plan, the file, and the line that other pages ask for."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, County
from accounts.roles import Role
from portfolio.year_end import year_end
from tests import factories
from tests.portfolio.forecasting import reported

pytestmark = pytest.mark.django_db
PAGE, EXPORT, LINE = "/progress/forecast/", "/progress/forecast/export/", "/progress/forecast/line/"


@pytest.fixture(autouse=True)
def county_in_may():
    return factories.clock(2024, 5, 31, 10)


# As a page asks for a part of itself.
ASKED = {"HX-Request": "true"}


def listed(page):
    return [line.plan for line in page.context["listing"].page]


def test_the_list_begins_with_who_misses_the_plan_most(office_client):
    worst, better = reported(1), reported(10)

    assert listed(office_client.get(PAGE)) == [worst, better]


def test_the_list_narrows_to_who_misses_the_plan(office_client):
    late = reported(1)
    done = reported(100)

    page = office_client.get(PAGE, {"sort": "-ytd"})
    narrowed = office_client.get(PAGE, {"only": "missing"})

    assert (listed(page), listed(narrowed)) == ([done, late], [late])


def test_the_list_narrows_to_a_unit(office_client):
    mine = reported(unit_=factories.unit(name="水利局"))
    reported()

    assert listed(office_client.get(PAGE, {"unit": mine.project.unit_id})) == [mine]


def test_nonsense_narrows_and_sorts_nothing(office_client):
    plan = reported()

    page = office_client.get(PAGE, {"sort": "password", "only": "x", "page": "-9", "year": "2024"})

    assert listed(page) == [plan]


def test_the_page_of_a_year_without_reports_says_so(office_client):
    factories.plan_under_way()

    page = office_client.get(PAGE)

    assert "2024年还没有项目报送完成投资，无法预测。" in page.content.decode()


def test_the_page_costs_the_same_queries_whatever_the_rows(office_client):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            office_client.get(PAGE)
        return len(queries)

    reported()
    office_client.get(PAGE)
    one = cost()
    for _ in range(3):
        reported()

    assert cost() == one


def test_the_forecast_is_kept_until_the_data_change(county_in_may, django_assert_num_queries):
    reported()
    day = dt.date(2024, 5, 31)
    year_end(county_in_may, 2024, day)

    with django_assert_num_queries(0):
        year_end(county_in_may, 2024, day)


def test_the_file_holds_the_narrowed_list_and_its_export_is_recorded(office_client):
    late, _ = reported(1), reported(100)

    answer = office_client.get(EXPORT, {"only": "missing"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active

    assert [row[0].value for row in sheet.iter_rows(min_row=4)] == [late.project.name, "合计"]
    assert AuditEntry.objects.filter(action="导出", summary__contains="年底投资预测").count() == 1


def test_a_project_s_line_says_what_it_assumes(office_client):
    plan = reported(10, weeks=[22])

    page = office_client.get(LINE, {"project": plan.project_id}, headers=ASKED).content.decode()

    assert "预计年底 <b>840.57</b> 万元，占年度计划 84.1%。" in page
    assert "按下一周保持近四周速度、以后按计划、不超过年度计划推算" in page


def test_a_project_without_reports_has_no_forecast_yet(office_client):
    plan = factories.plan_under_way()

    page = office_client.get(LINE, {"project": plan.project_id}, headers=ASKED).content.decode()

    assert "还没有报送完成投资，暂不能预测年底。" in page


def test_who_opens_a_line_s_address_is_led_to_the_page(office_client):
    assert office_client.get(LINE).url == f"{PAGE}?year=2024"


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_page_the_file_and_the_line(client, role):
    reported()
    client.force_login(factories.user(role))

    answers = [client.get(path, headers=ASKED).status_code for path in (PAGE, EXPORT, LINE)]

    assert answers == [200, 200, 200]


@pytest.mark.parametrize("sent", ["", "x", "999999"])
def test_a_line_of_no_project_is_not_found(office_client, sent):
    assert office_client.get(LINE, {"project": sent}).status_code == 404


def test_a_line_of_another_county_s_project_is_not_found(office_client):
    foreign = factories.plan(factories.project(county=County.objects.create(code="140400", name="长治市")))

    assert office_client.get(LINE, {"project": foreign.project_id}).status_code == 404


def test_the_county_s_line_leads_to_who_will_miss_the_plan(office_client):
    reported(1)

    page = office_client.get(LINE, headers=ASKED).content.decode()

    assert '预计完不成计划的项目 <a href="/progress/forecast/?year=2024&amp;only=missing#list">1 个</a>' in page


def test_a_visitor_is_sent_to_sign_in(client):
    assert [client.get(path).status_code for path in (PAGE, EXPORT, LINE)] == [302, 302, 302]


def test_a_project_s_page_asks_for_its_line_and_leads_to_the_page_without_scripts(office_client):
    plan = reported()

    page = office_client.get(f"/projects/{plan.project_id}/").content.decode()

    assert f'hx-get="{LINE}?year=2024&amp;project={plan.project_id}" hx-trigger="load"' in page
    assert f'<a href="{PAGE}?year=2024">年底预测</a>' in page


def test_a_plan_that_left_the_year_asks_for_no_forecast(office_client):
    plan = factories.plan(state="removed", state_reason="资金没有落实")

    assert LINE not in office_client.get(f"/projects/{plan.project_id}/").content.decode()
