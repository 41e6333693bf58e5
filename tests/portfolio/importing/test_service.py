"""An import from file to register and back: all or nothing, once, and withdrawn as one."""

from decimal import Decimal

import pytest

from accounts.models import AuditEntry, Unit
from portfolio.actions import changes
from portfolio.importing import service
from portfolio.importing.refusals import NotNow
from portfolio.models import AnnualPlan, ChangeSet, ImportBatch, Leader, Project
from tests import factories
from tests.portfolio.importing.workbooks import plain, xlsx

pytestmark = pytest.mark.django_db

ROWS = (
    (1, "污水处理厂", "沁河镇城北", 15000, 5000, "住建局", "县领导甲"),
    (2, "煤矸石综合利用", "王陶镇", 6500.5, 1000, "工信局", "县领导乙"),
)


def counts(batch):
    return {key: batch.report["counts"][key] for key in ("new", "changed", "unchanged", "errors")}


def test_a_plan_table_is_previewed_and_then_written(imported, office):
    batch = imported(plain(*ROWS))

    assert (batch.state, counts(batch)) == ("preview", {"new": 2, "changed": 0, "unchanged": 0, "errors": 0})
    assert Project.objects.count() == 0

    change_set = service.apply(batch, by=office)

    plan = AnnualPlan.objects.select_related("project__unit", "project__town", "leader").get(seq=2)
    project = plan.project
    assert (project.name, project.total_investment, plan.planned_investment) == (
        "煤矸石综合利用",
        Decimal("6500.50"),
        Decimal("1000.00"),
    )
    assert (project.unit.name, project.town.name, plan.leader.name) == ("工信局", "王陶镇", "县领导乙")
    assert (batch.state, batch.change_set, change_set.kind) == ("applied", change_set, ChangeSet.Kind.IMPORT)


def test_the_same_file_again_changes_and_writes_nothing(applied, imported, office, county):
    applied(plain(*ROWS))
    county.refresh_from_db()
    before = county.data_version

    batch = imported(plain(*ROWS))
    change_set = service.apply(batch, by=office)

    county.refresh_from_db()
    assert counts(batch) == {"new": 0, "changed": 0, "unchanged": 2, "errors": 0}
    assert (change_set, batch.state, county.data_version) == (None, "applied", before)


def test_a_changed_cell_is_shown_old_and_new_and_empty_cells_erase_nothing(applied, imported):
    applied(plain(*ROWS))

    batch = imported(plain((1, "污水处理厂", "", 16000, "-", "", "县领导乙")))

    assert batch.report["changed"] == [
        {
            "sheet": "计划表",
            "row": 2,
            "name": "污水处理厂",
            "changes": [
                {"key": "total_investment", "label": "总投资", "old": "15,000", "new": "16,000"},
                {"key": "leader", "label": "包联领导", "old": "县领导甲", "new": "县领导乙"},
            ],
        }
    ]
    assert batch.report["missing"] == ["煤矸石综合利用"]


def test_empty_cells_erase_when_that_was_asked_for(applied):
    applied(plain(*ROWS))

    applied(plain((1, "污水处理厂", "", 15000, "-", "住建局", "县领导甲")), clear_empty=True)

    plan = AnnualPlan.objects.select_related("project").get(seq=1)
    assert (plan.planned_investment, plan.project.address, plan.project.total_investment) == (None, "", Decimal(15000))


def test_one_bad_row_and_nothing_is_written(imported, office):
    batch = imported(plain(ROWS[0], (2, "坏行", "王陶镇", "一百二十", 10, "", "")))

    assert batch.state == "refused"
    assert batch.report["errors"] == [
        {
            "message": "不是数字。请改为 120 这样的数值，或写成 1.5亿元。",
            "sheet": "计划表",
            "row": 3,
            "column": "D",
            "header": "总投资（万元）",
            "value": "一百二十",
        }
    ]
    with pytest.raises(NotNow, match="还有错误"):
        service.apply(batch, by=office)
    assert Project.objects.count() == 0


def test_applying_twice_writes_once(imported, office):
    batch = imported(plain(*ROWS))
    same = ImportBatch.objects.get(pk=batch.pk)
    service.apply(batch, by=office)

    with pytest.raises(NotNow, match="已经导入过"):
        service.apply(same, by=office)

    assert (Project.objects.count(), ChangeSet.objects.count()) == (2, 1)


def test_a_register_that_moved_since_the_preview_asks_for_another_look(applied, imported, office):
    applied(plain(*ROWS))
    batch = imported(plain((1, "污水处理厂", "沁河镇城北", 16000, 5000, "住建局", "县领导甲")))
    project = Project.objects.get(name="污水处理厂")
    project.total_investment = Decimal(15500)
    changes.update(
        changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary="改"),
        [project],
        ["total_investment"],
    )

    with pytest.raises(NotNow, match="预览之后"):
        service.apply(batch, by=office)

    batch.refresh_from_db()
    project.refresh_from_db()
    assert (batch.state, project.total_investment) == ("preview", Decimal(15500))
    assert batch.report["changed"][0]["changes"][0]["old"] == "15,500"


def test_withdrawing_takes_everything_back(applied, office):
    kept = factories.unit("住建局")
    batch = applied(plain(*ROWS))

    service.withdraw(batch, by=office)

    batch.refresh_from_db()
    assert batch.state == "withdrawn"
    assert (Project.objects.count(), AnnualPlan.objects.count(), Leader.objects.count()) == (0, 0, 0)
    assert list(Unit.objects.all()) == [kept]
    with pytest.raises(NotNow, match="已经撤回"):
        service.withdraw(batch, by=office)


def test_withdrawing_is_refused_when_something_later_built_on_it(applied, office):
    batch = applied(plain(*ROWS))
    applied(plain((1, "污水处理厂", "沁河镇城北", 16000, 5000, "住建局", "县领导甲")))

    with pytest.raises(NotNow, match="1 项之后又有改动（污水处理厂）"):
        service.withdraw(batch, by=office)

    assert Project.objects.count() == 2


def test_withdrawing_is_refused_when_another_year_uses_its_projects(applied, office):
    batch = applied(plain(*ROWS))
    applied(plain(ROWS[0]), year=2025)

    with pytest.raises(NotNow, match="列入其他年度的计划（污水处理厂）"):
        service.withdraw(batch, by=office)


def test_every_step_leaves_its_entry_in_the_audit_trail(applied, imported, office):
    batch = applied(plain(*ROWS))
    service.withdraw(batch, by=office)
    imported(b"")

    trail = list(AuditEntry.objects.order_by("pk").values_list("action", "outcome"))
    assert trail == [
        ("上传计划表", "done"),
        ("导入", "done"),
        ("撤回", "done"),
        ("撤回导入", "done"),
        ("上传计划表", "done"),
        ("导入计划表", "refused"),
    ]


def test_a_renamed_project_with_a_code_keeps_its_old_name_findable(applied):
    code = "2405-140431-04-01-123456"
    header = ["项目代码", "项目名称"]
    applied(xlsx(header, [code, "污水处理厂扩建"]))
    applied(xlsx(header, [code, "城区污水处理厂扩建工程"]))
    again = applied(xlsx(["项目名称", "总投资"], ["污水处理厂扩建", 5]))

    project = Project.objects.get()
    assert (project.name, [alias.name for alias in project.aliases.all()]) == (
        "城区污水处理厂扩建工程",
        ["污水处理厂扩建"],
    )
    assert counts(again) == {"new": 0, "changed": 1, "unchanged": 0, "errors": 0}


def test_another_countys_projects_are_never_matched(applied):
    other = factories.county("140428", "长子县")
    factories.plan(project__county=other, project__name="污水处理厂")

    batch = applied(plain(*ROWS))

    assert counts(batch)["new"] == 2
    assert Project.objects.filter(county=other).count() == 1
