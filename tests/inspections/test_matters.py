"""How matters stand on a day, what a meeting opens with, and tallies."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections import matters
from inspections.matters import Clock
from inspections.models import Matter
from tests import factories
from tests.inspections import matter_factories as made
from tests.inspections import round_factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)


@pytest.mark.parametrize(
    ("state", "days_left", "words", "shape"),
    [
        ("open", 3, "还剩 3 天", "●"),
        ("open", 2, "还剩 2 天", "▲"),
        ("open", 0, "今天到期", "▲"),
        ("open", -1, "逾期 1 天", "■"),
        ("closing", 5, "待核验，还剩 5 天", "●"),
        ("closing", -2, "待核验，逾期 2 天", "■"),
        ("done", 0, "按时办结", "○"),
        ("done", -1, "逾期 1 天办结", "○"),
        ("dropped", -9, "不再办理", "○"),
    ],
)
def test_a_clock_says_how_a_matter_stands(state, days_left, words, shape):
    clock = Clock(state, TODAY, days_left)

    assert (clock.words, clock.shape) == (words, shape)


def test_due_today_is_not_overdue_and_the_day_after_is():
    matter = made.matter(deadline=TODAY)

    assert list(Matter.objects.overdue(TODAY)) == []
    assert list(Matter.objects.overdue(TODAY + dt.timedelta(days=1))) == [matter]


def test_only_what_is_handed_out_counts():
    made.matter(made.meeting("open"), deadline=dt.date(2024, 5, 10))
    on_the_spot = made.matter(stop=round_factories.stop(round_factories.round_()))

    assert list(Matter.objects.open()) == [on_the_spot]


def test_the_urgent_come_first_and_the_settled_last():
    unit = factories.unit()
    settled = made.matter(unit=unit, state="done")
    late = made.matter(unit=unit, deadline=dt.date(2024, 5, 1), decided_on=dt.date(2024, 4, 1))
    later = made.matter(unit=unit, deadline=dt.date(2024, 6, 1))

    rows = sorted(matters.rows_of(Matter.objects.all(), TODAY), key=matters.urgency)

    assert [row.matter for row in rows] == [late, later, settled]


def test_a_reporter_has_the_own_units_open_matters():
    unit = factories.unit()
    own = made.matter(unit=unit)
    made.matter(unit=unit, state="done")
    made.matter()

    assert [row.matter for row in matters.of_unit(factories.user("reporter", unit=unit), TODAY)] == [own]
    assert matters.of_unit(factories.user("office"), TODAY) == []


def test_the_latest_answer_is_told_with_masked_phones():
    matter = made.matter()
    made.event(matter, "answered", "正在谈。")
    made.event(matter, "answered", "已谈妥，联系 13812345678。")
    made.event(matter, "extended", "雨季")

    row = matters.rows_of([matter], TODAY)[0]

    assert row.latest_words == "已谈妥，联系 138****5678。"


# What a meeting opens with


def test_a_meeting_opens_with_the_last_ones_matters_and_what_is_open_of_older_ones():
    march = made.meeting(held_on=dt.date(2024, 3, 10))
    april = made.meeting(held_on=dt.date(2024, 4, 10))
    made.matter(march, state="done")
    old = made.matter(march)
    done, open_ = made.matter(april, state="done", seq=1), made.matter(april, seq=2)
    made.matter(made.meeting(held_on=dt.date(2024, 6, 10)))
    may = made.meeting("open", dt.date(2024, 5, 10))
    made.matter(may)

    assert matters.meeting_before(may) == april
    assert [row.matter for row in matters.carried_over(may, TODAY)] == [done, open_, old]


def test_the_first_meeting_opens_with_nothing():
    assert matters.opening(made.meeting("open"), TODAY) == []


def test_an_opening_is_told_in_words():
    april = made.meeting(held_on=dt.date(2024, 4, 10), title="四月会议")
    unit = factories.unit("水利局")
    late = made.matter(april, unit, text="完成征地", seq=1)
    made.event(late, "answered", "还差 3 户")
    made.matter(april, unit, state="done", seq=2)

    opening = matters.opening(made.meeting("open"), TODAY)

    assert opening[0] == matters.Opening(
        pk=late.pk,
        origin="四月会议",
        text="完成征地",
        unit="水利局",
        deadline="2024-04-17",
        group="overdue",
        standing="逾期 33 天",
        shape="■",
        said="还差 3 户",
    )
    assert matters.told(opening) == "共 2 项：已办结 1 项，正在办理 0 项，逾期未办结 1 项"


def test_issued_minutes_keep_their_opening():
    april = made.meeting(held_on=dt.date(2024, 4, 10))
    matter = made.matter(april)
    may = made.meeting("open")
    frozen = matters.opening(may, TODAY)
    may.state, may.opening = "closed", matters.frozen(frozen)
    Matter.objects.filter(pk=matter.pk).update(state="done", settled_on=TODAY)

    assert matters.opening(may, TODAY) == frozen


@pytest.mark.parametrize("count", [2, 6])
def test_an_opening_takes_as_many_queries_however_many_matters(count):
    april = made.meeting(held_on=dt.date(2024, 4, 10))
    for seq in range(count):
        made.event(made.matter(april, seq=seq))
    may = made.meeting("open")

    with CaptureQueriesContext(connection) as queries:
        assert len(matters.opening(may, TODAY)) == count

    assert len(queries) == 4


# Tallies


def test_tallies_are_by_unit_with_the_most_overdue_first():
    water, roads = factories.unit("水利局"), factories.unit("交通局")
    made.matter(unit=roads, deadline=TODAY)
    made.matter(unit=roads, state="dropped")
    made.matter(unit=water, deadline=dt.date(2024, 5, 19))
    made.matter(unit=water, state="done", settled_on=dt.date(2024, 5, 18))

    first, second = matters.tallies(matters.rows_of(Matter.objects.all(), TODAY))

    assert (first.name, first.total, first.done, first.late_done, first.open, first.overdue) == (
        "水利局",
        2,
        1,
        1,
        1,
        1,
    )
    assert (second.name, second.total, second.dropped, second.open, second.overdue) == ("交通局", 1, 1, 1, 0)
    assert (first.rate, second.rate, matters.tally([]).rate) == (50.0, 0.0, None)


def test_tallies_by_leader_name_who_has_none():
    leader = factories.leader("李县长")
    made.matter(leader=leader)
    made.matter()

    names = [group.name for group in matters.tallies(matters.rows_of(Matter.objects.all(), TODAY), "leader")]

    assert names == ["李县长", "未明确"]
