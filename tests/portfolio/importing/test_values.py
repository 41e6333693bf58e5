"""What stands in one cell: every way counties write it, and a sentence for what can't be read."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.importing import values
from portfolio.money import MAX_WAN

ANYTHING = st.one_of(
    st.text(max_size=80),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.none(),
    st.text(alphabet="0123456789.,-—/年月日季度至到亿万元% ０１２", max_size=30),
)


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("1.5亿元", "万元", "15000.00"),
        ("1.5 亿", "万元", "15000.00"),
        ("3000万", "亿元", "3000.00"),
        ("20000元", "万元", "2.00"),
        (1.5, "亿元", "15000.00"),
        (1200, "万元", "1200.00"),
        ("1,200.55", "万元", "1200.55"),
        ("１２００．５", "万元", "1200.50"),
        (" 1 200 ", "万元", "1200.00"),
        ("0.125", "万元", "0.13"),
        (0.1 + 0.2, "万元", "0.30"),
        (123456789012.34, "万元", "123456789012.34"),
        (0, "万元", "0.00"),
        (999999999999.99, "万元", "999999999999.99"),
    ],
)
def test_money_is_read_in_wan_half_up_and_the_cell_beats_the_header(cell, unit, amount):
    assert values.money(cell, unit) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("一百二十", "不是数字。请改为 120 这样的数值，或写成 1.5亿元。"),
        ("12万件", "是数量，不是金额。请改为以万元或亿元计的数。"),
        ("5万千瓦", "是数量，不是金额。请改为以万元或亿元计的数。"),
        (-0.01, "金额不能是负数。请核对后填写不小于 0 的数。"),
        (float("nan"), "不是有效的数值。请改为 1200 或 1200.50 这样的数。"),
        (float("inf"), "不是有效的数值。请改为 1200 或 1200.50 这样的数。"),
        (
            1000000000000,
            "折合 1,000,000,000,000 万元，超过 12 位整数。请核对单位是不是写错了（万元、亿元、元）。",
        ),
        (dt.date(2024, 5, 1), "是一个日期，不是金额。请核对是否填错了列，或把单元格格式改为数值。"),
        (True, "不是数字。请改为 120 这样的数值。"),
    ],
)
def test_what_is_no_money_is_refused_with_the_remedy(cell, sentence):
    with pytest.raises(ValueError, match="。") as refusal:
        values.money(cell, "万元")

    assert str(refusal.value) == sentence


@given(st.decimals(min_value=0, max_value=MAX_WAN, places=2))
def test_money_written_with_two_places_comes_back_the_same(amount):
    assert values.money(f"{amount:,.2f}", "万元") == amount
    assert values.money(f"{amount:f}万元", "亿元") == amount


@given(st.integers(min_value=0, max_value=10**12))
def test_money_typed_as_a_number_keeps_its_cents(cents):
    amount = Decimal(cents) / 100

    assert values.money(float(amount), "万元") == amount


@settings(max_examples=400)
@given(ANYTHING)
def test_no_cell_breaks_a_parser(cell):
    parsers = (
        lambda: values.money(cell, "万元"),
        lambda: values.percent(cell, is_share=True),
        lambda: values.percent(cell, is_share=False),
        lambda: values.partial_date(cell, 2024),
        lambda: values.period(cell, 2024),
    )
    for parse in parsers:
        with contextlib.suppress(ValueError):
            parse()
    assert isinstance(values.text_of(cell), str)
    assert isinstance(values.line_of(cell), str)
    assert values.is_empty(cell) in {True, False}
    assert values.whole_number(cell) is None or values.whole_number(cell) >= 0


@pytest.mark.parametrize(
    ("cell", "is_share", "number"),
    [
        (0.9, True, "90"),
        (90, False, "90"),
        ("90%", True, "90"),
        ("90％", False, "90"),
        ("完成工程量的90%", False, "90"),
        ("0.855", True, "85.5"),
        (1, True, "100"),
        (0.5, False, "0.5"),
    ],
)
def test_percent_is_read_between_0_and_100(cell, is_share, number):
    assert values.percent(cell, is_share=is_share) == Decimal(number)


@pytest.mark.parametrize("cell", ["120%", -1, "90%至95%", "九成", True])
def test_what_is_no_percent_is_refused(cell):
    with pytest.raises(ValueError, match="请"):
        values.percent(cell, is_share=False)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (45597.0, "2024-11-01"),
        (2024.3, "2024-03"),
        (2024.0, "2024年"),
        (20240305, "2024-03-05"),
        ("202403", "2024-03"),
        ("2022年6月", "2022-06"),
        ("3月", "2024-03"),
        ("一季度", "2024年一季度"),
        ("今年12月", "2024-12"),
        ("2024年底", "2024年"),
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5, 10), "2024-03-05"),
    ],
)
def test_dates_keep_the_precision_they_are_written_with(cell, written):
    assert str(values.partial_date(cell, 2024)) == written


def test_a_date_shown_without_its_day_is_known_to_the_month():
    assert str(values.partial_date(dt.date(2024, 3, 1), 2024, "m")) == "2024-03"


@pytest.mark.parametrize(
    ("cell", "start", "finish"),
    [
        ("2022-2024", "2022年", "2024年"),
        ("2023年至2025年", "2023年", "2025年"),
        ("2022年6月—2024年12月", "2022-06", "2024-12"),
        ("2023.3-2025.6", "2023-03", "2025-06"),
        ("2024年3月至12月", "2024-03", "2024-12"),
        ("2022-01-2024-12", "2022-01", "2024-12"),
        ("2024", "2024年", "2024年"),
    ],
)
def test_periods_give_their_two_ends(cell, start, finish):
    found = values.period(cell, 2024)

    assert (str(found.start), str(found.finish)) == (start, finish)


@pytest.mark.parametrize("cell", ["", "  ", "-", "—", "——", "/", "　", "无", None])
def test_signs_for_nothing_are_empty(cell):
    assert values.is_empty(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", False, "无人机产业园"])
def test_zero_and_words_are_not_empty(cell):
    assert not values.is_empty(cell)


def test_names_lose_gaps_between_chinese_characters_and_wide_digits():
    assert values.line_of("污 水\n处理厂（ 二期 ）１２ MW") == "污水处理厂（二期）12 MW"


def test_control_and_direction_characters_are_dropped():
    assert values.text_of("甲\x00\u202e乙\r\n丙") == "甲乙\n丙"
