"""A chart: a figure that travels as JSON, and the table that says the same without it."""

import datetime as dt
import json
from decimal import Decimal

from django.template.loader import render_to_string

from portfolio.charts import theme
from portfolio.charts.base import Cell, Chart, ChartTable
from portfolio.progress import Light


def chart(figure=None, table=None, **more):
    table = table or ChartTable(["月份", "万元"], [["1月", "1,234.50"]])
    return Chart("curve", "投资曲线", "单位：万元。", figure, table, **more)


def rendered(shown):
    return render_to_string("portfolio/charts/_chart.html", {"chart": shown})


def test_money_and_days_of_a_figure_are_plain_json():
    figure = theme.figure([{"type": "bar", "x": [dt.date(2024, 5, 31)], "y": [Decimal("12.30")]}])

    (trace,) = json.loads(json.dumps(chart(figure).data))["data"]

    assert trace == {"type": "bar", "x": ["2024-05-31"], "y": [12.3]}


def nothings(value, path=""):
    """Paths of null and of what is no JSON at all."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in nothings(item, f"{path}/{key}")]
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in nothings(item, f"{path}/{number}")]
    return [] if isinstance(value, str | int | float | bool) and value == value else [path]


def test_a_figure_carries_nothing_that_was_not_asked_for():
    figure = theme.figure([{"type": "scatter", "x": [1, 2, 3], "y": [1, None, 3]}], xaxis=theme.months_axis(2024))

    assert nothings(chart(figure).data) == ["/data/0/y/1"]


def test_the_look_of_a_figure_costs_less_than_two_kilobytes():
    assert len(json.dumps(chart(theme.figure([])).data)) < 2000


def test_a_cell_knows_whether_it_is_a_figure():
    cells = [Cell(text) for text in ["1,234.50", "97.2%", "—", "−3.5", "12", "沁河镇", "第22周", "5/12", ""]]

    assert [cell.is_figure for cell in cells] == [True, True, True, True, True, False, False, False, False]


def test_a_table_holds_plain_cells_links_and_sums():
    table = ChartTable(["类别", "项目"], [[("产业类", "/projects/?category=industry"), 12]], foot=["合计", 12])

    assert table.body == [[Cell("产业类", "/projects/?category=industry"), Cell("12")]]
    assert table.last_row == [Cell("合计"), Cell("12")]


def test_a_chart_comes_with_its_caption_and_its_table_open():
    page = rendered(chart(theme.figure([])))

    assert '<script id="chart-curve-data" type="application/json">' in page
    assert "<figcaption>单位：万元。</figcaption>" in page
    assert '<details class="chart-table" open>' in page
    assert '<th scope="row">1月</th><td class="num">1,234.50</td>' in page


def test_a_chart_with_nothing_to_draw_says_why_and_draws_nothing():
    page = rendered(chart(None, ChartTable(["月份"], [])))

    assert "<figcaption>单位：万元。</figcaption>" in page
    assert [part in page for part in ["<script", "chart-plot", "<details"]] == [False, False, False]


def test_a_name_that_looks_like_markup_stays_text():
    figure = theme.figure([{"type": "bar", "x": ["</script><script>alert(1)</script>"], "y": [1]}])
    table = ChartTable(["名称"], [["<b>甲</b>"]])

    page = rendered(chart(figure, table))

    assert "<script>alert" not in page
    assert '<th scope="row">&lt;b&gt;甲&lt;/b&gt;</th>' in page


def test_every_light_has_a_colour_and_a_name_of_its_own():
    assert set(theme.LIGHT_COLOURS) == set(Light)
    assert len(set(theme.LIGHT_COLOURS.values())) == len(Light)
    assert [theme.light_name(light) for light in Light] == ["■ 严重滞后", "▲ 滞后", "○ 停缓建或无计划", "● 正常"]
