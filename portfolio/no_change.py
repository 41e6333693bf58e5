"""没有变化: a week that brought nothing new is told by its reason, and its words say so.

The reason is read off the words, so that a tap, typing and an uploaded sheet all mean the same.
"""

from decimal import Decimal

from portfolio.models.dispatch import NoChange

BEGINNING = "本周无变化："


def words(reason):
    """`本周无变化：等待资金`; of `other` only the beginning, for somebody to go on."""
    return BEGINNING if reason == NoChange.OTHER else f"{BEGINNING}{NoChange(reason).label}"


def reason_in(progress):
    """The reason that the words give, "" where they tell of something else."""
    said = progress.strip()
    if not said.startswith(BEGINNING) or said == BEGINNING:
        return ""
    return next((reason for reason in NoChange if said == words(reason)), NoChange.OTHER)


def answers(reason, plan, previous):
    """What the report says when nothing changed since `previous`, the last published report (or None)."""
    ytd, works = (previous.ytd_investment, previous.works_percent) if previous else _before_any_report(plan)
    return {
        "ytd_investment": ytd,
        "works_percent": works,
        "progress": words(reason),
        "no_change": "" if reason == NoChange.OTHER else reason,
    }


def _before_any_report(plan):
    """Nothing invested yet; of a project that nobody has put a figure to, 0 would be a statement."""
    has_money = plan.planned_investment is not None or plan.project.total_investment is not None
    return Decimal(0) if has_money else None, plan.works_percent
