"""The weights of the rankings: read by all, set by the office alone, each version kept, tried before it is saved."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from portfolio.actions import rules
from portfolio.models import ChangeSet, RankingWeights
from portfolio.ranking_weights import DEFAULTS, WEIGHTS, Weights, weights_on
from portfolio.rule_versions import Refused
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/rules/rankings/"
TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


def fields(**changed):
    values = {**DEFAULTS.weights, "least_projects": 3, "since": "2024-05-31", "words": "会议要求。"}
    return values | {"form_key": str(uuid.uuid4()), "follows": "0"} | changed


def make(office, since=TODAY, least=3, **weights):
    values = {"weights": DEFAULTS.weights | weights, "least_projects": least, "since": since, "words": "会议要求。"}
    follows = WEIGHTS.latest(office.county).version
    return rules.set_ranking_weights(
        by=office, county=office.county, values=values, follows=follows, form_key=uuid.uuid4()
    )


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_reads_the_weights_and_only_the_office_is_offered_the_form(client, county, role):
    client.force_login(factories.user(role))

    response = client.get(ADDRESS)

    text = response.content.decode()
    assert (response.status_code, text.count("默认值，非官方：没有查到公开的计分办法")) == (200, 1)
    assert ("保存为新版" in text) == (role == "office")


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "sysadmin"])
@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
def test_who_is_not_the_office_sets_and_tries_no_weights_and_the_attempt_is_noted(client, county, role, preview):
    client.force_login(factories.user(role))

    response = client.post(ADDRESS, fields(lights=10, reporting=30) | preview)

    assert (response.status_code, RankingWeights.objects.count()) == (404, 0)
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


def test_a_new_version_is_in_force_from_its_day_on_and_names_its_maker(county, office_client, office):
    response = office_client.post(ADDRESS, fields(lights=10, reporting=30, least_projects=2, since="2024-06-01"))

    row = RankingWeights.objects.get()
    assert (response.status_code, row.version, row.made_by, row.least_projects) == (302, 1, office, 2)
    assert row.weights == {"completion": 40, "lights": 10, "reporting": 30, "problems": 20}
    assert [weights_on(county, day).version for day in (TODAY, dt.date(2024, 6, 1))] == [0, 1]
    assert AuditEntry.objects.get(action="修改资料").summary == (
        "第 1 版排名权重，自 2024-06-01 起执行：会议要求。"
        "（亮灯 20 → 10；按时报送 20 → 30；少于几个项目不排名 3 个 → 2 个）"
    )


def test_the_same_form_twice_makes_one_version(office_client, county):
    sent = fields(lights=10, reporting=30)

    answers = [office_client.post(ADDRESS, sent).status_code for _ in range(2)]

    assert (answers, RankingWeights.objects.count(), ChangeSet.objects.count()) == ([302, 302], 1, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "各项都与上一版（默认值，非官方）相同，没有保存。"),
        ({"lights": 19}, "各项权重合计 99，还差 1。请调整，使合计为 100。"),
        ({"lights": 21}, "各项权重合计 101，多出 1。请调整，使合计为 100。"),
        ({"lights": -1, "problems": 41}, "“亮灯”的权重是 -1，请填写 0 到 100 的整数。"),
        ({"lights": 101}, "“亮灯”的权重是 101，请填写 0 到 100 的整数。"),
        ({"lights": "二十"}, "“亮灯（权重）”不是整数，请填写 7 这样的数。"),
        ({"lights": ""}, "请填写“亮灯（权重）”。"),
        ({"least_projects": 4, "since": "2024-05-30"}, "新版不能追溯执行，请填写 2024-05-31 或以后的日期。"),
        ({"least_projects": 51}, "确保该值小于或等于50。"),
        ({"least_projects": 4, "words": ""}, "请填写“调整说明”。"),
    ],
)
def test_weights_that_make_no_sense_are_refused_in_words(office_client, county, changed, told):
    response = office_client.post(ADDRESS, fields(**changed))

    assert (response.status_code, RankingWeights.objects.count()) == (400, 0)
    assert told in response.content.decode()


@pytest.mark.parametrize("weights", [{"completion": 100, "lights": 0, "reporting": 0, "problems": 0}])
def test_one_part_may_weigh_all_and_the_others_nothing(county, office, weights):
    assert make(office, **weights).weights == weights


def test_a_version_starts_no_earlier_than_the_one_before(county, office):
    make(office, dt.date(2024, 7, 1), lights=10, reporting=30)

    with pytest.raises(Refused) as refusal:
        make(office, dt.date(2024, 6, 30))

    assert refusal.value.errors == {"since": "第 1 版自 2024-07-01 起执行，请填写这一天或以后的日期。"}
    assert make(office, dt.date(2024, 7, 1)).version == 2


def test_the_versions_tell_what_each_changed(county, office):
    make(office, lights=10, reporting=30)
    make(office, dt.date(2024, 6, 1), least=5, lights=10, reporting=30)

    told = [(each.number, each.state, [(c.label, c.now) for c in each.changed]) for each in WEIGHTS.versions(county, 1)]

    assert told == [
        (2, "未到执行日期", [("少于几个项目不排名", "5 个")]),
        (1, "执行中", [("亮灯", "10"), ("按时报送", "30")]),
        (0, "已由新版替代", []),
    ]


def test_weights_are_tried_without_being_saved(office_client, county):
    spent, lit = factories.unit("进度快局"), factories.unit("亮灯好局")
    begun = {"project__started_on": dt.date(2023, 3, 1), "project__started_on_precision": "d"}
    for _ in range(3):
        # All of the calendar's share and red lights for 入统, against a little less and green ones.
        factories.plan_under_way(spent, ytd_investment=417, project__registration="not_yet", **begun)
        factories.plan_under_way(lit, ytd_investment=390, project__registration="done", **begun)

    weights = {"completion": 100, "lights": 0, "reporting": 0, "problems": 0}
    response = office_client.post(ADDRESS, fields(**weights, words="", preview="1"))

    moves = response.context["moves"]
    assert (response.status_code, RankingWeights.objects.count()) == (200, 0)
    assert [(move.after.title, move.before.place, move.after.place, move.words) for move in moves] == [
        ("进度快局", 2, 1, "升 1 位"),
        ("亮灯好局", 1, 2, "降 1 位"),
    ]
    assert 'name="completion" value="100"' in response.content.decode()


def test_weights_that_are_refused_are_not_tried_either(office_client, county):
    response = office_client.post(ADDRESS, fields(lights=21, preview="1"))

    assert (response.status_code, response.context["moves"]) == (400, None)


@pytest.mark.parametrize(("least", "words"), [(3, ""), (4, "不再参与排名")])
def test_a_trial_tells_who_would_no_longer_be_ranked(office_client, county, least, words):
    unit = factories.unit()
    for _ in range(3):
        factories.plan_under_way(unit, ytd_investment=417)

    sent = fields(lights=10, reporting=30, least_projects=least, preview="1")
    (move,) = office_client.post(ADDRESS, sent).context["moves"]

    assert move.words == words


def test_weights_of_another_county_do_not_hold(county, office):
    elsewhere = factories.county("140430", "别县")
    make(office, lights=10, reporting=30)

    assert weights_on(elsewhere, TODAY) == DEFAULTS
    assert [version.number for version in WEIGHTS.versions(elsewhere, 0)] == [0]


def test_a_part_that_a_version_does_not_name_weighs_nothing():
    assert Weights(weights={"lights": 100}).words == "投资完成率对序时 0、亮灯 100、按时报送 0、问题按期销号 0"
