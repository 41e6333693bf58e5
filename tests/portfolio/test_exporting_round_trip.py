"""The export format is the import format: reading an exported file back changes nothing."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.http import QueryDict

from portfolio.exporting import csv_table, workbook
from portfolio.exporting.plan_sheet import PlanSheet, columns_without_groups
from portfolio.importing import service
from portfolio.listing import PlanListing
from portfolio.models import ImportBatch
from portfolio.plan_fields import COLUMNS
from tests import factories

pytestmark = pytest.mark.django_db

ALL_COLUMNS = ",".join(column.key for column in COLUMNS)


@pytest.fixture
def county(db):
    return factories.county(business_time=dt.datetime(2024, 5, 31, 4, tzinfo=dt.UTC))


def written(county, query, extension):
    """The bytes of the file that the export makes of a query string."""
    listing = PlanListing(county, QueryDict(query))
    out = io.BytesIO()
    if extension == "xlsx":
        workbook.write(PlanSheet(listing), out)
        return out.getvalue()
    text = io.TextIOWrapper(out, csv_table.ENCODING, newline="")
    csv_table.write(PlanSheet(listing, columns_without_groups(listing)), text)
    text.flush()
    return out.getvalue()


def read_back(county, query="", extension="xlsx"):
    """The preview of importing the export of `query`."""
    content = written(county, query, extension)
    batch = service.receive(content, file_name=f"导出.{extension}", county=county, year=2024, by=None)
    return service.read(batch)


def assert_nothing_changes(batch, rows):
    facts = batch.report
    told = (facts.get("refused"), facts.get("questions"), facts.get("errors"), facts.get("changed"), facts.get("new"))
    assert told == (None, [], [], [], [])
    assert batch.state == ImportBatch.State.PREVIEW
    assert (facts["counts"]["rows"], facts["counts"]["unchanged"]) == (rows, rows)
    assert [check for check in facts["checks"] if not check["agrees"]] == []


def dated(**dates):
    """{"project__started_on": "2024-03-01 m"} as field values."""
    values = {}
    for field, text in dates.items():
        day, precision = text.split()
        values |= {f"project__{field}": dt.date.fromisoformat(day), f"project__{field}_precision": precision}
    return values


@pytest.fixture
def messy_plan(county):
    """Nine rows and three sub-items with everything that a cell may hold."""
    town, other_town = factories.town(), factories.town("郭道镇", "140431101")
    unit, leader = factories.unit("县水利局"), factories.leader("县领导甲")
    full = factories.plan(
        project__name="沁源县污水处理厂（二期）",
        project__code="2405-140431-04-01-123456",
        project__category="infrastructure",
        project__sector="市政",
        project__industry="N7721",
        project__nature="rebuilt",
        project__stage="building",
        project__level="province",
        project__library="national",
        project__town=town,
        project__unit=unit,
        project__builder="县水务集团有限公司",
        project__builder_code="91350100M000100Y43",
        project__owner="县住建局",
        project__address="沁河镇河西村东侧约300米",
        project__content="一、新建生化池；\n二、改造格栅间，规模 2 万吨/日。",
        project__total_investment=Decimal("12345.67"),
        project__registration="done",
        project__registration_code="MA3MAC819371326001",
        **dated(
            planned_start="2022-06-01 m",
            started_on="2022-06-15 d",
            planned_finish="2024-06-30 q",
            registered_on="2022-08-01 m",
        ),
        seq=1,
        planned_investment=Decimal("0.01"),
        invested_before=Decimal("9999.99"),
        annual_target="年底前通水",
        leader=leader,
        progress="已完成工程量的 85%，主体封顶",
        works_percent=Decimal("85.25"),
        ytd_investment=Decimal("0.01"),
        reported_on=dt.date(2024, 5, 28),
        remark="=1+1",
        extra={"联系人": "联络员甲", "备注2": "原样"},
    )
    children = {"project__parent": full.project, "part_of": full}
    factories.plan(project__name="粗格栅间", seq=1, project__total_investment=Decimal("12.30"), **children)
    factories.plan(project__name="细格栅间", seq=2, **children)
    factories.plan(project__name="脱水机房", seq=12, remark="-3℃ 停工", **children)
    full.project.bundle = "package"
    full.project.save()
    factories.plan(project__name="只有名称", seq=2)
    factories.plan(
        project__name="没有序号的项目", project__town=other_town, project__category="industrial", leader=leader
    )
    factories.plan(
        project__name="计划新开工项目",
        project__stage="planned",
        project__category="industrial",
        **dated(planned_start="2024-04-01 q", planned_finish="2025-12-31 y"),
        seq=4,
    )
    factories.plan(
        project__name="在建却只有计划开工时间",
        project__stage="building",
        project__category="industrial",
        **dated(planned_start="2024-01-01 y"),
        seq=5,
    )
    factories.plan(project__name="只有竣工时间", **dated(planned_finish="2025-12-31 y"), seq=6)
    factories.plan(
        project__name="全年项目", **dated(planned_start="2024-01-01 y", planned_finish="2024-12-31 y"), seq=7
    )
    factories.plan(
        project__name="地址里有乡镇而乡镇未填",
        project__address="郭道镇某某村",
        progress="完成工程量的60%",
        works_percent=None,
        project__total_investment=Decimal("0"),
        seq=8,
    )
    factories.plan(
        project__name="＋号开头 ＬＮＧ（Ａ）加气站",
        project__address="@老街　１号",
        project__content="-5℃冷库\r\n=HYPERLINK(1)",
        remark="'=1+1",
        works_percent=Decimal("0.5"),
        project__total_investment=Decimal("123456789012.34"),
        planned_investment=Decimal("123456789012.34"),
        project__category="industrial",
        seq=9,
    )
    return 12


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
@pytest.mark.parametrize("group", ["category", "none", "town", "unit", "leader", "stage", "sector"])
@pytest.mark.parametrize("columns", ["", ALL_COLUMNS], ids=["default", "all"])
def test_an_export_read_back_changes_nothing(county, messy_plan, columns, group, extension):
    batch = read_back(county, f"group={group}&cols={columns}", extension)

    assert_nothing_changes(batch, messy_plan)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "columns", ["name,total_investment", "total_investment,content,name", "name,seq,works_percent,period", "code,name"]
)
def test_a_choice_of_columns_read_back_changes_nothing(county, messy_plan, columns, extension):
    assert_nothing_changes(read_back(county, f"cols={columns}&sort=-name", extension), messy_plan)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_a_filtered_export_read_back_changes_nothing(county, messy_plan, extension):
    assert_nothing_changes(read_back(county, "q=污水&category=infrastructure", extension), 4)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_what_left_the_plan_reads_back_with_its_reason(county, extension):
    factories.plan(project__name="甲", state="removed", state_reason="用地未落实")

    batch = read_back(county, f"state=removed&cols={ALL_COLUMNS}", extension)

    assert_nothing_changes(batch, 1)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_one_changed_cell_is_the_one_change(county, messy_plan, extension):
    factories.plan(project__name="改前改后", remark="旧", seq=20)
    content = written(county, "", extension)
    county.plans.filter(remark="旧").update(remark="新")

    batch = service.receive(content, file_name=f"导出.{extension}", county=county, year=2024, by=None)
    report = service.read(batch).report

    assert (report["counts"]["changed"], report["counts"]["new"]) == (1, 0)
    assert [(change["label"], change["old"], change["new"]) for change in report["changed"][0]["changes"]] == [
        ("备注", "新", "旧")
    ]


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_an_export_makes_the_same_plan_in_an_empty_county(county, messy_plan, office, extension):
    content = written(county, f"cols={ALL_COLUMNS}&group=none", extension)
    other = factories.county("140430", "沁县", business_time=county.business_time)
    for town in county.towns.all():
        factories.town(town.name, town.code.replace("0431", "0430"), county=other)

    batch = service.receive(content, file_name=f"导出.{extension}", county=other, year=2024, by=office)
    service.apply(service.read(batch), by=office)

    ours, theirs = PlanListing(county, QueryDict("group=none")), PlanListing(other, QueryDict("group=none"))
    assert (theirs.sums.count, theirs.sums.total, theirs.sums.planned) == (
        ours.sums.count,
        ours.sums.total,
        ours.sums.planned,
    )
    assert [len(row.parts) for row in theirs.rows()] == [len(row.parts) for row in ours.rows()]
