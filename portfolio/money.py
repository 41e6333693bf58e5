"""Money: `Decimal` 万元 with two places, half-up; 亿元 only where it is shown (design §5.1)."""

from decimal import ROUND_HALF_UP, Decimal

WAN_PER_YI = 10_000
CENT = Decimal("0.01")
MAX_WAN = Decimal("999999999999.99")


def to_cent(value):
    """Half-up to 0.01 万元. SQLite sums come back as floats in disguise: this makes them exact again."""
    return None if value is None else Decimal(value).quantize(CENT, ROUND_HALF_UP)


def exact_sum(values):
    """To the cent, of what is known; 0 where nothing is."""
    return sum((value for value in values if value is not None), Decimal(0))


def wan_to_yi(value):
    """万元 → 亿元, two places, half-up."""
    return None if value is None else (Decimal(value) / WAN_PER_YI).quantize(CENT, ROUND_HALF_UP)


def yi_to_wan(value):
    return None if value is None else to_cent(Decimal(value) * WAN_PER_YI)
