"""The matrix' own filters beside the plan table's: what they find, what they count, where their numbers lead."""

import datetime as dt

import pytest
from django.http import QueryDict

from portfolio.models import AnnualPlan
from portfolio.six_ones.rules import Key
from portfolio.six_ones_listing import SixOnesListing
from tests import factories
from tests.portfolio.six_ones.whole import MOMENT, whole_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.clock(*MOMENT)


@pytest.fixture
def plans(county):
    """One whole plan and one without leader and report, of two units; one in reserve that lacks its words."""
    water, roads = factories.unit("水利局"), factories.unit("交通局")
    whole = whole_plan("河道治理", water, seq=1)
    lacking = whole_plan("县道改建", roads, seq=2, reported_week=None)
    lacking.leader = None
    lacking.save()
    reserve = whole_plan("水库扩容", water, seq=3, annual_target="", leader=whole.leader)
    reserve.project.stage = "reserve"
    reserve.project.save()
    return whole, lacking, reserve


def listing(county, query=""):
    return SixOnesListing(county, QueryDict(query))


def names(county, query):
    found = listing(county, query)
    return [row.name for row in found.rows()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["河道治理", "县道改建", "水库扩容"]),
        ("missing=leader", ["县道改建"]),
        ("missing=leader&missing=target", ["县道改建", "水库扩容"]),
        ("whole=yes", ["河道治理"]),
        ("whole=no", ["县道改建", "水库扩容"]),
        ("whole=no&q=sk", ["水库扩容"]),
        ("stands=follow", ["河道治理"]),
        ("needs=follow", ["河道治理", "县道改建"]),
        ("by=office", ["县道改建", "水库扩容"]),
        ("missing=nonsense", []),
    ],
)
def test_own_filters_narrow_the_rows(county, plans, query, found):
    assert names(county, query) == found


@pytest.fixture
def judged(county, plans):
    """红灯 and reported last week; 未报送; 无开工时间."""
    reported = AnnualPlan.objects.filter(pk=plans[0].pk)
    reported.update(ytd_investment=12, reported_week=21, reported_on=dt.date(2024, 5, 24))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("light=red", ["河道治理"]),
        ("light=not_reported", ["县道改建"]),
        ("light=red&light=no_date&whole=no", ["水库扩容"]),
        ("reported=last_week", ["河道治理"]),
        ("reported=never", ["县道改建", "水库扩容"]),
        ("reported=never&missing=leader", ["县道改建"]),
        ("week=missing", ["河道治理", "县道改建"]),
        ("week=missing&whole=no", ["县道改建"]),
        ("week=reported", ["水库扩容"]),
        ("sort=light&group=none", ["河道治理", "县道改建", "水库扩容"]),
        ("sort=-light&group=none", ["水库扩容", "县道改建", "河道治理"]),
        ("sort=reported&group=none&light=not_reported&light=red", ["河道治理", "县道改建"]),
    ],
)
def test_the_plan_tables_lights_and_reports_filter_and_sort_the_matrix(county, judged, query, found):
    assert names(county, query) == found


def test_a_report_is_missing_until_it_has_come(county, plans):
    reported, missing = names(county, "week=reported"), names(county, "week=missing")
    AnnualPlan.objects.update(reported_week=21)
    county.move_data_version()
    county.refresh_from_db()

    assert (reported, missing) == (["河道治理", "水库扩容"], ["县道改建"])
    assert [names(county, f"week={token}") for token in ("reported", "missing", "none")] == [
        [],
        ["河道治理", "县道改建"],
        ["水库扩容"],
    ]


def test_another_years_reports_are_not_asked_for(county):
    factories.plan_under_way(year=2023, reported_week=22)

    assert [len(names(county, f"year=2023&week={token}")) for token in ("missing", "reported", "none")] == [0, 0, 1]


def test_rows_of_a_unit_are_found_by_what_the_unit_must_supply(county, plans):
    assert names(county, f"by={plans[1].project.unit_id}") == ["县道改建"]


def test_the_tally_counts_what_stands_among_what_is_needed(county, plans):
    tally = listing(county).tally

    assert (tally.count, tally.whole) == (3, 1)
    assert [(tally.stands[key], tally.needs[key]) for key in Key] == [(3, 3), (2, 3), (2, 3), (3, 3), (2, 2), (1, 2)]


def test_facets_count_under_each_other(county, plans):
    counted = {
        facet.key: {option.token: option.count for option in options}
        for facet, options, _ in listing(county, "missing=leader").facets
    }

    assert counted["missing"] == {"target": 1, "leader": 1, "follow": 1}
    assert counted["whole"] == {"no": 1}
    assert counted["stage"] == {"building": 1}


def test_chips_take_each_own_filter_off(county, plans):
    chips = listing(county, "missing=leader&missing=target&whole=no").chips

    assert [(chip.label, chip.value, chip.without) for chip in chips] == [
        ("缺哪一项", "包联领导", "missing=target&whole=no"),
        ("缺哪一项", "年度目标", "missing=leader&whole=no"),
        ("齐全", "有缺项", "missing=leader&missing=target"),
    ]


def test_rows_sort_by_what_is_missing(county, plans):
    assert names(county, "sort=-gaps&group=none") == ["县道改建", "水库扩容", "河道治理"]


def test_what_is_missing_is_listed_by_who_must_supply_it(county, plans):
    suppliers = listing(county).suppliers

    told = [
        (supplier.name, six.facts.name, one.label, [gap.what for gap in gaps])
        for supplier in suppliers
        for six, ones in supplier.items
        for one, gaps in ones.items()
    ]
    assert told == [
        ("项目办", "县道改建", "包联领导", ["包联领导人选"]),
        ("项目办", "水库扩容", "年度目标", ["目标任务"]),
        ("交通局", "县道改建", "一抓到底", ["第21周或第22周的周调度"]),
    ]
    assert listing(county).gap_count == 3


def test_the_list_of_gaps_keeps_to_what_was_asked_for(county, plans):
    asked = listing(county, f"missing=follow&by={plans[1].project.unit_id}")

    assert [(supplier.name, supplier.count) for supplier in asked.suppliers] == [("交通局", 1)]


def test_accounts_of_leaders_count_their_rows_and_lead_to_them(county, plans):
    accounts = listing(county).accounts("leader")

    leader = accounts[0]
    assert [account.title for account in accounts] == [plans[0].leader.name, "未填"]
    assert [(cell.have, cell.due) for cell in leader.cells] == [(2, 2), (1, 2), (2, 2), (2, 2), (1, 1), (1, 1)]
    assert len(listing(county, leader.query).entries) == leader.tally.count
    for cell in leader.cells:
        assert len(listing(county, cell.have_query).entries) == cell.have
        assert len(listing(county, cell.due_query).entries) == cell.due
        assert len(listing(county, cell.missing_query).entries) == cell.lacking


def test_all_accounts_add_up_to_the_whole(county, plans):
    asked = listing(county)

    units = asked.accounts("unit")
    assert sum(account.tally.count for account in units) == asked.total_account.tally.count
    assert [sum(account.cells[place].have for account in units) for place in range(6)] == [
        cell.have for cell in asked.total_account.cells
    ]


def test_an_unknown_view_is_the_matrix(county, plans):
    assert listing(county, "view=nonsense").view == "matrix"
