"""Writing single projects: only what differs, once, told in words, and nothing that contradicts itself."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from portfolio.actions import changes, register
from portfolio.models import AnnualPlan, ChangeSet, Component, Project
from portfolio.partial_dates import parse_partial_date
from tests import factories

pytestmark = pytest.mark.django_db


def save(office, project, project_fields=None, plan=None, plan_fields=None, **options):
    return register.save_project(
        by=office,
        project=project,
        project_fields=project_fields or {},
        plan=plan,
        plan_fields=plan_fields,
        project_version=options.pop("project_version", project.row_version),
        plan_version=options.pop("plan_version", plan.row_version if plan else None),
        **options,
    )


def test_save_writes_both_rows_in_one_change_set_that_names_old_and_new(office):
    unit = factories.unit("县水利局")
    plan = factories.plan(project__name="污水处理厂", planned_investment=Decimal("3000"))

    change_set = save(
        office,
        plan.project,
        {"total_investment": Decimal("12000"), "unit": unit, "planned_finish": parse_partial_date("2024年二季度")},
        plan,
        {"planned_investment": Decimal("3500.5")},
    )

    told = (
        "污水处理厂：责任单位 空 → 县水利局；总投资 空 → 12,000 万元；计划竣工时间 空 → 2024年二季度；"
        "年度计划投资 3,000 万元 → 3,500.50 万元"
    )
    assert change_set.summary == told
    assert list(AuditEntry.objects.values_list("action", "summary")) == [("修改", told)]
    project = Project.objects.get()
    assert (project.planned_finish, project.planned_finish_precision) == (dt.date(2024, 6, 30), "q")
    assert (project.row_version, AnnualPlan.objects.get().row_version) == (2, 2)


def test_save_moves_only_the_row_that_differs(office):
    plan = factories.plan(project__total_investment=Decimal("100"))

    save(office, plan.project, {"total_investment": Decimal("100.00")}, plan, {"remark": "新"})

    assert (Project.objects.get().row_version, AnnualPlan.objects.get().row_version) == (1, 2)


def test_save_of_what_is_there_already_writes_nothing(office):
    project = factories.project("甲")

    assert save(office, project, {"name": "甲"}) is None
    assert (ChangeSet.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_save_refuses_a_stale_version_of_either_row(office):
    plan = factories.plan()

    for options in ({"project_version": 0}, {"plan_version": 0}):
        with pytest.raises(changes.StaleRow):
            save(office, plan.project, {"name": "乙"}, plan, {}, **options)
    assert ChangeSet.objects.count() == 0


def test_save_refuses_a_contradiction_and_writes_nothing(office):
    plan = factories.plan(project__total_investment=Decimal("100"))

    with pytest.raises(register.Invalid) as refused:
        save(office, plan.project, {}, plan, {"planned_investment": Decimal("100.01")})

    assert refused.value.problems == {
        "planned_investment": "年度计划投资 100.01 万元大于总投资 100 万元，请核对两个数的单位和数值。"
    }
    assert ChangeSet.objects.count() == 0


def test_save_refuses_foreign_keys_of_another_county(office):
    elsewhere = factories.county("140430", "邻县")
    town = factories.town("别处镇", "140430100", county=elsewhere)
    leader = factories.leader(county=elsewhere)
    plan = factories.plan()

    with pytest.raises(register.Invalid) as refused:
        save(office, plan.project, {"town": town}, plan, {"leader": leader})

    assert refused.value.problems == {
        "town": "所选的所属乡镇不在本县，请重新选择。",
        "leader": "所选的包联领导不在本县，请重新选择。",
    }


def test_save_does_not_find_a_project_of_another_county(office):
    project = factories.project(county=factories.county("140430", "邻县"))

    with pytest.raises(Project.DoesNotExist):
        save(office, project, {"name": "乙"})


def test_a_code_belongs_to_one_project(office):
    factories.project("甲", code="2405-140431-04-01-123456")

    with pytest.raises(register.Invalid, match="项目代码“2405-140431-04-01-123456”已属于“甲”，请核对。"):
        save(office, factories.project("乙"), {"code": "2405-140431-04-01-123456"})


def create(office, **options):
    fields = {"project_fields": {"name": "新项目"}, "plan_fields": {"planned_investment": Decimal("5")}} | options
    return register.create_project(by=office, county=office.county, year=2024, **fields)


def test_create_appends_to_the_year_in_one_change_set(office):
    factories.plan(seq=7)

    project = create(office)

    plan = project.plans.get()
    assert (plan.year, plan.seq, plan.planned_investment) == (2024, 8, Decimal("5"))
    assert list(ChangeSet.objects.values_list("summary", flat=True)) == ["新增项目：新项目（2024年计划）"]
    assert project.search_key.startswith("新项目|xxm")


def test_create_checks_the_row(office):
    with pytest.raises(register.Invalid):
        create(office, project_fields={"name": "新项目", "total_investment": Decimal("1")})
    assert Project.objects.count() == 0


def test_create_with_the_same_form_key_makes_one_project(office):
    key = uuid.uuid4()

    first, second = create(office, form_key=key), create(office, form_key=key)

    assert first == second
    assert (Project.objects.count(), ChangeSet.objects.count()) == (1, 1)
    assert register.created_with(factories.user(), key) is None


def test_add_to_year_twice_adds_once(office):
    project = factories.project()

    first = register.add_to_year(by=office, project=project, year=2025, plan_fields={})
    second = register.add_to_year(by=office, project=project, year=2025, plan_fields={})

    assert first == second
    assert ChangeSet.objects.count() == 1


def test_leaving_the_plan_needs_a_reason(office):
    plan = factories.plan(project__name="甲")

    with pytest.raises(register.Invalid, match="计划状态为“调出”时要写明调整原因。"):
        register.set_plan_state(by=office, plan=plan, state="removed", reason=" ", version=1)
    change_set = register.set_plan_state(by=office, plan=plan, state="removed", reason="用地未落实", version=1)

    plan.refresh_from_db()
    assert (plan.state, plan.state_reason) == ("removed", "用地未落实")
    assert change_set.summary == "甲：计划状态 在列 → 调出；调整原因 空 → 用地未落实"


def test_a_project_is_never_its_own_ancestor(office):
    top, middle, leaf = factories.project("上"), factories.project("中"), factories.project("下")
    register.set_parent(by=office, project=middle, parent=top, phase=None, version=1)
    register.set_parent(by=office, project=leaf, parent=middle, phase=2, version=1)

    for parent in (top, middle, leaf):
        with pytest.raises(register.Invalid, match="不能作为上级项目"):
            register.set_parent(by=office, project=top, parent=parent, phase=None, version=1)

    leaf.refresh_from_db()
    assert (leaf.parent, leaf.phase) == (middle, 2)


def test_a_parent_is_of_the_same_county(office):
    elsewhere = factories.project(county=factories.county("140430", "邻县"))

    with pytest.raises(register.Invalid, match="所选的上级项目不在本县"):
        register.set_parent(by=office, project=factories.project(), parent=elsewhere, phase=None, version=1)


def test_aliases_stay_findable_and_spellings_of_one_name_count_once(office):
    project = factories.project("污水处理厂二期")

    change_set = register.set_aliases(
        by=office, project=project, names=["老厂", " 老 厂", "", "污水处理厂（二期）"], version=1
    )

    project.refresh_from_db()
    assert [alias.name for alias in project.aliases.all()] == ["老厂"]
    assert "老厂|lc" in project.search_key
    assert change_set.summary == "污水处理厂二期：曾用名 空 → 老厂"
    assert register.set_aliases(by=office, project=project, names=["老厂"], version=2) is None


def test_components_are_replaced_as_a_list(office):
    project = factories.project("污水处理厂")

    register.set_components(
        by=office, project=project, components=[Component(name="单体", quantity=14, measure="座", done=14)], version=1
    )
    with pytest.raises(changes.StaleRow):
        register.set_components(by=office, project=project, components=[], version=1)

    assert [str(part) for part in project.components.all()] == ["单体 14/14座"]


def test_components_are_not_done_beyond_their_number(office):
    too_many = Component(name="单体", quantity=14, done=15)

    with pytest.raises(register.Invalid, match="已建成数不能大于数量"):
        register.set_components(by=office, project=factories.project(), components=[too_many], version=1)
