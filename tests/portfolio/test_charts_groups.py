"""What the comparison of groups draws, says, and leads to."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from portfolio.charts.base import Cell
from portfolio.charts.groups import group_charts
from portfolio.curves import YearInvestment
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)


@pytest.fixture
def town(county):
    return factories.town()


def under_way(done, planned=100, **fields):
    return factories.plan_under_way(planned_investment=planned, ytd_investment=done, **fields)


def compared(county, by="town", **kept):
    return group_charts(YearInvestment(county, 2024, MAY), by, {"year": "2024", **kept})


def bars(chart):
    return {
        trace["name"]: dict(zip(trace["y"], trace["x"], strict=True))
        for trace in chart.data["data"]
        if trace["type"] == "bar"
    }


def test_groups_are_ranked_and_those_behind_the_calendar_stand_out(county, town):
    under_way(Decimal(50), project__town=town)
    under_way(Decimal(20))

    (chart,) = compared(county)

    assert bars(chart) == {"达到序时": {0: 50.0}, "落后序时": {1: 20.0}}
    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["沁河镇", "未填"]
    assert chart.data["data"][-1]["text"] == ["50.0%", "20.0%"]
    assert chart.data["layout"]["annotations"][0]["text"] == "序时 41.7%"


@pytest.mark.parametrize(
    ("done", "length", "label", "cut"), [(150, 150.0, "150.0%", False), ("150.1", 150.0, "150.1% ▸", True)]
)
def test_a_bar_far_past_the_plan_is_cut_and_says_its_figure(county, done, length, label, cut):
    under_way(Decimal(done))

    (chart,) = compared(county)

    assert bars(chart)["达到序时"] == {0: length}
    assert chart.data["data"][-1]["text"] == [label]
    assert ("截短" in chart.caption) is cut


def test_a_group_leads_to_its_rows_and_its_curve_of_the_same_day(county, town):
    under_way(Decimal(50), project__town=town)

    (chart,) = compared(county, as_of="2024-05-12")

    rows = "/projects/?year=2024&as_of=2024-05-12&town=140431100"
    assert chart.data["data"][0]["customdata"] == [rows]
    assert chart.table.body[0] == [
        Cell("沁河镇", rows),
        Cell("1"),
        Cell("100"),
        Cell("50"),
        Cell("50.0%"),
        Cell("超前 8.3 个百分点"),
        Cell("查看", "/progress/?year=2024&as_of=2024-05-12&by=town&key=140431100"),
    ]
    assert [cell.text for cell in chart.table.last_row] == [
        "合计",
        "1",
        "100",
        "50",
        "50.0%",
        "超前 8.3 个百分点",
        "",
    ]


def test_a_group_without_plan_or_report_stands_last_and_says_why(county, town):
    under_way(Decimal(10), project__town=town)
    under_way(Decimal(10), planned=None, project__category="industrial")
    under_way(None, project__town=factories.town("郭道镇", "140431101"))

    (chart,) = compared(county)

    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["沁河镇", "郭道镇", "未填"]
    assert chart.data["data"][-1]["text"] == ["10.0%", "尚未报送", "无年度计划"]


def test_before_the_first_report_nothing_is_compared(county):
    under_way(None)

    (chart,) = compared(county)

    assert (chart.figure, chart.caption) == (None, "没有年度计划，或今年还没有报送完成投资，没有完成率。")
    assert len(chart.table.rows) == 1


@pytest.mark.parametrize(("units", "rows"), [(28, [28]), (29, [15, 14])])
def test_more_groups_than_a_page_takes_are_shared_out_on_one_scale(county, units, rows):
    for number in range(units):
        under_way(Decimal(number), project__category="industrial")

    charts = compared(county, by="unit")

    assert [len(chart.table.rows) for chart in charts] == rows
    assert len({json.dumps(chart.data["layout"]["xaxis"]["range"]) for chart in charts}) == 1
    assert [bool(chart.table.foot) for chart in charts] == [False] * (len(rows) - 1) + [True]


def test_a_name_that_looks_like_markup_is_drawn_as_it_is(county):
    under_way(Decimal(10), unit_=factories.unit("<b>甲</b>"))

    (chart,) = compared(county, by="unit")

    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["&lt;b&gt;甲&lt;/b&gt;"]
    assert chart.data["data"][1]["text"][0].startswith("&lt;b&gt;甲&lt;/b&gt;，1 个项目")
