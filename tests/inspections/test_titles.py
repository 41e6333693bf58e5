"""Titles of documents: lines of a length, no orphan, nothing torn."""

import pytest

from inspections.documents.titles import LONGEST, balanced


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于河道治理未按期开工的提醒函", ["关于河道治理未按期开工的提醒函"]),
        ("关" * 19, ["关" * 19]),
        ("关" * 20, ["关" * 10, "关" * 10]),
        ("关于桦林沟煤矿采区接续巷道工程推进滞后的提醒函", ["关于桦林沟煤矿采区接续巷道工程", "推进滞后的提醒函"]),
        ("关于县中医院康复楼建设项目超期未入统的提醒函", ["关于县中医院康复楼建设项目", "超期未入统的提醒函"]),
    ],
)
def test_a_title_is_broken_where_it_reads_well(title, lines):
    assert balanced(title) == lines


def test_a_number_is_not_torn():
    lines = balanced("关于沁河镇供水管网12345678元提质改造")

    assert [line for line in lines if "12345678" in line] != []


@pytest.mark.parametrize("length", range(1, 121))
def test_no_line_is_too_long_or_an_orphan(length):
    title = "".join(chr(0x4E00 + place) for place in range(length))

    lines = balanced(title)

    assert "".join(lines) == title
    assert len(lines) == -(-length // LONGEST)
    assert max(map(len, lines)) <= LONGEST
    assert min(map(len, lines)) >= min(length, 6)
