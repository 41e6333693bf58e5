"""Factors, funds and requests of the demo, as they are drawn up; without a database."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio import services
from portfolio.models.permits import Factor, FundKind
from portfolio.money import exact_sum
from qinyuan_projects.demo import factor_plans, fund_plans, need_ledger, service_stories, stated, tables
from qinyuan_projects.demo.timeline import workday

PUBLIC = {FundKind.CENTRAL, FundKind.PROVINCE, FundKind.CITY, FundKind.COUNTY, FundKind.BOND}
LAST = dt.date(2024, 5, 30)


@pytest.fixture(scope="module")
def rows():
    return tables.may_rows()


def factors_of(row):
    sources = fund_plans.sources_of(row, Decimal(0), {})
    return {need.factor for need in factor_plans.needs_of(row, sources, set())}


def row_of(rows, name):
    return next(row for row in rows if row.name == name)


def test_a_road_needs_land_and_people_and_the_county_s_money(rows):
    assert factors_of(row_of(rows, "国道过境段改线工程")) == {Factor.LAND, Factor.LABOUR, Factor.FUNDS}


def test_a_chemical_plant_needs_all_six(rows):
    assert factors_of(row_of(rows, "年处理30万吨煤焦油深加工项目")) == set(Factor)


def test_a_factor_told_elsewhere_is_not_told_again(rows):
    row = row_of(rows, "年处理30万吨煤焦油深加工项目")
    sources = fund_plans.sources_of(row, Decimal(0), {})

    told = {need.factor for need in factor_plans.needs_of(row, sources, {Factor.LAND, Factor.FUNDS})}

    assert told == set(Factor) - {Factor.LAND, Factor.FUNDS}


def test_public_works_are_paid_from_public_money_and_industry_mostly_from_its_own(rows):
    roads = [row for row in need_ledger.rows_told(rows) if row.sector == "交通运输"]
    coal = [row for row in need_ledger.rows_told(rows) if row.sector == "煤炭焦化"]

    of_roads = {source.kind for row in roads for source in fund_plans.sources_of(row, Decimal(0), {})}
    of_coal = {source.kind for row in coal for source in fund_plans.sources_of(row, Decimal(0), {})}

    assert (of_roads <= PUBLIC, of_coal) == (True, {FundKind.LOAN, FundKind.OWN})


def test_what_is_told_of_a_project_s_money_leaves_the_rest_to_other_sources(rows):
    row = row_of(rows, "县人民医院住院综合楼建设项目")
    told = {FundKind.BOND: Decimal(9000), FundKind.COUNTY: Decimal(3000)}

    rest = fund_plans.sources_of(row, Decimal(0), told)

    assert exact_sum(source.planned for source in rest) == row.total - 12000
    assert {source.kind for source in rest} & told.keys() == set()


def test_money_follows_what_was_invested(rows):
    row = row_of(rows, "韩洪乡煤层气地面抽采井组建设项目")

    little, much = (
        exact_sum(source.arrived for source in fund_plans.sources_of(row, Decimal(amount), {}))
        for amount in (1000, 4000)
    )

    assert little < much <= row.total


def test_the_ledger_notes_nothing_before_it_happened_and_nothing_of_the_report(rows):
    pages = need_ledger._pages(rows)

    flows = [(day, name, flow) for day, page in pages.items() for name, _, flow in page.flows]

    assert [(day, name) for day, name, flow in flows if flow.day > day or day > LAST] == []
    assert {name for _, name, _ in flows} & stated.STATED_NAMES == set()


def test_requests_are_possible_and_answered_on_working_days(rows):
    stories = service_stories.stories(rows)

    assert 40 <= len(stories) <= 60
    for story in stories:
        values = {**story.values(None), "answered_on": story.answered_on, "answer": story.answer}
        assert services.faults(values, None, LAST) == {}
        assert {day: workday(day) for day in (story.asked_on, story.promised_on)} == {
            day: day for day in (story.asked_on, story.promised_on)
        }


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (dt.date(2024, 5, 10), dt.date(2024, 5, 10), dt.date(2024, 5, 10)),
        (dt.date(2024, 5, 12), dt.date(2024, 5, 10), dt.date(2024, 5, 13)),
        (dt.date(2024, 2, 14), dt.date(2024, 2, 8), dt.date(2024, 2, 19)),
    ],
)
def test_a_day_off_moves_to_the_working_day_before_or_after(day, before, after):
    assert (workday(day), workday(day, step=1)) == (before, after)
