"""History reads as sentences: the exact words of each kind of change, newest first, by change set."""

from decimal import Decimal

import pytest

from portfolio import history
from portfolio.actions import changes, register
from portfolio.models import AnnualPlan, ChangeSet, Component, Project
from portfolio.partial_dates import parse_partial_date
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(office):
    """A project and its plan, as an import makes them: with a first record of their own."""
    change_set = changes.begin(ChangeSet.Kind.IMPORT, county=office.county, by=office, summary="导入 计划表.xlsx")
    (project,) = changes.create(change_set, [Project(county=office.county, name="污水处理厂")])
    return changes.create(change_set, [AnnualPlan(county=office.county, project=project, year=2024)])[0]


def save(office, plan, project_fields=None, plan_fields=None):
    row = AnnualPlan.objects.select_related("project__county").get(pk=plan.pk)
    return register.save_project(
        by=office,
        project=row.project,
        project_fields=project_fields or {},
        plan=row,
        plan_fields=plan_fields,
        project_version=row.project.row_version,
        plan_version=row.row_version,
    )


def told(plan):
    return [
        [(step.heading, [str(difference) for difference in step.differences]) for step in entry.steps]
        for entry in history.entries(plan.project)
    ]


def test_each_kind_of_value_is_told_in_its_own_words(office, plan):
    unit, leader = factories.unit("县水利局"), factories.leader("县领导甲")
    town = factories.town()

    save(
        office,
        plan,
        {
            "unit": unit,
            "town": town,
            "category": "infrastructure",
            "total_investment": Decimal("12000.5"),
            "planned_start": parse_partial_date("2024年二季度"),
            "planned_finish": parse_partial_date("2025"),
        },
        {"leader": leader, "works_percent": Decimal("85.50"), "extra": {"备注2": "专项债"}},
    )

    assert told(plan)[0] == [
        (
            "项目",
            [
                "项目类别 空 → 基础设施及社会民生类",
                "责任单位 空 → 县水利局",
                "所属乡镇 空 → 沁河镇",
                "总投资 空 → 12,000.50 万元",
                "计划开工时间 空 → 2024年二季度",
                "计划竣工时间 空 → 2025年",
            ],
        ),
        (
            "2024年计划",
            ["包联领导 空 → 县领导甲", "工程量% 空 → 85.5%", "原表其他列 空 → 备注2：专项债"],
        ),
    ]


def test_a_change_of_precision_alone_is_a_change(office, plan):
    save(office, plan, {"planned_start": parse_partial_date("2024-01-01")})
    save(office, plan, {"planned_start": parse_partial_date("2024年")})

    assert told(plan)[0] == [("项目", ["计划开工时间 2024-01-01 → 2024年"])]


def test_newest_comes_first_and_the_beginning_is_told_as_new(office, plan):
    save(office, plan, {"level": "city"})
    save(office, plan, plan_fields={"remark": "甲"})

    assert told(plan) == [
        [("2024年计划", ["备注 空 → 甲"])],
        [("项目", ["项目级别 空 → 市重点"])],
        [("新增项目", []), ("新增2024年计划", [])],
    ]


def test_undo_is_told_as_the_way_back(office, plan):
    change_set = save(office, plan, {"level": "city"})
    changes.undo(change_set, by=office)

    newest, undone, _ = history.entries(plan.project)

    assert [str(difference) for difference in newest.steps[0].differences] == ["项目级别 市重点 → 空"]
    assert (newest.kind, newest.can_be_taken_back) == ("撤回", False)
    assert (undone.change_set.is_undone, undone.can_be_taken_back) == (True, False)


def test_a_change_of_parts_is_told_by_its_summary_and_not_taken_back(office, plan):
    register.set_components(
        by=office,
        project=plan.project,
        components=[Component(name="单体", quantity=14, measure="座", done=14)],
        version=1,
    )

    newest = history.entries(plan.project)[0]

    assert newest.summary == "污水处理厂：单体 空 → 单体 14/14座"
    assert newest.told_steps == []
    assert not newest.can_be_taken_back


def test_edits_and_bulk_edits_can_be_taken_back_here_and_imports_cannot(office, plan):
    save(office, plan, {"level": "city"})

    assert [entry.can_be_taken_back for entry in history.entries(plan.project)] == [True, False]


def test_a_name_that_is_gone_is_said_to_be_gone(office, plan):
    unit = factories.unit("县水利局")
    save(office, plan, {"unit": unit})
    save(office, plan, {"unit": None})
    unit.delete()

    assert told(plan)[0] == [("项目", ["责任单位 （已删除） → 空"])]


def test_rows_written_without_a_change_set_have_an_entry_each():
    plan = factories.plan()

    assert [entry.kind for entry in history.entries(plan.project)] == ["系统写入", "系统写入"]


def test_pages_count_change_sets(office, plan):
    for number in range(history.PER_PAGE):
        save(office, plan, {"total_investment": Decimal(number + 1)})

    first, second = history.entries(plan.project, 1), history.entries(plan.project, 2)

    assert (len(first.object_list), len(second.object_list), first.paginator.count) == (10, 1, 11)
    assert history.entries(plan.project, "x").number == 1


def test_touched_counts_rows_of_all_projects(office, plan):
    other = factories.project()
    change_set = changes.begin(ChangeSet.Kind.BULK, county=office.county, by=office, summary="批量")
    changes.update(change_set, [plan.project, other], ["level"])

    assert history.touched(change_set) == {"项目": 2}


def test_a_weeks_figures_are_told_with_their_units(office, plan):
    plan.ytd_investment, plan.reported_week = Decimal("120"), 20
    plan.save()
    mine = changes.begin(ChangeSet.Kind.DISPATCH, county=office.county, by=office, summary="报送第21周")
    plan.ytd_investment, plan.reported_week, plan.works_percent = Decimal("150.50"), 21, Decimal("45")

    changes.update(mine, [plan], ["ytd_investment", "reported_week", "works_percent"])

    entry = history.entries(plan.project)[0]
    assert entry.is_dispatch
    assert [str(difference) for step in entry.told_steps for difference in step.differences] == [
        "年度累计完成投资 120 万元 → 150.50 万元",
        "最近报送周次 第20周 → 第21周",
        "工程量% 空 → 45%",
    ]
