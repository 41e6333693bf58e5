"""Two lights side by side: the rule's and the latest own judgement, as known on a day, and what they say together."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from portfolio import own_lights
from portfolio.as_of import reading
from portfolio.lists import PAGE_SIZE
from portfolio.own_lights_listing import OwnLightListing
from portfolio.standings import YearStandings
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)


@pytest.fixture(autouse=True)
def may(county):
    """Business time is Friday 2024-05-31 10:00; the calendar expects 41.7 %."""
    return factories.clock(2024, 5, 31, 10)


def green(unit=None, **fields):
    return factories.plan_under_way(unit, project__registration="done", ytd_investment=417, **fields)


def red(unit=None, **fields):
    return factories.plan_under_way(unit, project__registration="done", ytd_investment=100, **fields)


def pair_of(plan, day=TODAY):
    standings = YearStandings(plan.county, plan.year, day)
    return next(pair for pair in own_lights.pairs(standings) if pair.plan == plan)


def listing(county, query="", day=TODAY):
    return OwnLightListing(YearStandings(county, 2024, day), QueryDict(query))


def names(found):
    return [pair.plan.project.name for pair in found]


@pytest.mark.parametrize(
    ("make", "own", "gap", "verdict"),
    [
        (green, "green", 0, "与规则亮灯一致"),
        (green, "yellow", -1, "与规则亮灯不一致（自评差于规则）"),
        (red, "yellow", 1, "与规则亮灯不一致（自评好于规则）"),
        (red, "green", 2, "与规则亮灯不一致（自评好于规则）"),
        (factories.plan_under_way, "red", 0, "规则未能判断"),
    ],
)
def test_two_lights_say_whether_they_agree(make, own, gap, verdict):
    plan = make()
    factories.own_light(plan, own)

    pair = pair_of(plan)

    assert (pair.gap, pair.differs, pair.verdict) == (gap, gap != 0, verdict)


def test_without_an_own_judgement_there_is_nothing_to_compare():
    pair = pair_of(red())

    assert (pair.own, pair.own_light, pair.age, pair.gap, pair.verdict) == (None, None, None, 0, "")


def test_the_latest_judgement_counts_and_tells_its_age():
    plan = red()
    factories.own_light(plan, "green", dt.datetime(2024, 5, 1, 9))
    factories.own_light(plan, "yellow", dt.datetime(2024, 5, 29, 23, 59))

    pair = pair_of(plan)

    assert (pair.own.light, pair.age) == ("yellow", 2)


def test_of_two_at_one_moment_the_later_given_counts():
    plan = red()
    for light in ("green", "red"):
        factories.own_light(plan, light)

    assert pair_of(plan).own.light == "red"


def test_a_past_day_knows_what_was_given_by_its_end_and_no_more():
    plan = red()
    factories.own_light(plan, "green", dt.datetime(2024, 5, 20, 23, 59))
    factories.own_light(plan, "yellow", dt.datetime(2024, 5, 21, 0, 0))

    known = [own_lights.latest(plan.county, 2024, dt.date(2024, 5, day)) for day in (19, 20, 21)]

    assert [given[plan.pk].light if given else None for given in known] == [None, "green", "yellow"]


def test_the_panel_of_a_plan_folds_the_earlier_judgements(office):
    plan = red()
    for light in ("green", "yellow", "red"):
        factories.own_light(plan, light)

    panel = own_lights.panel_of(plan, office, TODAY)

    assert panel.pair.own.light == "red"
    assert [light.value for _, light in panel.earlier] == ["yellow", "green"]
    assert panel.may_judge is True


def test_a_plan_that_is_not_counted_has_no_panel(office):
    part = red(part_of=red())

    assert own_lights.panel_of(part, office, TODAY) is None
    assert own_lights.panel_of(red(state="removed", state_reason="缺地。"), office, TODAY) is None
    assert own_lights.panel_of(None, office, TODAY) is None


def test_nobody_judges_on_a_past_day_or_a_year_that_is_over(office):
    this_year, last_year = red(), red(year=2023)

    assert own_lights.panel_of(this_year, office, TODAY, is_past=True).may_judge is False
    assert own_lights.panel_of(last_year, office, TODAY).may_judge is False
    assert own_lights.judgeable_by(office, 2023) == frozenset()
    assert own_lights.judgeable_by(office, 2024) == {this_year.pk}


# The list


def test_the_list_shows_disagreements_the_widest_first(county):
    for name, make, light in [("一致", red, "red"), ("差一档", red, "yellow"), ("差两档", red, "green")]:
        factories.own_light(make(project__name=name), light)
    red(project__name="未评")

    shown = {show: names(listing(county, f"show={show}").found) for show in ("differs", "none", "all")}

    assert shown["differs"] == names(listing(county).found) == ["差两档", "差一档"]
    assert shown["none"] == ["未评"]
    assert sorted(shown["all"]) == sorted(["一致", "差一档", "差两档", "未评"])
    assert [tab.count for tab in listing(county).tabs] == [2, 1, 4]


def test_filters_narrow_and_count_under_one_another(county):
    water, leader = factories.unit("水利局"), factories.leader("县领导甲")
    factories.own_light(red(water, project__name="水利红", leader=leader), "green")
    factories.own_light(green(water, project__name="水利绿"), "red")
    factories.own_light(red(project__name="别处"), "green")

    by_unit = listing(county, f"unit={water.pk}")

    assert sorted(names(by_unit.found)) == ["水利红", "水利绿"]
    counted = {key: {option.title: option.count for option in options} for key, _, options in by_unit.filters}
    assert counted["light"] == {"■ 红灯": 1, "● 绿灯": 1}
    assert counted["leader"] == {"县领导甲": 1, "未填": 1}
    assert names(listing(county, f"leader={leader.pk}").found) == ["水利红"]
    assert names(listing(county, "light=green&own=red").found) == ["水利绿"]
    assert listing(county, f"unit={water.pk}&light=red").words == "与规则亮灯不一致；责任单位：水利局；规则亮灯：■ 红灯"


def test_what_is_unknown_in_the_query_is_ignored(county):
    factories.own_light(red(project__name="污水厂"), "green")

    found = listing(county, "show=x&unit=9999&light=blue&own=grey2&sort=x&page=99")

    assert (found.show, found.chosen, found.sort, names(found.rows)) == ("differs", {}, "", ["污水厂"])


def test_the_list_sorts_either_way_and_keeps_what_has_no_value_last(county):
    for name, day in (("甲", 20), ("乙", 30)):
        factories.own_light(red(project__name=name), "green", dt.datetime(2024, 5, day, 9))
    red(project__name="丙")

    orders = {sort: names(listing(county, f"show=all&sort={sort}").found) for sort in ("age", "-age", "project")}

    assert orders == {"age": ["乙", "甲", "丙"], "-age": ["甲", "乙", "丙"], "project": ["丙", "甲", "乙"]}


def test_the_list_comes_in_pages(county):
    for _ in range(PAGE_SIZE + 1):
        red()

    pages = [listing(county, f"show=none&page={page}") for page in (1, 2)]

    assert [len(page.rows) for page in pages] == [PAGE_SIZE, 1]
    assert [page.pages for page in pages] == [2, 2]


def test_queries_do_not_grow_with_plans_and_judgements(county):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = listing(county, "show=all")
            [(pair.own.by, pair.plan.leader, pair.plan.project.unit) for pair in found.rows]
            found.filters, found.tabs, found.heads  # noqa: B018
        return len(queries)

    assert YearStandings(county, 2024, TODAY).thresholds.version == 0  # read once for each state of the data
    counts = []
    for _ in range(2):
        for _ in range(3):
            factories.own_light(red(leader=factories.leader()), "green", by=factories.user("leader"))
        counts.append(cost())

    assert counts == [8, 8]


def test_the_list_can_be_read_as_of_a_past_day(county):
    plan = red(project__name="污水厂")
    plan.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    plan.project.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    factories.own_light(plan, "green", dt.datetime(2024, 5, 21, 9))

    judged = []
    for day in (dt.date(2024, 5, 20), dt.date(2024, 5, 21)):
        with reading(county, day):
            judged.append(listing(county, day=day).judged_count)

    assert judged == [0, 1]
