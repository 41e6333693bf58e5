"""What the charts of reporting draw, say, and lead to."""

import datetime as dt
import json

import pytest

from portfolio.charts.base import Cell
from portfolio.charts.reporting import ROWS_AT_ONCE, map_charts, weeks_chart
from portfolio.reporting_map import ReportingMap
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    unit = factories.unit("水利局")
    one, two = factories.plan_under_way(unit), factories.plan_under_way(unit)
    factories.report(one, 20), factories.report(two, 20, is_late=True), factories.report(one, 21)
    return unit


def drawn(county, is_past=False):
    return map_charts(ReportingMap(county, 2024, MAY), "year=2024", is_past)


def named(chart):
    return {trace["name"]: trace for trace in chart.data["data"] if trace.get("name")}


def test_a_square_tells_its_state_by_word_shape_and_figures(county, unit):
    (chart,) = drawn(county)

    assert list(named(chart)) == ["▲ 有迟报", "◆ 部分未报", "○ 未到截止时间"]
    assert [trace["text"] for trace in chart.data["data"] if "text" in trace] == [
        ["2/2"],
        ["▲"],
        ["1/2"],
        ["◆"],
        ["0/2"],
        ["○"],
    ]


def test_states_are_apart_without_their_hue(county, unit):
    (chart,) = drawn(county)

    looks = {(trace["marker"]["color"], trace["marker"]["pattern"]["shape"]) for trace in named(chart).values()}
    shapes = {name[0] for name in named(chart)}
    assert len(looks) == len(shapes) == 3


def test_a_square_leads_to_the_units_week_and_on_a_past_day_to_the_week(county, unit):
    addresses = [
        named(chart)["◆ 部分未报"]["customdata"] for is_past in (False, True) for chart in drawn(county, is_past)
    ]

    assert addresses == [[f"/dispatch/2024/21/?unit={unit.pk}&show=due#rows"], ["/dispatch/2024/21/"]]


def test_the_address_of_a_square_opens_for_its_unit(office_client, county, unit):
    (address,) = named(drawn(county)[0])["◆ 部分未报"]["customdata"]

    assert office_client.get(address).context["unit"].name == "水利局"


def test_the_table_says_all_that_is_drawn_and_its_sums(county, unit):
    (chart,) = drawn(county)

    week = "/dispatch/2024/{}/?unit=" + str(unit.pk) + "&show=due#rows"
    assert chart.table.headers == ["责任单位", "应报", "按时", "迟报", "未报", "按时率", "20周", "21周", "22周"]
    assert chart.table.body == [
        [
            Cell("水利局", f"/projects/?year=2024&unit={unit.pk}"),
            *(Cell(text) for text in ("4", "2", "1", "1", "50.0%")),
            *(Cell(text, week.format(n)) for text, n in (("▲2/2", 20), ("◆1/2", 21), ("○0/2", 22))),
        ]
    ]
    assert [cell.text for cell in chart.table.last_row] == ["合计", "4", "2", "1", "1", "50.0%", "2/2", "1/2", "0/2"]


def test_each_week_is_a_bar_and_an_open_one_misses_nothing_yet(county, unit):
    chart = weeks_chart(ReportingMap(county, 2024, MAY))

    stacked = {name: dict(zip(trace["x"], trace["y"], strict=True)) for name, trace in named(chart).items()}
    assert stacked == {
        "● 按时": {20: 1, 21: 1, 22: 0},
        "▲ 迟报": {20: 1, 21: 0, 22: 0},
        "■ 未报": {20: 0, 21: 1},
        "○ 未到截止时间": {22: 2},
    }
    assert [[cell.text for cell in row] for row in chart.table.body] == [
        ["第20周", "已截止", "2", "1", "1", "0", "50.0%"],
        ["第21周", "已截止", "2", "1", "0", "1", "50.0%"],
        ["第22周", "未到截止时间", "2", "0", "0", "2", ""],
    ]


@pytest.mark.parametrize(("units", "sizes"), [(ROWS_AT_ONCE, [14]), (ROWS_AT_ONCE + 1, [8, 7])])
def test_many_units_are_drawn_on_several_sheets_and_summed_on_the_last(county, units, sizes):
    for _ in range(units):
        factories.report(factories.plan_under_way(), 21)

    charts = drawn(county)

    assert [len(chart.table.rows) for chart in charts] == sizes
    assert [chart.table.foot is not None for chart in charts] == [*[False] * (len(sizes) - 1), True]


@pytest.mark.parametrize(("first", "titles"), [(2, ["第2–27周"]), (1, ["第1–14周", "第15–27周"])])
def test_more_weeks_than_a_page_takes_are_drawn_in_parts_with_their_own_sums(county, first, titles):
    county = factories.clock(2024, 7, 6, 10)
    factories.report(factories.plan_under_way(), first)

    charts = map_charts(ReportingMap(county, 2024, dt.date(2024, 7, 6)), "year=2024", False)

    assert [chart.title.split("，")[0] for chart in charts] == [f"各责任单位{title}报送" for title in titles]
    assert sum(int(chart.table.foot[1]) for chart in charts) == 28 - first


def test_names_are_shown_as_they_were_typed(county):
    factories.report(factories.plan_under_way(factories.unit("<b>局</b>")), 21)

    (chart,) = drawn(county)

    assert chart.data["layout"]["yaxis"]["ticktext"] == ["&lt;b&gt;局&lt;/b&gt;<br>按时 100.0%"]
    json.dumps(chart.data)
