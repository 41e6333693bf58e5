"""A row opened in place: what it says of a project's light, last report and curve, on which day, and to whom."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from portfolio.models import AnnualPlan
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def plan(county):
    """Under way, reported in week 21 for the second time: 20 万元 since, 120 of 1,000 in all."""
    unit = factories.unit("水利局")
    plan = factories.plan_under_way(unit, project__name="河道治理", project__registration="done")
    factories.report(plan, 20, ytd_investment=100)
    report(plan, 21, ytd_investment=120, works_percent=35, progress=f"主体封顶，联系人{PHONE}", next_plan="开始装修")
    return plan


def report(plan, week, **fields):
    """A published report with its figures at the plan, as its action leaves them."""
    by = factories.user("reporter", name="填报员甲", unit=plan.project.unit)
    at = timezone.make_aware(dt.datetime(2024, 5, 24, 9, 30))
    written = factories.report(plan, week, submitted_by=by, submitted_at=at, **fields)
    AnnualPlan.objects.filter(pk=plan.pk).update(
        reported_week=week, reported_on=at.date(), ytd_investment=fields.get("ytd_investment")
    )
    return written


def url(plan, query=""):
    return f"/projects/plans/{plan.pk}/glance/{query}"


def glance(client, plan, query=""):
    response = client.get(url(plan, query), headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def facts(html):
    """{name: value} of the last report."""
    return {words(name): words(value) for name, value in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.S)}


def test_an_opened_row_says_why_it_has_its_light(office_client, plan):
    light = re.search(r'<p class="glance-light">(.*?)</p>', glance(office_client, plan), re.S)[1]

    assert words(light) == "▲黄 投资完成 12.0%，落后序时（41.7%）29.7 个百分点"


def test_an_opened_row_shows_the_last_report(office_client, plan):
    html = glance(office_client, plan)

    assert "第21周（05-20 至 05-26），填报员甲 05-24 09:30 报送" in words(html)
    assert facts(html) == {
        "年度累计完成": "120 万元 ，占年度计划 1,000 万元的 12.0%",
        "当周完成": "20 万元",
        "工程量": "35%",
        "形象进度": "主体封顶，联系人138****5678",
        "下周计划": "开始装修",
    }


@pytest.mark.parametrize(("week", "missing"), [(21, True), (22, False)])
def test_an_opened_row_says_when_this_weeks_report_is_missing(office_client, plan, week, missing):
    if week == 22:
        report(plan, week, ytd_investment=130)

    assert ("本周未报" in glance(office_client, plan)) is missing


def test_a_project_that_need_not_report_misses_nothing(office_client, county):
    reserve = factories.plan(project__stage="reserve")

    html = glance(office_client, reserve)

    assert ("本周未报" in html, "2024年还没有周调度。" in html) == (False, True)


def test_an_opened_row_draws_the_curve_with_its_table(office_client, plan):
    html = glance(office_client, plan)

    assert f'id="chart-curve-{plan.pk}-data"' in html
    assert re.findall(r'<th scope="row">(第\d+周)</th>', html) == ["第20周", "第21周", "第22周"]


def test_an_opened_row_leads_to_project_reports_schedule_and_problems(office_client, plan):
    factories.problem(plan.project, "assigned", deadline=dt.date(2024, 5, 30))
    factories.problem(plan.project, "assigned", deadline=dt.date(2024, 5, 31))
    factories.problem(plan.project, "closed")

    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', glance(office_client, plan))

    page = f"/projects/{plan.project_id}/?year=2024"
    assert links == [
        (page, "项目卡片"),
        (f"{page}#dispatch", "历次周调度"),
        (f"/schedule/{plan.pk}/", "工期计划"),
        (f"/problems/?project={plan.project_id}", "未销号问题 2 个，逾期 1 个"),
    ]


def test_a_sub_item_has_no_light_of_its_own(office_client, plan):
    part = factories.plan(part_of=plan)

    assert "glance-light" not in glance(office_client, part)


def test_a_past_day_shows_what_was_known_then(office_client, plan):
    known_on = timezone.make_aware(dt.datetime(2024, 5, 10))
    for records in (plan.history, plan.project.history):
        records.update(history_date=known_on)

    html = glance(office_client, plan, "?as_of=2024-05-12")

    assert f'<a href="/schedule/{plan.pk}/?as_of=2024-05-12">' in html
    assert "今年尚未报送完成投资，无法判断" in html


def test_a_past_day_before_the_plan_was_written_knows_nothing_of_it(office_client, plan):
    assert office_client.get(url(plan, "?as_of=2023-01-01"), headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize("path", ["/projects/", "/six-ones/"])
def test_rows_can_be_opened_on_the_screen_and_not_on_paper(office_client, plan, path):
    factories.plan(part_of=plan)

    screen, paper = (office_client.get(path + query).content.decode() for query in ("", "?print=1"))

    assert (screen.count('class="opener"'), paper.count('class="opener"')) == (1, 0)


@pytest.mark.parametrize("path", ["/projects/", "/six-ones/"])
@pytest.mark.parametrize(("query", "address"), [("", "0/glance/"), ("?as_of=2024-05-12", "0/glance/?as_of=2024-05-12")])
def test_rows_of_a_past_day_open_as_of_that_day(office_client, plan, path, query, address):
    known_on = timezone.make_aware(dt.datetime(2024, 5, 10))
    for records in (plan.history, plan.project.history):
        records.update(history_date=known_on)

    html = office_client.get(path + query).content.decode()

    assert re.findall(r'data-glance-url="/projects/plans/([^"]+)"', html) == [address]


def test_its_address_alone_leads_to_the_projects_page(office_client, plan):
    response = office_client.get(url(plan))

    assert (response.status_code, response["Location"]) == (302, f"/projects/{plan.project_id}/?year=2024#curve")


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_reads_the_same_without_phones(client, plan, role):
    client.force_login(factories.user(role, unit=plan.project.unit))

    html = glance(client, plan)

    assert (PHONE in html, "138****5678" in html) == (False, True)


def test_a_row_of_another_county_is_not_found(client, plan):
    client.force_login(factories.user("office", county=factories.county("140429", "武乡县")))

    assert client.get(url(plan), headers={"HX-Request": "true"}).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, plan):
    response = client.get(url(plan))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("reports", [1, 20])
def test_an_opened_row_takes_the_same_queries_whatever_was_reported(
    office_client, county, django_assert_num_queries, reports
):
    plan = factories.plan_under_way()
    for week in range(1, reports + 1):
        report(plan, week, ytd_investment=week)
        factories.problem(plan.project)
    office_client.get(url(plan))  # the rules in force are known from here on

    with django_assert_num_queries(12):
        glance(office_client, plan)
