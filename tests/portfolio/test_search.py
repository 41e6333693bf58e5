"""What one search box looks through, and when two spellings are one name."""

import pytest

from portfolio.search import initials, name_key, pinyin, search_key, search_terms


@pytest.mark.parametrize(
    "spelling",
    ["污水处理厂 （二期）", "污水处理厂(二期)", " 污水 处理厂（ 二期 ）", "污水处理厂【二期】", "污水·处理厂—二期"],
)
def test_spellings_of_one_name_have_one_key(spelling):
    assert name_key(spelling) == "污水处理厂二期"


def test_full_width_letters_and_capitals_are_folded():
    assert name_key("ＬＮＧ加气站") == "lng加气站"


def test_different_names_keep_different_keys():
    assert name_key("污水处理厂一期") != name_key("污水处理厂二期")


def test_initials_and_pinyin_of_a_name():
    assert initials("污水处理厂") == "wsclc"
    assert pinyin("污水处理厂") == "wushuichulichang"


def test_the_search_key_holds_names_with_pinyin_and_the_rest_as_it_is():
    key = search_key(["污水处理厂"], ["2405-140431-04-01-123456", ""])

    assert key == "污水处理厂|wsclc|wushuichulichang|240514043104" + "01123456"


def test_terms_are_the_words_of_a_query():
    assert search_terms("  污水　沁河镇 WSCL ") == ["污水", "沁河镇", "wscl"]


@pytest.mark.parametrize("query", ["", None, "  ", "（）", "-"])
def test_a_query_without_a_letter_has_no_terms(query):
    assert search_terms(query) == []
