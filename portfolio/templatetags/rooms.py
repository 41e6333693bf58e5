"""The weeks that the top bar and the pages of a room (templates/includes/_room.html) lead to."""

from django import template

from portfolio import reporting

register = template.Library()


@register.simple_tag(takes_context=True)
def this_week(context):
    """The county's current Week; None for an account without a county."""
    county = context["request"].user.county
    return reporting.this_week(county) if county else None


@register.simple_tag(takes_context=True)
def shown_week(context):
    """The Week that a page of the weekly dispatch is about, so that its neighbours stay in it; else the current one."""
    if entry := context.get("entry"):
        return entry.week
    return context.get("week") or this_week(context)
