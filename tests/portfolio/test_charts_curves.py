"""What the curve and the comparison draw, say, and lead to."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from portfolio.charts.base import Cell
from portfolio.charts.curves import curve_chart, group_charts, project_curve
from portfolio.curves import Curve, PlanMoney, YearInvestment
from portfolio.models import AnnualPlan, MonthlyTarget
from tests import factories

MAY = dt.date(2024, 5, 31)  # a Friday, of week 22


def a_curve(planned="1200", done=None, targets=None, reports=None, day=MAY, others=(), due=frozenset()):
    plan = PlanMoney(1, Decimal(planned), None if done is None else Decimal(done))
    return Curve(2024, day, [plan, *others], {1: targets or {}}, reports or {}, due)


def drawn(curve):
    return curve_chart(curve, "curve", "投资曲线")


def row_of(chart, name):
    (row,) = [row for row in chart.table.body if row[0].text == name]
    return row


def names(chart):
    return [trace["name"] for trace in chart.data["data"]]


def test_a_plan_and_what_was_done_are_two_lines_in_its_own_unit():
    chart = drawn(a_curve(done="300", reports={21: [(1, Decimal(200))], 22: [(1, Decimal(300))]}))

    plan, done = chart.data["data"]
    assert (chart.title, names(chart)) == ("投资曲线（万元）", ["计划累计", "完成累计"])
    assert (plan["x"][:2], plan["y"][:2], plan["y"][-1]) == (["2024-01-01", "2024-01-31"], [0, 100.0], 1200.0)
    assert (done["x"], done["y"]) == (["2024-05-26", "2024-05-31"], [200.0, 300.0])
    assert chart.caption == (
        "截至 2024-05-31 完成 300 万元，占年度计划 1,200 万元的 25.0%；计划到 5 月底完成 500 万元。"
        "没有月度计划，计划线按年度计划 12 个月平均。"
    )


def test_much_money_is_drawn_in_yi_and_told_to_the_cent_in_the_table():
    chart = drawn(a_curve("12345.67", done="5000.01", reports={22: [(1, Decimal("5000.01"))]}))

    assert chart.title == "投资曲线（亿元）"
    assert chart.data["data"][1]["y"] == [0.500001]
    assert row_of(chart, "第22周")[3:5] == [Cell("5,000.01"), Cell("40.5%")]


def test_a_week_without_a_report_is_carried_on_without_a_mark():
    chart = drawn(a_curve(done="1", reports={20: [(1, Decimal(1))], 22: [(1, Decimal(1))]}))

    done = chart.data["data"][1]
    assert (done["y"], done["marker"]["size"]) == ([1.0, 1.0, 1.0], [6, 0, 6])
    assert done["text"][1] == "第21周（至 2024-05-26），未报，沿用上次"


def test_an_open_week_is_dotted_open_and_says_how_many_have_reported():
    others = [PlanMoney(2, Decimal(0), None)]
    reports = {21: [(1, Decimal(1))], 22: [(1, Decimal(2))]}
    chart = drawn(a_curve(done="2", reports=reports, others=others, due=frozenset({1, 2})))

    _, closed, open_ = chart.data["data"]
    assert (closed["y"], open_["y"]) == ([1.0], [1.0, 2.0])
    assert (open_["name"], open_["line"]["dash"], open_["marker"]["symbol"]) == (
        "第22周尚未报齐（1／2）",
        "dot",
        "diamond-open",
    )
    assert "第22周尚未报齐（1／2），最后一点用空心菱形表示，未报的沿用上次数。" in chart.caption


def test_the_first_week_of_all_may_be_open():
    others = [PlanMoney(2, Decimal(0), None)]
    chart = drawn(a_curve(done="2", reports={22: [(1, Decimal(2))]}, others=others, due=frozenset({1, 2})))

    assert names(chart) == ["计划累计", "第22周尚未报齐（1／2）"]
    assert chart.data["data"][1]["marker"]["size"] == [10]


def test_a_moved_plan_shows_what_it_was_first():
    targets = {month: (Decimal(100), Decimal(110)) for month in range(1, 13)}
    chart = drawn(a_curve(targets=targets))

    assert names(chart) == ["计划累计", "序时（按月平均）", "原计划累计（首次审定）"]
    assert chart.table.headers[2:4] == ["计划累计（万元）", "原计划累计（万元）"]
    assert [cell.text for cell in chart.table.body[0]] == ["1月底", "2024-01-31", "100", "110", "", "", ""]
    assert {len(row) for row in chart.table.body} == {len(chart.table.headers)}


def test_targets_that_miss_the_plan_ask_for_a_look():
    chart = drawn(a_curve(targets={1: (Decimal(100), Decimal(100))}))

    assert chart.caption == (
        "今年还没有报送完成投资，只画计划线。计划线按月度计划。月度计划合计比年度计划少 1,100 万元，请核对工期计划。"
    )


def test_neither_plan_nor_report_draws_nothing_and_says_so():
    chart = drawn(a_curve("0"))

    assert (chart.figure, chart.table.rows) == (None, [])
    assert chart.caption == "没有年度计划投资，也没有报送完成投资，无法画出曲线。"


def test_reports_without_a_plan_are_drawn_and_rated_against_nothing():
    chart = drawn(a_curve("0", done="5", reports={22: [(1, Decimal(5))]}))

    assert chart.caption.startswith("截至 2024-05-31 完成 5 万元；没有年度计划投资，不算完成率。")
    assert [cell.text for cell in chart.table.body[0]] == ["第22周", "2024-05-31", "", "5", "—", "1"]


def test_the_day_is_marked_in_its_year_only():
    assert len(drawn(a_curve()).data["layout"]["shapes"]) == 1
    assert drawn(a_curve(day=dt.date(2025, 1, 2))).data["layout"].get("shapes", []) == []


def test_weeks_of_the_county_lead_to_their_page():
    chart = drawn(a_curve(done="5", reports={22: [(1, Decimal(5))]}))

    assert chart.data["data"][1]["customdata"] == ["/dispatch/2024/22/"]
    assert row_of(chart, "第22周")[0] == Cell("第22周", "/dispatch/2024/22/")


# In the database


@pytest.fixture
def town(county):
    return factories.town()


def under_way(done, planned=100, **fields):
    plan = factories.plan_under_way(planned_investment=planned, ytd_investment=done, **fields)
    if done is not None:
        factories.report(plan, 22, ytd_investment=done)
    return plan


@pytest.mark.django_db
def test_the_curve_of_a_project_costs_two_queries_and_leads_nowhere(county, django_assert_num_queries):
    plan = AnnualPlan.objects.get(pk=under_way(Decimal(50)).pk)

    with django_assert_num_queries(2):
        chart = project_curve(county, plan, MAY)

    assert (chart.key, chart.title) == (f"curve-{plan.pk}", "2024年投资曲线（万元）")
    assert chart.data["data"][1]["customdata"] == [""]


@pytest.mark.django_db
def test_one_project_is_held_against_its_own_months_alone(county):
    plan = under_way(Decimal(50))
    MonthlyTarget.objects.create(county=county, plan=plan, month=1, amount=100, original_amount=100)

    assert names(project_curve(county, plan, MAY)) == ["计划累计", "完成累计"]


def compared(county, by="town", **kept):
    return group_charts(YearInvestment(county, 2024, MAY), by, {"year": "2024", **kept})


def bars(chart):
    return {
        trace["name"]: dict(zip(trace["y"], trace["x"], strict=True))
        for trace in chart.data["data"]
        if trace["type"] == "bar"
    }


@pytest.mark.django_db
def test_groups_are_ranked_and_those_behind_the_calendar_stand_out(county, town):
    under_way(Decimal(50), project__town=town)
    under_way(Decimal(20))

    (chart,) = compared(county)

    assert bars(chart) == {"达到序时": {0: 50.0}, "落后序时": {1: 20.0}}
    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["沁河镇", "未填"]
    assert chart.data["data"][-1]["text"] == ["50.0%", "20.0%"]
    assert chart.data["layout"]["annotations"][0]["text"] == "序时 41.7%"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("done", "length", "label", "cut"), [(150, 150.0, "150.0%", False), ("150.1", 150.0, "150.1% ▸", True)]
)
def test_a_bar_far_past_the_plan_is_cut_and_says_its_figure(county, done, length, label, cut):
    under_way(Decimal(done))

    (chart,) = compared(county)

    assert bars(chart)["达到序时"] == {0: length}
    assert chart.data["data"][-1]["text"] == [label]
    assert ("截短" in chart.caption) is cut


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_group_without_plan_or_report_stands_last_and_says_why(county, town):
    under_way(Decimal(10), project__town=town)
    under_way(Decimal(10), planned=None, project__category="industrial")
    under_way(None, project__town=factories.town("郭道镇", "140431101"))

    (chart,) = compared(county)

    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["沁河镇", "郭道镇", "未填"]
    assert chart.data["data"][-1]["text"] == ["10.0%", "尚未报送", "无年度计划"]


@pytest.mark.django_db
def test_before_the_first_report_nothing_is_compared(county):
    under_way(None)

    (chart,) = compared(county)

    assert (chart.figure, chart.caption) == (None, "没有年度计划，或今年还没有报送完成投资，没有完成率。")
    assert len(chart.table.rows) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("units", "rows"), [(28, [28]), (29, [15, 14])])
def test_more_groups_than_a_page_takes_are_shared_out_on_one_scale(county, units, rows):
    for number in range(units):
        under_way(Decimal(number), project__category="industrial")

    charts = compared(county, by="unit")

    assert [len(chart.table.rows) for chart in charts] == rows
    assert len({json.dumps(chart.data["layout"]["xaxis"]["range"]) for chart in charts}) == 1
    assert [bool(chart.table.foot) for chart in charts] == [False] * (len(rows) - 1) + [True]


@pytest.mark.django_db
def test_a_name_that_looks_like_markup_is_drawn_as_it_is(county):
    under_way(Decimal(10), unit_=factories.unit("<b>甲</b>"))

    (chart,) = compared(county, by="unit")

    assert list(chart.data["layout"]["yaxis"]["ticktext"]) == ["&lt;b&gt;甲&lt;/b&gt;"]
    assert chart.data["data"][1]["text"][0].startswith("&lt;b&gt;甲&lt;/b&gt;，1 个项目")
