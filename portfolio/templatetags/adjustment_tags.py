from django import template

from portfolio import figures

register = template.Library()


@register.filter
def signed(value):
    """+1,234.50, −3,200, 0: what a line adds or takes away, in 万元 or in projects."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figures.wan(abs(value))}"
