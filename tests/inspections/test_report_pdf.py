"""The report as PDF: contents tell the true pages, every page of a table has its header, figures as in the content."""

import base64
import io
import re

import pypdfium2
import pytest
from PIL import Image

from inspections.documents import report_pdf
from inspections.reports import imprint
from inspections.reports.blocks import Column, section, table, text

HEADER = "项目名称"
MM = 72 / 25.4


def content(*sections, **more):
    return {
        "county": "沁源县",
        "period": "2024年第二季度",
        "title": "沁源县2024年第二季度重大项目督导观摩报告",
        "as_of": "2024-05-31",
        "rules": "亮灯规则第 1 版",
        "is_demo": False,
        "kind": "quarterly",
        "sections": list(sections),
        **more,
    }


def annex(number):
    columns = (Column("序号", "count", 1), Column(HEADER, width=5), Column("总投资", "money", 3))
    rows = [[place, f"第{place:03}号建设项目", place * 1000] for place in range(1, number + 1)]
    return section("annex", "附件计划表", table("计划表", columns, rows, sums=[None, "合计", 7], wide=True))


def pages(*sections, **more):
    given = content(*sections, **more)
    document = pypdfium2.PdfDocument(report_pdf.rendered(given, imprint.preview(given)))
    return document, [page.get_textpage().get_text_bounded() for page in document]


def squeezed(words):
    return re.sub(r"\s", "", words)


def test_contents_name_the_page_on_which_each_section_begins():
    filler = [text("本节文字。" * 400)]
    sections = [section(f"s{number}", f"第{number}节标题", *filler) for number in range(1, 5)]

    _, words = pages(*sections, annex(3))

    told = dict(re.findall(r"(第\d节标题|附件计划表)\.*(\d+?)(?=第|附|投)", squeezed(words[1])))
    found = {
        title: str(number)
        for title in told
        for number, page in enumerate(words, 1)
        if number > 2 and squeezed(title) in squeezed(page)
    }
    assert told == found
    assert len(told) == 5


@pytest.mark.parametrize("number", [100, 101, 102, 103, 104])
def test_every_page_of_a_table_has_its_header_and_none_has_a_single_row(number):
    document, words = pages(annex(number))

    of_table = words[2:]
    rows = [len(re.findall(r"第\d{3}号", squeezed(page))) for page in of_table]
    assert len(of_table) > 1
    assert [page.count(HEADER) for page in of_table] == [1] * len(of_table)
    assert sum(rows) == number
    assert min(rows) >= 3
    assert {tuple(round(side) for side in document[place].get_size()) for place in range(2, len(document))} == {
        (round(297 * MM), round(210 * MM))
    }


def test_pages_are_numbered_and_say_as_of_when():
    document, words = pages(section("s", "一节", text("文字。")))

    assert [squeezed(words[2]).count(told) for told in (f"第3页共{len(document)}页", "截至2024-05-31")] == [1, 1]
    assert "第1页" not in squeezed(words[0])


def test_a_leaders_report_begins_on_its_first_page():
    document, words = pages(section("s", "一节", text("文字。")), kind="leader")

    assert len(document) == 1
    assert [
        squeezed(words[0]).count(told) for told in ("目录", "一节文字。", "重大项目督导观摩报告", "第1页共1页")
    ] == [0, 1, 2, 1]


def test_figures_are_set_as_ledgers_write_them():
    columns = (Column("甲", "money"), Column("乙", "percent"), Column("丙", "points"), Column("丁", "money"))

    _, words = pages(section("s", "一节", table("表", columns, [["1234567.50", "38.2", "3.5", None]])))

    assert re.search(r"1,234,567\.50\s+38\.2%\s+\+3\.5\s+—", words[2])


def test_text_cannot_become_markup():
    _, words = pages(section("s", "一节", text("#panic() *甲* $x$ _乙_")))

    assert "#panic() *甲* $x$ _乙_" in words[2]


def test_photos_are_set_from_the_content_itself():
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "JPEG")
    stop = {
        "seq": 1, "name": "观摩项目", "town": "", "unit": "甲局", "leader": "县领导甲", "look_at": "", "score": "88.50",
        "place": 1, "criteria": [], "strengths": [], "defects": [], "matters": [],
        "photos": [{"caption": "现场", "day": "2024-05-30", "jpeg": base64.b64encode(picture.getvalue()).decode()}],
    }  # fmt: skip

    document, words = pages(section("stops", "观摩", {"type": "stops", "items": [stop]}))

    images = [each for each in document[2].get_objects() if isinstance(each, pypdfium2.PdfImage)]
    assert len(images) == 1
    assert "88.50 分" in words[2]
