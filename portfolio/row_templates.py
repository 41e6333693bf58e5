"""The Jinja2 environment of what a page has hundreds of: rows of the big tables, options of their filters, cards."""

from django.utils.timezone import localtime
from jinja2 import Environment

from portfolio import figures


def environment(**options):
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.filters.update(wan=figures.wan, yi=figures.yi, percent=figures.percent, works=figures.works, moment=moment)
    return env


def moment(value):
    """`05-31 09:42`."""
    return f"{localtime(value):%m-%d %H:%M}" if value else ""
