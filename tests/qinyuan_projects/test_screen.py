"""The screen of the dispatch hall: the overview's figures, read by everybody, refreshed by itself."""

import re

import pytest
from django.core.cache import cache
from django.utils.html import strip_tags

from accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def figures(html, name):
    body = re.search(rf'class="screen-row {name}"[^>]*>(.*?)</[du]l>', html, re.S)[1]
    return " ".join(strip_tags(body).split())


def test_the_screen_shows_the_overviews_figures_and_asks_for_itself(office_client):
    factories.clock(2024, 5, 31, 10)
    factories.plan_under_way(planned_investment=20000, ytd_investment=5000, project__total_investment=50000)

    html = office_client.get("/screen/?year=2024").content.decode()

    assert figures(html, "screen-money") == ("重大项目1 个 总投资5.00 亿元 年度计划投资2.00 亿元 累计完成投资0.50 亿元")
    assert figures(html, "screen-lights") == "● 绿·正常 0▲ 黄·滞后 1■ 红·严重滞后 0○ 灰·停缓建或无计划 0"
    assert 'hx-get="/screen/?year=2024" hx-trigger="every 300s"' in html


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_screen_and_a_visitor_is_sent_to_sign_in(client, role):
    assert client.get("/screen/").url == "/accounts/login/?next=/screen/"

    client.force_login(factories.user(role))

    assert client.get("/screen/").status_code == 200


def test_the_overview_leads_to_the_screen_of_the_same_moment(office_client):
    factories.clock(2024, 5, 31, 10)
    factories.plan()

    html = office_client.get("/?year=2024").content.decode()

    assert 'href="/screen/?year=2024">大屏</a>' in html


def test_the_screen_asks_for_the_year_s_end_without_the_rules_of_its_own_refresh(office_client):
    factories.clock(2024, 5, 31, 10)
    factories.plan_under_way(ytd_investment=100)

    html = office_client.get("/screen/?year=2024").content.decode()

    assert 'hx-disinherit="*"' in html
    assert 'hx-get="/progress/forecast/line/?year=2024" hx-trigger="load"' in html


@pytest.mark.parametrize("projects", [1, 20])
def test_queries_do_not_grow_with_the_projects(office_client, django_assert_num_queries, projects):
    factories.clock(2024, 5, 31, 10)
    for _ in range(projects):
        plan = factories.plan_under_way(ytd_investment=100)
        factories.report(plan, 21, ytd_investment=100)
        factories.problem(plan.project)
    office_client.get("/screen/?year=2024")
    cache.clear()

    with django_assert_num_queries(15):
        office_client.get("/screen/?year=2024")
