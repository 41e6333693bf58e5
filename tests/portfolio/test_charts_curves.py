"""What the curve draws, says, and leads to."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.charts.base import Cell
from portfolio.charts.curves import curve_chart, project_curve
from portfolio.curves import Curve, PlanMoney
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


def test_reports_without_money_are_no_line_along_zero():
    reports = {21: [(1, None)], 22: [(1, None)]}

    without_plan, planned = drawn(a_curve("0", reports=reports)), drawn(a_curve("1200", reports=reports))

    assert (without_plan.figure, without_plan.caption) == (
        None,
        "没有年度计划投资，也没有报送完成投资，无法画出曲线。",
    )
    assert names(planned) == ["计划累计"]


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
