"""Scores open to their parts; small ones stand apart; the black list holds only who is last and behind."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio.models import LightRule, RankingWeights
from portfolio.ranking_weights import DEFAULTS, weights_on
from portfolio.rankings import Rankings
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)  # five months passed: the calendar asks for 41.7 %


@pytest.fixture
def may(county):
    return factories.clock(2024, 5, 31, 10)


def unit_at(ytd, plans=3, name=None, **fields):
    """A unit whose plans of 1,000 万元 have each spent `ytd`."""
    unit = factories.unit(name)
    fields.setdefault("project__registration", "done")
    for _ in range(plans):
        factories.plan_under_way(unit, ytd_investment=ytd, **fields)
    return unit


def shown(county, day=MAY, **options):
    return Rankings(county, 2024, day, **options)


def part(row, key):
    return next(part for part in row.parts if part.key == key)


def titles(rows):
    return [row.title for row in rows]


@pytest.mark.parametrize(("ytd", "points"), [(Decimal("416.66"), "99.9984"), (417, "100")])
def test_completion_is_held_against_the_calendar_and_counts_full_at_most(may, ytd, points):
    unit_at(ytd)

    row = shown(may).rows[0]

    assert round(part(row, "completion").points, 4) == Decimal(points)


def test_completion_tells_its_parts(may):
    unit_at(250)

    told = part(shown(may).rows[0], "completion").words

    assert told == "完成 750 万元 ÷ 计划 3,000 万元 = 25.0%，÷ 序时进度 41.7%，最高计 100 分"


@pytest.mark.parametrize(("plans", "ranked"), [(2, []), (3, ["水利局"])])
def test_fewer_projects_than_asked_stand_apart(may, plans, ranked):
    unit_at(400, plans, "水利局")

    rankings = shown(may)

    assert titles(rankings.rows) == ranked
    assert titles(rankings.unranked) == [name for name in ["水利局"] if name not in ranked]


def test_a_part_without_cases_is_left_out_of_the_mean(may):
    unit_at(417)

    row = shown(may).rows[0]

    assert [(part.key, part.points) for part in row.parts] == [
        ("completion", 100),
        ("lights", 100),
        ("reporting", None),
        ("problems", None),
    ]
    assert row.score == 100


def test_equal_scores_share_a_place_and_the_next_is_left_free(may):
    for ytd in (417, 417, 380):
        unit_at(ytd)

    assert [row.place for row in shown(may).rows] == [1, 1, 3]


# 41.67 − 10 points = 31.67 %: where yellow begins.
@pytest.mark.parametrize(("ytd", "black"), [(317, []), (316, ["末位"])])
def test_the_last_is_on_the_black_list_only_when_behind(may, ytd, black):
    for _ in range(3):
        unit_at(417)
    unit_at(ytd, name="末位")

    assert titles(shown(may).black) == black


@pytest.mark.parametrize(("ytd", "black"), [(334, []), (333, ["末位"])])
def test_behind_is_told_by_the_ratio_where_that_is_the_yardstick(may, ytd, black):
    LightRule.objects.create(
        county=may, version=1, since=dt.date(2024, 1, 1), yardstick="ratio", made_at=timezone.now()
    )
    unit_at(417)
    unit_at(ytd, name="末位")

    assert titles(shown(may).black) == black


@pytest.mark.parametrize(("units", "listed"), [(4, 1), (5, 2)])
def test_the_black_list_looks_at_the_last_quarter(may, units, listed):
    for number in range(units):
        unit_at(100 + number)

    assert len(shown(may).black) == listed


def test_the_red_list_holds_the_first_three_that_are_not_behind(may):
    for ytd, name in ((417, "一"), (400, "二"), (200, "三"), (180, "四")):
        unit_at(ytd, name=name)

    assert titles(shown(may).red) == ["一", "二"]


def test_the_red_list_praises_nobody_without_a_completion(may):
    started = {"project__started_on": dt.date(2023, 1, 9), "project__started_on_precision": "d"}
    unit_at(50, planned_investment=None, project__registration="not_yet", **started)

    rankings = shown(may)

    assert [(row.place, row.completed, row.is_behind) for row in rankings.rows] == [(1, None, False)]
    assert rankings.red == []


def test_a_yellow_light_counts_half(may):
    unit = unit_at(417, 2)
    factories.plan_under_way(unit, ytd_investment=200, project__registration="done")

    found = part(shown(may).rows[0], "lights")

    assert (round(found.points, 1), found.words) == (
        Decimal("83.3"),
        "绿灯 2、黄灯 1、红灯 0（黄灯计半个），共 2.5 ÷ 3 个",
    )


def test_reports_count_once_their_week_was_due(may):
    unit = unit_at(417, 2)
    plan = factories.plan_under_way(unit, ytd_investment=417, project__registration="done")
    factories.report(plan, 20)
    factories.report(plan, 21, is_late=True)

    before_noon = part(shown(may).rows[0], "reporting").words
    after = part(shown(factories.clock(2024, 5, 31, 12)).rows[0], "reporting").words

    assert before_noon == "按时报送 1 期 ÷ 应报送 6 期"
    assert after == "按时报送 1 期 ÷ 应报送 9 期"


def silent_unit(name="从未报送局"):
    """A unit whose reports of week 21 were due, and that has settled its problem in time."""
    silent = unit_at(None, name=name)
    settled = {"deadline": dt.date(2024, 5, 20), "closed_on": dt.date(2024, 5, 20)}
    factories.problem(silent.projects.first(), "closed", **settled)
    return silent


def test_who_never_reported_does_not_outrank_who_reported_late_and_lags(may):
    silent_unit()
    lagging = unit_at(1, name="迟报落后局")
    factories.report(lagging.projects.first().plans.get(), 21, is_late=True)
    factories.problem(lagging.projects.first(), deadline=dt.date(2024, 5, 20))

    rows = shown(may).rows

    assert [(row.place, row.title, row.score) for row in rows] == [
        (1, "迟报落后局", Decimal("0.1")),
        (2, "从未报送局", Decimal("0.0")),
    ]
    assert titles(shown(may).black) == ["从未报送局"]


def test_silence_is_told_in_each_part(may):
    silent_unit()
    factories.report(unit_at(417).projects.first().plans.get(), 21)

    row = next(row for row in shown(may).rows if row.title == "从未报送局")

    assert [(part.points, part.words) for part in row.parts] == [
        (
            0,
            "完成 0 万元 ÷ 计划 3,000 万元 = 0.0%，÷ 序时进度 41.7%，最高计 100 分；3 个项目从未报送，完成计 0",
        ),
        (0, "绿灯 0、黄灯 0、红灯 0、从未报送 3（黄灯计半个，从未报送计 0），共 0 ÷ 3 个"),
        (0, "按时报送 0 期 ÷ 应报送 3 期"),
        (None, "从未报送，不计入"),
    ]


def test_one_silent_project_among_others_is_no_green_light(may):
    unit = unit_at(417, 2)
    factories.plan_under_way(unit, project__registration="done")
    factories.report(unit.projects.first().plans.get(), 21)

    row = shown(may).rows[0]

    assert round(part(row, "lights").points, 1) == Decimal("66.7")
    assert round(part(row, "completion").points, 1) == Decimal("66.7")


def test_before_any_report_was_due_nobody_is_silent(may):
    unit_at(None)

    rankings = shown(may)

    assert (rankings.rows, [part.points for part in rankings.unranked[0].parts]) == ([], [None] * 4)


@pytest.mark.parametrize(("closed_on", "points"), [("2024-05-20", 100), ("2024-05-21", 0)])
def test_a_problem_counts_when_it_was_closed_by_its_deadline(may, closed_on, points):
    unit = unit_at(417)
    project = unit.projects.first()
    factories.problem(project, "closed", deadline=dt.date(2024, 5, 20), closed_on=dt.date.fromisoformat(closed_on))

    assert part(shown(may).rows[0], "problems").points == points


@pytest.mark.parametrize(("deadline", "points"), [(MAY, None), (MAY - dt.timedelta(days=1), 0)])
def test_an_open_problem_counts_from_the_day_after_its_deadline(may, deadline, points):
    unit = unit_at(417)
    factories.problem(unit.projects.first(), deadline=deadline)

    assert part(shown(may).rows[0], "problems").points == points


@pytest.mark.parametrize(("by", "token"), [("town", "140431100"), ("leader", None)])
def test_townships_and_leaders_are_ranked_by_their_own_projects(may, by, token):
    leader, town = factories.leader("甲"), factories.town()
    unit_at(417, leader=leader, project__town=town)
    unit_at(417)

    rows = shown(may, by=by).rows

    assert [(row.token, row.count) for row in rows] == [(token or str(leader.pk), 3)]


@pytest.mark.parametrize(("day", "version"), [(dt.date(2024, 4, 30), 0), (dt.date(2024, 5, 1), 1)])
def test_weights_hold_from_their_day_on(may, day, version):
    RankingWeights.objects.create(
        county=may,
        version=1,
        since=dt.date(2024, 5, 1),
        weights={"completion": 100},
        least_projects=1,
        made_at=timezone.now(),
    )

    assert weights_on(may, day).version == version


def test_a_part_without_weight_does_not_move_the_score(may):
    RankingWeights.objects.create(
        county=may, version=1, since=MAY, weights={"lights": 10}, least_projects=1, made_at=timezone.now()
    )
    unit_at(400, 1)

    assert shown(may).rows[0].score == 100
    assert DEFAULTS.name == "默认值，非官方"


def test_queries_do_not_grow_with_the_rows(may):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            rankings = shown(may, by="leader")
            _ = rankings.rows, rankings.black
        return len(captured)

    def fill():
        for plan in unit_at(417, leader=factories.leader()).projects.all():
            factories.problem(plan, deadline=dt.date(2024, 5, 20))
            factories.report(plan.plans.get(), 20)

    fill()
    queries()  # reads the thresholds, which are then cached
    few = queries()
    for _ in range(4):
        fill()

    assert queries() == few
