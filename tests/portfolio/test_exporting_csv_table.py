"""The .csv: one header, complete rows, figures that stay figures and text that stays text."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.http import QueryDict

from portfolio.exporting import csv_table
from portfolio.exporting.plan_sheet import PlanSheet, columns_without_groups
from portfolio.listing import PlanListing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.county(business_time=dt.datetime(2024, 5, 31, 4, tzinfo=dt.UTC))


def rows(county, query=""):
    listing = PlanListing(county, QueryDict(query))
    out = io.StringIO(newline="")
    csv_table.write(PlanSheet(listing, columns_without_groups(listing)), out)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


def test_rows_are_complete_and_stand_under_one_header_with_units(county):
    factories.plan(factories.project("甲", category="industrial", total_investment=Decimal("1234.5")), seq=1)
    factories.plan(factories.project("乙"), seq=2, planned_investment=Decimal("0"))

    assert rows(county, "cols=seq,name,total_investment,planned_investment") == [
        ["序号", "项目名称", "总投资（万元）", "年度计划投资（万元）", "项目类别"],
        ["1", "甲", "1234.50", "", "产业类"],
        ["2", "乙", "", "0.00", ""],
    ]


def test_sub_items_have_rows_of_their_own(county):
    parent = factories.plan(factories.project("打包"), seq=1)
    factories.plan(factories.project("子项"), seq=1, part_of=parent)

    assert rows(county, "cols=seq,name&group=none")[1:] == [["1", "打包"], ["（1）", "子项"]]


def test_percents_say_so(county):
    factories.plan(factories.project("甲"), works_percent=Decimal("85.25"))

    assert rows(county, "cols=name,works_percent&group=none")[1:] == [["甲", "85.25%"]]


def test_text_that_looks_like_a_formula_is_guarded(county):
    factories.plan(factories.project("=1+1"), remark="＠甲")

    assert rows(county, "cols=name,remark&group=none")[1:] == [["'=1+1", "'＠甲"]]


def test_negative_figures_stay_figures(county):
    assert (
        csv_table._cell(PlanListing(county, QueryDict("cols=total_investment")).columns[0], Decimal("-5.50")) == "-5.50"
    )


def test_commas_quotes_and_line_breaks_survive(county):
    factories.plan(factories.project('甲"乙",丙'), remark="一\n二")

    assert rows(county, "cols=name,remark&group=none")[1:] == [['甲"乙",丙', "一\n二"]]
