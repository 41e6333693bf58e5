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
    stood = plan.works_percent if previous is None else previous.works_percent
    return {
        "ytd_investment": (previous.ytd_investment if previous else None) or Decimal(0),
        "works_percent": stood,
        "progress": words(reason),
        "no_change": "" if reason == NoChange.OTHER else reason,
    }
