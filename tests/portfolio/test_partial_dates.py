"""Written dates become the period they stand for; what can't be read is refused with the remedy."""

import pytest

from portfolio.partial_dates import parse_partial_date


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024-05-31", "2024-05-31"),
        ("2024/5/31", "2024-05-31"),
        ("2024.5.31", "2024-05-31"),
        ("20240531", "2024-05-31"),
        ("２０２４年５月３１日", "2024-05-31"),
        ("2024-05", "2024-05"),
        ("2024.3", "2024-03"),
        ("2024 年 5 月", "2024-05"),
        ("2024年5月份", "2024-05"),
        ("2024年二季度", "2024年二季度"),
        ("2024年第2季度", "2024年二季度"),
        ("2024Q2", "2024年二季度"),
        ("2024年", "2024年"),
        ("2024", "2024年"),
        ("1980", "1980年"),
        ("2100", "2100年"),
    ],
)
def test_a_written_date_keeps_its_precision(text, written):
    assert str(parse_partial_date(text)) == written


@pytest.mark.parametrize("text", ["", "  ", "　", None])
def test_nothing_is_no_date(text):
    assert parse_partial_date(text) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [("3月", "2024-03"), ("今年12月", "2024-12"), ("一季度", "2024年一季度"), ("5月31日", "2024-05-31")],
)
def test_a_date_without_a_year_takes_the_one_given(text, written):
    assert str(parse_partial_date(text, default_year=2024)) == written


def test_a_date_without_a_year_is_refused_where_none_is_given():
    with pytest.raises(ValueError, match="“3月”没有写明年份，请写成 2024-05 或 2024年二季度这样的日期。"):
        parse_partial_date("3月")


@pytest.mark.parametrize("text", ["2024-13", "2024-02-30", "1979", "2101年", "待定", "2022-2024", "9" * 100_000])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="“"):
        parse_partial_date(text)
