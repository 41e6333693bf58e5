"""Who stands behind a plan: spells of leaders, the team of a day, and who sees phones."""

import datetime as dt

import pytest

from portfolio.as_of import reading
from portfolio.models import AnnualPlan
from portfolio.six_ones import people
from tests import factories
from tests.portfolio.six_ones.whole import MOMENT, known_since, team

pytestmark = pytest.mark.django_db
EARLIER = dt.datetime(2024, 5, 10, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 5, 20, 9, tzinfo=dt.UTC)


@pytest.fixture
def county(db):
    return factories.clock(*MOMENT)


@pytest.fixture
def plan(county):
    """Led by 县领导甲 from 10 May, by 县领导乙 from 20 May."""
    plan = factories.plan(leader=factories.leader("县领导甲"))
    known_since(plan, 2024, 5, 10)
    plan.history.update(history_date=EARLIER)
    plan.leader = factories.leader("县领导乙")
    plan.save()
    plan.history.filter(leader=plan.leader).update(history_date=LATER)
    return plan


def told(spells):
    return [(spell.leader and spell.leader.name, spell.since, spell.until) for spell in spells]


def test_spells_follow_each_other_the_latest_first(plan):
    assert told(people.leader_spells(plan)) == [("县领导乙", LATER, None), ("县领导甲", EARLIER, LATER)]


def test_other_changes_do_not_end_a_spell(plan):
    plan.remark = "另有说明"
    plan.save()

    assert told(people.leader_spells(plan))[0] == ("县领导乙", LATER, None)


def test_a_time_without_a_leader_is_told_and_none_before_the_first_is_not(plan):
    plan.leader = None
    plan.save()
    bare = factories.plan()

    assert told(people.leader_spells(plan))[0][0] is None
    assert people.leader_spells(bare) == []


def test_the_fragment_shows_leader_and_team_of_now(plan, office):
    now = team(plan, head="组长丙")

    context = people.project_team(plan, office)

    assert context == {
        "plan": plan,
        "team": now,
        "leader_since": LATER,
        "deputy_since": None,
        "may_see_phones": True,
    }


def test_the_fragment_shows_leader_and_team_of_a_past_day(plan, office):
    then = team(plan, at=EARLIER, replaced_at=LATER)
    team(plan, head="组长丙", at=LATER)
    day = dt.date(2024, 5, 19)

    with reading(plan.county, day):
        context = people.project_team(AnnualPlan.objects.get(pk=plan.pk), office, day)

        assert (context["plan"].leader.name, context["team"], context["leader_since"]) == ("县领导甲", then, EARLIER)


@pytest.mark.parametrize(
    ("role", "own_unit", "sees"),
    [("office", False, True), ("reporter", True, True), ("reporter", False, False), ("leader", False, False)],
)
def test_phones_are_for_the_office_and_the_plans_own_unit(county, role, own_unit, sees):
    unit = factories.unit()
    plan = factories.plan(project__unit=unit)
    user = factories.user(role, unit=unit if own_unit else factories.unit())

    assert people.may_see_phones(user, plan) is sees


def test_an_account_without_a_unit_is_of_no_plans_unit(county):
    assert people.may_see_phones(factories.user("leader"), factories.plan()) is False
