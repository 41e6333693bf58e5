"""The year's plan reconciles to the cent, whatever has been done to it, and each movement has its day and reason."""

import datetime as dt
import io
import random
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.actions import changes, register
from portfolio.adjustments import Adjustments, Amounts, Line
from portfolio.as_of import reading
from portfolio.models import AnnualPlan, ChangeSet, Project
from portfolio.models.register import PlanState
from tests import factories

pytestmark = pytest.mark.django_db

YEAR_END = dt.date(2024, 12, 31)


class Desk:
    """The office at work, on the day its clock shows."""

    def __init__(self, office):
        self.office = office
        self.at(1, 15)

    def at(self, month, day):
        self.county = factories.clock(2024, month, day, 9)
        return self

    def begin(self, kind=ChangeSet.Kind.EDIT, summary="修改"):
        return changes.begin(kind, county=self.county, by=self.office, summary=summary)

    def list(self, name="项目", planned=100, total=1000, **fields):
        change_set = self.begin(ChangeSet.Kind.IMPORT, f"导入{name}")
        (project,) = changes.create(
            change_set, [Project(county=self.county, name=name, total_investment=total and Decimal(total))]
        )
        plan = AnnualPlan(
            county=self.county, project=project, year=2024, planned_investment=planned and Decimal(planned), **fields
        )
        return changes.create(change_set, [plan])[0]

    def change(self, row, summary="修改", **values):
        row.refresh_from_db()
        for name, value in values.items():
            setattr(row, name, value)
        change_set = self.begin(summary=summary)
        changes.update(change_set, [row], list(values))
        return change_set

    def state(self, plan, state, reason=""):
        plan.refresh_from_db()
        return register.set_plan_state(by=self.office, plan=plan, state=state, reason=reason, version=plan.row_version)


@pytest.fixture
def desk(office):
    return Desk(office)


def reconciled(desk, day=YEAR_END):
    """The lines that something moved on, as {line: (count, total, planned)}, once they agree with the plan table."""
    with reading(desk.county, None if day == YEAR_END else day):
        found = Adjustments(desk.county, 2024, day)
        assert found.current == found.table
    return {total.line: astuple(total.amounts) for total in found.totals if total.movements}


def astuple(amounts):
    return amounts.count, amounts.total, amounts.planned


def told(desk):
    """[(line, day, reason)] of all movements but the opening's."""
    found = Adjustments(desk.county, 2024, YEAR_END)
    return [
        (total.line, movement.on.isoformat(), reason)
        for total, rows in found.sections
        for movement, _, reason in rows
        if total.line is not Line.OPENING
    ]


def test_nothing_is_nothing(desk):
    found = Adjustments(desk.county, 2024, YEAR_END)

    assert [(total.line, total.amounts) for total in found.totals] == [
        (line, Amounts()) for line in (Line.OPENING, Line.ADDED, Line.REMOVED, Line.ENDED, Line.ADJUSTED)
    ]


def test_rows_first_listed_are_the_opening(desk):
    desk.list("甲", planned="100.01")
    desk.list("乙", planned=None, total=None)

    assert reconciled(desk) == {Line.OPENING: (2, 1000, Decimal("100.01"))}


def test_in_out_and_ended_stand_on_their_lines_with_day_and_reason(desk):
    kept, out, ended = desk.list("甲"), desk.list("乙", planned=30), desk.list("丙", planned=7)
    desk.at(3, 1).list("丁", planned=5, state=PlanState.ADDED, state_reason="资金到位")
    desk.at(4, 2).state(out, PlanState.REMOVED, "用地未落实")
    desk.at(5, 3).state(ended, PlanState.ENDED, "投资方退出")

    assert kept.pk
    assert reconciled(desk) == {
        Line.OPENING: (3, 3000, 137),
        Line.ADDED: (1, 1000, 5),
        Line.REMOVED: (-1, -1000, -30),
        Line.ENDED: (-1, -1000, -7),
    }
    assert told(desk) == [
        (Line.ADDED, "2024-03-01", "资金到位"),
        (Line.REMOVED, "2024-04-02", "用地未落实"),
        (Line.ENDED, "2024-05-03", "投资方退出"),
    ]


def test_changed_money_is_an_adjustment_with_its_sign_and_its_change(desk):
    first, second = desk.list("甲"), desk.list("乙")
    desk.at(2, 1).change(first, "甲增加投资", planned_investment=Decimal("150.50"))
    desk.at(2, 2).change(second, "乙减少投资", planned_investment=Decimal(60))
    desk.at(2, 3).change(second.project, "乙概算批复", total_investment=Decimal(900))

    assert reconciled(desk) == {Line.OPENING: (2, 2000, 200), Line.ADJUSTED: (0, -100, Decimal("10.50"))}
    adjusted = Adjustments(desk.county, 2024, YEAR_END).totals[-1]
    assert (adjusted.raised, adjusted.lowered) == (
        Amounts(1, planned=Decimal("50.50")),
        Amounts(1, planned=Decimal(-40)),
    )
    assert [reason for _, _, reason in told(desk)] == ["甲增加投资", "乙减少投资", "乙概算批复"]


def test_what_changed_before_it_left_leaves_with_what_it_had_become(desk):
    plan = desk.list(planned=100)
    desk.at(2, 1).change(plan, planned_investment=Decimal(120))
    desk.at(3, 1).state(plan, PlanState.REMOVED, "用地未落实")

    assert reconciled(desk) == {
        Line.OPENING: (1, 1000, 100),
        Line.REMOVED: (-1, -1000, -120),
        Line.ADJUSTED: (0, 0, 20),
    }


def test_money_changed_while_outside_the_plan_comes_back_with_the_row(desk):
    plan = desk.list(planned=100)
    desk.state(plan, PlanState.REMOVED, "用地未落实")
    desk.change(plan, planned_investment=Decimal(80))
    desk.at(6, 1).state(plan, PlanState.LISTED)

    assert reconciled(desk) == {
        Line.OPENING: (1, 1000, 100),
        Line.RESTORED: (1, 1000, 80),
        Line.REMOVED: (-1, -1000, -100),
    }


def test_taken_in_and_out_again_is_told_twice(desk):
    plan = desk.list(planned=9, state=PlanState.ADDED, state_reason="补充")
    desk.at(5, 1).state(plan, PlanState.REMOVED, "重复列入")

    assert reconciled(desk) == {Line.ADDED: (1, 1000, 9), Line.REMOVED: (-1, -1000, -9)}


def test_typed_in_as_listed_and_then_called_taken_in_is_taken_in(desk):
    plan = desk.at(3, 1).list(planned=9)
    desk.at(3, 5).state(plan, PlanState.ADDED, "3月补充")

    assert reconciled(desk) == {Line.ADDED: (1, 1000, 9)}
    assert told(desk) == [(Line.ADDED, "2024-03-05", "3月补充")]


def test_called_taken_in_by_mistake_and_set_back_is_the_opening(desk):
    plan = desk.list(planned=9, state=PlanState.ADDED, state_reason="误填")
    desk.state(plan, PlanState.LISTED)

    assert reconciled(desk) == {Line.OPENING: (1, 1000, 9)}


def test_a_row_that_becomes_a_sub_item_goes_by_a_line_of_its_own(desk):
    whole, part = desk.list("全部", planned=100), desk.list("一期", planned=40)
    desk.change(part, "并入", part_of=whole)

    assert reconciled(desk) == {Line.OPENING: (2, 2000, 140), Line.OTHER: (-1, -1000, -40)}

    desk.change(part, "拆出", part_of=None)

    assert reconciled(desk) == {Line.OPENING: (2, 2000, 140), Line.OTHER: (0, 0, 0)}


def test_a_sub_item_never_counts(desk):
    desk.list("一期", part_of=desk.list("全部"), planned=40)

    assert reconciled(desk) == {Line.OPENING: (1, 1000, 100)}


def test_what_was_taken_back_never_happened(desk):
    plan = desk.list(planned=100)
    wrong = desk.change(plan, planned_investment=Decimal(999))
    changes.undo(wrong, by=desk.office)
    out = desk.state(plan, PlanState.REMOVED, "误调")
    changes.undo(out, by=desk.office)

    assert reconciled(desk) == {Line.OPENING: (1, 1000, 100)}


def test_an_import_that_was_taken_back_leaves_no_line(desk):
    plan = desk.list(planned=100)
    record = plan.history.get()
    changes.undo(ChangeSet.objects.get(pk=record.change_set_id), by=desk.office)

    assert reconciled(desk) == {}


def test_on_a_past_day_what_was_taken_back_later_still_stands(desk):
    plan = desk.list(planned=100)
    wrong = desk.at(2, 1).change(plan, planned_investment=Decimal(999))
    changes.undo(wrong, by=desk.at(3, 1).office)

    assert reconciled(desk, dt.date(2024, 2, 15)) == {Line.OPENING: (1, 1000, 100), Line.ADJUSTED: (0, 0, 899)}
    assert reconciled(desk, dt.date(2024, 3, 1)) == {Line.OPENING: (1, 1000, 100)}


def test_a_past_day_knows_nothing_of_later_movements(desk):
    desk.list("甲")
    desk.at(4, 2).list("乙", state=PlanState.ADDED, state_reason="补充")

    assert reconciled(desk, dt.date(2024, 4, 1)) == {Line.OPENING: (1, 1000, 100)}


def test_another_year_and_another_county_move_nothing(desk):
    plan = desk.list()
    other = factories.plan(plan.project, year=2023, planned_investment=7)
    factories.plan(factories.project(county=factories.county("140430", "邻县")), planned_investment=7)

    assert other.year == 2023
    assert reconciled(desk) == {Line.OPENING: (1, 1000, 100)}


def money_up_to(chance, cents):
    return chance.choice([None, Decimal(chance.randrange(cents)) / 100])


def random_work(desk, chance, plans, done):
    """One act of the office: what is done to a row goes to `done`, so that it may be taken back later."""
    plan = chance.choice(plans) if plans else None
    act = chance.choice(("state", "plan", "total", "part", "undo")) if plan else "list"
    if chance.random() < 0.2 or act == "list":
        plans.append(desk.list(planned=money_up_to(chance, 10**5), total=10**4))
    elif act == "undo" and done:
        with suppress(changes.CannotUndo):
            changes.undo(done.pop(), by=desk.office)
    elif act == "state":
        plan.refresh_from_db()
        done.append(desk.state(plan, chance.choice([state for state in PlanState if state != plan.state]), "原因"))
    elif act == "plan":
        done.append(desk.change(plan, planned_investment=money_up_to(chance, 10**5)))
    elif act == "total":
        done.append(desk.change(plan.project, total_investment=money_up_to(chance, 10**6) or Decimal(10**4)))
    elif plan != plans[0]:
        done.append(desk.change(plan, part_of=chance.choice([None, plans[0]])))


@pytest.mark.parametrize("seed", range(4))
def test_any_year_of_office_work_reconciles_to_the_cent(desk, seed):
    chance, plans, done = random.Random(seed), [], []

    for number in range(30):
        desk.at(1 + number // 3, 1 + number % 28)
        with suppress(register.Invalid):
            random_work(desk, chance, plans, done)

        reconciled(desk)


def test_queries_do_not_grow_with_the_rows(desk):
    counts = []
    for _ in range(2):
        for _ in range(3):
            plan = desk.list("项目")
            desk.change(plan, planned_investment=Decimal(7))
        with CaptureQueriesContext(connection) as queries:
            found = Adjustments(desk.county, 2024, YEAR_END)
            assert (found.agrees, len(found.sections)) == (True, 2)
        counts.append(len(queries))

    assert counts == [5, 5]


# The page


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
@pytest.mark.parametrize("query", ["", "?print", "?as_of=2024-05-01", "?year=9999999999"])
def test_page_is_read_by_every_role(client, desk, role, query):
    desk.state(desk.list(), PlanState.REMOVED, "<b>用地</b> 13812345678")
    client.force_login(factories.user(role))

    response = client.get(f"/projects/adjustments/{query}")

    assert response.status_code == 200
    assert "<b>用地" not in response.content.decode()


def test_export_carries_the_lines_and_their_rows(office_client, desk):
    desk.list("甲")
    desk.at(4, 2).state(desk.list("乙", planned=30), PlanState.REMOVED, "用地未落实")

    response = office_client.get("/projects/adjustments/export/")

    assert values_of(response) == [
        ["年初计划", None, 2, 2000, 130, None],
        ["调入", None, 0, 0, 0, None],
        ["调出", None, -1, -1000, -30, None],
        ["　乙", "2024-04-02", -1, -1000, -30, "用地未落实"],
        ["终止", None, 0, 0, 0, None],
        ["投资调整", None, 0, 0, 0, None],
        ["现计划", None, 1, 1000, 100, None],
    ]


def values_of(response):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_a_row_written_past_the_history_is_told(office_client, desk):
    desk.list()
    AnnualPlan.objects.update(planned_investment=1)

    html = office_client.get("/projects/adjustments/?year=2024").content.decode()

    assert "与计划表不一致：计划表为 1 个，总投资 1,000 万元，年度计划投资 1 万元。" in html
