"""Headers of real tables: every spelling collected from other counties is recognised as its field."""

import csv
from pathlib import Path

import pytest

from portfolio.importing.headers import find_header, meaning_of, memory_key
from portfolio.importing.workbook import Sheet

REAL_TABLES = Path(__file__).parents[2] / "data" / "real-tables"
# The collection's own field names, and what they are here. Two of them hold spellings of two of our fields.
FIELDS_OF = {
    "name": {"name"},
    "builder": {"builder"},
    "owner": {"owner"},
    "location": {"address"},
    "total_investment": {"total_investment"},
    "annual_plan": {"planned_investment"},
    "annual_goal": {"annual_target"},
    "period": {"period"},
    "start": {"start", "planned_start"},
    "finish": {"planned_finish"},
    "content": {"content"},
    "dept": {"unit"},
    "leader": {"leader"},
    "category": {"category"},
    "nature": {"nature", "stage"},
    "ytd": {"ytd"},
    "month": {"month"},
    "rate": {"rate"},
    "progress": {"progress"},
    "problem": {"problem"},
    "measure": {"measure"},
    "deadline": {"deadline"},
    "stat": {"registration", "registration_code"},
    "code": {"code"},
    "remark": {"remark"},
}


def table(name):
    with (REAL_TABLES / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row and not row[0].startswith("#")]
    return rows[1:]


def spellings():
    return [
        (fields.split()[0], header) for fields, headers in table("header-aliases.tsv") for header in headers.split("|")
    ]


def fields_of_layout(identifier, year):
    columns = next(row[5] for row in table("header-layouts.tsv") if row[0] == identifier)
    return {header: meaning_of(header.split("/"), year, {}).field for header in columns.split("|")}


@pytest.mark.parametrize(("collected", "header"), spellings())
def test_every_collected_spelling_is_recognised(collected, header):
    assert meaning_of([header], 2024, {}).field in FIELDS_OF[collected]


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("总投资（万元）", "total_investment", "万元"),
        ("总 投 资\n(亿元)", "total_investment", "亿元"),
        ("总投资额[亿元]", "total_investment", "亿元"),
        ("2024年年度 计划投资", "planned_investment", ""),
        ("1-9月完成投资", "ytd", ""),
        ("9月完成投资", "month", ""),
        ("服务单位（代办单位）", "unit", ""),
        ("已取得土地指标（亩）", None, ""),
    ],
)
def test_units_years_and_remarks_are_taken_off(header, field, unit):
    meaning = meaning_of([header], 2024, {})

    assert (meaning.field, meaning.unit) == (field, unit)


def test_a_header_of_another_year_is_asked_about():
    meaning = meaning_of(["2023年计划投资"], 2024, {})

    assert (meaning.field, meaning.note) == (
        None,
        "表头写的是 2023 年，所选年度是 2024 年，请确认这一列的含义。",
    )


def test_a_remembered_meaning_comes_first_whatever_the_year():
    remembered = {memory_key("2023年产值"): "", memory_key("工程"): "name"}

    assert meaning_of(["2024年产值"], 2024, remembered).field == ""
    assert meaning_of(["工程"], 2024, remembered).field == "name"


def layouts():
    with (REAL_TABLES.parent / "recognised-columns.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]
    return [(identifier, int(year), columns.split("|")) for identifier, year, columns in rows]


@pytest.mark.parametrize(("identifier", "year", "recognised"), layouts())
def test_the_columns_of_real_layouts_are_recognised_and_the_rest_asked_about(identifier, year, recognised):
    found = fields_of_layout(identifier, year)

    assert [header for header, field in found.items() if field] == recognised


def test_a_plan_of_the_next_year_is_not_taken_for_this_years():
    found = fields_of_layout("L5", 2024)

    assert (found["次年计划/投资"], found["次年计划/主要建设内容"]) == (None, None)


def headers_of(rows, merges=()):
    header = find_header(Sheet("", [list(row) for row in rows], merges=list(merges)), 2024, {})
    return header and {column.letter: (column.header, column.field) for column in header.columns}


def test_a_two_row_header_with_merged_groups_is_found_below_the_title():
    rows = [
        ["2024年重大项目计划表"],
        ["单位：万元", "", "", "", ""],
        ["序号", "项目名称", "投资", "", "责任"],
        ["", "", "总投资", "年度计划", "单位"],
        [1, "甲", 5, 1, "住建局"],
    ]
    merges = [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3)]

    assert headers_of(rows, merges) == {
        "A": ("序号", "seq"),
        "B": ("项目名称", "name"),
        "C": ("投资/总投资", "total_investment"),
        "D": ("投资/年度计划", "planned_investment"),
        "E": ("责任/单位", "unit"),
    }


def test_groups_are_found_where_cells_cannot_be_merged():
    rows = [
        ["序号", "项目名称", "投资", "", "责任落实", ""],
        ["", "", "总投资", "年度计划投资", "责任单位", "包联领导"],
        [1, "甲", 5, 1, "", ""],
    ]

    assert headers_of(rows) == {
        "A": ("序号", "seq"),
        "B": ("项目名称", "name"),
        "C": ("投资/总投资", "total_investment"),
        "D": ("投资/年度计划投资", "planned_investment"),
        "E": ("责任落实/责任单位", "unit"),
        "F": ("责任落实/包联领导", "leader"),
    }


def test_a_line_of_units_under_the_header_belongs_to_it():
    rows = [["序号", "项目名称", "总投资"], ["", "", "（亿元）"], [1, "甲", 5]]

    header = find_header(Sheet("", rows), 2024, {})

    assert (header.bottom, header.columns[2].field, header.columns[2].unit) == (1, "total_investment", "亿元")


def test_a_sheet_without_projects_has_no_header():
    assert headers_of([["会议通知"], ["时间", "地点"], ["周五", "三楼"]]) is None
