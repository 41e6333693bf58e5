"""没有变化: the reason and its words say the same."""

from decimal import Decimal

import pytest

from portfolio import no_change
from portfolio.models import AnnualPlan, Project, WeeklyDispatch
from portfolio.models.dispatch import NoChange


@pytest.mark.parametrize("reason", [each for each in NoChange if each != NoChange.OTHER])
def test_words_of_a_reason_lead_back_to_it(reason):
    assert no_change.reason_in(no_change.words(reason)) == reason


@pytest.mark.parametrize(
    ("progress", "reason"),
    [
        ("本周无变化：等待验收", NoChange.OTHER),
        ("本周无变化：", ""),
        ("主体封顶", ""),
        ("", ""),
        ("主体封顶。本周无变化：等待资金", ""),
    ],
)
def test_reason_is_read_off_the_words(progress, reason):
    assert no_change.reason_in(progress) == reason


def test_figures_stay_as_last_reported():
    previous = WeeklyDispatch(ytd_investment=Decimal(120), works_percent=Decimal(35))

    assert no_change.answers(NoChange.FUNDS, AnnualPlan(works_percent=Decimal(10)), previous) == {
        "ytd_investment": Decimal(120),
        "works_percent": Decimal(35),
        "progress": "本周无变化：等待资金",
        "no_change": NoChange.FUNDS,
    }


@pytest.mark.parametrize(("planned", "ytd"), [(Decimal(1000), Decimal(0)), (None, None)])
def test_before_any_report_nothing_is_invested_and_the_plan_knows_the_works(planned, ytd):
    plan = AnnualPlan(project=Project(), planned_investment=planned, works_percent=Decimal(10))

    answers = no_change.answers(NoChange.WINTER, plan, None)

    assert (answers["ytd_investment"], answers["works_percent"]) == (ytd, Decimal(10))
