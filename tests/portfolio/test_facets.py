"""Facets: what can be chosen, how many rows each choice has, and sums that are exact."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from portfolio import facets, plan_rows, progress
from portfolio.models import AnnualPlan
from portfolio.partial_dates import Precision
from tests import factories

pytestmark = pytest.mark.django_db


def judged():
    return plan_rows.judged(AnnualPlan.objects.all(), 2024, dt.date(2024, 5, 31), progress.DEFAULTS)


def index():
    return facets.FacetIndex(judged().order_by(F("seq").asc(nulls_last=True), "pk"))


def counts(key, **chosen):
    """{title: count} of a facet under choices of others."""
    chosen = {other: frozenset(tokens) for other, tokens in chosen.items()}
    of_rows = index()
    options = of_rows.options(facets.BY_KEY[key], of_rows.counts(chosen)[key], chosen.get(key, frozenset()))
    return {option.title: option.count for option in options}


def test_counts_leave_out_their_own_facet_and_follow_the_others():
    town = factories.town()
    factories.plan(project__category="industrial", project__town=town)
    factories.plan(project__category="industrial")
    factories.plan(project__category="infrastructure", project__town=town)

    assert counts("category", category=["industrial"]) == {"产业类": 2, "基础设施及社会民生类": 1}
    assert counts("category", town=["140431100"]) == {"产业类": 1, "基础设施及社会民生类": 1}
    assert counts("town", category=["industrial"]) == {"沁河镇": 1, "未填": 1}


def test_a_chosen_value_stays_listed_at_nought_and_an_unchosen_one_goes():
    town = factories.town()
    factories.plan(project__stage="building", project__town=town)
    factories.plan(project__stage="planned")

    assert counts("stage", town=["140431100"]) == {"在建": 1}
    assert counts("stage", town=["140431100"], stage=["planned"]) == {"计划新开工": 0, "在建": 1}


def test_options_stand_in_the_order_of_their_list_and_blank_last():
    for stage in ("", "in_operation", "reserve", "building", "planned"):
        factories.plan(project__stage=stage)

    assert list(counts("stage")) == ["谋划", "计划新开工", "在建", "开工见效", "未填"]


def test_libraries_are_counted_from_none_to_the_national_one():
    for library in ("national", "", "none", "province", "city", "national"):
        factories.plan(project__library=library)

    assert counts("library") == {"未入库": 1, "市级库": 1, "省级库": 1, "国家库": 2, "未填": 1}
    assert list(counts("library")) == ["未入库", "市级库", "省级库", "国家库", "未填"]


def test_leaders_stand_in_the_order_of_their_rank():
    factories.plan(leader=factories.leader("县领导乙", rank=2))
    factories.plan(leader=factories.leader("县领导甲", rank=1))
    factories.plan()

    assert list(counts("leader")) == ["县领导甲", "县领导乙", "未填"]


def test_the_blank_token_stands_for_what_is_not_filled_in():
    blank = factories.plan()
    factories.plan(project__stage="building", leader=factories.leader())

    chosen = {"stage": frozenset({facets.BLANK}), "leader": frozenset({facets.BLANK})}

    assert [entry.pk for entry in index().narrowed(chosen)] == [blank.pk]


def test_several_values_of_one_facet_widen_and_several_facets_narrow():
    for stage in ("building", "planned", "reserve"):
        factories.plan(project__stage=stage, project__level="county")
    factories.plan(project__stage="building")

    found = index().narrowed({"stage": frozenset({"building", "planned"}), "level": frozenset({"county"})})

    assert len(found) == 2


def test_start_year_is_of_the_actual_start_and_else_of_the_planned_one():
    factories.plan(
        project__started_on=dt.date(2023, 12, 31),
        project__started_on_precision="d",
        project__planned_start=dt.date(2024, 1, 1),
        project__planned_start_precision="d",
    )
    factories.plan(project__planned_start=dt.date(2024, 1, 1), project__planned_start_precision="y")
    factories.plan()

    assert counts("start_year") == {"2023年": 1, "2024年": 1, "未填": 1}


def test_industries_are_counted_by_section():
    for code in ("D44", "D4416", "B06"):
        factories.plan(project__industry=code)

    assert list(counts("industry").values()) == [1, 2]


def test_a_value_that_is_no_longer_in_its_list_is_shown_as_it_is():
    factories.plan(project__stage="abandoned", project__industry="?1")

    assert counts("stage") == {"abandoned": 1}
    assert counts("industry") == {"?": 1}


def test_every_facet_has_a_label_and_reads_a_row():
    factories.plan()

    counted = {facet.label: sum(counts(facet.key).values()) for facet in facets.FACETS}

    assert counted == dict.fromkeys([facet.label for facet in facets.FACETS], 1)
    assert len(counted) == len(facets.FACETS)


def test_sums_of_a_thousand_rows_are_exact_to_the_cent():
    AnnualPlan.objects.bulk_create(
        AnnualPlan(
            county=factories.county(),
            project=factories.project(total_investment=Decimal(total)),
            year=2024,
            planned_investment=Decimal("0.01"),
        )
        for total in ["0.10", "0.20"] * 500
    )

    sums = facets.sums(index().entries)

    assert (sums.count, sums.total, sums.planned) == (1000, Decimal("150.00"), Decimal("10.00"))


def test_sums_count_the_rows_without_a_figure():
    factories.plan(project__total_investment=Decimal("5.50"))
    factories.plan(planned_investment=Decimal("0"))

    sums = facets.sums(index().entries)

    assert (sums.total, sums.missing_total, sums.planned, sums.missing_planned) == (Decimal("5.50"), 1, 0, 1)


@pytest.mark.parametrize("rows", [1, 30])
def test_one_query_reads_all_facets(rows, django_assert_num_queries):
    for _ in range(rows):
        factories.plan(project__town=factories.town(), leader=factories.leader())
    plans = judged()

    with django_assert_num_queries(1):
        read = facets.FacetIndex(plans)

    assert len(read.entries) == rows


def test_years_of_start_stand_in_their_order():
    for year in (2023, 2021, 2024):
        factories.plan(project__started_on=dt.date(year, 3, 1), project__started_on_precision="m")
    factories.plan()

    assert list(counts("start_year")) == ["2021年", "2023年", "2024年", "未填"]


def test_last_reports_are_counted_by_the_weeks_since():
    for reported_on in (dt.date(2024, 5, 27), dt.date(2024, 5, 26), dt.date(2024, 4, 29), dt.date(2024, 4, 28), None):
        factories.plan(reported_on=reported_on)

    assert counts("reported") == {"本周": 1, "上周": 1, "2–4 周前": 1, "更早": 1, "从未": 1}


def test_milestones_are_counted_by_how_long_the_earliest_is_overdue():
    for due in (dt.date(2024, 5, 31), dt.date(2024, 5, 30), dt.date(2024, 4, 30), dt.date(2024, 2, 29)):
        factories.milestone(factories.plan(), due)
    factories.plan()

    assert list(counts("slippage").items()) == [
        ("逾期满 3 个月", 1),
        ("逾期 1—3 个月", 1),
        ("逾期不满 1 个月", 1),
        ("未排节点", 1),
        ("未逾期", 1),
    ]


def test_starts_are_counted_by_what_is_due_and_what_is_done():
    day, precision = dt.date(2024, 5, 1), Precision.DAY
    due = {"project__planned_start": day, "project__planned_start_precision": precision}
    begun = {"project__started_on": day, "project__started_on_precision": precision}
    factories.plan(project__stage="planned", **due)
    factories.plan(**due, **begun)
    factories.plan(**begun)
    factories.plan(project__stage="planned")
    factories.plan(project__stage="building")
    factories.plan()

    assert list(counts("start").items()) == [
        ("应开工未开工", 1),
        ("应开工已开工", 1),
        ("提前开工或未填计划时间", 1),
        ("未到或未填计划开工时间", 1),
        ("往年已开工", 1),
        ("不属当年新开工", 1),
    ]


def test_registration_is_counted_by_what_is_asked_on_the_day():
    begun = {"project__stage": "building", "project__total_investment": 500, "project__registration": "not_yet"}
    for day in (dt.date(2024, 4, 30), dt.date(2024, 5, 1)):
        factories.plan(**begun, project__started_on=day, project__started_on_precision=Precision.DAY)
    factories.plan(project__stage="planned")

    assert counts("registration_state") == {"未入统（超期）": 1, "未入统（未超期）": 1, "未开工": 1}


def test_lights_are_counted_with_what_cannot_be_judged_apart():
    started = {"project__stage": "building", "planned_investment": 100}
    factories.plan(**started, ytd_investment=1)
    factories.plan(**started)
    factories.plan(project__stage="planned")

    assert counts("light") == {"红灯": 1, "未报送": 1, "无开工时间": 1}
