"""The minutes as .docx: what stands in them, in which order, and what they leave out."""

import datetime as dt
import shutil
import subprocess

import pytest
from docx import Document

from inspections import matters, minutes
from inspections.models import Matter
from tests import factories
from tests.inspections import matter_factories as made

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)


@pytest.fixture
def meeting(db):
    factories.clock(2024, 5, 20, 12)
    unit = factories.unit("水利局")
    april = made.meeting(held_on=dt.date(2024, 4, 10))
    made.event(made.matter(april, unit, text="完成征地。"), "answered", "还差 3 户，联系 13812345678。")
    may = made.meeting(
        "open", title="五月会议", place="二楼会议室", present="各单位负责人", words="会议强调安全。\n\n会议要求提速。"
    )
    leader = factories.leader("李县长")
    made.matter(may, unit, text="清理便道。", person="张工", leader=leader, project=factories.project("大桥"), seq=1)
    made.matter(may, unit, text="落实\x0b资金", seq=2)
    may.state, may.opening = "closed", matters.frozen(matters.opening(may, TODAY))
    may.closed_at = may.county.business_now()
    may.save()
    return may


def words(meeting):
    paragraphs = Document(minutes.document(meeting, TODAY)).paragraphs
    return [paragraph.text for paragraph in paragraphs if paragraph.text]


def test_minutes_tell_what_was_before_and_what_was_decided(meeting):
    assert words(meeting) == [
        "五月会议纪要",
        "时间：2024年5月10日",
        "地点：二楼会议室",
        "主持：主持人",
        "会议强调安全。",
        "会议要求提速。",
        "一、上次议定事项落实情况",
        "会议通报了上次议定事项落实情况，共1项：已办结0项，正在办理0项，逾期未办结1项。",
        "（一）完成征地。水利局，时限2024年4月17日：逾期33天。还差 3 户，联系 138****5678。",
        "二、本次议定事项",
        "会议议定以下事项：",
        "（一）清理便道。责任单位：水利局；责任人：张工；牵头领导：李县长；项目：大桥；办结时限：2024年5月17日。",
        "（二）落实资金。责任单位：水利局；办结时限：2024年5月17日。",
        "出席：各单位负责人。",
        "沁源县重点项目建设领导小组办公室",
        "2024年5月20日",
    ]


def test_minutes_read_the_same_after_an_extension_and_a_close(meeting):
    before = words(meeting)

    Matter.objects.filter(meeting=meeting).update(deadline=dt.date(2024, 6, 30))
    Matter.objects.exclude(meeting=meeting).update(state="done", settled_on=TODAY)

    assert words(meeting) == before


def test_minutes_that_are_not_issued_say_so_and_leave_the_day_open(db):
    factories.clock(2024, 5, 20, 12)

    said = words(made.meeting("open", title="六月会议"))

    assert (said[0], said[-1]) == ("六月会议纪要（草稿）", "　　年　月　日")


def test_minutes_of_decisions_alone_have_no_headings_of_parts(db):
    factories.clock(2024, 5, 20, 12)
    meeting = made.meeting(title="五月会议")
    made.matter(meeting, factories.unit("水利局"), text="落实资金。")

    said = words(meeting)

    assert said[3:6] == ["会议议定以下事项：", "一、落实资金", "责任单位：水利局；办结时限：2024年5月17日。"]


def test_no_heading_stands_alone_at_the_end_of_a_page(meeting):
    paragraphs = Document(minutes.document(meeting, TODAY)).paragraphs

    kept = [paragraph.text for paragraph in paragraphs if paragraph.paragraph_format.keep_with_next and paragraph.text]
    assert kept == [
        "一、上次议定事项落实情况",
        "会议通报了上次议定事项落实情况，共1项：已办结0项，正在办理0项，逾期未办结1项。",
        "二、本次议定事项",
        "会议议定以下事项：",
        "沁源县重点项目建设领导小组办公室",
    ]


def test_names_of_who_was_there_begin_below_each_other(meeting):
    paragraphs = Document(minutes.document(meeting, TODAY)).paragraphs

    form = next(each for each in paragraphs if each.text.startswith("出席：")).paragraph_format
    assert (form.left_indent.pt, form.first_line_indent.pt) == pytest.approx((5 * 15.75, -3 * 15.75))


def test_a_long_title_is_set_in_lines_of_about_the_same_length(db):
    meeting = made.meeting(title="二〇二四年五月全县重大项目建设月落实暨要素保障专题会议")

    assert words(meeting)[:2] == ["二〇二四年五月全县重大项目建设", "月落实暨要素保障专题会议纪要"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (214, "二百一十四"),
    ],
)
def test_matters_are_numbered_in_characters(number, words):
    assert minutes.numeral(number) == words


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 未安装")
def test_minutes_open_in_libreoffice(meeting, tmp_path):
    file = tmp_path / "minutes.docx"
    file.write_bytes(minutes.document(meeting, TODAY).read())

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF")
