"""The rules between the fields of one row: each boundary in a pair, each message exact. No database."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.models import AnnualPlan, Project
from portfolio.rules import row_problems


def test_an_empty_row_has_no_problem():
    assert row_problems(Project(name="甲"), AnnualPlan(year=2024)) == {}


def test_the_plan_may_equal_the_total_and_not_exceed_it():
    project = Project(total_investment=Decimal("12000"))

    assert row_problems(project, AnnualPlan(planned_investment=Decimal("12000.00"))) == {}
    assert row_problems(project, AnnualPlan(planned_investment=Decimal("12000.01"))) == {
        "planned_investment": "年度计划投资 12,000.01 万元大于总投资 12,000 万元，请核对两个数的单位和数值。"
    }


def test_a_finish_in_the_period_of_the_start_is_fine_and_the_day_before_is_not():
    start = {"planned_start": dt.date(2024, 5, 1), "planned_start_precision": "m"}

    within = Project(**start, planned_finish=dt.date(2024, 12, 31), planned_finish_precision="y")
    before = Project(**start, planned_finish=dt.date(2024, 4, 30), planned_finish_precision="d")

    assert row_problems(within) == {}
    assert row_problems(before) == {"planned_finish": "计划竣工时间 2024-04-30 早于计划开工时间 2024-05，请核对。"}


def test_a_planned_finish_does_not_lie_before_the_actual_start():
    start = {"started_on": dt.date(2022, 6, 1), "started_on_precision": "m"}
    within = Project(**start, planned_finish=dt.date(2022, 6, 30), planned_finish_precision="m")
    before = Project(**start, planned_finish=dt.date(2021, 12, 31), planned_finish_precision="y")

    assert row_problems(within) == {}
    assert row_problems(before) == {"planned_finish": "计划竣工时间 2021年 早于实际开工时间 2022-06，请核对。"}


@pytest.mark.parametrize(("stage", "keys"), [("planned", {"started"}), ("building", set()), ("", set())])
def test_a_started_project_is_not_at_a_stage_before_its_start(stage, keys):
    project = Project(stage=stage, started_on=dt.date(2024, 3, 1), started_on_precision="d")

    assert row_problems(project).keys() == keys


@pytest.mark.parametrize(("percent", "keys"), [("0", set()), ("100", set()), ("100.01", {"works_percent"})])
def test_works_percent_lies_between_0_and_100(percent, keys):
    assert row_problems(Project(), AnnualPlan(works_percent=Decimal(percent))).keys() == keys


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-0.01", "1000000000000"])
def test_money_is_a_finite_number_of_at_most_twelve_digits(value):
    assert row_problems(Project(total_investment=Decimal(value)), AnnualPlan(planned_investment=Decimal(1))).keys() == {
        "total_investment"
    }


def test_a_point_is_whole_and_not_swapped():
    half = Project(longitude=Decimal("112.337"))
    swapped = Project(longitude=Decimal("36.5"), latitude=Decimal("112.337"))

    assert row_problems(half) == {"latitude": "经度和纬度要么都填，要么都不填；现在缺纬度。"}
    assert row_problems(swapped) == {
        "longitude": "经度 36.5 不在 73 到 136 之间，请核对是否与纬度写反。",
        "latitude": "纬度 112.337 不在 3 到 54 之间，请核对是否与经度写反。",
    }


def test_leaving_the_plan_needs_a_reason():
    assert row_problems(Project(), AnnualPlan(state="removed", state_reason=" ")) == {
        "state_reason": "计划状态为“调出”时要写明调整原因。"
    }
    assert row_problems(Project(), AnnualPlan(state="removed", state_reason="用地未落实")) == {}
