"""Judges and the office write at the same moment: who comes second waits, and finds what the first one left."""

from decimal import Decimal

import pytest
from django.db import connection

from inspections import rounds
from inspections.actions import rounds as round_actions
from inspections.actions import scoring
from inspections.actions.rounds import Refused
from tests import factories
from tests.inspections import round_factories as made
from tests.portfolio.test_writing_at_once import meanwhile, move_version

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def scene():
    """An open round of one stop with two judges, the first of whom has given 80."""
    factories.clock(2024, 5, 30, 10)
    row = made.round_("open")
    seats = [made.judge(row), made.judge(row)]
    stop = made.stop(row)
    made.sheet(seats[0], stop, "50", "30")
    return stop, *(seat.user for seat in seats)


def score(by, stop, value, version=0):
    points = {criterion.pk: Decimal(value) for criterion in stop.round.criteria.all()}
    return scoring.score(by=by, stop=stop, version=version, points=points)


def test_two_judges_score_a_stop_at_once(scene):
    stop, first, second = scene

    raised = meanwhile(lambda: score(first, stop, 10, version=1), lambda: score(second, stop, 20))

    assert raised is None
    assert rounds.results(stop.round).rows[0].score == Decimal(30)


def test_a_score_that_waits_for_the_closing_comes_too_late(scene):
    stop, _, second = scene
    office = factories.user("office")

    def close():
        move_version()
        round_actions.close(by=office, round_=stop.round, version=1, accepts_missing=True)

    raised = meanwhile(close, lambda: score(second, stop, 20))

    assert isinstance(raised, Refused)
    assert stop.sheets.count() == 1
