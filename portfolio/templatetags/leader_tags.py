from django import template

from portfolio import plan_queries, progress

register = template.Library()
NAMED = {"name"}  # sorted from the first letter; everything else from the greatest


@register.filter
def deviation(board, portfolio):
    """落后 3.5 个百分点: a portfolio's completion against the calendar."""
    return progress.points(board.deviation(portfolio))


@register.filter
def points(judgement):
    """The same of one plan's judgement."""
    return progress.points(judgement.deviation)


@register.filter
def rows_under(light):
    """What narrows the plan table to the projects under a light."""
    return plan_queries.of_light(light)


@register.filter
def rows_of(thresholds, choice):
    """What narrows the plan table to those that one of `standings.CHOICES` holds of."""
    return plan_queries.of_choice(choice, thresholds)


@register.filter
def signed_points(value):
    """Percentage points with their sign, and a minus that is one: +3.2, −11.5."""
    return f"{value:+.1f}".replace("-", "−")


@register.inclusion_tag("portfolio/leaders/_sort_head.html", takes_context=True)
def sort_head(context, key, label, unit=""):
    """A header cell that sorts the board by `key`, the other way round when it already does."""
    sort = context["board"].sort
    first, second = (key, f"-{key}") if key in NAMED else (f"-{key}", key)
    return {
        "label": label,
        "unit": unit,
        "query": f"{context['asked'].kept}&sort={second if sort == first else first}",
        "order": {key: "ascending", f"-{key}": "descending"}.get(sort, ""),
        "on_paper": context.get("on_paper"),
    }
