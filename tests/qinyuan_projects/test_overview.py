"""The overview: the same figures as the plan table, each leading to its rows, nothing hidden."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils.html import strip_tags

from portfolio.actions import changes, dispatch
from portfolio.models import ChangeSet
from tests import factories

pytestmark = pytest.mark.django_db


def page(client, query=""):
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


def lede(html):
    return " ".join(strip_tags(re.search(r'<p class="lede">(.*?)</p>', html, re.S)[1]).split())


def panel(html, heading):
    """{title: (count, total, share, planned)} of the panel under this heading, the totals line included."""
    body = re.search(rf"<h2>{heading}</h2>(.*?)</section>", html, re.S)[1]
    lines = [
        [" ".join(strip_tags(cell).split()) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", line, re.S)]
        for line in re.findall(r"<tr.*?</tr>", body, re.S)
    ]
    return {title: tuple(cells) for title, *cells in lines[1:]}


def counted_links(html, heading):
    """{title: address} of a panel's lines."""
    body = re.search(rf"<h2>{heading}</h2>(.*?)</section>", html, re.S)[1]
    found = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a>', body)
    return {title: address.replace("&amp;", "&") for address, title in found}


def test_title_sentence_says_how_many_and_how_much(office_client, office):
    office.county.business_time = "2024-05-31T02:00:00Z"
    office.county.save()
    factories.plan(project__total_investment=Decimal("30000"), planned_investment=Decimal("10000"))
    factories.plan(project__total_investment=Decimal("10000"), planned_investment=Decimal("5000.50"))

    html = page(office_client)

    assert lede(html) == "2 个项目，总投资 4.00 亿元，年度计划投资 1.50 亿元（占总投资 37.5%）。"


def test_panels_count_what_is_not_filled_in_and_add_up(office_client):
    factories.plan(
        project__category="industrial",
        project__stage="building",
        project__total_investment=Decimal("30000"),
        planned_investment=Decimal("10000"),
    )
    factories.plan(project__category="industrial", project__total_investment=Decimal("10000"))
    factories.plan(project__town=factories.town())

    html = page(office_client, "?year=2024")

    assert panel(html, "按类别") == {
        "产业类": ("2", "4.00", "100.0%", "1.00"),
        "未填": ("1", "—", "—", "—"),
        "合计": ("3", "4.00", "100%", "1.00"),
    }
    assert panel(html, "按阶段") == {
        "在建": ("1", "3.00", "75.0%", "1.00"),
        "未填": ("2", "1.00", "25.0%", "—"),
        "合计": ("3", "4.00", "100%", "1.00"),
    }
    assert [*panel(html, "按乡镇")] == ["沁河镇", "未填", "合计"]


def test_each_line_leads_to_exactly_its_rows(office_client):
    factories.plan(project__category="industrial", project__town=factories.town(), project__level="county")
    factories.plan(project__category="infrastructure", project__sector="教育")
    factories.plan(project__category="industrial", project__sector="氢能")

    html = page(office_client, "?year=2024")

    for heading in ("按类别", "按阶段", "按乡镇", "按级别", "按领域"):
        for title, address in counted_links(html, heading).items():
            listing = office_client.get(address).content.decode()
            shown = len(set(re.findall(r'href="(/projects/\d+/)[?"]', listing)))
            assert shown == int(panel(html, heading)[title][0]), (heading, title)


def test_removed_plans_and_sub_items_do_not_count(office_client):
    whole = factories.plan(project__total_investment=Decimal("10000"))
    factories.plan(project__total_investment=Decimal("4000"), part_of=whole)
    factories.plan(project__total_investment=Decimal("7000"), state="removed", state_reason="调出")

    html = page(office_client, "?year=2024")

    assert lede(html).startswith("1 个项目，总投资 1.00 亿元")


def test_sectors_beyond_the_largest_ten_share_a_line_that_leads_to_them(office_client):
    for number in range(12):
        factories.plan(project__sector=f"领域{number:02}", project__total_investment=Decimal(10000 * (number + 1)))

    html = page(office_client, "?year=2024")

    sectors = panel(html, "按领域")
    assert [*sectors] == [*(f"领域{number:02}" for number in range(11, 1, -1)), "其他 2 类", "合计"]
    assert sectors["其他 2 类"] == ("2", "3.00", "3.8%", "—")
    assert counted_links(html, "按领域")["其他 2 类"].endswith(
        "sector=%E9%A2%86%E5%9F%9F01&sector=%E9%A2%86%E5%9F%9F00"
    )


def test_projects_without_money_are_named(office_client):
    plan = factories.plan(project__name="没有投资额的项目")

    html = page(office_client, "?year=2024")

    assert f'未填总投资的 1 个项目：\n        <a href="{plan.get_absolute_url()}">没有投资额的项目</a>' in html


def test_year_tabs_lead_to_years_with_a_plan_and_an_unknown_year_is_ignored(office_client, office):
    office.county.business_time = "2024-05-31T02:00:00Z"
    office.county.save()
    factories.plan(year=2024)
    factories.plan(year=2023)
    factories.plan(year=2023)

    assert lede(page(office_client)).startswith("1 个项目")
    assert lede(page(office_client, "?year=2023")).startswith("2 个项目")
    assert lede(page(office_client, "?year=1999")).startswith("1 个项目")
    assert lede(page(office_client, "?year=x%27--")).startswith("1 个项目")
    assert re.findall(r'<a href="\?year=(\d+)"', page(office_client)) == ["2024", "2023"]


def test_another_countys_projects_are_not_counted(office_client):
    elsewhere = factories.county("140430", "别县")
    factories.plan(project__county=elsewhere, project__total_investment=Decimal("10000"))
    factories.plan()

    assert lede(page(office_client, "?year=2024")).startswith("1 个项目，总投资 0.00 亿元")


def test_last_change_tells_the_age_of_the_figures(office_client, office):
    office.county.business_time = "2024-05-31T02:00:00Z"
    office.county.save()
    plan = factories.plan()
    changes.update(
        changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary="改总投资"), [plan], ["remark"]
    )

    html = page(office_client)

    assert "最近一次改动：2024-05-31 10:00，项目办，改总投资。" in html
    assert "数据更新于 2024-05-31 10:00" in html


def test_why_a_report_was_returned_is_no_news_of_the_county(client, office):
    plan = factories.plan_under_way()
    changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary="改总投资，电话 13812345678")
    report = factories.report(plan, 22, "reported")
    factories.clock(2024, 5, 31, 10)
    dispatch.send_back(by=office, report=report, reason="弄虚作假，请重报。", version=1)
    client.force_login(factories.user("reporter", unit=factories.unit()))

    html = page(client)

    assert "，项目办，改总投资，电话 138****5678。" in html
    assert "弄虚作假" not in html


def test_a_write_shows_at_once(office_client, office):
    plan = factories.plan(project__total_investment=Decimal("10000"))
    assert lede(page(office_client, "?year=2024")).startswith("1 个项目，总投资 1.00 亿元")

    plan.project.total_investment = Decimal("25000")
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary="改总投资")
    changes.update(change_set, [plan.project], ["total_investment"])

    assert lede(page(office_client, "?year=2024")).startswith("1 个项目，总投资 2.50 亿元")


def test_county_without_a_plan_is_told_what_to_do(office_client):
    html = page(office_client)

    assert "还没有计划。项目办在计划表页导入全县的计划表后，这里就有数字。" in html


def test_the_week_s_reports_and_the_open_problems_stand_with_their_parts(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    plans = [factories.plan_under_way() for _ in range(3)]
    factories.report(plans[0], 22, "reported")
    factories.report(plans[1], 22, "draft")
    factories.report(plans[1], 21, "reported")
    for deadline in (dt.date(2024, 5, 30), dt.date(2024, 5, 31)):
        factories.problem(plans[0].project, deadline=deadline)

    band = re.search(r'<p class="week-band">(.*?)</p>', page(office_client), re.S)[1]

    words = " ".join(re.sub(r"<[^>]+>", "", band).split())
    assert words == "2024年第22周周调度：应报 3 个，已报 1 个（33.3%）。 未销号问题 2 个，其中逾期 1 个。"


def test_visitor_is_sent_to_sign_in(client):
    assert client.get("/").url == "/accounts/login/?next=/"


@pytest.mark.parametrize("projects", [1, 30])
def test_queries_do_not_grow_with_the_projects(office_client, django_assert_num_queries, projects):
    for number in range(projects):
        factories.plan(project__sector=f"领域{number}", project__total_investment=Decimal(number + 1))
    office_client.get("/?year=2024")
    cache.clear()

    with django_assert_num_queries(18):
        office_client.get("/?year=2024")
    with django_assert_num_queries(2):
        office_client.get("/?year=2024")


def test_what_is_done_of_the_year_s_plan_stands_beside_it_with_the_lights(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    plan = factories.plan_under_way(planned_investment=Decimal("20000"))
    plan.ytd_investment = Decimal("5000")
    plan.save()

    html = page(office_client)

    done = re.search(r"<dt>累计完成投资</dt>(.*?)</div>", html, re.S)[1]
    assert " ".join(strip_tags(done).split()) == "0.50 亿元 完成年度计划 25.0%，落后 16.7 个百分点（序时 41.7%）"
    lights = re.search(r'<nav class="light-tabs overview-lights" aria-label="亮灯">(.*?)</nav>', html, re.S)[1]
    assert " ".join(strip_tags(lights).split()) == "● 正常 0▲ 滞后 1■ 严重滞后 0○ 停缓建或无计划 0"
