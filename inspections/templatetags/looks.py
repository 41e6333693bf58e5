"""How checks of the four looks are told in templates."""

from typing import NamedTuple

from django import template

from inspections.known_facts import FACTS
from inspections.models import CheckAnswer
from portfolio.models.problems import ProblemKind, ProblemState

register = template.Library()


class Counts(NamedTuple):
    """How many answers were no, and how many of these still stand open."""

    no: int
    open: int


@register.simple_tag
def check_counts(check):
    """`Counts` of a check whose answers and their problems have been read."""
    noes = [answer for answer in check.answers.all() if answer.answer == CheckAnswer.Answer.NO]
    return Counts(
        len(noes), sum(answer.problem is not None and answer.problem.state != ProblemState.CLOSED for answer in noes)
    )


@register.filter
def fact_label(known_by):
    """What a fact of the register is called."""
    return FACTS[known_by].label if known_by in FACTS else ""


@register.filter
def problem_kind(kind):
    return ProblemKind(kind).label
