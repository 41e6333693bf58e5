"""How figures are written on a page: 万元 with separators, 亿元 with two places, "—" where there is none."""

from decimal import ROUND_HALF_UP, Decimal

from portfolio.money import wan_to_yi

NONE = "—"


def wan(value):
    """1234567.5 → 1,234,567.50; a whole amount drops its cents: 12000 → 12,000."""
    if value is None:
        return NONE
    value = Decimal(value)
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def yi(value):
    """万元 in, 亿元 out: 5157800 → 515.78."""
    return NONE if value is None else f"{wan_to_yi(value):,.2f}"


def percent(value, places=1):
    if value is None:
        return NONE
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}%"


def works(value):
    """工程量: 35 → 35%, 35.5 → 35.50%."""
    return percent(value, 0 if value is None or value == int(value) else 2)


def share(part, whole, places=1):
    """part ÷ whole as a percentage; "—" without a whole."""
    return NONE if not whole or part is None else percent(Decimal(part) * 100 / Decimal(whole), places)
