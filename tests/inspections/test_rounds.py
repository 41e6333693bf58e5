"""How the stops of an inspection rank: averages, dropped extremes, ties, and what is still to be scored."""

from decimal import Decimal

import pytest

from inspections import rounds
from inspections.models import Criterion
from inspections.rounds import DEFAULT_CRITERIA, Line
from tests import factories
from tests.inspections import round_factories as made

pytestmark = pytest.mark.django_db


def scored(row, *points, judges):
    """A stop with (进度, 质量) of each judge; None: not scored."""
    stop = made.stop(row)
    for judge, given in zip(judges, points, strict=True):
        if given:
            made.sheet(judge, stop, *given)
    return stop


def judges_of(row, number):
    return [made.judge(row) for _ in range(number)]


def test_the_default_sheet_brings_a_hundred():
    assert sum(line.weight for line in DEFAULT_CRITERIA) == 100


def test_totals_are_averaged_to_two_places_half_up():
    row = made.round_()
    judges = judges_of(row, 2)
    scored(row, ("30.5", "20"), ("30.5", "20.1"), judges=judges)

    (found,) = rounds.results(row).rows

    assert [mark.total for mark in found.marks] == [Decimal("50.5"), Decimal("50.6")]
    assert found.score == Decimal("50.55")
    assert [(str(criterion), points) for criterion, points in found.by_criterion] == [
        ("进度（60 分）", Decimal("30.50")),
        ("质量（40 分）", Decimal("20.05")),
    ]


@pytest.mark.parametrize(
    ("values", "expected"), [(["1", "1", "2"], "1.33"), (["1.01", "1.00"], "1.01"), (["1.00", "1.00", "1.01"], "1.00")]
)
def test_an_average_is_rounded_half_up(values, expected):
    assert rounds.average(map(Decimal, values)) == Decimal(expected)


def test_an_average_of_nothing_is_nothing():
    assert rounds.average([]) is None


def test_five_judges_drop_one_highest_and_one_lowest():
    row = made.round_()
    judges = judges_of(row, 5)
    scored(row, ("60", "40"), ("40", "30"), ("40", "30"), ("43", "30"), ("1", "1"), judges=judges)

    result = rounds.results(row)

    (found,) = result.rows
    assert (found.score, result.drops) == (Decimal("71.00"), True)
    assert [mark.judge for mark in found.dropped] == [judges[0], judges[4]]
    assert [points for _, points in found.by_criterion] == [Decimal("41.00"), Decimal("30.00")]


def test_of_several_highest_only_one_is_dropped():
    row = made.round_()
    scored(row, *[("50", "40")] * 2, *[("40", "40")] * 3, judges=judges_of(row, 5))

    (found,) = rounds.results(row).rows

    assert (found.score, len(found.counted)) == (Decimal("83.33"), 3)


@pytest.mark.parametrize("setting", [{"drops_extremes": False}, {"drops_extremes": True}])
def test_four_judges_all_count_whatever_is_set(setting):
    row = made.round_(**setting)
    scored(row, ("60", "40"), ("40", "30"), ("40", "30"), ("1", "1"), judges=judges_of(row, 4))

    (found,) = rounds.results(row).rows

    assert (found.score, found.dropped) == (Decimal("60.50"), [])


def test_five_judges_all_count_when_nothing_is_to_be_dropped():
    row = made.round_(drops_extremes=False)
    scored(row, ("60", "40"), *[("40", "30")] * 3, ("1", "1"), judges=judges_of(row, 5))

    assert rounds.results(row).rows[0].score == Decimal("62.40")


def test_of_five_judges_four_sheets_all_count():
    row = made.round_()
    scored(row, ("60", "40"), *[("40", "30")] * 2, ("1", "1"), None, judges=judges_of(row, 5))

    (found,) = rounds.results(row).rows

    assert (found.dropped, found.score) == ([], Decimal("60.50"))


def test_equal_scores_share_a_place_and_the_next_leaves_room():
    row = made.round_()
    judges = judges_of(row, 1)
    low = scored(row, ("10", "10"), judges=judges)
    first = scored(row, ("30", "20"), judges=judges)
    second = scored(row, ("20", "30"), judges=judges)

    ranked = rounds.results(row).ranked

    assert [(each.stop, each.place, each.is_tied) for each in ranked] == [
        (first, 1, True),
        (second, 1, True),
        (low, 3, False),
    ]


def test_who_has_not_scored_what_is_named():
    row = made.round_()
    first, second = judges_of(row, 2)
    none = scored(row, None, None, judges=[first, second])
    half = scored(row, ("1", "1"), None, judges=[first, second])
    scored(row, ("2", "1"), ("2", "1"), judges=[first, second])

    result = rounds.results(row)

    assert result.unscored == [none]
    assert result.waiting == [(first, [none]), (second, [none, half])]
    assert (result.is_complete, result.rows[-1].stop, result.rows[-1].place) == (False, none, None)
    assert result.average == Decimal("2.50")


def test_a_round_without_stops_is_not_complete():
    result = rounds.results(made.round_())

    assert (result.rows, result.is_complete, result.average) == ([], False, None)


def test_results_ask_no_more_for_more_stops(django_assert_num_queries):
    row = made.round_()
    judges = judges_of(row, 3)
    for _ in range(5):
        scored(row, ("1", "1"), ("1", "1"), None, judges=judges)

    with django_assert_num_queries(4):
        found = rounds.results(row)
        names = [(each.stop.plan.project.name, [str(judge) for judge in each.missing]) for each in found.rows]

    assert len(names) == 5


def test_a_new_round_is_scored_as_the_last_one_was(county):
    assert rounds.lines_for_next(county) == DEFAULT_CRITERIA

    made.round_(quarter=1, criteria=(Line("旧", 100),))
    last = made.round_()

    assert rounds.lines_for_next(county) == rounds.lines_of(last.criteria.all())
    assert (rounds.is_default(last.criteria.all()), rounds.is_default(made.default_round().criteria.all())) == (
        False,
        True,
    )


def test_scores_are_the_offices_until_the_round_is_closed(office):
    inspector = factories.user("inspector")
    row, closed = made.round_(), made.round_("closed")

    seen = [rounds.sees_all_scores(user, each) for each in (row, closed) for user in (office, inspector)]

    assert seen == [True, False, True, True]


def test_only_judges_of_the_open_round_have_a_seat():
    row, planned, closed = made.round_(), made.round_("planned"), made.round_("closed")
    inspector, other = factories.user("inspector"), factories.user("inspector")
    seats = [made.judge(each, inspector) for each in (row, planned, closed)]

    found = [rounds.judge_of(inspector, each) for each in (row, planned, closed)]

    assert found == [seats[0], None, None]
    assert rounds.judge_of(other, row) is None


def test_an_account_that_lost_the_right_has_no_seat():
    row = made.round_()
    reporter = factories.user("reporter")
    made.judge(row, reporter)

    assert rounds.judge_of(reporter, row) is None


def test_the_next_stop_is_the_next_on_the_road_then_what_was_left_out():
    row = made.round_()
    judge = made.judge(row)
    first, second, third = [made.stop(row) for _ in range(3)]

    assert rounds.next_to_score(judge) == first
    assert rounds.next_to_score(judge, after=first) == second
    assert rounds.next_to_score(judge, after=third) == first
    for stop in (first, second, third):
        made.sheet(judge, stop, "1", "1")
    assert rounds.next_to_score(judge) is None


def test_what_a_round_lacks_before_it_opens():
    row = made.round_("planned", criteria=(Line("进度", 60),))

    assert rounds.why_not_opened(row) == [
        "还没有观摩点，请先安排路线。",
        "还没有评委，请先选定评委。",
        "各评分项满分合计 60 分，应为 100 分，请先修改评分标准。",
    ]

    ready = made.round_("planned")
    made.stop(ready)
    made.judge(ready)
    assert rounds.why_not_opened(ready) == []


@pytest.mark.parametrize(
    ("weight", "offered"), [(25, [25, 23, 20, 18, 15]), (60, [60, 54, 48, 42, 36]), (2, [2, 1]), (1, [1])]
)
def test_a_line_offers_its_full_points_and_some_less_each_once(weight, offered):
    assert Criterion(weight=weight).quick_points == offered
