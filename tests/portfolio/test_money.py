"""Money is exact to the cent, and rounds half up."""

from decimal import Decimal

import pytest

from portfolio.money import MAX_WAN, to_cent, wan_to_yi, yi_to_wan


@pytest.mark.parametrize(
    ("value", "cents"),
    [("0.125", "0.13"), ("0.124", "0.12"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("1e3", "1000.00")],
)
def test_to_cent_rounds_half_up(value, cents):
    assert to_cent(Decimal(value)) == Decimal(cents)


def test_to_cent_heals_the_tail_of_a_binary_sum():
    assert to_cent(0.1 + 0.2) == Decimal("0.30")


def test_wan_and_yi_convert_both_ways():
    assert wan_to_yi(Decimal("5157800")) == Decimal("515.78")
    assert yi_to_wan(Decimal("515.78")) == Decimal("5157800.00")


def test_yi_rounds_half_up_at_two_places():
    assert (wan_to_yi(Decimal("49.99")), wan_to_yi(Decimal("50"))) == (Decimal("0.00"), Decimal("0.01"))


def test_nothing_stays_nothing():
    assert (to_cent(None), wan_to_yi(None), yi_to_wan(None)) == (None, None, None)


def test_the_largest_amount_keeps_its_cents():
    assert to_cent(MAX_WAN) == Decimal("999999999999.99")
