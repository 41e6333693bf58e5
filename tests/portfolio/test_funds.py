"""资金: what of each source has arrived and was paid by a day, exact to the cent."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import funds
from portfolio.funds import FundState, FundSum
from portfolio.models.permits import FundFlow, FundSource
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)


@pytest.fixture
def project():
    factories.clock(2024, 5, 31, 10)
    return factories.plan(seq=1).project


def source(project, kind="bond", planned="100"):
    planned = None if planned is None else Decimal(planned)
    return FundSource.objects.create(county=project.county, project=project, kind=kind, planned=planned)


def flow(of_source, amount, kind="arrived", day=TODAY):
    FundFlow.objects.create(
        **{"county": of_source.county, "source": of_source, "kind": kind, "day": day, "amount": Decimal(amount)},
        noted_at=of_source.county.business_now(),
    )


@pytest.mark.parametrize(
    ("planned", "arrived", "state", "gap"),
    [
        ("100", None, FundState.NOTHING, 100),
        ("100", "99.99", FundState.PARTLY, Decimal("0.01")),
        ("100", "100", FundState.ARRIVED, 0),
        ("100", "100.01", FundState.ARRIVED, 0),
        (None, "5", FundState.UNPLANNED, None),
    ],
)
def test_source_has_arrived_with_the_last_cent(project, planned, arrived, state, gap):
    of_bond = source(project, planned=planned)
    if arrived:
        flow(of_bond, arrived)

    row = funds.of_project(project, TODAY)[0]

    assert (row.state, row.gap) == (state, gap)


@pytest.mark.parametrize(("paid", "is_beyond"), [("40", False), ("40.01", True)])
def test_payment_beyond_what_arrived_is_marked(project, paid, is_beyond):
    of_bond = source(project)
    flow(of_bond, "40")
    flow(of_bond, paid, "paid")

    assert funds.of_project(project, TODAY)[0].is_paid_beyond == is_beyond


def test_flow_counts_from_its_day_on(project):
    of_bond = source(project)
    flow(of_bond, "40", day=TODAY - DAY)
    flow(of_bond, "5", day=TODAY)
    FundFlow.objects.update(noted_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))

    arrived = [funds.of_project(project, TODAY - back * DAY)[0].arrived for back in (0, 1, 2)]

    assert arrived == [45, 40, 0]


def test_flow_that_was_noted_later_is_not_in_the_past(project):
    flow(source(project), "40", day=TODAY - 5 * DAY)

    assert funds.of_project(project, TODAY - DAY)[0].arrived == 0


def test_sums_are_exact_and_no_source_fills_anothers_gap(project):
    flow(source(project, "bond", "0.10"), "0.30")
    flow(source(project, "loan", "0.20"), "0.05")
    flow(source(project, "own", None), "1")

    total = FundSum.of(funds.of_county(project.county, 2024, TODAY))

    assert total == FundSum(3, Decimal("0.30"), Decimal("1.35"), Decimal("0.35"), Decimal("0"), Decimal("0.15"))


def test_sources_stand_in_the_order_of_their_list(project):
    for kind in ("own", "central", "bond"):
        source(project, kind)

    rows = funds.of_project(project, TODAY)

    assert [row.row.kind for row in rows] == [kind for kind, _ in funds.by_kind(rows)] == ["central", "bond", "own"]


def test_county_takes_three_queries(project):
    for seq in range(2, 30):
        flow(source(factories.plan(seq=seq).project), "5")

    with CaptureQueriesContext(connection) as queries:
        arrived = [row.arrived for row in funds.of_county(project.county, 2024, TODAY)]

    assert (len(arrived), len(queries)) == (28, 3)
