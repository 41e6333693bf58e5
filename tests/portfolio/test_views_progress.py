"""/progress/: of whom the curve is, what it says, and who may ask."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from portfolio.models import AnnualPlan
from tests import factories

pytestmark = pytest.mark.django_db

PROGRESS = "/progress/"


@pytest.fixture(autouse=True)
def _friday_of_week_22(county):
    factories.clock(2024, 5, 31, 10)
    county.refresh_from_db()


def under_way(done="300", week=21, **fields):
    plan = factories.plan_under_way(**fields)
    factories.report(plan, week, ytd_investment=Decimal(done))
    AnnualPlan.objects.filter(pk=plan.pk).update(
        ytd_investment=Decimal(done), reported_week=week, reported_on=dt.date(2024, 5, 24)
    )
    return plan


def titles(response):
    return [chart.title for chart in response.context["charts"]]


def text(response):
    return " ".join(response.content.decode().split())


def test_the_county_is_told_in_one_sentence_with_its_age(office_client):
    under_way()

    page = text(office_client.get(PROGRESS))

    assert "已完成 <b>0.03</b> 亿元（<b>30.0%</b>），序时 41.7%，<b>落后 11.7 个百分点</b>" in page
    assert "本周应报 1 个，已报 0 个，最近报送 2024-05-24。" in page


def test_the_curve_comes_first_and_then_the_groups(office_client):
    under_way()

    assert titles(office_client.get(PROGRESS)) == ["全县投资曲线（万元）", "各类别投资完成率"]
    assert titles(office_client.get(f"{PROGRESS}?by=leader")) == ["全县投资曲线（万元）", "各包联领导投资完成率"]


def test_a_part_is_chosen_by_its_key(office_client):
    town = factories.town()
    under_way("300", project__town=town)
    under_way("500")

    part = office_client.get(f"{PROGRESS}?by=town&key={town.code}")
    rest = office_client.get(f"{PROGRESS}?by=town&key=-")

    assert [response.context["curve"].done for response in (part, rest)] == [300, 500]
    assert [titles(response)[0] for response in (part, rest)] == ["沁河镇投资曲线（万元）", "未填投资曲线（万元）"]
    assert f'href="/projects/?year=2024&amp;town={town.code}">1 个项目</a>' in text(part)


@pytest.mark.parametrize("query", ["by=x", "by=town&key=x", "by=unit&key=999999", "key=%3Cb%3E", "by=", "year=abc"])
def test_what_is_unknown_narrows_nothing(office_client, query):
    under_way()

    response = office_client.get(f"{PROGRESS}?{query}")

    assert (response.status_code, response.context["curve"].count) == (200, 1)


def test_a_project_has_its_own_curve(office_client):
    plan = under_way()
    under_way()

    response = office_client.get(f"{PROGRESS}?project={plan.project_id}")

    assert titles(response) == ["2024年投资曲线（万元）"]
    assert f'href="/projects/{plan.project_id}/?year=2024">打开项目页</a>' in text(response)


@pytest.mark.parametrize("project", ["999999", "x", "-1", "²"])
def test_a_project_that_is_not_there_is_404(office_client, project):
    assert office_client.get(f"{PROGRESS}?project={project}").status_code == 404


def test_a_project_of_another_county_or_year_is_404(office_client):
    other = factories.county("140402", "潞州区")
    foreign = factories.plan(project__county=other)
    next_year = factories.plan(year=2025)
    under_way()

    for plan in (foreign, next_year):
        assert office_client.get(f"{PROGRESS}?year=2024&project={plan.project_id}").status_code == 404


def test_a_search_shows_the_one_project_or_offers_those_it_finds(office_client):
    one = under_way(project__name="污水处理厂", project__name_key="污水处理厂")
    under_way(project__name="污泥处置中心", project__name_key="污泥处置中心")

    hit = office_client.get(f"{PROGRESS}?q=污水")
    several = office_client.get(f"{PROGRESS}?q=污")
    none = office_client.get(f"{PROGRESS}?q=煤矿")

    assert hit.context["plan"].pk == one.pk
    assert [plan.project.name for plan in several.context["found"]] == ["污水处理厂", "污泥处置中心"]
    assert "没有找到“煤矿”。请换个词" in text(none)


def test_an_empty_year_says_what_to_do(office_client):
    response = office_client.get(PROGRESS)

    assert response.context["charts"] == []
    assert "还没有计划。导入计划表以后，这里对照计划和完成情况。" in text(response)


def test_a_plan_without_reports_is_drawn_alone(office_client):
    factories.plan_under_way()

    page = text(office_client.get(PROGRESS))

    assert "还没有报送完成投资。" in page
    assert "今年还没有报送完成投资，只画计划线。" in page


def test_year_and_day_are_kept_by_every_way_on(office_client):
    under_way()

    page = text(office_client.get(f"{PROGRESS}?as_of=2024-05-12"))

    assert '<a href="?year=2024&amp;as_of=2024-05-12&amp;by=unit">责任单位</a>' in page
    assert page.count('<input type="hidden" name="as_of" value="2024-05-12">') >= 1


def test_queries_are_as_many_for_three_plans_as_for_one(office_client):
    def queries():
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert office_client.get(f"{PROGRESS}?by=unit").status_code == 200
        return len(seen)

    under_way()
    one = queries()
    for _ in range(2):
        under_way(leader=factories.leader(), project__town=factories.town())

    assert queries() == one


@pytest.mark.parametrize("role", Role.values)
def test_every_account_reads_it(client, role):
    under_way()
    client.force_login(factories.user(role))

    assert client.get(PROGRESS).context["curve"].done == 300


def test_nobody_reads_it_without_an_account(client):
    assert client.get(PROGRESS).status_code == 302


def test_drafts_are_in_nobodys_curve(office_client):
    plan = factories.plan_under_way()
    factories.report(plan, 22, state="draft", ytd_investment=77)
    of_project = f"/projects/{plan.project_id}/"

    shown = [
        office_client.get(PROGRESS).context["charts"][0],
        office_client.get(f"{PROGRESS}?project={plan.project_id}").context["charts"][0],
        office_client.get(of_project).context["investment_curve"],
    ]

    assert [len(chart.data["data"]) for chart in shown] == [1, 1, 1]


def test_a_projects_page_shows_its_curve(office_client):
    plan = under_way()

    response = office_client.get(f"/projects/{plan.project_id}/")

    assert response.context["investment_curve"].title == "2024年投资曲线（万元）"
    assert f'id="chart-curve-{plan.pk}"' in response.content.decode()


def test_a_leaders_page_leads_to_the_leaders_curve(office_client):
    leader = factories.leader()
    under_way(leader=leader)

    page = text(office_client.get(f"/leaders/{leader.pk}/"))

    assert f'href="/progress/?year=2024&amp;by=leader&amp;key={leader.pk}">投资曲线</a>' in page
    assert office_client.get(f"{PROGRESS}?by=leader&key={leader.pk}").context["curve"].count == 1
