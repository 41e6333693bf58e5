"""The report as .docx and .xlsx: the figures of the content, tables that can be edited and printed on."""

import io
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import Image

from inspections.documents import report_docx, report_pictures
from inspections.exporting.reports import annex_ledgers
from inspections.reports import imprint
from inspections.reports.blocks import told
from portfolio.exporting import ledger
from tests.inspections import report_factories as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    made.county()
    made.plans(3)
    return made.quarterly()


def picture(colour="navy"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def opened(content):
    pictures = [picture() for _ in report_pictures.drawings(content)]
    return Document(io.BytesIO(report_docx.rendered(content, imprint.preview(content), pictures)))


def tables_of(content):
    return [block for section in content["sections"] for block in section["blocks"] if block["type"] == "table"]


def test_sections_are_headings_of_the_first_level(content):
    titles = [each.text for each in opened(content).paragraphs if each.style.name == "Heading 1"]

    assert titles == [section["title"] for section in content["sections"]]


def test_the_contents_are_a_field_whose_lines_lead_to_the_headings(content):
    body = opened(content).element.body

    links = {each.get(qn("w:anchor")): each.text for each in body.iter(qn("w:hyperlink"))}
    headings = {each.get(qn("w:name")): each.getparent().text for each in body.iter(qn("w:bookmarkStart"))}
    assert links == headings
    assert list(links.values()) == [section["title"] for section in content["sections"]]
    assert [each.text.split()[0] for each in body.iter(qn("w:instrText"))] == ["TOC"]
    marks = [each.get(qn("w:fldCharType")) for each in body.iter(qn("w:fldChar"))]
    assert marks == ["begin", "separate", "end"]


def test_every_table_repeats_its_header_and_tears_no_row(content):
    tables = opened(content).tables

    assert len(tables) >= 8
    for table in tables:
        rows = [row._tr.find(qn("w:trPr")) for row in table.rows]
        assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_document_has_the_figures_of_the_content(content):
    annex = tables_of(content)[-1]
    columns = annex["columns"]

    last = opened(content).tables[-1]

    found = [[cell.text for cell in row.cells] for row in last.rows]
    assert found[0] == [column["label"] for column in columns]
    assert found[1] == [told(column["kind"], value) for column, value in zip(columns, annex["sums"], strict=True)]
    assert found[2] == [value or "" for value in annex["rows"][0]]
    assert found[3][5:9] == ["5,000", "1,000", "500.10", "50.0%"]


def test_drawings_are_pictures_with_words_for_who_cannot_see_them(content):
    shown = opened(content).inline_shapes

    assert [shape._inline.docPr.get("descr") for shape in shown] == [
        "本季度投资曲线：计划累计至6月底为 0.15 亿元；完成累计至第 22 周为 0.15 亿元。各时点的金额见下表。",
        *(
            f"按{name}投资完成率：序时进度 41.7%，达到序时的 {groups} 个，落后于序时的 0 个。数值见上表。"
            for name, groups in (("类别", 1), ("乡镇", 1), ("责任单位", 3), ("包联领导", 1))
        ),
    ]


def test_the_points_of_the_curve_stay_a_table_for_the_writer(content):
    (points,) = [table for table in opened(content).tables if table.rows[0].cells[1].text == "时点"]

    assert [cell.text for cell in points.rows[-1].cells] == ["完成累计", "第 22 周", "2024-05-31", "1,500.30"]


def test_drawings_are_crisp_enough_for_paper(content):
    with report_pictures.being_drawn(content) as drawn:
        pages = drawn()

    sizes = [Image.open(io.BytesIO(page)).size for page in pages]
    assert len(sizes) == len(report_pictures.drawings(content)) == 5
    assert {round(wide / (174 / 25.4)) for wide, _ in sizes} == {report_pictures.DOTS}


def test_a_report_without_drawings_needs_no_typesetter():
    with report_pictures.being_drawn({"sections": []}) as drawn:
        assert drawn() == []


def test_the_annex_workbook_has_figures_that_can_be_added_up(content):
    out = io.BytesIO()
    ledger.write_book(annex_ledgers(content, imprint.preview(content)), out)

    sheet = load_workbook(out).active

    rows = list(sheet.iter_rows(min_row=ledger.HEADER_ROW + 1, values_only=True))
    of_projects = [row for row in rows[2:] if row[0]]
    assert sheet["A1"].value == "2024年沁源县重大项目计划表"
    assert [Decimal(str(sum(row[place] for row in of_projects))) for place in (5, 6)] == [15000, 3000]
    assert rows[0][5:7] == (15000, 3000)
