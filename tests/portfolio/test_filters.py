"""The search box finds what people type; ranges take numbers and nothing else."""

from decimal import Decimal

import pytest

from portfolio.filters import PlanFilter
from portfolio.models import AnnualPlan, ProjectAlias
from tests import factories

pytestmark = pytest.mark.django_db


def found(**params):
    plans = AnnualPlan.objects.order_by("pk")
    filterset = PlanFilter(params, plans.filter(part_of__isnull=True), parts=plans.filter(part_of__isnull=False))
    return list(filterset.qs.values_list("project__name", flat=True))


@pytest.fixture
def sewage_works(county):
    project = factories.project("沁源县污水处理厂（二期）", code="2405-140431-04-01-123456", builder="县水务集团")
    ProjectAlias.objects.create(project=project, name="沁河净化站")
    project.save()
    factories.plan(factories.project("煤层气发电"))
    return factories.plan(project)


@pytest.mark.parametrize(
    "query",
    ["污水", "理厂", "wscl", "WSCLC", "wushui", "2405-140431-04-01-123456", "140431-04", "净化站", "qhjhz", "水务集团"],
)
def test_search_finds_two_characters_pinyin_codes_old_names_and_builders(sewage_works, query):
    assert found(q=query) == ["沁源县污水处理厂（二期）"]


@pytest.mark.parametrize("query", ["污水处理厂(二期)", "污水 二期", "二期　污水", "污水  wscl"])
def test_every_word_must_be_found_whatever_the_spelling(sewage_works, query):
    assert found(q=query) == ["沁源县污水处理厂（二期）"]


def test_a_word_that_is_nowhere_finds_nothing(sewage_works):
    assert found(q="污水 三期") == []


@pytest.mark.parametrize("query", ["", "   ", "（）"])
def test_a_search_without_words_narrows_nothing(sewage_works, query):
    assert len(found(q=query)) == 2


def test_a_sub_item_is_found_through_its_project(sewage_works):
    factories.plan(factories.project("粗格栅间"), part_of=sewage_works)

    assert found(q="粗格栅") == ["沁源县污水处理厂（二期）"]


def test_words_may_not_be_spread_over_a_project_and_its_sub_item(sewage_works):
    factories.plan(factories.project("粗格栅间"), part_of=sewage_works)

    assert found(q="污水 粗格栅") == []


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE portfolio_project; --", '" OR 1=1', "%", "_", "\\", "污%", "\x00", "a" * 101, "(" * 100]
)
def test_hostile_text_is_only_text(sewage_works, query):
    assert set(found(q=query)) <= {"沁源县污水处理厂（二期）", "煤层气发电"}
    assert AnnualPlan.objects.count() == 2


def test_percent_signs_are_no_wildcards(sewage_works):
    assert found(q="污%厂") == []


def test_ranges_include_their_bounds():
    for amount in ("99.99", "100", "200", "200.01"):
        factories.plan(project__name=amount, project__total_investment=Decimal(amount))
    factories.plan(project__name="空")

    assert found(total_min="100", total_max="200") == ["100", "200"]
    assert found(total_min="100.01") == ["200", "200.01"]


def test_plan_ranges_look_at_the_annual_plan():
    factories.plan(project__name="甲", planned_investment=Decimal("50"), project__total_investment=Decimal("500"))
    factories.plan(project__name="乙", planned_investment=Decimal("500"), project__total_investment=Decimal("500"))

    assert found(plan_max="50") == ["甲"]
    assert found(plan_min="50.01") == ["乙"]


@pytest.mark.parametrize("value", ["一百", "1e999", "NaN", "1' OR '1'='1"])
def test_a_range_that_is_no_number_is_an_error_beside_its_field(value):
    filterset = PlanFilter({"total_min": value}, AnnualPlan.objects.all(), parts=AnnualPlan.objects.none())

    assert not filterset.is_valid()
    assert list(filterset.form.errors) == ["total_min"]
