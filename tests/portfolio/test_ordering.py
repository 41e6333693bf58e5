"""The plan table's orders: as on paper, by any column, and never by anything else."""

import datetime as dt

import pytest

from portfolio import plan_rows, progress
from portfolio.models import AnnualPlan
from portfolio.ordering import is_sort_key, order
from portfolio.plan_fields import COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db


def names(*keys):
    plans = plan_rows.judged(AnnualPlan.objects.all(), 2024, dt.date(2024, 5, 31), progress.DEFAULTS)
    return list(plans.order_by(*order(*keys)).values_list("project__name", flat=True))


def test_paper_order_is_by_number_and_rows_without_one_come_last():
    factories.plan(project__name="无号")
    factories.plan(project__name="二", seq=2)
    factories.plan(project__name="一", seq=1)

    assert names() == ["一", "二", "无号"]


def test_rows_without_a_value_come_last_up_and_down():
    factories.plan(project__name="空")
    factories.plan(project__name="小", project__total_investment=1)
    factories.plan(project__name="大", project__total_investment=10)

    assert names("total_investment") == ["小", "大", "空"]
    assert names("-total_investment") == ["大", "小", "空"]


def test_blank_text_comes_last_too():
    factories.plan(project__name="空")
    factories.plan(project__name="甲", project__sector="a")
    factories.plan(project__name="乙", project__sector="b")

    assert names("sector") == ["甲", "乙", "空"]
    assert names("-sector") == ["乙", "甲", "空"]


def test_names_sort_by_pinyin():
    for name in ("自来水", "白狐窑", "污水"):
        factories.plan(project__name=name)

    assert names("name") == ["白狐窑", "污水", "自来水"]


def test_choices_sort_in_the_order_of_their_stages():
    for stage in ("in_operation", "reserve", "", "planned", "building"):
        factories.plan(project__name=stage or "未填", project__stage=stage)

    assert names("stage") == ["reserve", "planned", "building", "in_operation", "未填"]


def test_start_is_the_actual_one_and_else_the_planned_one():
    day, known_to = dt.date, {"project__started_on_precision": "d", "project__planned_start_precision": "d"}
    factories.plan(
        project__name="三月开工",
        project__started_on=day(2024, 3, 1),
        project__planned_start=day(2024, 9, 1),
        **known_to,
    )
    factories.plan(
        project__name="二月计划", project__planned_start=day(2024, 2, 1), project__planned_start_precision="d"
    )

    assert names("start") == ["二月计划", "三月开工"]


def test_leaders_of_one_rank_are_kept_apart():
    first, second = factories.leader("县领导甲", rank=1), factories.leader("县领导乙", rank=1)
    for number, leader in enumerate((first, second, first, second), 1):
        factories.plan(seq=number, leader=leader)

    of_leaders = AnnualPlan.objects.order_by(*order("leader")).values_list("leader__name", flat=True)

    assert list(of_leaders) in [["县领导甲"] * 2 + ["县领导乙"] * 2, ["县领导乙"] * 2 + ["县领导甲"] * 2]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_column_sorts_both_ways(column):
    factories.plan()

    assert len(names(column.key)) == len(names(f"-{column.key}")) == 1


@pytest.mark.parametrize(
    "key", ["", "-", "--name", "nonsense", "project__county__users__password", "ytd", "name; DROP TABLE", "name,seq"]
)
def test_unknown_keys_are_no_sort_keys_and_leave_the_paper_order(key):
    assert not is_sort_key(key)
    assert order(key) == order()


def test_slippage_sorts_the_longest_overdue_first_and_what_is_in_time_last():
    for name, due in (("新", dt.date(2024, 5, 30)), ("久", dt.date(2024, 2, 1)), ("未到", dt.date(2024, 7, 1))):
        factories.milestone(factories.plan(project__name=name), due)

    assert (names("slippage"), names("-slippage")) == (["久", "新", "未到"], ["新", "久", "未到"])


def test_lights_sort_from_the_worst_to_the_best():
    started = {"project__stage": "building", "planned_investment": 100}
    factories.plan(project__name="绿", **started, ytd_investment=100)
    factories.plan(project__name="红", **started, ytd_investment=1)
    factories.plan(project__name="未报送", **started)

    assert (names("light"), names("-light")) == (["红", "未报送", "绿"], ["绿", "未报送", "红"])
