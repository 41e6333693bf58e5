"""The overview: the same figures as the plan table, each leading to its rows, nothing hidden."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils.html import strip_tags

from portfolio.actions import changes, dispatch
from portfolio.models import ChangeSet
from portfolio.partial_dates import Precision
from tests import factories

pytestmark = pytest.mark.django_db


# Of a project's row on a leader's page and in the plan table.
ROW_LINK = r'<th scope="row"><a href="/projects/\d+/|<tr data-plan='


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


def tile(html, heading):
    """The words under a tile's heading."""
    body = re.search(rf"<dt>{heading}</dt>(.*?)</div>", html, re.S)[1]
    return " ".join(strip_tags(body).split())


def _dated(field, *day):
    """Keyword values of a plan's project for a date known to the day."""
    return {f"project__{field}": dt.date(*day), f"project__{field}_precision": Precision.DAY}


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

    html = page(office_client)

    assert tile(html, "本周报送（第22周）") == "33.3% 已报 1 ÷ 应报 3 未报 2 个；2024年第22周周调度"
    assert tile(html, "问题") == "1 逾期 1 ÷ 未销号 2 逾期＝过了办结时限仍未销号"


def test_starts_and_registration_name_their_denominators(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    begun = {"project__stage": "building", **_dated("started_on", 2024, 4, 1)}
    due = {"project__stage": "planned", **_dated("planned_start", 2024, 5, 20)}
    factories.plan(project__total_investment=500, **begun, **_dated("planned_start", 2024, 4, 1))
    factories.plan(project__registration="done", project__total_investment=499, **begun)
    factories.plan(**due)

    html = page(office_client)

    assert tile(html, "开工率（截至当日应开工）") == (
        "50.0% 已开工 1 ÷ 应开工 2 应开工未开工 1 个；按全年计划新开工：2 ÷ 3，66.7%；按全部项目：2 ÷ 3，66.7%"
    )
    assert tile(html, "入统率") == "0.0% 已入统 0 ÷ 应入统 1 应入统＝已开工且总投资 500 万元及以上"


def test_the_bar_shows_what_is_done_against_the_calendar_and_may_exceed_the_plan(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    plan = factories.plan_under_way(planned_investment=1000)
    for ytd, done, now, length in ((250, "250.0", "416.7", "100.0%"), (2000, "1000.0", "208.3", "200.0%")):
        plan.ytd_investment = ytd
        plan.save()
        cache.clear()

        html = page(office_client)

        assert re.search(r'class="pace-done" y="6" width="([\d.]+)"', html)[1] == done
        assert re.search(r'class="pace-now" x1="([\d.]+)"', html)[1] == now
        assert f"条长为 {length}" in html


def test_each_figure_of_the_head_leads_to_exactly_its_rows(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    large = {"project__total_investment": 500}
    begun = _dated("started_on", 2024, 4, 1) | _dated("planned_start", 2024, 4, 1) | large
    plans = [factories.plan_under_way(project__registration=state, **begun) for state in ("not_yet", "done")]
    for due in ((2024, 1, 20), (2024, 12, 1)):
        factories.plan(project__stage="planned", project__registration="done", **_dated("planned_start", *due), **large)
    factories.plan(project__stage="in_operation", **large)
    factories.plan(project__total_investment=499, **_dated("started_on", 2023, 4, 1))
    factories.report(plans[0], 22, "reported", needs_help="请协调用地。")
    plans[0].reported_week = 22
    plans[0].save()

    html = page(office_client)

    links = re.findall(
        r'href="(/(?:leaders/all|projects)/\?[^"]*(?:only|light|start|state)=[^"]*)"[^>]*>(.*?)</a>', html
    )
    assert len(links) == 21
    for address, words in links:
        shown = re.findall(ROW_LINK, _rows(office_client, address))
        assert (address, len(shown)) == (address, int(re.findall(r"\d+", strip_tags(words))[-1]))


def _rows(client, address):
    return client.get(address.replace("&amp;", "&")).content.decode()


def test_red_projects_overdue_problems_and_requests_are_named_with_their_reason_most_reasons_first(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    late = {"project__stage": "planned", **_dated("planned_start", 2024, 1, 31)}
    factories.plan(project__name="未开工项目", **late)
    factories.plan(project__name="正常项目", project__stage="in_operation")
    both = factories.plan(project__name="又红又逾期", **late)
    factories.problem(both.project, deadline=dt.date(2024, 5, 30), text="征地未完成。")
    asking = factories.plan_under_way(project__name="求助项目", ytd_investment=500, reported_week=21)
    factories.report(asking, 21, needs_help="请协调用地，电话 13812345678。")
    factories.report(asking, 20, needs_help="早先的请求。")

    html = page(office_client)

    listed = re.search(r'<ol class="concerns">(.*?)</ol>', html, re.S)[1]
    names = re.findall(r'<a href="/projects/\d+/[^"]*">([^<]+)</a>', listed)
    assert names == ["又红又逾期", "未开工项目", "求助项目"]
    assert "红：应于2024-01-31开工，已逾期4个月" in listed
    assert "需协调：请协调用地，电话 138****5678。" in listed


def moved(html):
    """[(project, from → to, change)] of who fell back and who caught up."""
    table = re.search(r'<table class="ledger movers">(.*?)</table>', html, re.S)[1]
    return [
        tuple(" ".join(strip_tags(cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S))
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)[1:]
    ]


def two_weeks(name, before, after, **fields):
    """A plan of 1,000 万元 with its reports of weeks 20 and 21."""
    plan = factories.plan_under_way(project__name=name, ytd_investment=after, reported_week=21, **fields)
    for week, ytd in ((20, before), (21, after)):
        if ytd is not None:
            factories.report(plan, week, ytd_investment=ytd)
    return plan


def test_who_caught_up_and_who_fell_back_since_last_week_are_told_in_points(office_client):
    factories.clock(2024, 5, 30, 10, 0)
    two_weeks("小进", 100, 110)
    two_weeks("大进", 100, 300)
    two_weeks("更正", 310, 290)
    two_weeks("未动", 100, 100)
    two_weeks("首报", None, 900)

    told = moved(page(office_client))

    assert told == [
        ("更正", "−2.3 → −4.3", "▼ 退 −2.0"),
        ("大进", "−23.3 → −3.3", "▲ 进 +20.0"),
        ("小进", "−23.3 → −22.3", "▲ 进 +1.0"),
    ]


def test_the_calendar_too_makes_a_project_fall_back(office_client):
    factories.clock(2024, 5, 10, 10, 0)
    plan = factories.plan_under_way(project__name="没有动", ytd_investment=100, reported_week=17)
    factories.report(plan, 17, ytd_investment=100)

    told = moved(page(office_client))

    assert told == [("没有动", "−15.0 → −23.3", "▼ 退 −8.3")]


def test_a_mover_leads_to_its_project(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    plan = two_weeks("大进", 100, 300)

    assert f'<a href="{plan.get_absolute_url()}">大进</a></th>' in page(office_client)


def test_the_calendar_is_told_with_the_factor_that_the_county_asks_for(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    two_weeks("一", 100, 300)
    plain = page(office_client)
    factories.light_rule(1, dt.date(2024, 1, 1), year_factor=Decimal("1.2"))
    cache.clear()

    strict = page(office_client)

    assert "序时 <b>41.7%</b>（已过 5 个整月 ÷ 12）" in plain
    assert "序时 <b>50.0%</b>（已过 5 个整月 ÷ 12 × 年度目标系数 1.20）" in strict


def test_the_overview_asks_for_the_year_s_end_and_leads_to_it_without_scripts(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    two_weeks("一", 100, 300)

    html = page(office_client)

    assert 'hx-get="/progress/forecast/line/?year=2024" hx-trigger="load"' in html
    assert '<a href="/progress/forecast/?year=2024">年底预测</a>' in html


def test_a_past_day_is_shown_as_it_was_known_and_its_links_stay_in_it(office_client, office):
    factories.clock(2024, 5, 31, 10, 0)
    factories.plan(project__total_investment=Decimal("10000"))

    html = page(office_client, "?year=2024&as_of=2020-05-12")

    assert "截至 2020-05-12" in html
    assert "最近一次改动" not in html
    assert "还没有数据。" in lede(html)


def test_visitor_is_sent_to_sign_in(client):
    assert client.get("/").url == "/accounts/login/?next=/"


@pytest.mark.parametrize("projects", [1, 30])
def test_queries_do_not_grow_with_the_projects(office_client, django_assert_num_queries, projects):
    factories.clock(2024, 5, 31, 10, 0)
    for number in range(projects):
        plan = factories.plan_under_way(
            project__sector=f"领域{number}", project__total_investment=number + 1, ytd_investment=number + 5
        )
        factories.report(plan, 20, ytd_investment=number + 1)
        factories.report(plan, 21, ytd_investment=number + 5, needs_help="请协调。")
        factories.problem(plan.project)
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
    assert " ".join(strip_tags(lights).split()) == "● 绿·正常 0▲ 黄·滞后 1■ 红·严重滞后 0○ 灰·停缓建或无计划 0"
