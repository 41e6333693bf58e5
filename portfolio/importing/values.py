"""What stands in one cell, as the value of a field. A `ValueError` says in Chinese what is wrong and what would do."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from portfolio.money import MAX_WAN, to_cent
from portfolio.partial_dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate, Precision, parse_partial_date
from portfolio.plan_fields import Kind

EMPTY_MARKS = frozenset(
    {"", "-", "--", "—", "——", "–", "/", "\\", "//", "无", "暂无", "空", "n/a", "na", "null", "none"}
)
LONGEST_EMPTY_MARK = 12  # with spaces between its signs
UNDECIDED_MARKS = frozenset({"待定", "未定", "待确定", "待明确"})

WAN_OF_UNIT = {
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
    "万元": Decimal(1),
    "万": Decimal(1),
    "元": Decimal("0.0001"),
}
_MONEY = re.compile(
    r"(?:约|人民币|¥|￥)*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(亿元|亿|万元|万|元)?(?:人民币)?", re.ASCII
)
_NOT_MONEY = re.compile(r"万(?:件|亩|千瓦|吨|平|人|头|只|株|方|米|套)|千瓦|亩|公里|吨|平方")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = str.maketrans({"\u3000": " ", "\xa0": " ", "\t": " "})
_WIDE_ALPHANUMERIC = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_GAP_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff（）《》“”、，。])\s+(?=[\u3400-\u9fff（）《》“”、，。])")
_ONE_END = re.compile(r"(.{1,20})起|(.{1,20})止")
_RANGE_SIGN = re.compile(r"至|到|[-—–~～]+")
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119 as Excel counts days
SERIAL_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Period:
    start: PartialDate | None
    finish: PartialDate | None


def text_of(value):
    """The cell as text: 12.0 → 12, control characters gone, line breaks kept."""
    if value is None or value is False or value == "":
        return "否" if value is False else ""
    if value is True:
        return "是"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else _plain_decimal(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    return _clean_text(str(value))


@lru_cache(maxsize=4096)
def _clean_text(text):
    """Each cell is looked at several times while its row is made out."""
    text = _CONTROL.sub("", text.translate(_SPACES).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _plain_decimal(value):
    """A float as its shortest decimal, without the tail that binary arithmetic leaves (0.30000000000000004)."""
    return f"{Decimal(f'{value:.15g}'):f}"


def line_of(value):
    """One line of text for names and addresses: no line breaks, no gaps between Chinese characters, narrow digits."""
    line = " ".join(text_of(value).translate(_WIDE_ALPHANUMERIC).split())
    return _GAP_IN_CHINESE.sub("", line)


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})


def text_as_read(kind, value):
    """A text cell as it is stored: long text keeps its lines, other text is one line."""
    return text_of(value) if kind is Kind.LONG_TEXT else line_of(value)


def compact(value):
    """Narrow, without any space: what numbers and dates are read from."""
    return _compact_text(text_of(value))


@lru_cache(maxsize=4096)
def _compact_text(text):
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-").replace("％", "%")


def is_empty(value):
    if value is None or value == "":
        return True
    if not isinstance(value, str):
        return False
    return len(value.strip()) <= LONGEST_EMPTY_MARK and compact(value).lower() in EMPTY_MARKS


def is_undecided(value):
    return isinstance(value, str) and compact(value) in UNDECIDED_MARKS


def money(value, unit):
    """万元, half-up to two places. `unit` (元, 万元, 亿元) counts unless the cell names its own."""
    number, own_unit = _number_and_unit(value)
    try:
        amount = number * WAN_OF_UNIT[own_unit or unit]
        if not amount.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError("不是有效的数值。请改为 1200 或 1200.50 这样的数。") from None
    if amount < 0:
        raise ValueError("金额不能是负数。请核对后填写不小于 0 的数。")
    if amount > MAX_WAN:
        raise ValueError(f"折合 {_rounded(amount)} 万元，超过 12 位整数。请核对单位是不是写错了（万元、亿元、元）。")
    return to_cent(amount)


def names_unit(value):
    """Whether a cell of money names its own unit: 1.5亿元."""
    return isinstance(value, str) and bool(re.search("[万亿元]", value))


def _rounded(amount):
    return f"{amount:.3e}" if amount > Decimal("1e20") else f"{amount:,.0f}"


def _number_and_unit(value):
    if isinstance(value, bool):
        raise ValueError("不是数字。请改为 120 这样的数值。")
    if isinstance(value, int | float):
        try:
            return Decimal(_plain_decimal(value) if abs(value) < 1e15 else str(value)), ""
        except (InvalidOperation, ValueError):
            raise ValueError("不是有效的数值。请改为 1200 或 1200.50 这样的数。") from None
    if isinstance(value, dt.date):
        raise ValueError("是一个日期，不是金额。请核对是否填错了列，或把单元格格式改为数值。")
    written = compact(value)
    match = _MONEY.fullmatch(written) if len(written) <= 60 else None
    if match and match[1].strip("+-"):
        return Decimal(match[1].replace(",", "")), match[2] or ""
    if _NOT_MONEY.search(written):
        raise ValueError("是数量，不是金额。请改为以万元或亿元计的数。")
    raise ValueError("不是数字。请改为 120 这样的数值，或写成 1.5亿元。")


def percent(value, *, is_share):
    """0–100. A bare number is a share of one (0.9) when `is_share`, else already in hundredths (90)."""
    if isinstance(value, bool | dt.date):
        raise ValueError("不是百分数。请改为 90 或 90% 这样的数。")
    if isinstance(value, int | float):
        number = Decimal(_plain_decimal(value)) * (100 if is_share else 1) if abs(value) < 1e9 else Decimal(-1)
    else:
        number = _written_percent(compact(value), is_share)
    if not 0 <= number <= 100:
        raise ValueError("应在 0 到 100 之间。请核对后改为 90 或 90% 这样的数。")
    return to_cent(number)


def _written_percent(written, is_share):
    found = _PERCENT.findall(written[:200])
    if len(found) == 1 and len(found[0]) < 12:
        return Decimal(found[0])
    if not found and len(written) < 12 and _NUMBER.fullmatch(written):
        return Decimal(written) * (100 if is_share else 1)
    raise ValueError("不是百分数。请改为 90 或 90% 这样的数。")


def looks_like_share(value):
    """A bare number of at most one: 0.9 means 90 %, unless the rest of its column counts in hundredths."""
    return is_bare_number(value) and abs(float(compact(value))) <= 1


def is_bare_number(value):
    if isinstance(value, bool | dt.date):
        return False
    return isinstance(value, int | float) or bool(len(str(value)) < 12 and _NUMBER.fullmatch(compact(value)))


def partial_date(value, year, cell_format=None):
    """A date as written. `year` stands in for 今年 and where none is named; `cell_format`: "m" hides the day."""
    if isinstance(value, dt.datetime | dt.date):
        return _shown_date(value.date() if isinstance(value, dt.datetime) else value, cell_format)
    if isinstance(value, bool):
        raise ValueError("不是日期。请写成 2024-05-31、2024-05、2024年二季度或 2024年。")
    written = compact(value)
    serial = _NUMBER.fullmatch(written)
    if serial and len(written) <= 12:
        number = float(written)
        if FIRST_SERIAL <= number < LAST_SERIAL:
            return PartialDate(SERIAL_ZERO + dt.timedelta(days=int(number)), Precision.DAY)
        if re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])", written):
            written = f"{written[:4]}-{written[4:]}"
    return parse_partial_date(written.replace("底", "").replace("前", "").removesuffix("左右"), default_year=year)


def _shown_date(day, cell_format):
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"年份应在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间。请核对单元格格式。")
    precision = {"m": Precision.MONTH, "y": Precision.YEAR}.get(cell_format, Precision.DAY)
    return PartialDate.from_stored(day, precision)


def period(value, year):
    """`2022-2024`, `2022年6月至2024年12月`, `2023.3—12`, one end as in `2024年止`, or one year alone."""
    written = compact(value)
    if end := _ONE_END.fullmatch(written):
        start, finish = (partial_date(text, year) if text else None for text in end.groups())
        return Period(start, finish)
    for sign in _RANGE_SIGN.finditer(written[:60]):
        found = _both_ends(written[: sign.start()], written[sign.end() :], year)
        if found:
            if found.finish.last_day < found.start.first_day:
                raise ValueError("结束早于开始。请核对起止年份。")
            return found
    single = partial_date(value, year)
    if single is None or single.precision is not Precision.YEAR:
        raise ValueError("不是起止年限。请写成 2022-2024 或 2022年6月-2024年12月。")
    return Period(single, single)


def _both_ends(left, right, year):
    try:
        start = partial_date(left, year)
        finish = partial_date(right, start.first_day.year if start else year)
    except ValueError:
        return None
    return Period(start, finish) if start and finish else None


def whole_number(value):
    """A row's running number; None when it is not one."""
    written = compact(value)
    if re.fullmatch(r"\d{1,6}(?:\.0+)?", written):
        return int(float(written))
    return None
