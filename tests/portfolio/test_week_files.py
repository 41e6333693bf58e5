"""The ledger as .xlsx and the bulletin as .docx: the screen's numbers, text that stays text, official look."""

import io
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from accounts.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

LEDGER = "/dispatch/2024/22/ledger.xlsx"
BULLETIN = "/dispatch/2024/22/bulletin.docx"


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


def content(client, address):
    return b"".join(client.get(address).streaming_content)


def sheet(client, address=LEDGER):
    return load_workbook(io.BytesIO(content(client, address))).active


def reported(unit, name, **fields):
    plan = factories.plan_under_way(unit, project__name=name, project__category="industrial")
    return factories.report(plan, 22, "reported", **{"ytd_investment": Decimal(200), **fields})


def test_the_ledger_has_the_screens_numbers(office_client, unit):
    reported(unit, "甲", works_percent=Decimal("35.5")), reported(unit, "乙", ytd_investment=Decimal("0.35"))

    rows = [[cell.value for cell in row] for row in sheet(office_client).iter_rows(min_row=4)]

    total, group, first, second = rows
    assert (total[1], total[5], total[6], total[7]) == ("合计（2个）", 2000, 200.35, 200.35)
    assert (group[1], group[7], group[8]) == ("一、产业类（2个）", 200.35, 0.1)
    assert (first[0], first[1], first[2], first[7], first[8], first[9]) == (1, "甲", "水利局", 200, 0.2, 0.355)
    assert (second[0], second[7], second[14]) == (2, 0.35, "已报")


def test_the_ledger_is_named_dated_and_prints_its_header_on_every_page(office_client, unit):
    reported(unit, "甲")

    page = sheet(office_client)

    assert page["A1"].value == "沁源县重大项目周调度台账（演示数据）"
    assert page["A2"].value == "2024年第22周（5月27日—6月2日）"
    assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$3:$3")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(1)", "＝1", "\t=1"])
def test_typed_text_is_no_formula_in_the_ledger(office_client, unit, evil):
    reported(unit, f"{evil}项目", progress=evil)

    cells = [cell for row in sheet(office_client).iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content(office_client, LEDGER))).read("xl/worksheets/sheet1.xml")


def test_one_units_ledger_holds_its_rows(office_client, unit):
    reported(unit, "水库"), reported(factories.unit("教育局"), "学校")

    names = [row[1].value for row in sheet(office_client, f"{LEDGER}?unit={unit.pk}").iter_rows(min_row=4)]

    assert names == ["合计（1个）", "一、产业类（1个）", "水库"]


def document(client):
    return Document(io.BytesIO(content(client, BULLETIN)))


def test_the_bulletin_says_what_the_screen_says(office_client, unit):
    reported(unit, "甲")
    shown = office_client.get("/dispatch/2024/22/", {"tab": "bulletin"}).context["bulletin"]

    paragraphs = [paragraph.text for paragraph in document(office_client).paragraphs]

    assert paragraphs == [
        "沁源县重大项目周调度通报",
        "2024年第22周（5月27日—6月2日）　演示数据",
        "",
        *(f"{section.title}。{section.text}" for section in shown.sections),
        "沁源县项目办　2024年5月31日",
    ]


def test_the_bulletin_has_the_official_page_and_fonts(office_client, unit):
    made = document(office_client)
    page = made.sections[0]

    assert [round(size / Mm(1)) for size in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    title, body = made.paragraphs[0].runs[0], made.paragraphs[3].runs
    looks = [(run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt) for run in (title, *body)]
    assert looks == [("方正小标宋简体", 22), ("黑体", 16), ("仿宋_GB2312", 16)]


@pytest.mark.parametrize("evil", ["{{7*7}}", "{ MERGEFIELD x }", "<w:fldSimple w:instr='DATE'/>", "http://x.test/\x0b"])
def test_typed_text_is_text_in_the_bulletin(office_client, unit, evil):
    reported(unit, f"项目{evil}")

    body = zipfile.ZipFile(io.BytesIO(content(office_client, BULLETIN))).read("word/document.xml").decode()

    assert [body.count(mark) for mark in ("<w:fldSimple", "<w:instrText", "<w:hyperlink")] == [0, 0, 0]
    assert evil.removesuffix("\x0b") in "".join(paragraph.text for paragraph in document(office_client).paragraphs)


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor"])
def test_everybody_takes_the_files_and_the_trail_knows(client, unit, role):
    reported(unit, "甲")
    client.force_login(factories.user(role, unit=unit))

    assert [client.get(address).status_code for address in (LEDGER, BULLETIN)] == [200, 200]
    assert list(AuditEntry.objects.filter(action="导出").order_by("pk").values_list("summary", flat=True)) == [
        "2024年第22周周调度台账（.xlsx），1 个项目",
        "2024年第22周周调度通报（.docx）",
    ]


def test_drafts_are_in_no_file(client, unit):
    factories.report(factories.plan_under_way(unit), 22, "draft", progress="机密草稿")
    client.force_login(factories.user("office"))

    texts = [str(cell.value) for row in sheet(client).iter_rows() for cell in row]

    assert [text for text in texts if "机密" in text] == []


@pytest.mark.parametrize(
    "address", ["/dispatch/2024/53/ledger.xlsx", "/dispatch/2024/53/bulletin.docx", f"{LEDGER}?unit=0"]
)
def test_files_of_nothing_are_not_found(office_client, county, address):
    assert office_client.get(address).status_code == 404
