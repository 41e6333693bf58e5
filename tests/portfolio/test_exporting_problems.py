"""The exported list of problems is the list on the screen, with nothing in it that a spreadsheet would run."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio.exporting.problems_sheet import COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = [column.label for column in COLUMNS]


@pytest.fixture(autouse=True)
def in_may(db):
    return factories.clock(2024, 5, 20, 10)


@pytest.fixture
def project(in_may):
    project = factories.project("河道治理", unit=factories.unit("水利局"))
    factories.plan(project, leader=factories.leader("县领导甲"))
    return project


def export(client, query=""):
    response = client.get(f"/problems/export/?{query}")
    content = b"".join(response.streaming_content)
    return response, load_workbook(io.BytesIO(content)).active


def lines(worksheet):
    return [dict(zip(HEADER, row, strict=True)) for row in worksheet.iter_rows(min_row=4, values_only=True)]


def test_the_file_says_what_the_screen_says(office_client, project):
    factories.problem(
        project, "assigned", text="征地未完成", person="某主任", phone="13812345678", measure="包户", kind="land"
    )
    factories.problem(project, "closed", text="已办完的")

    response, worksheet = export(office_client)

    assert worksheet["A1"].value == "沁源县重大项目问题清单（演示数据）"
    assert worksheet["A2"].value == "截至2024年5月20日　未销号"
    assert [cell.value for cell in worksheet[3]] == HEADER
    assert lines(worksheet) == [
        {
            "序号": 1,
            "项目": "河道治理",
            "问题": "征地未完成",
            "需协调事项": None,
            "类型": "用地",
            "难度": "一般",
            "责任单位": "水利局",
            "责任人": "某主任",
            "联系电话": "13812345678",
            "包联领导": "县领导甲",
            "措施": "包户",
            "来源": "项目办",
            "提出日期": "2024-05-13",
            "办结时限": "2024-05-20",
            "销号日期": None,
            "状态": "办理中",
            "时限情况": "▲ 反馈超时 4 天",
            "最近办理情况": None,
        }
    ]
    assert (
        "%E9%97%AE%E9%A2%98%E6%B8%85%E5%8D%95_%E6%9C%AA%E9%94%80%E5%8F%B7_20240520.xlsx"
        in response["Content-Disposition"]
    )


@pytest.mark.parametrize("query", ["", "state=all", "state=overdue", "kind=land&sort=raised", "q=征地&state=all"])
def test_file_and_screen_hold_the_same_problems_in_the_same_order(office_client, project, query):
    for number, state in enumerate(["raised", "assigned", "closing", "closed"]):
        factories.problem(project, state, text=f"征地{number}", kind="land", raised_on=dt.date(2024, 5, 6 + number))

    shown = [
        (row.problem.text, row.problem.get_state_display(), f"{row.clock.shape} {row.clock.words}")
        for row in office_client.get(f"/problems/?{query}").context["rows"]
    ]

    assert [(row["问题"], row["状态"], row["时限情况"]) for row in lines(export(office_client, query)[1])] == shown


def test_the_file_holds_all_pages(office_client, project):
    for _ in range(51):
        factories.problem(project)

    assert len(lines(export(office_client)[1])) == 51


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://x")'])
def test_no_text_becomes_a_formula(office_client, project, text):
    factories.problem(project, text=text)

    cell = export(office_client)[1]["C4"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_control_characters_do_not_break_the_file(office_client, project):
    factories.problem(project, text="征地\x0b未完成\x1f")

    assert lines(export(office_client)[1])[0]["问题"] == "征地未完成"


def test_phones_are_masked_for_who_may_not_see_them(client, project):
    factories.problem(project, text="请打13912345678", phone="13812345678")
    client.force_login(factories.user("leader"))

    row = lines(export(client)[1])[0]

    assert (row["问题"], row["联系电话"]) == ("请打139****5678", "138****5678")


def test_an_export_leaves_its_audit_entry(office_client, project):
    factories.problem(project)

    export(office_client, "state=all")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.summary) == ("导出", "问题清单（.xlsx）：全部，1 个问题")


@pytest.mark.parametrize("count", [1, 60])
def test_an_export_takes_the_same_queries_whatever_its_length(office_client, project, count, django_assert_num_queries):
    for _ in range(count):
        factories.problem(project)

    with django_assert_num_queries(8):
        export(office_client)
