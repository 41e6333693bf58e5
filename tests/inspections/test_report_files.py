"""The report as .docx and .xlsx: the figures of the content, tables that can be edited and printed on."""

import io
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from inspections.documents import report_docx
from inspections.exporting.reports import annex_ledger
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


def opened(content):
    return Document(io.BytesIO(report_docx.rendered(content, imprint.preview(content))))


def tables_of(content):
    return [block for section in content["sections"] for block in section["blocks"] if block["type"] == "table"]


def test_sections_are_headings_of_the_first_level(content):
    titles = [each.text for each in opened(content).paragraphs if each.style.name == "Heading 1"]

    assert titles == [section["title"] for section in content["sections"]]


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


def test_the_annex_workbook_has_figures_that_can_be_added_up(content):
    out = io.BytesIO()
    ledger.write(annex_ledger(content, imprint.preview(content)), out)

    sheet = load_workbook(out).active

    rows = list(sheet.iter_rows(min_row=ledger.HEADER_ROW + 1, values_only=True))
    of_projects = [row for row in rows[2:] if row[0]]
    assert sheet["A1"].value == "2024年沁源县重大项目计划表"
    assert [Decimal(str(sum(row[place] for row in of_projects))) for place in (5, 6)] == [15000, 3000]
    assert rows[0][5:7] == (15000, 3000)
