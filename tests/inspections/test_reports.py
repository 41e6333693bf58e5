"""What a report says: every figure with what it is of, sums to the cent, and nothing left out in silence."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections import reports
from inspections.models import ReportKind
from inspections.reports.blocks import plain, told
from tests import factories
from tests.inspections import matter_factories, round_factories
from tests.inspections import report_factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    made.county()


def test_headline_figures_tell_what_they_are_of():
    made.plans(3)

    content = made.quarterly()

    assert made.fact(content, "项目") == ("3 个", "年度计划中计数的项目，不含打包项目的子项")
    assert made.fact(content, "总投资") == ("1.50 亿元", "3 个项目的总投资之和")
    assert made.fact(content, "投资完成率") == ("50.0%", "0.15 亿元 ÷ 0.30 亿元")
    assert made.fact(content, "序时进度") == ("41.7%", "超前 8.3 个百分点")


def test_what_the_quarter_brought_is_its_last_week_less_the_week_before_it():
    made.plans(1)

    value, of = made.fact(made.quarterly(), "本季度完成投资")

    assert (value, of) == ("0.03 亿元", "第 22 周累计 500.10 万元，减去第 13 周累计 200.05 万元")


@pytest.mark.parametrize("section", ["by-category", "by-town", "by-unit", "by-leader"])
def test_rows_of_a_group_add_up_to_its_sums_to_the_cent(section):
    made.plans(2, leader=factories.leader())
    made.plans(1, planned_investment=None, project__town=factories.town())

    table = made.block(made.quarterly(), section)

    for place, column in enumerate(table["columns"]):
        if column["kind"] in {"money", "count"}:
            of_rows = [Decimal(row[place]) for row in table["rows"] if row[place] is not None]
            assert sum(of_rows) == Decimal(table["sums"][place])


def test_the_annex_adds_up_to_the_headline():
    made.plans(3)

    table = made.block(made.quarterly(), "annex")

    rows = [row for row, role in zip(table["rows"], table["roles"], strict=True) if role == "row"]
    assert len(rows) == 3
    assert [sum(Decimal(row[place]) for row in rows) for place in (5, 6, 7)] == [
        Decimal(figure) for figure in table["sums"][5:8]
    ]


def test_a_red_project_stands_with_its_reason_and_the_measures_of_its_problems():
    late = factories.plan(
        project__name="应开工项目",
        project__stage="planned",
        project__planned_start=dt.date(2024, 1, 1),
        project__planned_start_precision="m",
        planned_investment=100,
    )
    factories.problem(late.project, text="用地未交付。", measure="倒排供地时间。", deadline=dt.date(2024, 5, 30))

    (row,) = made.block(made.quarterly(), "red")["rows"]

    assert row[1] == "应开工项目"
    assert row[4].startswith("应于2024-01开工，已逾期")
    assert row[5] == "1. 用地未交付（措施：倒排供地时间；时限 2024-05-30，已逾期）"


def test_sections_without_anything_say_so():
    content = made.quarterly()

    assert made.block(content, "stops", "text")["words"] == "2024年第二季度没有组织观摩。"
    assert [made.block(content, key)["empty"] for key in ("red", "matters", "six-ones", "annex")] == [
        "没有红灯项目。",
        "没有交办事项。",
        "全部项目六个一齐全。",
        "这一年没有列入计划的项目。",
    ]


def test_a_stop_stands_with_its_score_and_place():
    round_ = round_factories.round_()
    stop = round_factories.stop(round_, "观摩项目甲")
    round_factories.sheet(round_factories.judge(round_), stop, "50", "30.5")

    content = made.quarterly()

    assert made.block(content, "stops")["rows"] == [[1, "观摩项目甲", "未明确", "未明确", "80.50", "1 份（共 1 份）"]]
    (kept,) = made.block(content, "stops", "stops")["items"]
    assert [(each["name"], each["points"]) for each in kept["criteria"]] == [("进度", "50.00"), ("质量", "30.50")]


def test_rounds_of_one_quarter_are_ranked_each_by_itself():
    for day, title, points in ((20, "第一次观摩", ("50", "30")), (28, "第二次观摩", ("40", "20"))):
        round_ = round_factories.round_(title=title, starts_on=dt.date(2024, 5, day))
        stop = round_factories.stop(round_, f"{title}的项目")
        round_factories.sheet(round_factories.judge(round_), stop, *points)

    content = made.quarterly()

    assert made.block(content, "stops", "text")["words"] == "本季度组织观摩 2 次，各次分别评分、分别排名。"
    tables = [made.block(content, "stops", place=place) for place in (0, 1)]
    assert [(each["title"], each["rows"][0][:2]) for each in tables] == [
        ("第一次观摩得分和名次", [1, "第一次观摩的项目"]),
        ("第二次观摩得分和名次", [1, "第二次观摩的项目"]),
    ]


def test_scores_given_after_the_day_still_count():
    """The quarter's inspection may be held, and scored, after the quarter's last day."""
    round_ = round_factories.round_(quarter=1)
    round_factories.sheet(round_factories.judge(round_), round_factories.stop(round_), "50", "30")

    content = made.quarterly(dt.date(2024, 3, 31), quarter=1)

    assert made.block(content, "stops")["rows"][0][4] == "80.00"
    note = "评分在季末之后还会提交：得分、名次和问题的办理情况是生成报告时的。"
    assert made.block(content, "stops", "text", place=1)["words"] == note


def test_matters_of_the_period_and_the_open_ones_of_before_are_told():
    before = matter_factories.meeting(held_on=dt.date(2024, 3, 1))
    matter_factories.matter(before, state="done", text="早已办结")
    matter_factories.matter(before, text="拖到现在")
    matter_factories.matter(matter_factories.meeting(), state="done", text="本季办结")

    rows = made.block(made.quarterly(), "matters")["rows"]

    assert [row[1] for row in rows] == ["拖到现在", "本季办结"]


def test_phones_are_masked():
    plan = made.plans(1)[0]
    factories.problem(plan.project, text="请联系13812345678", measure="")

    content = reports.monthly_content(factories.county(), 2024, 5, made.DAY)

    assert "13812345678" not in json.dumps(content, ensure_ascii=False)


def test_a_leaders_report_holds_that_leaders_projects_alone():
    leader = factories.leader("县领导甲")
    made.plans(2, leader=leader)
    made.plans(1)

    content = reports.leader_content(factories.county(), 2024, 5, made.DAY, leader)

    assert content["title"] == "沁源县2024年5月重大项目包联专报（县领导甲）"
    assert made.fact(content, "项目")[0] == "2 个"
    assert len(made.block(content, "projects")["rows"]) == 2


def test_the_fingerprint_is_that_of_what_the_database_gives_back():
    made.plans(2)
    content = made.quarterly()

    assert reports.digest_of(json.loads(json.dumps(content))) == reports.digest_of(content)


def test_a_float_is_refused():
    with pytest.raises(ValueError, match="no floats"):
        reports.digest_of({"figures": [1, 2.5]})


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [("quarterly", 1, (1, 1), (3, 31)), ("quarterly", 4, (10, 1), (12, 31)), ("monthly", 2, (2, 1), (2, 29))],
)
def test_a_period_knows_its_days(kind, number, first, last):
    period = reports.Period(kind, 2024, number)

    assert (period.first_day, period.last_day) == (dt.date(2024, *first), dt.date(2024, *last))


@pytest.mark.parametrize(("kind", "number"), [("quarterly", 0), ("quarterly", 5), ("monthly", 13)])
def test_there_is_no_such_period(kind, number):
    with pytest.raises(ValueError, match="no period"):
        reports.Period(kind, 2024, number)


@pytest.mark.parametrize(
    ("kind", "value", "kept", "read"),
    [
        ("money", Decimal("1234.5"), "1234.50", "1,234.50"),
        ("percent", Decimal("38.25"), "38.3", "38.3%"),
        ("points", Decimal("-3.46"), "-3.5", "-3.5"),
        ("count", None, None, "—"),
        ("text", None, "", ""),
    ],
)
def test_figures_are_kept_as_texts_and_read_as_ledgers_write_them(kind, value, kept, read):
    assert plain(kind, value) == kept
    assert told(kind, kept) == read


@pytest.mark.parametrize("kind", ReportKind.values)
def test_the_number_of_queries_does_not_grow_with_the_projects(kind):
    leader = factories.leader()
    period = reports.Period(kind, 2024, 2)
    whose = leader if kind == ReportKind.LEADER else None
    counts = []
    for more in (2, 8):
        for plan in made.plans(more, leader=leader):
            factories.problem(plan.project)
            matter_factories.matter(project=plan.project, leader=leader)
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reports.content_of(factories.county(), period, made.DAY, whose)
        counts.append(len(queries))

    assert counts[0] == counts[1]
