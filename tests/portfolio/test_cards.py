"""What a card knows of its plan and its last report, and what a unit's week adds up to."""

from decimal import Decimal

import pytest

from portfolio.cards import EarlierWeek, bare_cards, earlier_weeks, entry_of, units_of_week
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = Week(2024, 22)


@pytest.fixture
def unit(county):
    factories.clock(2024, 5, 31, 10)
    return factories.unit("住建局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def plan(unit):
    return factories.plan_under_way(unit)


def test_last_figures_come_from_the_last_published_report(plan, unit, reporter):
    factories.report(plan, 18, ytd_investment=Decimal(60))
    factories.report(plan, 20, ytd_investment=Decimal(100), works_percent=Decimal(30), next_plan="封顶。")
    factories.report(plan, 21, state="returned", ytd_investment=Decimal(900))

    card = entry_of(reporter, unit, WEEK).due[0]

    assert (card.previous_label, card.ytd_before, card.week_before, card.percent_before, card.question) == (
        "第20周",
        Decimal(100),
        Decimal(40),
        Decimal(30),
        "封顶",
    )


def test_before_the_first_report_the_plan_table_knows_the_works(unit):
    plan = factories.plan_under_way(unit, works_percent=Decimal(12), progress="场地平整")

    card = bare_cards([plan], WEEK)[0]

    assert (card.ytd_before, card.percent_before, card.progress_before, card.question) == (
        None,
        Decimal(12),
        "场地平整",
        "",
    )


def test_works_are_needed_of_what_is_being_built_and_money_of_what_has_any(unit):
    building = factories.plan_under_way(unit)
    planned = factories.plan(project__unit=unit, project__stage="planned", planned_investment=100)
    without_money = factories.plan(project__unit=unit, project__stage="planned")

    needed = [list(card.needed) for card in bare_cards([building, planned, without_money], WEEK)]

    assert needed == [
        ["ytd_investment", "works_percent", "progress"],
        ["ytd_investment", "progress"],
        ["progress"],
    ]


@pytest.mark.parametrize(
    ("state", "is_open", "may_withdraw"),
    [("draft", True, False), ("returned", True, False), ("reported", False, True), ("accepted", False, False)],
)
def test_what_may_be_done_with_a_card_follows_its_state(plan, unit, reporter, state, is_open, may_withdraw):
    factories.report(plan, 22, state=state)

    card = entry_of(reporter, unit, WEEK).due[0]

    assert (card.is_open, card.may_withdraw) == (is_open, may_withdraw)


def test_weeks_before_the_countys_first_report_were_never_asked_for(plan, unit):
    other = factories.plan_under_way(unit)
    factories.report(other, 20)

    assert earlier_weeks(unit, WEEK, [plan.pk]) == [
        EarlierWeek(Week(2024, 20), missing=1, returned=0),
        EarlierWeek(Week(2024, 21), missing=1, returned=0),
    ]


def test_only_eight_weeks_are_looked_back(plan, unit):
    factories.report(factories.plan_under_way(unit), 1)

    weeks = [each.week.number for each in earlier_weeks(unit, WEEK, [plan.pk])]

    assert weeks == list(range(14, 22))


@pytest.mark.parametrize(("hour", "minute", "late"), [(12, 0, False), (12, 1, True)])
def test_page_is_past_due_after_friday_noon(plan, unit, reporter, hour, minute, late):
    unit.county = factories.clock(2024, 5, 31, hour, minute)

    assert entry_of(reporter, unit, WEEK).is_past_due is late


def test_units_with_most_to_report_come_first(plan, unit):
    busy = factories.unit("水利局")
    for _ in range(3):
        factories.report(factories.plan_under_way(busy), 22, state="draft")
    factories.report(plan, 22, state="reported")

    counts = units_of_week(unit.county, WEEK)

    assert [(each.unit.name, each.due, each.reported, each.missing) for each in counts] == [
        ("水利局", 3, 0, 3),
        ("住建局", 1, 1, 0),
    ]
