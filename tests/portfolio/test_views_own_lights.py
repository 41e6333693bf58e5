"""Own judgements are given by who answers for the plan, read by every role, listed, exported, and told on each page."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.test import Client

from accounts.models import AuditEntry
from portfolio.models import OwnLight
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/progress/judgements/"


@pytest.fixture(autouse=True)
def may(county):
    """Business time is Friday 2024-05-31 10:00."""
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def water():
    return factories.unit("水利局")


@pytest.fixture
def leader():
    return factories.leader("县领导甲", user=factories.user("leader", name="县领导甲"))


@pytest.fixture
def plan(water, leader):
    """Red by the rule: 10 % done of 41.7 % expected."""
    return factories.plan_under_way(
        water, leader=leader, project__name="污水厂", project__registration="done", ytd_investment=100
    )


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(plan):
    return f"{LIST}{plan.pk}/"


def form(**fields):
    return {"form_key": uuid.uuid4(), "light": "yellow", "words": "7月可追上序时。"} | fields


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
@pytest.mark.parametrize("path", [LIST, f"{LIST}?show=none&sort=-light", f"{LIST}export/?show=all"])
def test_the_list_is_read_by_every_role(client, plan, role, path):
    client.force_login(factories.user(role))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [LIST, f"{LIST}export/"])
def test_nobody_reads_it_without_signing_in(client, plan, path):
    assert client.get(path).status_code == 302


def test_a_form_key_of_somebody_else_is_answered_400_and_judges_nothing(plan, water):
    reporter, office, sent = factories.user("reporter", unit=water), factories.user("office"), form()
    client_of(office).post(page_of(plan), sent)

    answer = client_of(reporter).post(page_of(plan), sent)

    assert (answer.status_code, OwnLight.objects.get().by) == (400, office)


def test_who_answers_for_a_plan_judges_it_and_goes_back_to_where_they_came_from(plan, water, leader):
    givers = [factories.user("reporter", unit=water), leader.user, factories.user("office")]

    answers = [client_of(user).post(page_of(plan), form(next="/leaders/me/")) for user in givers]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/leaders/me/")] * 3
    assert list(OwnLight.objects.order_by("pk").values_list("by", flat=True)) == [user.pk for user in givers]


def test_without_a_place_to_go_back_to_the_project_s_page_follows(office_client, plan):
    for next_ in ("", "https://example.org/", "//example.org/"):
        answer = office_client.post(page_of(plan), form(next=next_))

        assert answer.url == f"/projects/{plan.project_id}/?year=2024#own-light"


@pytest.mark.parametrize("who", ["another unit", "another leader", "inspector", "sysadmin"])
def test_others_are_turned_away_and_it_is_noted(plan, who):
    user = {
        "another unit": lambda: factories.user("reporter", unit=factories.unit("住建局")),
        "another leader": lambda: factories.leader(user=factories.user("leader")).user,
    }.get(who, lambda: factories.user(who))()
    client = client_of(user)

    assert client.get(page_of(plan)).status_code == 404
    assert client.post(page_of(plan), form()).status_code == 404
    assert AuditEntry.objects.filter(outcome="refused", actor=user).count() == 1
    assert OwnLight.objects.count() == 0


def test_the_auditor_writes_nothing(plan):
    auditor = factories.user("auditor")

    assert client_of(auditor).post(page_of(plan), form()).status_code in {403, 404}
    assert AuditEntry.objects.filter(outcome="refused", actor=auditor).count() == 1
    assert OwnLight.objects.count() == 0


def test_a_plan_of_another_county_does_not_exist(office_client):
    abroad = factories.plan(factories.project(county=factories.county("140430", "邻县")))

    assert office_client.get(page_of(abroad)).status_code == 404
    assert office_client.post(page_of(abroad), form()).status_code == 404


def test_another_county_s_plans_are_on_no_list(plan):
    stranger = factories.user("office", county=factories.county("140430", "邻县"))
    factories.own_light(plan)

    assert client_of(stranger).get(f"{LIST}?show=all").context["listing"].everything == []


def test_the_same_form_sent_twice_is_told_so(office_client, plan):
    sent = form()

    office_client.post(page_of(plan), sent)
    again = office_client.post(page_of(plan), sent, follow=True)

    assert "这次自评已经记过，没有重复记录。" in again.content.decode()
    assert OwnLight.objects.count() == 1


def test_a_form_with_mistakes_comes_back_with_what_was_written(office_client, plan):
    answer = office_client.post(page_of(plan), form(light="", words="字" * 201, next="/leaders/me/"))

    html = answer.content.decode()
    assert answer.status_code == 400
    assert "请选择“自评”。" in html
    assert "说明有 201 个字，请缩短到 200 个字以内。" in html
    assert f'value="{"字" * 201}"' in html
    assert 'name="next" value="/leaders/me/"' in html


def test_a_year_that_is_over_has_no_form_and_says_why(office_client):
    plan = factories.plan_under_way(year=2023)

    opened, sent = office_client.get(page_of(plan)), office_client.post(page_of(plan), form())

    for answer in (opened, sent):
        assert "2023年已经结束，不再自评。" in answer.content.decode()
        assert 'class="own-form' not in answer.content.decode()
    assert (opened.status_code, sent.status_code) == (200, 400)
    assert "7月可追上序时。" in sent.content.decode()  # for copying
    assert OwnLight.objects.count() == 0


# On the project's page


def project_page(user, plan, query=""):
    return client_of(user).get(f"/projects/{plan.project_id}/?year={plan.year}{query}").content.decode()


def test_the_project_s_page_shows_both_lights_and_folds_the_earlier(plan, office):
    factories.own_light(plan, "green", dt.datetime(2024, 5, 1, 9), words="原来的话。")
    factories.own_light(plan, "yellow", dt.datetime(2024, 5, 29, 9), words="现在的话。", by=office)

    html = project_page(office, plan)

    block = html[html.index('id="own-light"') : html.index("建设内容与进展")]
    assert "投资完成 10.0%，落后序时（41.7%）31.7 个百分点" in block
    assert "按默认规则" in block
    assert "与规则亮灯不一致（自评好于规则）" in block
    assert block.index("现在的话。") < block.index("<details") < block.index("原来的话。")
    assert "项目办，2024-05-29" in block


@pytest.mark.parametrize(("who", "may_judge"), [("office", True), ("own", True), ("other", False), ("auditor", False)])
def test_the_form_is_there_for_who_may_judge(plan, water, who, may_judge):
    users = {"own": lambda: factories.user("reporter", unit=water)}
    users["other"] = lambda: factories.user("reporter", unit=factories.unit())

    html = project_page(users.get(who, lambda: factories.user(who))(), plan)

    assert ('class="own-form' in html) is may_judge


def test_a_past_day_shows_what_was_said_by_then_and_no_form(plan, office):
    for row in (plan, plan.project):
        row.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    factories.own_light(plan, "green", dt.datetime(2024, 5, 20, 9), words="早先的话。")
    factories.own_light(plan, "yellow", dt.datetime(2024, 5, 22, 9), words="后来的话。")

    html = project_page(office, plan, "&as_of=2024-05-21")

    assert ("早先的话。" in html, "后来的话。" in html, 'class="own-form' in html) == (True, False, False)


def test_phones_are_masked_on_every_page(plan, office_client, leader):
    factories.own_light(plan, "green", words="联系人13812345678。")
    pages = [f"/projects/{plan.project_id}/", f"{LIST}?show=all", f"/leaders/{leader.pk}/", page_of(plan)]
    pages.append(f"/leaders/{leader.pk}/?print")

    told = [office_client.get(path).content.decode() for path in pages]

    assert ["138****5678" in html for html in told] == [True] * 5
    assert ["13812345678" in html for html in told] == [False] * 5


# On the leader's page


def test_the_leader_s_page_shows_and_offers_own_judgements(plan, leader):
    factories.own_light(plan, "green", words="现场看过。")

    html = client_of(leader.user).get(f"/leaders/{leader.pk}/?year=2024").content.decode()

    assert "现场看过。" in html
    assert f"{page_of(plan)}?next=%2Fleaders%2F{leader.pk}%2F%3Fyear%3D2024" in html


def test_others_are_offered_nothing_there(plan, leader):
    html = client_of(factories.user("inspector")).get(f"/leaders/{leader.pk}/").content.decode()

    assert page_of(plan) not in html


# The file


def test_the_file_holds_the_list_s_rows_and_is_noted(office_client, plan, office):
    factories.own_light(plan, "yellow", dt.datetime(2024, 5, 29, 9), words="=1+1", by=office)

    answer = office_client.get(f"{LIST}export/")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[4]] == [
        "污水厂",
        "水利局",
        "县领导甲",
        "■ 红灯",
        "投资完成 10.0%，落后序时（41.7%）31.7 个百分点",
        "▲ 黄灯",
        "2024-05-29",
        "项目办",
        "=1+1",
        2,
        "与规则亮灯不一致（自评好于规则）",
    ]
    assert sheet["I4"].data_type == "s"
    assert AuditEntry.objects.get(action="导出").summary == "2024年沁源县项目自评与规则亮灯对照（演示数据）（.xlsx）"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "还没有人自评。"),
        ("?unit=-", "没有符合条件的项目。"),
        ("?year=2024&show=all&light=green", "没有符合条件的项目。"),
    ],
)
def test_an_empty_list_says_what_to_do(office_client, plan, query, told):
    assert told in office_client.get(f"{LIST}{query}").content.decode()


def test_a_county_without_plans_is_led_to_the_plan_table(office_client):
    assert "2024年还没有计划，没有项目可以自评。" in office_client.get(LIST).content.decode()


def test_full_agreement_says_so(office_client, plan):
    factories.own_light(plan, "red")

    assert "自评与规则亮灯没有不一致。" in office_client.get(LIST).content.decode()
    assert "全部项目都有自评。" in office_client.get(f"{LIST}?show=none").content.decode()
