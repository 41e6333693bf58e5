"""The matrix of permits: what a cell says, when a permit lapses, and how cells are counted."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from portfolio import permit_kinds, permits
from portfolio.models.permits import Permit, PermitKind
from portfolio.permits import Alarm, PermitMatrix, Standing, Tally
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAYS = dt.timedelta(days=1)


@pytest.fixture
def kinds():
    """{code: PermitKind} of the county."""
    return {kind.code: kind for kind in PermitKind.objects.bulk_create(permit_kinds.default_rows(factories.county()))}


def permit(project, kind, state="granted", **fields):
    return Permit.objects.create(county=project.county, project=project, kind=kind, state=state, **fields)


def cell_of(project, kind, day=TODAY):
    return next(cell for cell in permits.of_project(project, day) if cell.kind == kind)


def test_default_kinds_begin_with_approval_and_end_with_acceptance(kinds):
    in_order = list(permit_kinds.in_use(factories.county()))

    assert [kind.short_name for kind in in_order][:3] == ["立项", "可研", "规划选址"]
    assert in_order[-1].short_name == "竣工验收"
    assert {kind.short_name: kind.valid_months for kind in in_order if kind.valid_months} == {
        "立项": 24,
        "可研": 24,
        "规划选址": 36,
        "环评": 60,
        "工程规划": 12,
        "施工许可": 3,
    }


def test_county_is_set_up_with_the_kinds_once():
    for _ in range(2):
        call_command("setup_county", stdout=StringIO())
        PermitKind.objects.filter(code="soil").update(name="水保方案")

    assert PermitKind.objects.count() == 14
    assert PermitKind.objects.filter(name="水保方案").count() == 1


def test_cell_without_a_row_is_unfilled_and_not_needed(kinds):
    cell = cell_of(factories.project(), kinds["land"])

    assert (cell.standing, cell.is_needed, cell.alarm) == (Standing.UNFILLED, False, None)


def test_building_permit_lapses_three_months_after_it_was_granted(kinds):
    project = factories.project(stage="planned")
    permit(project, kinds["building"], granted_on=dt.date(2024, 2, 29))
    kind = kinds["building"]

    assert cell_of(project, kind, dt.date(2024, 5, 29)).alarm == Alarm.LAPSING
    assert cell_of(project, kind, dt.date(2024, 5, 30)).alarm == Alarm.LAPSED
    assert cell_of(project, kind).alarm_words == "2024-02-29 办结，须在 2024-05-29 前开工，已过期 2 天"


def test_period_of_a_kind_ends_with_the_start_of_the_works(kinds):
    project = factories.project(stage="planned", started_on=TODAY, started_on_precision="d")
    permit(project, kinds["building"], granted_on=dt.date(2024, 1, 5))

    assert cell_of(project, kinds["building"], TODAY - DAYS).alarm == Alarm.LAPSED
    assert cell_of(project, kinds["building"], TODAY).alarm is None


def test_end_written_on_the_paper_holds_after_the_start_too(kinds):
    project = factories.project(stage="building")
    permit(project, kinds["siting"], granted_on=dt.date(2021, 7, 1), valid_until=TODAY)

    cell = cell_of(project, kinds["siting"])

    assert (cell.alarm, cell.alarm_words) == (Alarm.LAPSING, "有效期至 2024-05-31，今天到期")


@pytest.mark.parametrize(("days", "alarm"), [(60, Alarm.LAPSING), (61, None)])
def test_permit_warns_sixty_days_before_it_lapses(kinds, days, alarm):
    project = factories.project()
    permit(project, kinds["soil"], valid_until=TODAY + days * DAYS)

    assert cell_of(project, kinds["soil"]).alarm == alarm


@pytest.mark.parametrize(("until", "holds"), [(TODAY, True), (TODAY - DAYS, False)])
def test_permit_holds_through_the_last_day_that_it_is_good_for(kinds, until, holds):
    project = factories.project()
    permit(project, kinds["soil"], valid_until=until)

    cell = cell_of(project, kinds["soil"])

    assert (cell.holds, cell.is_settled) == (holds, holds)


@pytest.mark.parametrize(
    ("state", "settled"),
    [("granted", True), ("promised", True), ("not_needed", True), ("asked", False), ("not_asked", False)],
)
def test_permit_is_settled_by_being_granted_promised_or_not_needed(kinds, state, settled):
    project = factories.project()
    permit(project, kinds["soil"], state)

    cell = cell_of(project, kinds["soil"])

    assert (cell.holds, cell.is_settled) == (state == "granted", settled)


@pytest.mark.parametrize(("due_on", "alarm"), [(TODAY, None), (TODAY - DAYS, Alarm.OVERDUE)])
def test_permit_is_overdue_the_day_after_it_was_due(kinds, due_on, alarm):
    project = factories.project()
    permit(project, kinds["land"], "asked", due_on=due_on)

    assert cell_of(project, kinds["land"]).alarm == alarm


def test_permit_that_is_not_needed_is_never_overdue(kinds):
    project = factories.project()
    permit(project, kinds["land"], "not_needed", due_on=TODAY - DAYS)

    assert cell_of(project, kinds["land"]).alarm is None


def test_tally_adds_up(kinds):
    plan = factories.plan(project__stage="planned")
    granted_long_ago = {"granted_on": dt.date(2020, 1, 1)}
    permit(plan.project, kinds["approval"], **granted_long_ago)
    permit(plan.project, kinds["land"])
    permit(plan.project, kinds["energy"], "promised")
    permit(plan.project, kinds["soil"], "asked", due_on=TODAY - DAYS)
    permit(plan.project, kinds["building"], "not_asked")
    permit(plan.project, kinds["air-defence"], "not_needed")

    tally = PermitMatrix(plan.county, 2024, TODAY).tally

    assert tally == Tally(
        total=14, unfilled=8, not_asked=1, asked=1, promised=1, done=1, not_needed=1, lapsed=1, lapsing=0, overdue=1
    )
    assert (tally.needed, tally.filled) == (5, 6)


def test_matrix_counts_each_kind_and_names_what_is_urgent_first(kinds):
    lapsing, lapsed = (factories.plan(seq=seq, project__stage="planned") for seq in (1, 2))
    permit(lapsing.project, kinds["soil"], valid_until=TODAY + DAYS)
    permit(lapsed.project, kinds["soil"], valid_until=TODAY - DAYS)

    matrix = PermitMatrix(lapsed.county, 2024, TODAY)

    assert [cell.project for cell in matrix.alarms] == [lapsed.project, lapsing.project]
    assert ([cell.project for cell in matrix.lapsed], [cell.project for cell in matrix.lapsing]) == (
        [lapsed.project],
        [lapsing.project],
    )
    assert [(tally.done, tally.unfilled) for kind, tally in matrix.by_kind if kind.code in {"soil", "land"}] == [
        (0, 2),
        (1, 0),
    ]


def test_matrix_leaves_out_kinds_that_are_not_in_use_and_projects_out_of_the_plan(kinds):
    factories.plan(seq=1)
    factories.plan(seq=2, state="removed", state_reason="不再实施")
    PermitKind.objects.exclude(code="approval").update(is_active=False)

    matrix = PermitMatrix(factories.county(), 2024, TODAY)

    assert [len(row.cells) for row in matrix.rows] == [1]


@pytest.mark.parametrize("plans", [1, 5])
def test_matrix_takes_three_queries(kinds, plans, django_assert_num_queries):
    for seq in range(plans):
        permit(factories.plan(seq=seq, project__unit=factories.unit()).project, kinds["land"])

    matrix = PermitMatrix(factories.county(), 2024, TODAY)

    with django_assert_num_queries(3):
        told = [f"{row.project.unit} {row.cells[0].kind} {row.tally.done}" for row in matrix.rows]

    assert len(told) == plans
