import datetime as dt
from decimal import Decimal

import pytest

from portfolio import schedule_texts as texts
from portfolio.schedule_entries import MilestoneEntry

ENTRY = MilestoneEntry("主体封顶", dt.date(2024, 6, 30), weight=Decimal("12.50"), evidence="监理 周报", pk=7)


@pytest.mark.parametrize(
    ("number", "text"), [(None, ""), ("40.00", "40"), ("12.50", "12.5"), ("0", "0"), ("0.01", "0.01")]
)
def test_figures_drop_what_says_nothing(number, text):
    assert texts.figure(None if number is None else Decimal(number)) == text


def test_a_stored_line_carries_what_it_said_when_it_was_read():
    line = texts.line_of(ENTRY)

    assert line["read_version"] == "主体封顶｜node｜2024-06-30｜12.5｜｜｜监理 周报"
    assert texts.told(texts.line_from(line["read_version"])) == texts.told(line)
    assert texts.told(line) == "主体封顶，节点，计划 2024-06-30，权重 12.5%，监理 周报"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("开工", "start"), ("开工建设", "start"), ("竣工验收", "finish"), ("试运行", "node"), ("主体封顶", "node")],
)
def test_kind_follows_from_the_name(name, kind):
    assert texts.kind_of(name) == kind


def test_a_pasted_block_without_a_header_is_read_in_order():
    (line,) = texts.pasted_lines('"主体封顶"\t6月30日\t30%\t水利局\n\n')

    assert line == {
        "name": "主体封顶",
        "kind": "node",
        "due": "6月30日",
        "weight": "30",
        "unit": "水利局",
        "done_on": "",
        "evidence": "",
    }


def test_an_unknown_column_under_a_header_is_left_out():
    (line,) = texts.pasted_lines("序号\t工作内容\t完成时限\n1\t封顶\t2024-06")

    assert (line["name"], line["due"], line["evidence"]) == ("封顶", "2024-06", "")


@pytest.mark.parametrize(("count", "is_taken"), [(11, False), (12, True), (13, False)])
def test_a_year_has_twelve_amounts(count, is_taken):
    text = "\n".join(["1"] * count)

    if is_taken:
        assert texts.pasted_amounts(text) == ["1"] * 12
    else:
        with pytest.raises(ValueError, match=f"有 {count} 个数"):
            texts.pasted_amounts(text)


def test_empty_new_lines_are_left_out_of_a_sent_page():
    data = {"node-TOTAL_FORMS": "3", "node-0-name": " 封顶 ", "node-1-kind": "node", "node-2-pk": "9"}

    assert [(line["name"], line["pk"]) for line in texts.sent_lines(data)] == [("封顶", ""), ("", "9")]
