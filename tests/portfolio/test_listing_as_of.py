"""The plan table of a past day goes through the same filters, facets, sort keys and sums as the table of today."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict

from accounts.models import County
from portfolio import facets
from portfolio.actions import changes
from portfolio.listing import GROUPINGS, PlanListing
from portfolio.models import AnnualPlan, ChangeSet, Project
from portfolio.models.register import Category, Level, Nature, Registration, Stage
from portfolio.partial_dates import Precision
from portfolio.plan_fields import COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db
THEN, LATER, TODAY = (2024, 3, 1), (2024, 3, 2), (2024, 5, 31)
ALL_COLUMNS = ",".join(column.key for column in COLUMNS)


def write(office, day):
    county = factories.clock(*day, 10)
    return changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary="改")


@pytest.fixture
def plans(office):
    """Rows that differ in every facet and most columns, one with a sub-item, one out of the plan, written on THEN."""
    county = office.county
    mine = write(office, THEN)
    plans = [_add(mine, county, place) for place in range(8)]
    plans[5].part_of = plans[4]
    plans[6].state, plans[6].state_reason = "removed", "用地未落实"
    changes.update(mine, plans[5:7], ["part_of", "state", "state_reason"])
    factories.clock(*TODAY, 10)
    return plans


def _add(mine, county, place):
    if place == 7:  # nothing is filled in
        (project,) = changes.create(mine, [Project(county=county, name="空白项目")])
        return changes.create(mine, [AnnualPlan(county=county, project=project, year=2024)])[0]
    town = factories.town(f"乡镇{place % 3}", f"14043110{place % 3}")
    project = Project(
        county=county,
        name=f"{'丙乙甲丁戊己庚'[place]}项目",
        code=f"2405-140431-04-01-10000{place}",
        category=Category.values[place % 2],
        stage=Stage.values[place % 4],
        level=Level.values[place % 3],
        nature=Nature.values[place % 5],
        registration=Registration.values[place % 2],
        sector=["煤焦", "文旅"][place % 2],
        industry=["D4416", "B0610"][place % 2],
        town=town,
        unit=factories.unit(),
        address=f"地址{place}",
        total_investment=Decimal("100.10") * (9 - place),
        planned_start=dt.date(2020 + place, 3, 1),
        planned_start_precision=Precision.MONTH,
    )
    (project,) = changes.create(mine, [project])
    plan = AnnualPlan(
        county=county,
        project=project,
        year=2024,
        seq=20 - place,
        leader=factories.leader(rank=9 - place),
        planned_investment=Decimal("10.05") * place,
        invested_before=Decimal(place),
        progress="正在施工",
        works_percent=Decimal(place * 10),
        remark=f"备注{place}",
    )
    return changes.create(mine, [plan])[0]


def look(county, query):
    return PlanListing(County.objects.get(pk=county.pk), QueryDict(query))


def told(county, query):
    """All that a listing says: rows with their sub-items and cells, groups, sums, facets with counts, pages."""
    listing = look(county, query)
    groups = [(group.title, group.sums, group.rows) for group in listing.groups()]
    told_facets = [(facet.key, options) for facet, options, _ in listing.facets]
    return groups, listing.sums, listing.year_count, listing.years, told_facets, listing.pages


def told_then(county, query):
    """What the table said when THEN was today: lights and days since a report are those of the day."""
    factories.clock(*THEN, 11)
    then = told(county, query)
    factories.clock(*TODAY, 10)
    return then


def change_everything_later(office, plans):
    mine = write(office, LATER)
    for plan in plans:
        plan.project.name, plan.project.total_investment, plan.project.category = "改名", Decimal("1"), ""
        plan.planned_investment, plan.seq, plan.state, plan.state_reason = Decimal("1"), 1, "ended", "不再实施"
    changes.update(mine, [plan.project for plan in plans], ["name", "total_investment", "category"])
    changes.update(mine, plans, ["planned_investment", "seq", "state", "state_reason"])
    _add(mine, office.county, 7)
    factories.clock(*TODAY, 10)


QUERIES = [
    "",
    *(f"sort={sign}{column.key}&group=none" for column in COLUMNS for sign in ("", "-")),
    *(f"group={key}" for key in GROUPINGS),
    "q=甲",
    "q=jxm",
    "q=jiaxiangmu",
    "q=地址3",
    "q=己",
    "total_min=400&plan_max=30",
    "per_page=50&page=2",
    "state=removed",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_table_of_the_last_change_equals_the_table_now_and_stays_so(office, plans, query):
    query = f"year=2024&cols={ALL_COLUMNS}&{query}"
    now = told_then(office.county, query)

    assert told(office.county, f"{query}&as_of=2024-03-01") == now

    change_everything_later(office, plans)
    assert told(office.county, f"{query}&as_of=2024-03-01") == now


@pytest.mark.parametrize("key", facets.BY_KEY)
def test_each_value_of_a_facet_finds_the_same_rows(office, plans, key):
    county = office.county
    facet = next(found for found in look(county, "year=2024&as_of=2024-03-01").facets if found[0].key == key)
    queries = [f"year=2024&{key}={option.token}" for option in facet[1]]
    now = [told_then(county, query) for query in queries]
    assert queries

    change_everything_later(office, plans)

    assert [told(county, f"{query}&as_of=2024-03-01") for query in queries] == now


def test_the_day_of_a_change_has_it_and_the_day_before_has_not(office, plans):
    change_everything_later(office, plans)

    assert look(office.county, "year=2024&as_of=2024-03-01").sums.count == 6
    assert look(office.county, "year=2024&as_of=2024-03-02").sums.count == 1
    assert look(office.county, "year=2024").sums.count == 1


def test_before_the_first_plan_the_table_is_empty(office, plans):
    listing = look(office.county, "year=2024&as_of=2024-02-29")

    assert (listing.entries, listing.years, listing.year_count) == ([], [2024], 0)


@pytest.mark.parametrize("asked", ["", "2024-05-31", "2024-W22", "2030-01-01", "2024-02-31", "x", "9999-W52"])
def test_a_day_that_is_no_past_day_is_today(office, plans, asked):
    listing = look(office.county, f"year=2024&as_of={asked}")

    assert (listing.as_of, listing.sums.count) == (None, 6)


def test_the_year_of_a_past_day_is_its_own(office, plans):
    mine = write(office, (2025, 1, 10))
    changes.create(mine, [AnnualPlan(county=office.county, project=plans[0].project, year=2025)])

    assert look(office.county, "").year == 2025
    assert look(office.county, "as_of=2024-12-31").year == 2024


def test_a_past_day_is_compared_with_an_earlier_one(office, plans):
    change_everything_later(office, plans)
    last = write(office, (2024, 4, 1))
    plans[7].project.name = "再改名"
    changes.update(last, [plans[7].project], ["name"])
    factories.clock(*TODAY, 10)

    comparison = look(office.county, "year=2024&as_of=2024-03-02&since=2024-03-01&cols=name").comparison

    assert comparison.changed[plans[7].pk] == {"name": "空白项目"}
    assert (len(comparison.added), len(comparison.removed)) == (1, 6)


def test_the_day_is_no_part_of_the_filter_and_survives_clearing_it(county):
    listing = look(county, "q=甲&as_of=2024-03-01")

    assert listing.filter_query == "q=%E7%94%B2"
    assert listing.cleared_query == "as_of=2024-03-01"


@pytest.mark.parametrize("rows", [1, 5])
def test_a_past_day_takes_the_queries_of_today(office, plans, rows, django_assert_num_queries):
    county = County.objects.get()
    query = "&".join(["year=2024&as_of=2024-03-01", *(f"unit={plan.project.unit_id}" for plan in plans[:rows])])

    with django_assert_num_queries(3):
        listing = PlanListing(county, QueryDict(query))
        listing.groups()

    assert listing.sums.count == rows
