"""Change sets: every write is recorded, and can be taken back as one while nothing was built upon it."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AuditEntry
from portfolio.actions import changes
from portfolio.models import (
    AnnualPlan,
    ChangeSet,
    Milestone,
    MonthlyTarget,
    Pause,
    Problem,
    Project,
    Schedule,
    WorkTeam,
)
from tests import factories

pytestmark = pytest.mark.django_db


def change_set(office, kind=ChangeSet.Kind.EDIT, summary="改总投资"):
    return changes.begin(kind, county=office.county, by=office, summary=summary)


def test_update_moves_the_row_version_and_names_the_change_set_in_history(office):
    project = factories.project(total_investment=Decimal("100"))

    project.total_investment = Decimal("120.50")
    mine = change_set(office)
    changes.update(mine, [project], ["total_investment"])

    project.refresh_from_db()
    assert (project.total_investment, project.row_version) == (Decimal("120.50"), 2)
    record = project.history.first()
    assert (record.change_set, record.history_user, record.total_investment) == (mine, office, Decimal("120.50"))


def test_begin_leaves_an_audit_entry_and_moves_the_data_version(office):
    before = office.county.data_version

    change_set(office, summary="改总投资：甲")

    office.county.refresh_from_db()
    assert office.county.data_version == before + 1
    assert list(AuditEntry.objects.values_list("action", "summary")) == [("修改", "改总投资：甲")]


def test_a_form_key_begins_once_and_belongs_to_who_sent_it_first(office):
    sent = {"county": office.county, "summary": "走访", "form_key": uuid.uuid4()}
    changes.begin(ChangeSet.Kind.DETAILS, by=office, **sent)

    with pytest.raises(IntegrityError):
        changes.begin(ChangeSet.Kind.DETAILS, by=office, **sent)
    with pytest.raises(SuspiciousOperation):
        changes.begin(ChangeSet.Kind.DETAILS, by=factories.user("office"), **sent)


def test_undo_restores_what_was_changed_and_removes_what_was_created(office):
    old = factories.project("旧项目", total_investment=Decimal("100"))
    old.total_investment = Decimal("999")
    mine = change_set(office)
    changes.update(mine, [old], ["total_investment"])
    (new,) = changes.create(mine, [Project(county=office.county, name="新项目")])
    changes.create(mine, [AnnualPlan(county=office.county, project=new, year=2024)])

    changes.undo(mine, by=office)

    old.refresh_from_db()
    assert old.total_investment == Decimal("100")
    assert list(Project.objects.values_list("name", flat=True)) == ["旧项目"]
    assert AnnualPlan.objects.count() == 0
    assert list(Project.history.filter(name="新项目").values_list("history_type", flat=True)) == ["-", "+"]


def test_undo_is_refused_when_a_row_was_changed_later_and_then_nothing_moves(office):
    first, second = factories.project("甲", level=""), factories.project("乙", level="")
    mine = change_set(office)
    for row in (first, second):
        row.level = "city"
    changes.update(mine, [first, second], ["level"])
    second.level = "province"
    changes.update(change_set(office), [second], ["level"])

    with pytest.raises(changes.CannotUndo, match="1 项之后又有改动（乙）"):
        changes.undo(mine, by=office)

    assert dict(Project.objects.values_list("name", "level")) == {"甲": "city", "乙": "province"}


def test_undo_is_possible_again_after_the_later_change_was_taken_back(office):
    project = factories.project("甲", level="")
    sets = []
    for level in ("city", "province"):
        sets.append(change_set(office))
        project.level = level
        changes.update(sets[-1], [project], ["level"])
        project.refresh_from_db()

    changes.undo(sets[1], by=office)
    changes.undo(sets[0], by=office)

    project.refresh_from_db()
    assert project.level == ""


def test_undo_is_refused_while_later_rows_hang_on_what_was_created(office):
    mine = change_set(office)
    (parent,) = changes.create(mine, [Project(county=office.county, name="甲")])
    changes.create(change_set(office), [AnnualPlan(county=office.county, project=parent, year=2025)])
    changes.create(change_set(office), [Project(county=office.county, name="乙", parent=parent)])

    with pytest.raises(changes.CannotUndo, match="新增的内容之后又被用到（乙、2025年计划：甲），不能撤回。"):
        changes.undo(mine, by=office)

    assert Project.objects.count() == 2


def hang(kind, plan, office):
    """A row of the given model that hangs on the plan or its project."""
    county, day, now = plan.county, dt.date(2024, 6, 30), timezone.now()
    match kind:
        case "周调度":
            return factories.report(plan, 20)
        case "节点":
            return Milestone.objects.create(county=county, plan=plan, name="封顶", original_due=day, due=day)
        case "月度":
            return MonthlyTarget.objects.create(county=county, plan=plan, month=6, original_amount=1, amount=1)
        case "专班":
            return WorkTeam.objects.create(county=county, plan=plan, head="甲", at=now)
        case "工期":
            return Schedule.objects.create(county=county, plan=plan)
        case "停缓建":
            return Pause.objects.create(
                county=county, plan=plan, reason="funds", words="等", paused_on=day, review_on=day
            )
        case "问题":
            return Problem.objects.create(
                county=county, project=plan.project, text="缺地", raised_on=day, original_deadline=day, deadline=day
            )


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("周调度", "甲 2024年第20周周调度"),
        ("节点", "封顶"),
        ("月度", "6月"),
        ("专班", "甲的工作专班"),
        ("工期", "甲的工期计划"),
        ("停缓建", "甲停缓建"),
        ("问题", "缺地"),
    ],
)
def test_undo_is_refused_while_the_weekly_loop_hangs_on_what_was_created(office, kind, told):
    mine = change_set(office)
    (project,) = changes.create(mine, [Project(county=office.county, name="甲")])
    (plan,) = changes.create(mine, [AnnualPlan(county=office.county, project=project, year=2024)])
    hang(kind, plan, office)

    with pytest.raises(changes.CannotUndo) as refused:
        changes.undo(mine, by=office)

    assert str(refused.value) == (
        f"新增的内容之后已有记录（{told}），不能撤回。不再实施的，请把项目调出年度计划或终止。"
    )
    assert AnnualPlan.objects.count() == 1


def test_undo_names_five_of_many_that_hang_on_it_and_counts_the_rest(office):
    mine = change_set(office)
    (project,) = changes.create(mine, [Project(county=office.county, name="甲")])
    (plan,) = changes.create(mine, [AnnualPlan(county=office.county, project=project, year=2024)])
    for week in range(10, 17):
        factories.report(plan, week, state="draft")

    with pytest.raises(changes.CannotUndo, match="甲 2024年第14周周调度 等 7 项），不能撤回"):
        changes.undo(mine, by=office)


@pytest.mark.parametrize("kind", ["dispatch", "schedule", "problem"])
def test_undo_is_refused_for_what_the_weekly_loop_wrote(office, kind):
    plan = factories.plan(ytd_investment=Decimal("100"))
    mine = change_set(office, kind)
    plan.ytd_investment = Decimal("120")
    changes.update(mine, [plan], ["ytd_investment"])

    with pytest.raises(changes.CannotUndo, match="请在各自的页面上退回、更正或延期"):
        changes.undo(mine, by=office)

    plan.refresh_from_db()
    assert plan.ytd_investment == Decimal("120")


def test_undo_under_a_later_weekly_report_says_to_change_it_back_by_hand(office):
    plan = factories.plan(planned_investment=Decimal("100"))
    mine = change_set(office)
    plan.planned_investment = Decimal("120")
    changes.update(mine, [plan], ["planned_investment"])
    plan.ytd_investment = Decimal("5")
    changes.update(change_set(office, ChangeSet.Kind.DISPATCH), [plan], ["ytd_investment"])

    with pytest.raises(changes.CannotUndo, match="后来的改动（如周调度）不能撤回，请直接改回原来的内容。"):
        changes.undo(mine, by=office)


def test_undo_is_refused_for_details_that_leave_no_history(office):
    mine = change_set(office, ChangeSet.Kind.DETAILS)

    with pytest.raises(changes.CannotUndo, match="请直接改回原来的内容"):
        changes.undo(mine, by=office)


def test_undo_can_be_done_once(office):
    mine = change_set(office)
    changes.undo(mine, by=office)

    with pytest.raises(changes.CannotUndo, match="已经撤回过"):
        changes.undo(mine, by=office)


def test_lock_current_refuses_a_row_that_moved_since_it_was_read(office):
    project = factories.project()
    changes.update(change_set(office), [project], ["name"])

    assert changes.lock_current(Project.objects.all(), project.pk, 2).pk == project.pk
    with pytest.raises(changes.StaleRow):
        changes.lock_current(Project.objects.all(), project.pk, 1)
