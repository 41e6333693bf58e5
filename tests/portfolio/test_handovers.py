"""What came to a leader and what left, from whom and when; what was taken back never happened."""

import datetime as dt

import pytest
from django.utils import timezone

from portfolio.actions import changes
from portfolio.handovers import read_handovers
from portfolio.models import ChangeSet
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)


def listed(leader, day):
    """A plan that came into the table on `day`."""
    plan = factories.plan_under_way(leader=leader)
    plan.history.update(history_date=timezone.make_aware(dt.datetime.combine(day, dt.time(9))))
    return plan


def hand_over(plan, leader, by, *moment):
    factories.clock(*moment)
    plan.county.refresh_from_db()
    plan.leader = leader
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=plan.county, by=by, summary="调整包联领导")
    changes.update(change_set, [plan], ["leader"])
    return change_set


def told(leader, year=2024, day=MAY):
    return [(item.project, item.is_taken, item.other) for item in read_handovers(leader, year, day)]


def test_both_sides_are_told_and_from_whom(office):
    first, second = factories.leader("甲"), factories.leader("乙")
    plan = listed(first, dt.date(2024, 3, 1))
    hand_over(plan, second, office, 2024, 4, 2, 9)

    assert told(first) == [(plan.project, False, "乙")]
    assert told(second) == [(plan.project, True, "甲")]


def test_the_latest_comes_first_and_nobody_is_nobody(office):
    leader = factories.leader("甲")
    plan = listed(None, dt.date(2024, 3, 1))
    hand_over(plan, leader, office, 2024, 4, 2, 9)
    hand_over(plan, None, office, 2024, 5, 2, 9)

    assert told(leader) == [(plan.project, False, ""), (plan.project, True, "")]


def test_a_leader_from_the_first_day_took_nothing_over():
    leader = factories.leader()
    listed(leader, dt.date(2024, 3, 1))

    assert told(leader) == []


def test_a_handover_after_the_day_is_not_told_yet(office):
    leader = factories.leader()
    plan = listed(None, dt.date(2024, 3, 1))
    hand_over(plan, leader, office, 2024, 4, 2, 9)

    assert [len(told(leader, day=dt.date(2024, 4, day))) for day in (1, 2)] == [0, 1]


def test_another_year_has_its_own(office):
    leader = factories.leader()
    hand_over(listed(None, dt.date(2024, 3, 1)), leader, office, 2024, 4, 2, 9)

    assert told(leader, year=2023) == []


def test_what_was_taken_back_is_not_told(office):
    leader = factories.leader()
    plan = listed(None, dt.date(2024, 3, 1))
    changes.undo(hand_over(plan, leader, office, 2024, 4, 2, 9), by=office)

    assert told(leader) == []
