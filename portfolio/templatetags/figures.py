from django import template

from portfolio import figures

register = template.Library()
register.filter("wan", figures.wan)
register.filter("yi", figures.yi)
register.filter("percent", figures.percent)
register.simple_tag(figures.share, name="share")


@register.filter
def dash(value):
    return figures.NONE if value is None or value == "" else value
