"""The six ones in a report: which is missing and with whom in the county's, every gap in a leader's own."""

import pytest

from inspections import reports
from inspections.exporting.reports import annex_ledgers
from inspections.reports import imprint
from tests import factories
from tests.inspections import report_factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    made.county()


def test_the_first_table_counts_projects_by_what_they_lack_and_names_the_units():
    made.plans(2, unit=factories.unit("甲局"))
    made.plans(1, unit=factories.unit("乙局"))

    table = made.block(made.quarterly(), "six-ones")

    assert [row[0] for row in table["rows"]] == ["重点项目", "年度目标", "包联领导", "工作专班", "工期计划", "一抓到底"]
    assert table["rows"][3] == ["工作专班", 3, "100.0", "责任单位", "甲局 2 个、乙局 1 个"]


def test_units_are_counted_one_by_one_and_add_up():
    made.plans(2, unit=factories.unit("甲局"))
    made.plans(1, unit=factories.unit("乙局"))

    table = made.block(made.quarterly(), "six-ones", place=1)

    assert [row[:2] for row in table["rows"]] == [["甲局", 2], ["乙局", 1]]
    assert [sum(row[place] for row in table["rows"]) for place in range(1, 8)] == table["sums"][1:]


def test_a_project_without_a_unit_stands_last_and_is_no_unit():
    made.plans(1, unit=factories.unit("乙局"))
    for place in (1, 2):
        factories.plan(seq=10 + place)

    content = made.quarterly()

    assert made.block(content, "six-ones")["rows"][3][4] == "乙局 1 个；责任单位未明确 2 个"
    assert [row[0] for row in made.block(content, "six-ones", place=1)["rows"]] == ["乙局", "未明确"]


def test_the_countys_list_is_a_sheet_of_the_workbook_that_paper_names():
    made.plans(2)
    content = made.quarterly()

    annexed = made.block(content, "six-ones", "annexed")
    plan_table, gaps = annex_ledgers(content, imprint.preview(content))

    assert annexed["words"] == "每个项目缺什么、由谁补，见本报告 Excel 附件的工作表“六个一缺口清单”。"
    assert (plan_table.title, gaps.title, gaps.unit) == ("2024年沁源县重大项目计划表", "六个一缺口清单", "共 2 个项目")
    assert [row[1] for row in gaps.rows] == [row[1] for row in annexed["table"]["rows"]]


def test_a_leaders_own_report_lists_every_gap():
    leader = factories.leader("县领导甲")
    (plan,) = made.plans(1, leader=leader)

    content = reports.leader_content(factories.county(), 2024, 5, made.DAY, leader)

    (row,) = made.block(content, "six-ones")["rows"]
    assert row[1] == plan.project.name
    assert "工作专班：专班组长、成员单位、驻点人员" in row[3]
