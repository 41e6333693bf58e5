"""The report says what was measured, and marks what missed its target."""

from benchmarks import report
from benchmarks.client import Figures
from benchmarks.tasks import ADMIN, FLOOR, PLAIN, PRODUCT, WRITTEN

FIRST = "首页 50 行"


def spent(milliseconds, requests=4):
    return Figures(seconds=[0.01] * requests, cpu_ns=int(milliseconds * 1e6 * requests), size=1234)


def test_measured_figures_stand_in_straight_columns():
    table = report.measured({(275, FIRST, PRODUCT): spent(2.5)}, {(275, FIRST, PRODUCT): 5})

    assert table.splitlines() == [
        "| 页面       | 由谁   | 项目数 | 次/秒 | p50 ms | p95 ms | CPU ms | 查询 | 字节  |",
        "| ---------- | ------ | ------ | ----- | ------ | ------ | ------ | ---- | ----- |",
        "| 首页 50 行 | 本产品 | 275    | 100   | 10.0   | 10.0   | 2.50   | 5    | 1,234 |",
    ]


def test_a_target_is_met_at_its_bound_and_missed_above_it():
    results = {(275, FIRST, contender): spent(cost) for contender, cost in ((PRODUCT, 10), (WRITTEN, 11), (ADMIN, 50))}

    assert report.ratios(results, 275).splitlines()[2:] == [
        "| 首页 50 行 | Django admin | 1/5.0 | 1/5.0    | 1/4.5 ✗ |"
    ]


def test_a_multiple_of_the_floor_is_told_as_such():
    results = {(275, "总览", contender): spent(cost) for contender, cost in ((PRODUCT, 4), (WRITTEN, 12), (FLOOR, 2))}

    assert report.ratios(results, 275).splitlines()[2:] == ["| 总览 | SQL 底线 | 5.0 倍 | 2.0 倍   | 6.0 倍 ✗ |"]


def test_growth_compares_the_product_with_the_same_page_in_a_bigger_database():
    results = {
        (275, FIRST, PRODUCT): spent(10),
        (275, FIRST, PLAIN): spent(10),
        (275, "导入 275 行", PRODUCT): spent(10),
        (550, FIRST, PRODUCT): spent(12),
    }

    assert report.growth(results, [275, 550]).splitlines()[2:] == ["| 首页 50 行 | 本产品 | 1.20 倍    |"]


def test_percentiles_of_latency_come_from_the_slow_end():
    figures = Figures(seconds=[number / 1000 for number in range(1, 101)])

    assert (figures.percentile_ms(0.5), figures.percentile_ms(0.95)) == (51.0, 96.0)
