"""How what rises (逾期升级) is told in templates."""

import uuid

from django import template

register = template.Library()


@register.simple_tag
def new_form_key():
    """For a form that a page writes itself: a second submit of it does nothing."""
    return uuid.uuid4()


@register.filter
def rise_of(rises, key):
    """The Rise of a matter by its key, None where it is not overdue; `rises` is {key: Rise}."""
    return rises.get(key)
