"""The fan to the year's end, and the table that says the same."""

import datetime as dt

import pytest

from portfolio.charts.forecast import forecast_chart
from portfolio.curves import YearInvestment
from portfolio.forecast import OWN
from portfolio.year_end import year_end
from tests import factories
from tests.portfolio.forecasting import reported

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 5, 31)


@pytest.fixture
def chart():
    county = factories.clock(2024, 5, 31, 10)

    def drawn():
        return forecast_chart(YearInvestment(county, 2024, DAY).curve(), year_end(county, 2024, DAY))

    return drawn


@pytest.fixture
def our_rule(monkeypatch):
    monkeypatch.setattr("portfolio.year_end.best_rules", lambda tests: (OWN, OWN))


def test_range_middle_plan_and_straight_line_are_all_drawn(chart, our_rule):
    reported()

    names = {trace.name for trace in chart().figure.data}

    assert names == {"完成累计", "下限", "下限至上限", "预计", "计划累计", "直线外推"}


def test_a_naive_rule_draws_no_range(chart):
    reported()

    names = {trace.name for trace in chart().figure.data}

    assert names == {"完成累计", "预计", "计划累计", "直线外推"}


def test_the_lines_are_told_apart_without_colour(chart, our_rule):
    reported()

    drawn = [(trace.line.dash, trace.line.width) for trace in chart().figure.data if trace.showlegend is not False]

    assert len(set(drawn)) == len(drawn)


def test_the_table_tells_each_month_s_end_still_to_come(chart):
    reported()

    told = [row[0] for row in chart().table.rows if row[5]]

    assert told == [f"{month}月底" for month in range(6, 13)]


def test_without_reports_nothing_is_drawn_and_the_caption_says_why(chart):
    factories.plan_under_way()

    assert (chart().figure, chart().caption) == (None, "还没有项目报送完成投资，无法预测。")
