"""Reading what the rule looks at: everything from its own place, in a fixed number of queries, of today or before."""

import datetime as dt

import pytest
from django.core.cache import cache

from portfolio.actions import changes, duties, pauses
from portfolio.models import ChangeSet, MonthlyTarget
from portfolio.six_ones import facts
from portfolio.six_ones.rules import Key, Standing
from tests import factories
from tests.portfolio.six_ones.whole import MOMENT, known_since, whole_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.clock(*MOMENT)


def six_of(plan, as_of=None):
    cache.clear()
    return facts.of_year(plan.county, plan.year, as_of)[plan.pk]


def standing(plan, key, as_of=None):
    return {one.key: one.standing for one in six_of(plan, as_of).ones}[key]


def test_everything_that_is_stored_makes_a_whole_plan(county):
    plan = whole_plan()

    assert six_of(plan).gaps == []
    assert facts.of_plan(plan) == six_of(plan)


def test_monthly_targets_are_added_up_exactly(county):
    plan = whole_plan()
    MonthlyTarget.objects.filter(plan=plan).update(amount="0.10")
    plan.planned_investment = "1.20"
    plan.save()

    assert standing(plan, Key.SCHEDULE) == Standing.STANDS


def test_a_problem_is_overdue_the_day_after_its_deadline(county):
    plan = whole_plan()
    factories.problem(plan.project, deadline=dt.date(2024, 5, 31))
    due_today = six_of(plan).facts

    factories.problem(plan.project, deadline=dt.date(2024, 5, 30))
    factories.problem(plan.project, "closed", deadline=dt.date(2024, 5, 1))

    assert (due_today.open_problems, due_today.overdue_problems) == (1, 0)
    assert (six_of(plan).facts.open_problems, six_of(plan).facts.overdue_problems) == (2, 1)


def test_a_project_of_the_whole_county_needs_no_address(county):
    plan = whole_plan(project__location_kind="county")
    plan.project.address = ""
    plan.project.save()

    assert standing(plan, Key.PROJECT) == Standing.STANDS


def test_a_paused_plan_needs_no_follow_through_until_it_is_resumed(county, office):
    plan = whole_plan(reported_week=None)
    known_since(plan, 2024, 5, 10)
    factories.clock(2024, 5, 20, 9)
    day = dt.date(2024, 5, 20)
    pauses.pause(by=office, plan=plan, reason="funds", words="资金", paused_on=day, review_on=day)
    paused = standing(plan, Key.FOLLOW_THROUGH)

    factories.clock(*MOMENT)
    pauses.resume(by=office, plan=plan, resumed_on=dt.date(2024, 5, 30), words="")

    assert (paused, standing(plan, Key.FOLLOW_THROUGH)) == (Standing.NOT_NEEDED, Standing.MISSING)
    assert standing(plan, Key.FOLLOW_THROUGH, dt.date(2024, 5, 29)) == Standing.NOT_NEEDED
    assert standing(plan, Key.FOLLOW_THROUGH, dt.date(2024, 5, 19)) == Standing.MISSING


def test_a_pause_that_was_noted_later_is_not_known_on_the_day_it_speaks_of(county, office):
    plan = whole_plan(reported_week=None)
    known_since(plan, 2024, 5, 10)

    day = dt.date(2024, 5, 20)
    pauses.pause(by=office, plan=plan, reason="funds", words="资金", paused_on=day, review_on=day)

    assert standing(plan, Key.FOLLOW_THROUGH) == Standing.NOT_NEEDED
    assert standing(plan, Key.FOLLOW_THROUGH, dt.date(2024, 5, 30)) == Standing.MISSING


def test_a_past_day_shows_the_leader_and_team_of_that_day(county, office):
    plan = whole_plan(leader=factories.leader("县领导甲", post="副县长"))
    known_since(plan, 2024, 5, 10)
    office.refresh_from_db()
    new = factories.leader("县领导乙", post="副书记")
    team = duties.current_teams([plan])[plan.pk]
    duties.save_duties(
        by=office,
        plan=plan,
        plan_values={"leader": new},
        version=1,
        team_values={"head": "组长丙"},
        seen=team.pk,
    )

    def told(as_of=None):
        six = six_of(plan, as_of)
        return [six.ones[2].text, six.facts.team and six.facts.team.head]

    assert told() == ["县领导乙", "组长丙"]
    assert told(dt.date(2024, 5, 30)) == ["县领导甲", "组长甲"]
    assert facts.of_year(county, 2024, dt.date(2024, 5, 9)) == {}


def test_another_countys_plans_are_not_judged(county):
    plan = whole_plan()
    there = factories.county("140429", "武乡县")
    factories.plan(project__county=there)

    assert list(facts.of_year(county, 2024)) == [plan.pk]


def test_a_write_is_seen_at_once(county, office):
    plan = whole_plan()
    facts.of_year(county, 2024)
    plan.leader = None
    changes.update(changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary=""), [plan], ["leader"])
    county.refresh_from_db()

    assert facts.of_year(county, 2024)[plan.pk].gaps[0][1].what == "包联领导人选"


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize("as_of", [None, dt.date(2024, 5, 30)])
def test_a_year_is_read_in_the_same_queries_whatever_its_rows(county, django_assert_num_queries, count, as_of):
    for number in range(count):
        plan = whole_plan(f"项目{number}")
        known_since(plan, 2024, 5, 10)
        factories.problem(plan.project)

    with django_assert_num_queries(7):
        facts.of_year(county, 2024, as_of)
