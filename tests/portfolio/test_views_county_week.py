"""The county's week as pages: who reads which tab, what each shows, and the price in queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/dispatch/2024/22/"
TABS = ("status", "remind", "review", "ledger", "bulletin")
ROLES = ("office", "reporter", "leader", "inspector", "auditor", "sysadmin")


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10, 2)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


def some_reports(unit, plans=4):
    for number in range(plans):
        plan = factories.plan_under_way(unit, project__name=f"项目{number}")
        warnings = [{"code": "quiet", "field": "progress", "text": "没有变化"}]
        factories.report(plan, 21, ytd_investment=10, progress="开挖。")
        if number % 4 != 3:
            state = ("reported", "accepted", "returned")[number % 4]
            factories.report(plan, 22, state, ytd_investment=20, progress="浇筑。", warnings=warnings)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("tab", TABS)
def test_everybody_reads_the_week_and_only_the_office_chases_and_reviews(client, county, unit, role, tab):
    some_reports(unit)
    client.force_login(factories.user(role, unit=unit))

    status = client.get(ADDRESS, {"tab": tab}).status_code

    assert status == (200 if role == "office" or tab not in ("remind", "review") else 404)


@pytest.mark.parametrize("address", ["2024/53/", "2024/0/", "2024/54/", "1999/1/", "2101/1/", "99999/1/"])
def test_a_week_that_does_not_exist_is_not_found(office_client, county, address):
    assert office_client.get(f"/dispatch/{address}").status_code == 404


def test_a_year_of_53_weeks_has_its_last_week(office_client, county):
    assert office_client.get("/dispatch/2026/53/").status_code == 200


def test_the_answer_stands_first(office_client, county, unit):
    some_reports(unit)

    context = office_client.get(ADDRESS).context

    assert {key: context["counts"][key] for key in ("due", "reported", "missing", "late")} == {
        "due": 4,
        "reported": 2,
        "missing": 2,
        "late": 0,
    }
    assert context["seen"].distance_to_due == "1 小时 58 分"


def test_missing_rows_are_shown_first_and_a_number_leads_to_its_rows(office_client, county, unit):
    some_reports(unit)

    missing = office_client.get(ADDRESS).context["shown_rows"]
    accepted = office_client.get(ADDRESS, {"unit": unit.pk, "show": "accepted"}).context["shown_rows"]

    assert [row.name for row in missing] == ["项目2", "项目3"]
    assert [row.name for row in accepted] == ["项目1"]


@pytest.mark.parametrize("token", ["x", "0", "²", "99999999999999"])
def test_an_unknown_unit_is_not_found(office_client, county, unit, token):
    some_reports(unit)

    assert office_client.get(ADDRESS, {"unit": token}).status_code == 404


def test_another_countys_week_shows_its_own_plans_only(client, county, unit):
    some_reports(unit)
    elsewhere = factories.county("140430", "邻县")
    client.force_login(factories.user("office", county=elsewhere))

    assert [client.get(ADDRESS, {"tab": tab}).context["counts"]["due"] for tab in TABS] == [0] * 5


def test_drafts_of_others_show_nowhere(client, county, unit):
    plan = factories.plan_under_way(unit)
    factories.report(plan, 22, "draft", progress="机密草稿", ytd_investment=98765)
    client.force_login(factories.user("reporter", unit=factories.unit("教育局")))

    bodies = [client.get(ADDRESS, {"tab": tab}).content.decode() for tab in ("status", "ledger", "bulletin")]

    assert [("机密草稿" in body, "98,765" in body, "草稿" in body) for body in bodies] == [(False, False, False)] * 3


def test_the_reminder_names_unit_projects_and_deadline(office_client, county, unit):
    some_reports(unit)
    factories.user("reporter", unit=unit, name="填报员甲")

    context = office_client.get(ADDRESS, {"tab": "remind"}).context

    (reminder,) = context["reminders"]
    assert reminder.reporters == ("填报员甲",)
    assert reminder.text == (
        "【周调度催报】水利局：2024年第22周调度截止时间 5月31日12:00，你单位应报 4 个，"
        "还有 2 个未报：1. 项目2（已退回，请修改后重报）；2. 项目3。请尽快登录系统填报。"
    )
    assert context["text_for_all"] == (
        "【周调度催报】2024年第22周调度截止时间 5月31日12:00，应报 4 个，已报 2 个，尚有 1 个单位 2 个项目未报：\n"
        "水利局（2 个）：项目2（已退回，请修改后重报）、项目3"
    )


def test_the_queue_shows_warned_reports_first(office_client, county, unit):
    plain = factories.report(factories.plan_under_way(unit), 22, "reported")
    warned = factories.report(factories.plan_under_way(unit), 22, "reported", warnings=[{"code": "x", "text": "低了"}])

    items = office_client.get(ADDRESS, {"tab": "review"}).context["items"]

    assert [item.report for item in items] == [warned, plain]


def test_texts_are_shown_as_text(office_client, county, unit):
    evil = "<script>alert(1)</script>"
    plan = factories.plan_under_way(unit, project__name=f"项目{evil}")
    factories.report(plan, 22, "reported", progress=evil, problem=evil, explanation=evil, ytd_investment=1)

    bodies = [office_client.get(ADDRESS, {"tab": tab}).content.decode() for tab in TABS]

    assert [body.count("<script>alert") for body in bodies] == [0] * 5
    assert "&lt;script&gt;alert" in bodies[2]


@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_the_ledger_prints_on_its_paper(office_client, county, unit, paper):
    some_reports(unit)

    response = office_client.get(ADDRESS, {"tab": "ledger", "print": paper})

    assert response.templates[0].name == "portfolio/county_week/ledger_print.html"
    assert response.context["paper"] == paper


def test_the_week_says_when_the_holidays_are_not_published(office_client, county):
    said = [
        "放假安排还没有收录" in office_client.get(f"/dispatch/{year}/22/").content.decode() for year in (2024, 2099)
    ]

    assert said == [False, True]


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_queries_at_any_length(office_client, county, tab):
    counts = []
    for more in (20, 40):
        some_reports(factories.unit(), more)
        office_client.get(ADDRESS, {"tab": tab})
        with CaptureQueriesContext(connection) as queries:
            office_client.get(ADDRESS, {"tab": tab})
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15
