from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def plan_query(context, **changes):
    """The listing's query string with changes: `{% plan_query per_page="all" %}`; None drops a key."""
    return f"?{context['listing'].query(**changes)}"
