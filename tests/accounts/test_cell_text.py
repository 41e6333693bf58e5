"""Text in spreadsheet cells is never a formula, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.cell_text import guard, is_risky, unguard, writable

FORMULAS = ["=1+1", "+86", "-5℃", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
HARMLESS = ["", "沁河镇", "1=1", " =1", "'引用'", "A-1", "（-5℃）"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_may_calculate_is_guarded(text):
    assert is_risky(text)
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert not is_risky(text)
    assert guard(text) == unguard(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "'=1", "''=1", "'", "''"])
def test_guarded_text_comes_back_as_it_was(text):
    assert unguard(guard(text)) == text


@given(st.text(alphabet="'=+-@\t\r\n＝甲a1 "))
def test_any_text_comes_back_and_is_never_left_unguarded(text):
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_control_characters_that_no_xlsx_may_hold_go():
    assert writable("甲\x00\x07\x0b乙\ud800丙\ufffe丁\tA\nB\r\nC") == "甲乙丙丁\tA\nB\nC"
