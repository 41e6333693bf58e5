"""The rule of the six ones, with dates and figures passed in: boundaries in pairs."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from portfolio.six_ones.rules import Facts, Gap, Key, Nodes, Post, Standing, Team, fresh_weeks, six_ones

FRIDAY = dt.date(2024, 5, 31)  # 2024-W22
WHOLE = Facts(
    plan=1,
    project=1,
    year=2024,
    name="河道治理",
    category="industrial",
    stage="building",
    unit=7,
    unit_name="水利局",
    has_place=True,
    content="治理河道 3 公里",
    total_investment=Decimal(500000),
    planned_investment=Decimal(120000),
    annual_target="完成主体工程",
    leader=Post("县领导甲", "副县长"),
    team=Team(3, "组长甲", ("水利局", "财政局"), "驻点乙"),
    nodes=Nodes(14, 12, 1, 1),
    months=Decimal(120000),
    reported_week=22,
)


def one(key, facts=WHOLE, today=FRIDAY, **changes):
    found = {each.key: each for each in six_ones(replace(facts, **changes), today).ones}
    return found[key]


def missing(key, **changes):
    return [gap.what for gap in one(key, **changes).gaps]


def test_a_plan_with_everything_is_whole():
    six = six_ones(WHOLE, FRIDAY)

    assert six.is_whole
    assert [each.standing for each in six.ones] == [Standing.STANDS] * 6
    assert [each.text for each in six.ones] == [
        "河道治理",
        "120,000 万元，完成主体工程",
        "县领导甲",
        "组长甲，2 个成员单位，驻点 驻点乙",
        "14 个节点已完成 12 个",
        "第22周已报，未销号问题 0",
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"category": ""}, "项目类别"),
        ({"unit": None, "unit_name": ""}, "责任单位"),
        ({"has_place": False}, "建设地点"),
        ({"content": "  "}, "主要建设内容"),
        ({"total_investment": None}, "总投资"),
    ],
)
def test_what_the_register_lacks_is_named_and_supplied_by_the_office(changes, what):
    assert one(Key.PROJECT, **changes).gaps == (Gap(what, "项目办"),)


def test_a_total_investment_of_nothing_is_filled_in():
    assert missing(Key.PROJECT, total_investment=Decimal(0)) == []


@pytest.mark.parametrize(("amount", "gaps"), [(None, ["年度计划投资"]), (0, ["年度计划投资"]), ("0.01", [])])
def test_an_annual_target_needs_more_than_no_money(amount, gaps):
    assert missing(Key.TARGET, planned_investment=amount and Decimal(amount)) == gaps


def test_an_annual_target_needs_words():
    assert one(Key.TARGET, annual_target=" ").gaps == (Gap("目标任务", "项目办"),)


def test_a_plan_in_reserve_needs_words_but_no_money():
    assert missing(Key.TARGET, stage="reserve", planned_investment=None) == []
    assert missing(Key.TARGET, stage="reserve", planned_investment=None, annual_target="") == ["目标任务"]


def test_a_plan_about_to_start_needs_money():
    assert missing(Key.TARGET, stage="planned", planned_investment=None) == ["年度计划投资"]


def test_a_leader_must_be_in_office_and_have_a_post():
    assert missing(Key.LEADER, leader=None) == ["包联领导人选"]
    assert missing(Key.LEADER, leader=Post("县领导甲", "副县长", False)) == ["在任的包联领导（县领导甲已不在任）"]
    assert missing(Key.LEADER, leader=Post("县领导甲", " ")) == ["县领导甲的职务"]


def test_a_deputy_alone_does_not_stand_for_a_leader():
    alone = one(Key.LEADER, leader=None, deputy=Post("县领导乙", "副县长"))

    assert (alone.text, alone.standing) == ("协助 县领导乙", Standing.MISSING)


def test_leader_and_deputy_are_both_told():
    assert one(Key.LEADER, deputy=Post("县领导乙")).text == "县领导甲，协助 县领导乙"


@pytest.mark.parametrize(
    ("team", "gaps"),
    [
        (None, ["专班组长", "成员单位", "驻点人员"]),
        (Team(3, "", ("水利局",), "驻点乙"), ["专班组长"]),
        (Team(3, "组长甲", (), "驻点乙"), ["成员单位"]),
        (Team(3, "组长甲", ("水利局",), ""), ["驻点人员"]),
        (Team(3, "组长甲", ("水利局",), "驻点乙"), []),
    ],
)
def test_a_team_needs_head_member_and_somebody_on_site(team, gaps):
    assert missing(Key.TEAM, team=team) == gaps


def test_the_unit_supplies_the_team_and_the_office_where_there_is_no_unit():
    assert one(Key.TEAM, team=Team(3, "组长甲", ("水利局",))).gaps == (Gap("驻点人员", "水利局", 7),)
    assert one(Key.TEAM, team=Team(3, "组长甲", ("水利局",)), unit=None, unit_name="").gaps == (
        Gap("驻点人员", "项目办"),
    )


def test_a_phone_typed_beside_a_name_is_masked():
    assert one(Key.TEAM, team=Team(3, "组长甲 13812345678")).text == "组长甲 138****5678"


@pytest.mark.parametrize(("count", "gaps"), [(2, ["工期节点（现有 2 个，至少 3 个）"]), (3, [])])
def test_a_schedule_needs_three_nodes(count, gaps):
    assert missing(Key.SCHEDULE, nodes=Nodes(count, 0, 1, 1)) == gaps


def test_a_schedule_needs_a_start_and_a_finish():
    assert missing(Key.SCHEDULE, nodes=Nodes(5, 0, 0, 1)) == ["开工节点"]
    assert missing(Key.SCHEDULE, nodes=Nodes(5, 0, 1, 0)) == ["竣工节点"]
    assert missing(Key.SCHEDULE, nodes=Nodes()) == ["工期节点（现有 0 个，至少 3 个）"]


def test_monthly_targets_must_add_up_to_the_annual_plan_to_the_cent():
    assert missing(Key.SCHEDULE, months=Decimal("120000.00")) == []
    assert missing(Key.SCHEDULE, months=Decimal("119999.99")) == [
        "与年度计划相符的月度计划（合计 119,999.99 万元，年度计划 120,000 万元）"
    ]
    assert missing(Key.SCHEDULE, months=None) == ["月度计划投资"]


def test_without_an_annual_plan_there_is_nothing_to_divide():
    assert missing(Key.SCHEDULE, months=None, planned_investment=None) == []


@pytest.mark.parametrize(
    ("week", "gaps"), [(22, []), (21, []), (20, ["第21周或第22周的周调度"]), (None, ["第21周或第22周的周调度"])]
)
def test_a_report_of_this_or_last_week_is_fresh(week, gaps):
    assert missing(Key.FOLLOW_THROUGH, reported_week=week) == gaps


def test_an_overdue_problem_breaks_the_follow_through_and_an_open_one_does_not():
    assert missing(Key.FOLLOW_THROUGH, open_problems=2) == []
    assert missing(Key.FOLLOW_THROUGH, open_problems=2, overdue_problems=1) == ["逾期问题销号（1 个）"]
    assert one(Key.FOLLOW_THROUGH, open_problems=2, reported_week=21).text == "第21周已报，未销号问题 2"


@pytest.mark.parametrize(("key", "changes", "note"), [
    (Key.SCHEDULE, {"stage": "reserve"}, "谋划阶段"),
    (Key.FOLLOW_THROUGH, {"stage": "reserve"}, "谋划阶段"),
    (Key.FOLLOW_THROUGH, {"is_paused": True}, "停缓建"),
    (Key.FOLLOW_THROUGH, {"year": 2025}, "年度尚未开始"),
])  # fmt: skip
def test_not_needed_is_an_answer_of_its_own(key, changes, note):
    answer = one(key, nodes=Nodes(), reported_week=None, **changes)

    assert (answer.standing, answer.note, answer.gaps) == (Standing.NOT_NEEDED, note, ())


def test_a_paused_plan_still_needs_its_schedule():
    assert missing(Key.SCHEDULE, is_paused=True, nodes=Nodes()) == ["工期节点（现有 0 个，至少 3 个）"]


@pytest.mark.parametrize(
    ("year", "today", "weeks"),
    [
        (2024, dt.date(2024, 5, 31), [21, 22]),
        (2024, dt.date(2024, 6, 2), [21, 22]),  # Sunday of the same week
        (2024, dt.date(2024, 6, 3), [22, 23]),  # the Monday after it
        (2024, dt.date(2024, 1, 1), [1]),
        (2024, dt.date(2023, 12, 31), []),
        (2024, dt.date(2025, 3, 1), [51, 52]),
        (2026, dt.date(2027, 1, 1), [52, 53]),  # a Friday of 2026-W53
        (2027, dt.date(2027, 1, 3), []),
        (2027, dt.date(2027, 1, 4), [1]),
    ],
)
def test_the_fresh_weeks_are_those_of_the_plans_own_year(year, today, weeks):
    assert fresh_weeks(year, today) == weeks


def test_in_the_years_first_week_nothing_is_due_yet():
    assert six_ones(replace(WHOLE, reported_week=None), dt.date(2024, 1, 5)).is_whole
    assert not six_ones(replace(WHOLE, reported_week=None), dt.date(2024, 1, 8)).is_whole
