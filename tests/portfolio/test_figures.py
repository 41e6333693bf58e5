"""Figures as they are written on a page."""

from decimal import Decimal

import pytest

from portfolio import figures
from portfolio.templatetags.figures import dash


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1234567.5", "1,234,567.50"),
        ("12000.00", "12,000"),
        ("0.01", "0.01"),
        ("0", "0"),
        ("-5.5", "-5.50"),
        ("999999999999.99", "999,999,999,999.99"),
    ],
)
def test_wan_has_separators_and_cents_only_where_there_are_any(value, written):
    assert figures.wan(Decimal(value)) == written


def test_yi_turns_ten_thousands_into_hundred_millions():
    assert (figures.yi(Decimal("5157800")), figures.yi(Decimal("50"))) == ("515.78", "0.01")


def test_a_figure_that_is_missing_is_a_dash_and_never_a_nought():
    assert (figures.wan(None), figures.yi(None), figures.percent(None), dash(""), dash(None)) == ("—",) * 5
    assert (figures.wan(Decimal(0)), figures.yi(Decimal(0)), dash(0)) == ("0", "0.00", 0)


def test_percent_rounds_half_up():
    assert (figures.percent(Decimal("38.25")), figures.percent(Decimal("38.24"))) == ("38.3%", "38.2%")


def test_a_share_may_exceed_the_whole_and_is_a_dash_without_one():
    assert figures.share(Decimal(129), Decimal(100)) == "129.0%"
    assert figures.share(Decimal(5), Decimal(0)) == "—"
    assert figures.share(None, Decimal(5)) == "—"
