"""The map of reporting: what a unit's week comes to, who stands first, what is summed."""

import datetime as dt

import pytest

from portfolio.actions import dispatch as actions
from portfolio.rankings import Rankings
from portfolio.reporting_map import Count, ReportingMap, Square, State
from portfolio.weeks import Week
from portfolio.weeks_of_year import weeks_of_year
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.mark.parametrize(
    ("due", "in_time", "late", "is_open", "state", "words"),
    [
        (2, 2, 0, False, State.IN_TIME, "●2/2"),
        (2, 1, 1, False, State.LATE, "▲2/2"),
        (2, 1, 0, False, State.PARTLY, "◆1/2"),
        (2, 0, 1, False, State.PARTLY, "◆1/2"),
        (2, 0, 0, False, State.MISSING, "■0/2"),
        (0, 0, 0, False, State.NOTHING, "—"),
        (2, 1, 0, True, State.OPEN, "○1/2"),
        (2, 2, 0, True, State.IN_TIME, "●2/2"),
    ],
)
def test_a_square_says_what_became_of_the_week(due, in_time, late, is_open, state, words):
    square = Square(Week(2024, 21), Count(due, in_time, late), is_open)

    assert (square.state, square.words) == (state, words)


def test_every_state_has_its_own_shape_and_word():
    assert len({state.shape for state in State}) == len({state.label for state in State}) == len(State)


def lines(found):
    return {line.name: [square.words for square in line.squares] for line in found.lines}


def test_units_stand_by_weeks_and_who_misses_most_stands_first(county):
    good, late, bad = (factories.unit(name) for name in ("甲局", "乙局", "丙局"))
    for unit, states in ((good, {}), (late, {"is_late": True}), (bad, None)):
        plan = factories.plan_under_way(unit)
        factories.report(plan, 20)
        if states is not None:
            factories.report(plan, 21, **states)

    found = ReportingMap(county, 2024, MAY)

    assert [week.number for week in found.weeks] == [20, 21, 22]
    assert lines(found) == {
        "丙局": ["●1/1", "■0/1", "○0/1"],
        "乙局": ["●1/1", "▲1/1", "○0/1"],
        "甲局": ["●1/1", "●1/1", "○0/1"],
    }


def test_equal_units_stand_by_name(county):
    for name in ("乙局", "甲局"):
        factories.report(factories.plan_under_way(factories.unit(name)), 21)

    assert list(lines(ReportingMap(county, 2024, MAY))) == ["乙局", "甲局"]


def test_the_week_that_is_not_due_counts_in_no_sum(county):
    plan = factories.plan_under_way()
    factories.report(plan, 21, is_late=True)

    (line,) = ReportingMap(county, 2024, MAY).lines

    assert (line.total, line.total.rate.percent) == (Count(1, 0, 1), 0)


@pytest.mark.parametrize(("hour", "open_week"), [(10, Week(2024, 22)), (12, None)])
def test_the_open_week_closes_with_its_deadline(hour, open_week):
    county = factories.clock(2024, 5, 31, hour)
    factories.report(factories.plan_under_way(), 21)

    assert ReportingMap(county, 2024, MAY).open_week == open_week


def test_a_unit_without_duty_in_a_locked_week_has_nothing_due_there(county, office):
    first = factories.plan_under_way(factories.unit("甲局"))
    factories.report(first, 21)
    actions.lock_week(by=office, county=county, week=Week(2024, 21))
    factories.plan_under_way(factories.unit("乙局"))

    assert lines(ReportingMap(county, 2024, MAY))["乙局"] == ["—", "○0/1"]


def test_units_are_narrowed_by_words_and_by_gaps(county):
    for name, late in (("甲局", False), ("甲中心", True), ("乙局", True)):
        factories.report(factories.plan_under_way(factories.unit(name)), 21, is_late=late)

    def names(**asked):
        return list(lines(ReportingMap(county, 2024, MAY, **asked)))

    assert sorted(names(words="甲")) == ["甲中心", "甲局"]
    assert sorted(names(only_gaps=True)) == ["乙局", "甲中心"]
    assert names(words="甲", only_gaps=True) == ["甲中心"]
    assert names(words="丙") == []


@pytest.mark.parametrize(("latest", "numbers"), [(None, [19, 20, 21, 22]), (2, [21, 22]), (9, [19, 20, 21, 22])])
def test_only_the_last_weeks_are_shown_when_asked(county, latest, numbers):
    factories.report(factories.plan_under_way(), 19)

    assert [week.number for week in ReportingMap(county, 2024, MAY, latest).weeks] == numbers


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_a_year_without_reports_has_no_weeks(county, year):
    factories.plan_under_way(year=year)

    found = ReportingMap(county, year, MAY)

    assert (found.weeks, found.lines, found.total.total) == ([], [], Count())


def test_its_sums_are_those_of_the_week_list_and_of_the_rankings(county):
    unit = factories.unit()
    plans = [factories.plan_under_way(unit) for _ in range(3)]
    factories.report(plans[0], 20), factories.report(plans[1], 20, is_late=True), factories.report(plans[2], 21)

    found = ReportingMap(county, 2024, MAY)

    listed = {line.week: (line.due, line.reported, line.late) for line in weeks_of_year(county, 2024)}
    summed = {s.week: (s.count.due, s.count.reported, s.count.late) for s in found.total.squares}
    assert summed == listed
    (row,) = Rankings(county, 2024, MAY).rows
    assert found.lines[0].total.rate.percent == next(part.points for part in row.parts if part.key == "reporting")
