"""The list on the forecast's page: what it is narrowed to, how it is sorted, and what its header cells lead to."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from portfolio.forecast import Forecast
from portfolio.forecast_listing import PAGE_ROWS, ForecastListing, Line, in_order


def line(pk, middle, planned=100, unit=None, category="industry"):
    project = SimpleNamespace(
        name_pinyin=f"p{pk}", unit=unit, unit_id=unit and unit.pk, category=category, get_category_display=str
    )
    planned = None if planned is None else Decimal(planned)
    return Line(SimpleNamespace(pk=pk, project=project), Forecast(pk, planned, Decimal(0), Decimal(middle)))


def listing(lines=(), is_own=True, **params):
    found = ForecastListing(SimpleNamespace(is_own=is_own), params)
    found.__dict__["everything"] = list(lines)
    return found


def pks(lines):
    return [line.forecast.pk for line in lines]


def test_what_has_no_shortfall_comes_last_either_way():
    lines = [line(1, 100), line(2, 90), line(3, 50)]

    assert pks(in_order(lines, "-shortfall")) == [3, 2, 1]
    assert pks(in_order(lines, "shortfall")) == [2, 3, 1]


def test_a_share_of_no_plan_comes_last():
    assert pks(in_order([line(1, 5, planned=None), line(2, 50), line(3, 90)], "share")) == [2, 3, 1]


@pytest.mark.parametrize("sort", ["", "plan", "-", "name;drop"])
def test_an_unknown_sort_puts_the_worst_first(sort):
    assert listing(sort=sort).sort == "-shortfall"


def test_unit_and_category_narrow_together():
    water = SimpleNamespace(pk=7, name="水利局")
    lines = [line(1, 5, unit=water), line(2, 5, unit=water, category="livelihood"), line(3, 5)]

    found = listing(lines, unit="7", category="industry")

    assert (pks(found.lines), found.units) == ([1], [("7", "水利局", 2), ("-", "未明确责任单位", 1)])


def test_sums_do_not_set_a_surplus_against_a_shortfall():
    sums = listing([line(1, 150), line(2, 60)]).sums()

    assert sums == {"planned": 200, "ytd": 0, "middle": 210, "shortfall": 40}


def test_a_header_turns_the_order_round_and_keeps_the_filters():
    heads = {head.label: head for head in listing(sort="-ytd", only="missing").heads}

    assert (heads["已完成"].query, heads["已完成"].order) == ("only=missing&sort=ytd", "descending")
    assert (heads["项目"].query, heads["项目"].order) == ("only=missing&sort=name", "")


def test_a_naive_rule_has_no_column_for_the_range():
    labels = [[head.label for head in listing(is_own=is_own).heads] for is_own in (True, False)]

    assert [label for label in labels[0] if label not in labels[1]] == ["下限—上限"]


def test_a_long_list_stands_on_pages_and_on_one_when_asked():
    lines = [line(pk, 5) for pk in range(PAGE_ROWS + 1)]

    assert [len(listing(lines, page=page).page) for page in ("1", "2", "all")] == [PAGE_ROWS, 1, PAGE_ROWS + 1]
