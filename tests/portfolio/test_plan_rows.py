"""The cells of a row: as text for the page, as values for the export."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio import plan_rows, progress
from portfolio.models import AnnualPlan
from portfolio.partial_dates import PartialDate
from portfolio.plan_fields import BY_KEY, COLUMNS, FIELDS
from tests import factories

pytestmark = pytest.mark.django_db


def judged(plans):
    """`plans` as they are judged on the last of May."""
    return plan_rows.judged(plans, 2024, dt.date(2024, 5, 31), progress.DEFAULTS)


def cells(plan, *keys, cell=plan_rows.text):
    columns = [BY_KEY[key] for key in keys]
    return list(plan_rows.read(judged(AnnualPlan.objects.filter(pk=plan.pk)), columns, cell)[plan.pk].cells.values())


def test_an_empty_row_is_empty_in_every_column():
    plan = factories.plan(project__name="甲")

    row = plan_rows.read(judged(AnnualPlan.objects.all()), COLUMNS)[plan.pk]

    assert {key: text for key, text in row.cells.items() if text} == {
        "name": "甲",
        "light": "○ 无开工时间",
        "slippage": "未排节点",
        "registration_state": "未开工",
        "state": "在列",
    }


def test_choices_and_relations_show_their_names():
    plan = factories.plan(
        project__category="industrial",
        project__stage="building",
        project__town=factories.town(),
        project__unit=factories.unit("县水利局"),
        leader=factories.leader("县领导甲"),
    )

    assert cells(plan, "category", "stage", "town", "unit", "leader") == [
        "产业类",
        "在建",
        "沁河镇",
        "县水利局",
        "县领导甲",
    ]


def test_money_and_percents_are_text_on_the_page_and_figures_in_the_export():
    plan = factories.plan(
        project__total_investment=Decimal("12345.60"), planned_investment=Decimal("100"), works_percent=Decimal("85")
    )
    keys = ("total_investment", "planned_investment", "works_percent")

    assert cells(plan, *keys) == ["12,345.60", "100", "85%"]
    assert cells(plan, *keys, cell=plan_rows.value) == [Decimal("12345.60"), Decimal("100.00"), Decimal("85.00")]


@pytest.mark.parametrize(
    ("precision", "written"), [("d", "2024-06-30"), ("m", "2024-06"), ("q", "2024年二季度"), ("y", "2024年")]
)
def test_dates_are_as_precise_as_they_are_known(precision, written):
    plan = factories.plan(project__planned_finish=dt.date(2024, 6, 30), project__planned_finish_precision=precision)

    assert cells(plan, "planned_finish") == [written]
    assert cells(plan, "planned_finish", cell=plan_rows.value) == [
        PartialDate.from_stored(dt.date(2024, 6, 30), precision)
    ]


def test_start_and_period_take_the_actual_dates_and_else_the_planned_ones():
    planned = {
        "project__planned_start": dt.date(2024, 3, 1),
        "project__planned_start_precision": "m",
        "project__planned_finish": dt.date(2025, 12, 31),
        "project__planned_finish_precision": "y",
    }
    waiting = factories.plan(**planned)
    started = factories.plan(**planned, project__started_on=dt.date(2024, 4, 15), project__started_on_precision="d")

    assert cells(waiting, "start", "period") == ["2024-03", "2024-03 至 2025年"]
    assert cells(started, "start", "period") == ["2024-04-15", "2024-04-15 至 2025年"]


def test_a_period_with_one_end_says_which():
    finish = {"project__planned_finish": dt.date(2025, 12, 31), "project__planned_finish_precision": "y"}
    start = {"project__planned_start": dt.date(2024, 3, 1), "project__planned_start_precision": "m"}

    assert cells(factories.plan(**finish), "period") == ["2025年止"]
    assert cells(factories.plan(**start), "period") == ["2024-03起"]


def test_a_finish_planned_before_the_actual_start_ends_no_period():
    plan = factories.plan(
        project__started_on=dt.date(2024, 1, 1),
        project__started_on_precision="d",
        project__planned_finish=dt.date(2023, 12, 31),
        project__planned_finish_precision="y",
    )

    assert cells(plan, "period") == ["2024-01-01起"]


def test_industries_are_read_with_their_name_and_exported_as_their_code():
    plan = factories.plan(project__industry="D4416")

    assert cells(plan, "industry") == ["D4416 电力、热力生产和供应业"]
    assert cells(plan, "industry", cell=plan_rows.value) == ["D4416"]


def test_rows_come_in_the_order_asked_for_with_sub_items_in_the_order_of_their_plan(county):
    first, second = factories.plan(project__name="一"), factories.plan(project__name="二")
    for seq in (None, 10, 2, 1):
        factories.plan(project__name=f"子项{seq}", part_of=first, seq=seq)

    rows = plan_rows.read_in_order(county.plans, [second.pk, first.pk], [BY_KEY["name"]])

    assert [row.name for row in rows] == ["二", "一"]
    assert [part.name for part in rows[1].parts] == ["子项1", "子项2", "子项10", "子项None"]


def test_rows_of_another_county_and_rows_that_are_gone_are_left_out(county):
    other = factories.county("140430", "沁县")
    foreign = factories.plan(factories.project(county=other))

    assert plan_rows.read_in_order(county.plans, [foreign.pk, 999_999], [BY_KEY["name"]]) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_one_query_reads_rows_with_all_columns_and_sub_items(county, rows, django_assert_num_queries):
    plans = [factories.plan(project__town=factories.town(), leader=factories.leader()) for _ in range(rows)]
    for plan in plans:
        factories.plan(part_of=plan)
    of_year = judged(county.plans.all())

    with django_assert_num_queries(1):
        read = plan_rows.read_in_order(of_year, [plan.pk for plan in plans], COLUMNS)

    assert [len(row.parts) for row in read] == [1] * rows


def test_unknown_and_kept_columns_are_no_columns_of_the_table():
    keys = [plan_field.key for plan_field in plan_rows.columns(["name", "password", "ytd", "", "seq"])]

    assert keys == ["name", "seq"]
    assert {plan_field.key for plan_field in FIELDS} - {plan_field.key for plan_field in COLUMNS} == {
        "ytd",
        "month",
        "rate",
        "problem",
        "measure",
        "deadline",
    }


def judged_plan(**values):
    started = {"project__stage": "building", "project__registration": "done", "planned_investment": Decimal(1000)}
    return factories.plan(**started, ytd_investment=Decimal(115), reported_on=dt.date(2024, 5, 28), **values)


def test_what_is_judged_is_told_with_its_figures():
    plan = judged_plan()

    assert cells(plan, "light", "completion", "deviation", "ytd_investment", "reported", "registration_state") == [
        "■ 红灯",
        "11.5%",
        "−30.2",
        "115",
        "2024-05-28（3天前）",
        "已入统",
    ]


def test_the_earliest_overdue_milestone_is_told_with_its_day():
    plan = judged_plan()
    factories.milestone(plan, dt.date(2024, 7, 1))
    assert cells(plan, "slippage") == ["未逾期"]

    factories.milestone(plan, dt.date(2024, 3, 20))

    assert cells(plan, "slippage") == ["2024-03-20到期，逾期2个月"]


def test_a_light_says_why_and_a_sub_item_has_none():
    plan = judged_plan()
    part = judged_plan(part_of=plan)

    rows = plan_rows.read(judged(AnnualPlan.objects.all()), [BY_KEY["light"]])

    assert rows[plan.pk].judgement.reason == "红：投资完成 11.5%，落后序时（41.7%）30.2 个百分点"
    assert (rows[part.pk].judgement, rows[part.pk].cells["light"]) == (None, "")
