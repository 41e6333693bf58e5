"""The pages of the six ones: who sees what, the same rows on screen, on paper and in the file."""

import datetime as dt
import io
import re

import pytest
from openpyxl import load_workbook

from accounts.models import AuditEntry
from tests import factories
from tests.portfolio.six_ones.whole import MOMENT, known_since, team, whole_plan

pytestmark = pytest.mark.django_db
URL = "/six-ones/"
PHONE = "13812345678"


@pytest.fixture
def county(db):
    return factories.clock(*MOMENT)


@pytest.fixture
def plan(county):
    return whole_plan("河道治理", factories.unit("水利局"), seq=1)


def page(client, query=""):
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def sheet_rows(client, query=""):
    response = client.get(f"{URL}export/{query}")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.active.iter_rows(min_row=3, values_only=True))


def test_the_headline_counts_what_is_whole(office_client, plan):
    factories.plan(seq=2)

    html = words(page(office_client))

    assert "2 个项目，六个一齐全 1 个（50.0%，1/2）；还缺" in html


def test_a_row_says_what_each_one_is_and_what_is_missing(office_client, plan):
    plan.leader = None
    plan.save()

    cells = re.findall(r'<td class="one one-(\w+) c-(\w+)">(.*?)</td>', page(office_client), re.S)

    assert [(key, standing, words(cell)) for standing, key, cell in cells] == [
        ("project", "stands", "● 齐"),
        ("target", "stands", "● 齐 1,200 万元，完成主体"),
        ("leader", "missing", "▲ 缺包联领导人选"),
        ("team", "stands", "● 齐 组长甲，1 个成员单位，驻点 驻点乙"),
        ("schedule", "stands", "● 齐 3 个节点已完成 0 个"),
        ("follow", "stands", "● 齐 第22周已报，未销号问题 0"),
    ]


def test_the_rule_is_printed_on_the_page_and_on_paper(office_client, plan):
    rule = "有专班组长、至少一个成员单位、驻点人员。"

    assert [page(office_client, query).count(rule) for query in ("", "?print=1")] == [1, 1]


@pytest.mark.parametrize("view", ["", "?view=gaps", "?view=leaders", "?view=units", "?print=1", "?view=gaps&print=1"])
def test_no_phone_stands_in_the_matrix_for_anybody(office_client, plan, view):
    plan.teams.update(head=f"组长甲 {PHONE}")

    assert PHONE not in page(office_client, view)


def reported(plan, ytd, day):
    plan.project.registration = "done"
    plan.project.save()
    plan.ytd_investment, plan.reported_on = ytd, day
    plan.save()


def judged_cells(html):
    """[(column, words)] of how the rows run."""
    cells = re.findall(r'<td class="judged (?:n )?c-(\w+)">(.*?)</td>', html, re.S)
    return [(key, words(cell)) for key, cell in cells]


def test_a_row_says_how_the_project_runs(office_client, plan):
    reported(plan, 138, dt.date(2024, 5, 28))

    assert judged_cells(page(office_client)) == [
        ("light", "■ 红灯 投资完成 11.5%，落后序时（41.7%）30.2 个百分点"),
        ("completion", "11.5%"),
        ("deviation", "−30.2"),
        ("reported", "2024-05-28（3天前）"),
    ]


def test_a_row_that_nobody_has_reported_says_so(office_client, plan):
    assert judged_cells(page(office_client)) == [
        ("light", "○ 未报送 今年尚未报送完成投资，无法判断"),
        ("completion", "—"),
        ("deviation", "—"),
        ("reported", "今年未报"),
    ]


def test_how_a_project_ran_on_a_past_day_is_judged_by_that_day(office_client, plan):
    known_since(plan, 2024, 5, 10)
    reported(plan, 138, dt.date(2024, 5, 28))
    plan.history.filter(ytd_investment=138).update(history_date=dt.datetime(2024, 5, 28, tzinfo=dt.UTC))

    assert judged_cells(page(office_client, "?as_of=2024-05-20"))[3] == ("reported", "今年未报")
    assert judged_cells(page(office_client, "?as_of=2024-05-30"))[1:] == [
        ("completion", "11.5%"),
        ("deviation", "−21.8"),
        ("reported", "2024-05-28（2天前）"),
    ]


def test_a_head_sorts_by_what_is_judged_the_worst_first_and_then_the_other_way(office_client, plan):
    heads = [
        re.search(r'<th[^>]*?( aria-sort="\w+")?><a href="\?([^"]*)" data-swap>亮灯', page(office_client, query))
        for query in ("", "?sort=light", "?sort=-light")
    ]

    assert [head.groups() for head in heads] == [
        (None, "sort=light"),
        (' aria-sort="ascending"', "sort=-light"),
        (' aria-sort="descending"', "sort=light"),
    ]


def test_the_file_says_what_the_screen_says(office_client, plan):
    reported(plan, 138, dt.date(2024, 5, 28))

    header, group, row, sums = sheet_rows(office_client)

    assert header[:3] == ("序号", "项目名称", "责任单位")
    assert header[-4:] == ("亮灯", "年内完成率", "与序时差（百分点）", "最近报送")
    assert group[:2] == ("一", "产业类（1个，六个一齐全1个）")
    assert row == (
        1,
        "河道治理",
        "水利局",
        "● 齐",
        "1,200 万元，完成主体\n● 齐",
        f"{plan.leader.name}\n● 齐",
        "组长甲，1 个成员单位，驻点 驻点乙\n● 齐",
        "3 个节点已完成 0 个\n● 齐",
        "第22周已报，未销号问题 0\n● 齐",
        0,
        "■ 红灯\n投资完成 11.5%，落后序时（41.7%）30.2 个百分点",
        0.115,
        -30.2,
        "2024-05-28（3天前）",
    )
    assert sums == (None, "已有/应有", None, *["1/1"] * 6, 0, None, None, None, None)


def test_the_file_has_all_pages_and_the_filter_of_the_screen(office_client, plan):
    for number in range(60):
        factories.plan(project__name=f"另一项目{number}", project__stage="building")

    rows = sheet_rows(office_client, "?whole=no&group=none")

    assert len(rows) - 2 == 60


def test_the_list_of_gaps_as_a_file(office_client, plan):
    plan.leader = None
    plan.save()

    assert sheet_rows(office_client, "?view=gaps") == [
        ("由谁补齐", "项目名称", "哪一项", "缺什么"),
        ("项目办", "河道治理", "包联领导", "包联领导人选"),
    ]


def test_the_counts_as_a_file(office_client, plan):
    rows = sheet_rows(office_client, "?view=units")

    assert rows[1:] == [("水利局", 1, "1/1", *["1/1"] * 6), ("合计", 1, "1/1", *["1/1"] * 6)]


def test_an_export_is_noted(office_client, plan):
    office_client.get(f"{URL}export/?whole=yes")

    assert AuditEntry.objects.get(action="导出").summary == "2024年六个一（按项目）：齐全：六个一齐全，1 个项目"


def test_text_that_looks_like_markup_or_a_formula_stays_text(office_client, plan):
    plan.project.name = "=1+1<script>alert(1)</script>"
    plan.project.save()
    plan.teams.update(head="<b>组长</b>")

    html, rows = page(office_client), sheet_rows(office_client)

    assert ("<script>alert" in html, "<b>组长" in html) == (False, False)
    assert rows[2][1] == "=1+1<script>alert(1)</script>"


def test_a_past_day_is_shown_without_what_came_later(office_client, plan):
    known_since(plan, 2024, 5, 10)
    plan.leader = None
    plan.save()
    plan.history.filter(leader=None).update(history_date=dt.datetime(2024, 5, 25, tzinfo=dt.UTC))

    before, after = page(office_client, "?as_of=2024-05-20"), page(office_client, "?as_of=2024-05-26")

    assert ("缺包联领导人选" in before, "缺包联领导人选" in after) == (False, True)
    assert 'name="plan"' not in before


def test_a_swap_brings_results_heading_and_counts_only(office_client, plan):
    html = office_client.get(f"{URL}?whole=no", headers={"HX-Request": "true"}).content.decode()

    assert ("<html" in html, 'id="plan-results"' in html, 'id="plan-head"' in html) == (False, True, True)
    assert "没有符合条件的项目" in html


def test_an_empty_year_says_what_to_do(office_client, county):
    assert "请先在计划表里导入或新增项目" in page(office_client)


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_reads_and_only_the_office_is_offered_assignments(client, plan, role):
    client.force_login(factories.user(role, unit=factories.unit()))

    assert 'id="bulk-form"' not in page(client)


def test_another_countys_rows_do_not_show(office_client, plan):
    factories.plan(project__county=factories.county("140429", "武乡县"), project__name="外县项目")

    assert "外县项目" not in page(office_client)


@pytest.mark.parametrize(
    ("path", "queries"),
    [("?view=matrix", 16), ("?view=gaps", 13), ("?view=leaders", 13), ("?view=units", 13), ("export/", 13)],
)
@pytest.mark.parametrize("count", [1, 8])
def test_a_page_needs_the_same_queries_whatever_its_rows(
    office_client, county, django_assert_num_queries, path, queries, count
):
    for number in range(count):
        plan = whole_plan(f"项目{number}", leader=factories.leader(post="副县长"), reported_week=21)
        factories.problem(plan.project)
        team_of = plan.teams.get()
        team_of.replaced_at = team_of.at
        team_of.save()
        team(plan, member_units=[factories.unit(), factories.unit()])

    with django_assert_num_queries(queries):
        office_client.get(f"{URL}{path}")
