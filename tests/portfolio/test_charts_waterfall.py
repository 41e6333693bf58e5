"""The waterfall of the year's plan: every step of the reconciliation, to the cent, and where each leads."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from portfolio.actions import changes, register
from portfolio.adjustments import Adjustments
from portfolio.charts.waterfall import falls, waterfall_chart
from portfolio.models import AnnualPlan, ChangeSet, Project
from portfolio.models.register import PlanState
from tests import factories

pytestmark = pytest.mark.django_db

WATERFALL = "/progress/plan-changes/"
YEAR = "year=2024"


@pytest.fixture(autouse=True)
def _in_january(county):
    factories.clock(2024, 1, 15, 9)
    county.refresh_from_db()


def begun(by):
    return changes.begin(ChangeSet.Kind.EDIT, county=factories.county(), by=by, summary="修改")


def listed(by, planned, **fields):
    """A plan of a project of ten times as much."""
    change_set, planned = begun(by), Decimal(planned)
    (project,) = changes.create(
        change_set, [Project(county=factories.county(), name="项目", total_investment=planned * 10)]
    )
    plan = AnnualPlan(county=project.county, project=project, year=2024, planned_investment=planned, **fields)
    return changes.create(change_set, [plan])[0]


def planned(by, plan, amount):
    plan.planned_investment = Decimal(amount)
    changes.update(begun(by), [plan], ["planned_investment"])


def removed(by, plan, state=PlanState.REMOVED):
    register.set_plan_state(by=by, plan=plan, state=state, reason="用地", version=plan.row_version)


def a_year(by):
    """年初 3 个 60,600.06，调入 1,000.01，调出 600.06，调增 0.02，调减 10,000.00。"""
    up, down, out = listed(by, 30000), listed(by, 30000), listed(by, "600.06")
    factories.clock(2024, 5, 31, 10)
    listed(by, "1000.01", state=PlanState.ADDED, state_reason="资金到位")
    planned(by, up, "30000.02")
    planned(by, down, 20000)
    removed(by, out)


def found(day=None):
    county = factories.county()
    return Adjustments(county, 2024, day or county.business_today())


def test_steps_add_up_to_the_plan_in_force_to_the_cent(office):
    a_year(office)

    steps = falls(found(), YEAR)

    assert [(step.label, step.amounts.count, step.amounts.planned, step.after) for step in steps] == [
        ("年初计划", 3, Decimal("60600.06"), Decimal("60600.06")),
        ("调入", 1, Decimal("1000.01"), Decimal("61600.07")),
        ("调出", -1, Decimal("-600.06"), Decimal("61000.01")),
        ("终止", 0, 0, Decimal("61000.01")),
        ("调增", 0, Decimal("0.02"), Decimal("61000.03")),
        ("调减", 0, Decimal("-10000.00"), Decimal("51000.03")),
        ("现计划", 3, Decimal("51000.03"), Decimal("51000.03")),
    ]
    assert steps[-1].before == found().current.planned == found().table.planned


def test_steps_add_up_to_projects_and_total_investment_too(office):
    a_year(office)

    *steps, last = falls(found(), YEAR)

    assert sum(step.amounts.count for step in steps) == last.amounts.count
    assert sum(step.amounts.total for step in steps) == last.amounts.total


def test_a_changed_total_alone_rises_or_falls_by_itself(office):
    plan = listed(office, 100)
    project = plan.project
    project.total_investment = Decimal(400)
    changes.update(begun(office), [project], ["total_investment"])

    steps = {step.label: step.amounts.total for step in falls(found(), YEAR)}

    assert (steps.get("调增"), steps["调减"]) == (None, -600)


def test_each_step_leads_to_its_rows_and_the_plan_to_its_table(office):
    a_year(office)

    urls = {step.label: step.url for step in falls(found(), YEAR)}

    assert urls == {
        "年初计划": "/projects/adjustments/?year=2024#opening",
        "调入": "/projects/adjustments/?year=2024#added",
        "调出": "/projects/adjustments/?year=2024#removed",
        "终止": "",
        "调增": "/projects/adjustments/?year=2024#adjusted",
        "调减": "/projects/adjustments/?year=2024#adjusted",
        "现计划": "/projects/?year=2024",
    }


def test_the_table_says_what_the_bars_do(office):
    a_year(office)

    table = waterfall_chart(found(), YEAR).table

    assert [[cell.text for cell in row] for row in (table.body[0], table.body[2], table.last_row)] == [
        ["年初计划", "3", "606,000.60", "60,600.06", "60,600.06"],
        ["调出", "−1", "−6,000.60", "−600.06", "61,000.01"],
        ["现计划", "3", "610,000.10", "51,000.03", "51,000.03"],
    ]


def test_bars_hang_from_the_level_before_them(office):
    a_year(office)

    data = waterfall_chart(found(), YEAR).data["data"]

    less = next(trace for trace in data if trace["name"] == "减少")
    assert less["x"] == [2, 5]
    assert less["base"] == pytest.approx([6.100001, 5.100003])
    assert less["y"] == pytest.approx([0.060006, 1])
    assert less["text"] == ["−0.06", "−1.00"]


@pytest.mark.parametrize(("after", "start"), [("75000", 0), ("75000.01", 5)])
def test_the_axis_begins_at_nothing_unless_all_movement_is_small(office, after, start):
    plan = listed(office, 100000)
    planned(office, plan, after)

    chart = waterfall_chart(found(), YEAR)

    assert chart.data["layout"]["yaxis"]["range"][0] == start
    assert ("纵轴从" in chart.caption) == (start > 0)


def test_the_caption_says_from_what_to_what(office):
    a_year(office)

    caption = waterfall_chart(found(), YEAR).caption

    assert caption.startswith("年初计划 3 个、60,600.06 万元，现计划 3 个、51,000.03 万元，减少 9,600.03 万元。")


# The page


def test_the_page_checks_itself_against_the_plan_table(office, office_client):
    a_year(office)

    page = office_client.get(WATERFALL).content.decode()

    assert "年度计划投资 51,000.03 万元，一致。" in page


def test_a_past_day_shows_the_plan_of_then(office, office_client):
    a_year(office)

    page = office_client.get(f"{WATERFALL}?as_of=2024-03-01")

    assert page.context["adjustments"].current.planned == Decimal("60600.06")
    assert 'href="/projects/adjustments/?year=2024&amp;as_of=2024-03-01#opening"' in page.content.decode()


def test_a_year_without_a_plan_says_so(office_client):
    page = office_client.get(WATERFALL)

    assert page.context["chart"] is None
    assert "2024年还没有计划。" in page.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_whoever_reads_the_plan_reads_it(client, role):
    client.force_login(factories.user(role))

    assert client.get(WATERFALL).status_code == client.get("/projects/adjustments/").status_code


def test_the_page_asks_no_more_for_more_plans(office, office_client):
    def queries():
        office_client.get(WATERFALL)  # what a write makes anew is read once
        with CaptureQueriesContext(connection) as asked:
            office_client.get(WATERFALL)
        return len(asked)

    listed(office, 100)
    few = queries()
    for number in range(12):
        listed(office, number + 1)

    assert queries() == few
