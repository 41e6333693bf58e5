"""The weekly reports of the demo, before they are written: they begin in January's figures and end in May's."""

from decimal import Decimal

import pytest

from qinyuan_projects.demo import defects, invested, planting, series, tables
from qinyuan_projects.demo.generation import PLANNED_TOTAL
from qinyuan_projects.demo.rows import BUILDING


@pytest.fixture(scope="module")
def rows():
    return {row.name: row for row in tables.may_rows()}


@pytest.fixture(scope="module")
def january():
    return {row.name: row for row in tables.january_rows(tables.may_rows())}


def weeks_of(row, january, money, last=22):
    return series.series(row, january, first=1, last=last, invested=money.get(row.name))


def test_what_is_invested_by_may_adds_up_to_the_cent(rows):
    money = invested.by_may(rows.values())

    assert sum(money.values()) == Decimal("770264.80")
    assert round(sum(money.values()) / PLANNED_TOTAL * 100, 1) == Decimal("38.2")
    over = [name for name, amount in money.items() if amount > rows[name].planned]
    assert over == ["县综合养老服务中心项目"]


def test_clean_reports_never_fall_and_end_where_the_plan_table_stands(rows, january):
    money = invested.by_may(rows.values())

    for row in (row for row in rows.values() if row.stage == BUILDING and row.name in january and row.percent):
        reports = list(weeks_of(row, january[row.name], money).values())
        percents = [report.works_percent or 0 for report in reports]
        amounts = [report.ytd_investment or 0 for report in reports]
        assert (percents, amounts) == (sorted(percents), sorted(amounts))
        last = reports[-1]
        assert (last.works_percent, last.progress) == (row.percent, row.progress)
        assert last.ytd_investment == money.get(row.name)


def test_nothing_is_built_in_the_week_of_the_festival(rows, january):
    row = rows["县高级中学扩建项目"]

    reports = weeks_of(row, january[row.name], invested.by_may(rows.values()))

    assert {reports[week].no_change for week in (6, 7)} == {"holiday"}
    assert reports[7].ytd_investment == reports[5].ytd_investment


def test_the_same_project_tells_the_same_every_time(rows, january):
    row, money = rows["县高级中学扩建项目"], invested.by_may(rows.values())

    assert weeks_of(row, january[row.name], money) == weeks_of(row, january[row.name], money)


def test_planting_leaves_the_last_week_as_it_was(rows, january):
    money = invested.by_may(rows.values())

    for defect in (defect for defect in defects.DEFECTS if defect.last < 21):
        row = rows[defect.project]
        clean, planted = (weeks_of(row, january[row.name], money, last=21) for _ in range(2))
        planting.plant(row, planted)
        assert (defect.project, planted[21]) == (defect.project, clean[21])
