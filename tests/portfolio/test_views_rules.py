"""The light rules: read by all, set by the office alone, each version kept, and none that judges backwards."""

import datetime as dt
import re
import uuid

import pytest

from accounts.models import AuditEntry
from portfolio import light_rules, progress
from portfolio.actions import rules
from portfolio.models import ChangeSet, LightRule
from portfolio.rule_versions import Refused, plain
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/rules/lights/"
TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


def fields(**changed):
    values = {name: plain(getattr(progress.DEFAULTS, name)) for name in light_rules.SETTINGS}
    return (
        values
        | {"since": "2024-05-31", "words": "县政府常务会议要求。", "form_key": str(uuid.uuid4()), "follows": "0"}
        | changed
    )


def make(office, **changed):
    values = {name: getattr(progress.DEFAULTS, name) for name in light_rules.SETTINGS}
    values |= {"since": TODAY, "words": "会议要求。"} | changed
    follows = light_rules.LIGHTS.latest(office.county).version
    return rules.set_light_rule(by=office, county=office.county, values=values, follows=follows, form_key=uuid.uuid4())


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_reads_the_rules_and_only_the_office_is_offered_the_form(client, county, role):
    client.force_login(factories.user(role))

    response = client.get(ADDRESS)

    text = response.content.decode()
    assert (response.status_code, "依银川 2025 年公开口径" in text) == (200, True)
    assert ("保存为新版" in text) == (role == "office")


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "sysadmin"])
def test_who_is_not_the_office_sets_no_rule_and_the_attempt_is_noted(client, county, role):
    client.force_login(factories.user(role))

    response = client.post(ADDRESS, fields(red_points="40"))

    assert (response.status_code, LightRule.objects.count()) == (404, 0)
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


def test_a_new_version_is_in_force_from_its_day_on_and_names_its_maker(county, office_client, office):
    response = office_client.post(ADDRESS, fields(red_points="40", since="2024-06-01"))

    county.refresh_from_db()
    rule = LightRule.objects.get()
    assert (response.status_code, rule.version, rule.made_by, rule.red_points) == (302, 1, office, 40)
    versions = [progress.rules_on(county, day).version for day in (TODAY, dt.date(2024, 6, 1))]
    assert versions == [0, 1]
    assert AuditEntry.objects.get(action="修改资料").summary == (
        "第 1 版亮灯规则，自 2024-06-01 起执行：县政府常务会议要求。"
        "（落后多少个百分点为红灯 30 个百分点 → 40 个百分点）"
    )


def test_the_same_form_twice_makes_one_version(office_client, county):
    sent = fields(red_points="40")

    answers = [office_client.post(ADDRESS, sent).status_code for _ in range(2)]

    assert (answers, LightRule.objects.count(), ChangeSet.objects.count()) == ([302, 302], 1, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "各项都与上一版（默认规则）相同，没有保存。"),
        ({"red_points": "10"}, "“落后多少个百分点为红灯”（10）应大于“落后多少个百分点为黄灯”（10）"),
        ({"red_ratio": "80"}, "“低于序时的百分之几为红灯”（80）应小于“低于序时的百分之几为黄灯”（80）"),
        ({"registration_red_months": "1"}, "“开工满几个月未入统为红灯”（1）应大于“开工满几个月未入统为黄灯”（1）"),
        ({"grace_months": "2", "since": "2024-05-30"}, "新版不能追溯执行，请填写 2024-05-31 或以后的日期。"),
        ({"grace_months": "2", "since": "2026-01-01"}, "最晚可填 2025-12-31（明年年底），请核对年份。"),
        ({"registration_from": "-1"}, "“起统投资额”不能小于 0"),
        ({"grace_months": "2", "words": ""}, "请填写“调整说明”。"),
    ],
)
def test_a_version_that_makes_no_sense_is_refused_in_words(office_client, county, changed, told):
    response = office_client.post(ADDRESS, fields(**changed))

    assert (response.status_code, LightRule.objects.count()) == (400, 0)
    assert told in response.content.decode()


def test_a_form_older_than_a_colleague_s_version_is_shown_again_and_saved_when_sent_knowingly(
    county, office_client, office
):
    sent = fields(grace_months="2")
    make(office, red_points=40)

    stale = office_client.post(ADDRESS, sent)
    again = office_client.post(ADDRESS, sent | {"follows": stale.context["form"]["follows"].value()})

    assert (stale.status_code, again.status_code, LightRule.objects.count()) == (400, 302, 2)
    assert stale.context["form"].non_field_errors() == [
        "您打开本页之后，另一位同事制定了第 1 版（自 2024-05-31 起），您的内容还没有保存。与您所填不同的："
        "落后多少个百分点为红灯现为 40 个百分点，您填的是 30 个百分点；"
        "年初宽限月数现为 0 个月，您填的是 2 个月。请核对后再保存一次。"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"red_points": "10.01"},
        {"red_ratio": "79.99"},
        {"grace_months": "1"},
        {"grace_months": "1", "since": "2025-12-31"},
    ],
)
def test_a_version_just_within_its_bounds_is_allowed(office_client, county, changed):
    response = office_client.post(ADDRESS, fields(**changed))

    assert (response.status_code, LightRule.objects.count()) == (302, 1)


def test_a_version_starts_no_earlier_than_the_one_before(county, office):
    make(office, grace_months=1, since=dt.date(2024, 7, 1))

    with pytest.raises(Refused) as refusal:
        make(office, grace_months=2, since=dt.date(2024, 6, 30))

    assert refusal.value.errors == {"since": "第 1 版自 2024-07-01 起执行，请填写这一天或以后的日期。"}
    assert make(office, grace_months=2, since=dt.date(2024, 7, 1)).version == 2


def test_the_versions_tell_what_each_changed(county, office):
    make(office, grace_months=1)
    make(office, grace_months=1, yardstick="ratio", since=dt.date(2024, 6, 1))

    told = [
        (each.number, each.state, [(c.label, c.now) for c in each.changed])
        for each in light_rules.LIGHTS.versions(county, 1)
    ]

    assert told == [
        (2, "未到执行日期", [("尺度", "相对比（完成率÷序时进度）")]),
        (1, "执行中", [("年初宽限月数", "1 个月")]),
        (0, "已由新版替代", []),
    ]


def told(response):
    return re.sub(r"<[^>]+>", "", response.content.decode())


LIT = ["/", "/screen/", "/projects/", "/projects/?print", "/six-ones/", "/six-ones/?print=1", "/leaders/all/"]
LIT += ["/leaders/?print", "/leaders/all/?print", "/progress/rankings/?print"]


@pytest.mark.parametrize("path", LIT)
def test_a_page_with_lights_says_by_which_rules_and_since_when(county, office_client, office, path):
    factories.plan_under_way(leader=factories.leader())
    before = told(office_client.get(path))
    make(office, grace_months=2)

    after = told(office_client.get(path))

    assert before.count("亮灯按默认规则判断（默认值，非本县规定）") == 1
    assert after.count("亮灯自 2024-05-31 起按第 1 版规则判断") == 1


def test_a_page_of_a_past_day_names_the_rules_of_that_day(county, office_client, office):
    plan = factories.plan_under_way(leader=factories.leader())
    for row in (plan, plan.project):
        row.history.update(history_date=dt.datetime(2024, 1, 5, tzinfo=dt.UTC))
    make(office, grace_months=2)

    assert "亮灯按默认规则判断" in told(office_client.get("/leaders/all/?as_of=2024-05-30"))
    assert "亮灯按默认规则判断" in told(office_client.get("/projects/?as_of=2024-05-30"))


def test_the_leaders_board_names_the_rule_its_yardstick_and_its_grace(county, office_client, office):
    factories.plan_under_way(leader=factories.leader())
    make(office, yardstick="ratio", grace_months=2)

    text = office_client.get("/leaders/").content.decode()

    assert "第 1 版（自 2024-05-31 起）" in text
    assert "完成率不足序时进度的 80% 为黄▲，不足 60% 为红■，当年满 2 个月以前不按投资亮黄灯、红灯" in text
