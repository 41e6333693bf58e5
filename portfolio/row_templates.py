"""The Jinja2 environment of what a page has hundreds of: rows of the big table, options of its filters."""

from jinja2 import Environment

from portfolio import figures


def environment(**options):
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    env.filters.update(wan=figures.wan, yi=figures.yi, percent=figures.percent)
    return env
