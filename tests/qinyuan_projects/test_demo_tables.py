"""The demo's plan tables: the same every time, exact in their sums, and plainly invented where they are."""

from collections import Counter
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portfolio import codes
from portfolio.search import name_key
from qinyuan_projects.demo import people, stated, tables
from qinyuan_projects.demo.rows import INDUSTRIAL, INFRASTRUCTURE, RESERVE


@pytest.fixture(scope="module")
def rows():
    return tables.may_rows()


@pytest.fixture(scope="module")
def made_anew():
    return tables.workbooks()


def cells(sheet):
    return {cell.coordinate: cell.value for line in sheet for cell in line if cell.value is not None}


def typed(values):
    """A whole number comes back from a file as an int, a date with a time."""
    return {
        place: value.date() if hasattr(value, "date") else float(value) if isinstance(value, int | Decimal) else value
        for place, value in values.items()
    }


@pytest.mark.parametrize("path", [tables.MAY_FILE, tables.JANUARY_FILE, tables.LAST_YEAR_FILE])
def test_committed_workbook_is_what_the_generator_makes(made_anew, path):
    made = made_anew[path].active

    committed = load_workbook(path).active

    assert typed(cells(committed)) == typed(cells(made))
    assert committed.merged_cells.ranges == made.merged_cells.ranges
    assert (committed.freeze_panes, committed.print_title_rows) == ("C5", made.print_title_rows)


def test_plan_table_has_the_countys_counts_and_sums_to_the_cent(rows):
    assert Counter(row.category for row in rows) == {INDUSTRIAL: 153, INFRASTRUCTURE: 122}
    assert sum(row.total for row in rows if row.total) == Decimal("5157800.00")
    assert sum(row.planned for row in rows if row.planned) == Decimal("2016400.00")


def test_no_two_projects_share_a_name_or_a_code(rows):
    names = Counter(name_key(row.name) for row in rows)
    numbers = Counter(row.code for row in rows if row.code)

    assert [name for name, count in names.items() if count > 1] == []
    assert [number for number, count in numbers.items() if count > 1] == []


def test_every_row_is_sound(rows):
    for row in (*rows, tables.TAKEN_OUT):
        if row.code:
            codes.validate_project_code(row.code)
        if row.industry:
            codes.validate_industry(row.industry)
        assert (row.planned or 0) + (row.before or 0) <= (row.total or 0), row.name
        assert row.total is None or row.total > 0, row.name
        if row.start and row.finish:
            assert row.start.first_day <= row.finish.last_day, row.name
        if row.stage == RESERVE:
            assert row.planned is None, row.name


def test_stated_projects_carry_only_what_the_report_states(rows):
    stated_rows = [row for row in rows if row.name in stated.STATED_NAMES]

    assert [(row.name, row.percent) for row in stated_rows] == [
        ("常源加氢综合能源岛项目", 80),
        ("动力型锂电池生产项目", None),
        ("沁源县县城污水处理厂扩容改造工程", 90),
        ("水资源数据中心项目", None),
    ]
    for row in stated_rows:
        unknown = (row.total, row.planned, row.before, row.unit, row.leader, row.code, row.town, row.level, row.target)
        assert unknown == (None, None, None, "", "", "", "", "", ""), row.name
        assert row.source == stated.SOURCE


def test_reporters_unit_has_eight_projects_and_the_leader_with_an_account_twelve(rows):
    units, leaders = Counter(row.unit for row in rows), Counter(row.leader for row in rows)

    assert (units[people.UNIT_OF_REPORTERS], leaders[people.LEADER_WITH_ACCOUNT]) == (8, 12)
    assert set(leaders) - {""} == set(people.LEADERS)


def test_sizes_run_from_half_a_million_yuan_to_two_billion(rows):
    totals = sorted(row.total for row in rows if row.total)

    assert (totals[0] < 60, totals[-1] <= Decimal(200000)) == (True, True)
    assert sum(1 for total in totals if total < 1000) > 30
    assert 10 <= sum(1 for total in totals if total >= 50000) <= 30


def test_table_of_january_lacks_what_came_in_later_and_has_what_went_out(rows):
    january = {row.name for row in tables.january_rows(rows)}
    may = {row.name for row in rows}

    assert january - may == {tables.TAKEN_OUT.name}
    assert may - january == {row.name for row in tables.taken_in(rows).values()}
