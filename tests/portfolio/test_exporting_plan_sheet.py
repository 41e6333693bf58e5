"""What an exported table says: all pages of the look, its groups and sums, its title and file name."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict

from portfolio.exporting.plan_sheet import PlanSheet, Role, columns_without_groups, header_label
from portfolio.listing import PlanListing
from portfolio.plan_fields import BY_KEY
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return factories.county(business_time=dt.datetime(2024, 5, 31, 4, tzinfo=dt.UTC))


def sheet(county, query=""):
    return PlanSheet(PlanListing(county, QueryDict(query)))


def told(county, query=""):
    """[(role, values)] of every line."""
    return [(line.role, line.values) for line in sheet(county, query).lines()]


def test_the_total_comes_first_then_each_group_with_its_rows(county):
    for seq, (name, category, total) in enumerate(
        [("甲", "industrial", "1.10"), ("乙", "infrastructure", "5"), ("丙", "industrial", "2.20")], 1
    ):
        factories.plan(factories.project(name, category=category, total_investment=Decimal(total)), seq=seq)

    assert told(county, "cols=seq,name,total_investment") == [
        (Role.TOTAL, ["合计（3个）", None, Decimal("8.30")]),
        (Role.GROUP, ["一、产业类（2个）", None, Decimal("3.30")]),
        (Role.ROW, [1, "甲", Decimal("1.10")]),
        (Role.ROW, [3, "丙", Decimal("2.20")]),
        (Role.GROUP, ["二、基础设施及社会民生类（1个）", None, Decimal("5.00")]),
        (Role.ROW, [2, "乙", Decimal("5.00")]),
    ]


def test_without_groups_only_the_total_stands_above_the_rows(county):
    factories.plan(factories.project("甲"))

    assert [role for role, _ in told(county, "group=none")] == [Role.TOTAL, Role.ROW]


def test_a_sum_of_nothing_is_empty_and_a_sum_of_noughts_is_nought(county):
    factories.plan(factories.project("甲", total_investment=Decimal("0")))

    assert told(county, "group=none&cols=name,total_investment,planned_investment")[0][1] == [
        "合计（1个）",
        Decimal("0.00"),
        None,
    ]


def test_sub_items_are_numbered_within_their_project_and_add_nothing(county):
    parent = factories.plan(factories.project("打包", total_investment=Decimal("10")), seq=7)
    factories.plan(factories.project("子项甲", total_investment=Decimal("4")), seq=1, part_of=parent)
    factories.plan(factories.project("子项乙", total_investment=Decimal("6")), part_of=parent)

    assert told(county, "group=none&cols=seq,name,total_investment") == [
        (Role.TOTAL, ["合计（1个）", None, Decimal("10.00")]),
        (Role.ROW, [7, "打包", Decimal("10.00")]),
        (Role.PART, ["（1）", "子项甲", Decimal("4.00")]),
        (Role.PART, [None, "其中：子项乙", Decimal("6.00")]),
    ]


def test_sub_items_say_so_where_no_number_column_does(county):
    parent = factories.plan(factories.project("打包"), seq=1)
    factories.plan(factories.project("子项"), seq=1, part_of=parent)

    assert told(county, "group=none&cols=name")[2] == (Role.PART, ["其中：子项"])


def test_all_pages_are_exported_in_the_order_of_the_look(county):
    for number in range(120):
        factories.plan(factories.project(f"项目{number:03}", total_investment=Decimal(number)))

    names = [
        values[0] for role, values in told(county, "page=2&per_page=50&sort=-total_investment&cols=name&group=none")
    ]

    assert names == ["合计（120个）", *(f"项目{number:03}" for number in reversed(range(120)))]


def test_dates_percents_and_choices_are_what_a_reader_expects(county):
    factories.plan(
        factories.project(
            "甲",
            stage="building",
            planned_finish=dt.date(2024, 6, 30),
            planned_finish_precision="q",
            industry="D4416",
        ),
        works_percent=Decimal("85.50"),
    )

    columns = "name,stage,planned_finish,industry,works_percent,address"
    assert told(county, f"group=none&cols={columns}")[1][1] == [
        "甲",
        "在建",
        "2024年二季度",
        "D4416",
        Decimal("0.855"),
        None,
    ]


def test_labels_stand_in_the_first_column_that_has_no_sum(county):
    factories.plan(factories.project("甲", total_investment=Decimal(1)))

    assert told(county, "cols=total_investment,address,name")[0][1] == [Decimal("1.00"), None, "合计（1个）"]
    assert told(county, "cols=total_investment,address")[0][1] == [Decimal("1.00"), "合计（1个）"]
    assert told(county, "cols=total_investment")[0][1] == [Decimal("1.00")]


def test_neighbours_of_one_group_share_a_label_and_a_lone_column_says_its_unit(county):
    def header(columns):
        return [(label, [column.key for column in run]) for label, run in sheet(county, f"cols={columns}").header]

    assert header("name,total_investment,planned_investment,unit") == [
        ("", ["name"]),
        ("投资（万元）", ["total_investment", "planned_investment"]),
        ("", ["unit"]),
    ]
    assert header("total_investment,name,planned_investment") == [
        ("", ["total_investment"]),
        ("", ["name"]),
        ("", ["planned_investment"]),
    ]
    assert header_label(BY_KEY["total_investment"]) == "总投资（万元）"
    assert header_label(BY_KEY["unit"]) == "责任单位"


def test_title_and_scope_name_county_year_day_and_filter(county):
    factories.plan(factories.project(category="industrial", town=factories.town()))

    exported = sheet(county, "category=industrial&town=140431100")

    assert exported.title == "2024年沁源县重大项目计划表（演示数据）"
    assert exported.scope == "截至2024年5月31日　类别：产业类；乡镇：沁河镇"
    assert sheet(county).scope == "截至2024年5月31日"


def test_a_real_county_has_no_word_of_demo_data(county):
    county.business_time = None

    assert sheet(county).title == f"{county.business_today().year}年沁源县重大项目计划表"


def test_file_names_say_what_is_inside(county):
    factories.plan(factories.project(category="industrial"))

    assert sheet(county).file_name("csv") == "2024年沁源县重大项目计划表_20240531.csv"
    assert sheet(county, "category=industrial").file_name("xlsx") == "2024年沁源县重大项目计划表_产业类_20240531.xlsx"


@pytest.mark.parametrize("query", ["../../etc/passwd", 'a"b:c*?<>|', "甲\x1f乙", "x" * 99])
def test_a_file_name_holds_no_path_and_stays_short(county, query):
    params = QueryDict(mutable=True)
    params["q"] = query

    name = PlanSheet(PlanListing(county, params)).file_name("xlsx")

    assert not set('/\\:*?"<>|\x1f') & set(name)
    assert len(name) < 90


def test_a_table_without_group_rows_gets_the_column_that_says_the_same(county):
    def keys(query):
        return [column.key for column in columns_without_groups(PlanListing(county, QueryDict(query)))]

    assert keys("cols=seq,name&group=category") == ["seq", "name", "category"]
    assert keys("cols=category,name&group=category") == ["category", "name"]
    assert keys("cols=seq,name&group=none") == ["seq", "name"]


def test_sums_equal_those_of_the_page_to_the_cent(county):
    for number in range(300):
        factories.plan(
            factories.project(
                category="industrial" if number % 3 else "infrastructure",
                total_investment=Decimal("0.10") + Decimal(number) / 100 if number % 7 else None,
            ),
            planned_investment=Decimal("0.20"),
        )
    listing = PlanListing(county, QueryDict(""))

    lines = list(sheet(county, "cols=name,total_investment,planned_investment").lines())

    assert lines[0].values[1:] == [listing.sums.total, listing.sums.planned]
    assert [line.values[1:] for line in lines if line.role is Role.GROUP] == [
        [group.sums.total, group.sums.planned] for group in PlanListing(county, QueryDict("per_page=all")).groups()
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_an_export_takes_three_queries_whatever_its_size(county, rows, django_assert_num_queries):
    for _ in range(rows):
        plan = factories.plan(project__town=factories.town(), leader=factories.leader())
        factories.plan(part_of=plan)

    with django_assert_num_queries(3):
        lines = list(sheet(county, "group=town").lines())

    assert len(lines) == 2 + 2 * rows
