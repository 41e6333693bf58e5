from django import template

from portfolio import figures
from portfolio.privacy import mask_phones

register = template.Library()
register.filter("wan", figures.wan)
register.filter("yi", figures.yi)
register.filter("percent", figures.percent)
register.filter("works", figures.works)
register.simple_tag(figures.share, name="share")


@register.filter
def dash(value):
    return figures.NONE if value is None or value == "" else value


@register.filter
def phones(text, visible):
    """`{{ text|phones:may_edit }}`: as it is for who may see phones, else masked."""
    return text if visible else mask_phones(text)
