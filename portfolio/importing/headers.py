"""Header rows of a sheet: where they stand, and which field of the plan table each column is."""

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from openpyxl.utils import get_column_letter

from portfolio.importing.values import text_of
from portfolio.plan_fields import BY_KEY, FIELDS, Kind
from portfolio.search import name_key

SEARCHED_ROWS, MAX_DEPTH, MAX_HEADER = 30, 3, 120

_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_UNIT = re.compile(r"亿元|万元|元(?![件套])")
_YEAR = re.compile(r"(20\d\d|20xx)年(度)?", re.IGNORECASE)
_YEAR_TO_DATE = re.compile(r"1(?:月)?[-~—–至到](?:\d{1,2}|n)月份?(?:实际|累计)*完成投资额?")
_ONE_MONTH = re.compile(r"(?:\d{1,2}|n)月份?(?:实际)?完成投资额?")
_OTHER_YEAR_WORDS = re.compile(r"次年|明年|下一?年|去年|上年(?!底)")
_THIS_YEAR_WORDS = re.compile(r"年度|本年|今年|当年|20\d\d年|年计划")
_COUNT_WORDS = frozenset({"项目个数", "项目数量", "个数", "数量", "项目数", "在库项目数", "排名", "位次", "名次"})
_EMPTY_LEAVES = frozenset({"单位", "名称", "小计", "合计", "金额"})
# Under a group that speaks of the year, a plain leaf means the year's part of it.
_OF_THE_YEAR = {"content": "annual_target", "total_investment": "planned_investment"}


@dataclass
class Column:
    """One column. `field` is a key of plan_fields, "" to keep it with the row, None while nobody knows.

    `how` tells where the answer is from: recognised, remembered, chosen, kept, unknown, conflict.
    """

    index: int
    header: str
    field: str | None = None
    unit: str = ""
    how: str = "unknown"
    note: str = ""
    samples: list = dataclasses.field(default_factory=list)

    @property
    def letter(self):
        return get_column_letter(self.index + 1)

    @property
    def leaf(self):
        return self.header.rpartition("/")[2]

    @property
    def plan_field(self):
        return BY_KEY.get(self.field)

    @property
    def kind(self):
        return self.plan_field.kind if self.plan_field else Kind.KEPT

    @property
    def is_judged(self):
        """What the system works out itself is understood in its own export, and never read from a file."""
        return bool(self.plan_field and self.plan_field.judged)


@dataclass
class Header:
    top: int
    bottom: int
    columns: list

    def column_of(self, key):
        return next((column for column in self.columns if column.field == key), None)


@dataclass(frozen=True)
class Meaning:
    field: str | None
    unit: str = ""
    note: str = ""
    remembered: bool = False


@cache
def _known_spellings():
    spellings = {}
    for plan_field in FIELDS:
        for spelling in (plan_field.label, *plan_field.aliases):
            spellings.setdefault(name_key(spelling), plan_field.key)
    return spellings


def memory_key(header):
    """The form under which a header is remembered: narrow, without spaces, its year left open."""
    return re.sub(r"20\d\d年", "20xx年", _narrow(header))[:MAX_HEADER]


def _narrow(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("（", "(").replace("）", ")")


def unit_in(text):
    """The unit of money a text names: 总投资（亿元） → 亿元; "" if none."""
    narrow = _narrow(text)
    found = _UNIT.search("".join(_BRACKETS.findall(narrow))) or re.search(r"(亿元|万元)$", narrow)
    return found[0] if found else ""


def meaning_of(parts, year, remembered):
    """What a header means; `parts` from the group down to the leaf, `remembered` {memory_key: field}."""
    header = "/".join(parts)
    unit = next((unit for part in reversed(parts) if (unit := unit_in(part))), "")
    if (key := memory_key(header)) in remembered:
        return Meaning(remembered[key], unit, remembered=True)
    if other := _speaks_of_another_year(header, year):
        return Meaning(None, unit, note=f"表头写的是{other}，所选年度是 {year} 年，请确认这一列的含义。")
    return Meaning(_field_of(parts), unit)


def _speaks_of_another_year(header, year):
    narrow = _narrow(header)
    without_remarks = _BRACKETS.sub("", narrow)
    if words := _OTHER_YEAR_WORDS.search(without_remarks):
        return words[0]
    if "底" in without_remarks:
        return ""
    years = {int(found[0]) for found in _YEAR.findall(without_remarks) if found[0].isdigit()}
    return f" {min(years)} 年" if years and year not in years else ""


def _field_of(parts):
    group, leaf = "".join(parts[:-1]), parts[-1]
    if group:
        if found := _lookup(group + leaf):
            return found
        if name_key(leaf) in _EMPTY_LEAVES:
            return _lookup(parts[-2])
    found = _lookup(leaf)
    if group and found in _OF_THE_YEAR and name_key(leaf) != "总投资" and _THIS_YEAR_WORDS.search(_narrow(group)):
        return _OF_THE_YEAR[found]
    return found


def _lookup(text):
    narrow = _narrow(text).lower()
    bare = _BRACKETS.sub("", narrow)
    for form in dict.fromkeys((narrow, bare, re.sub(r"[:/]?(亿元|万元)$", "", bare))):
        if _YEAR_TO_DATE.fullmatch(form):
            return "ytd"
        if _ONE_MONTH.fullmatch(form):
            return "month"
        for spelling in (
            form,
            _YEAR.sub("", form, count=1),
            _YEAR.sub("年", form, count=1),
            _YEAR.sub("年度", form, count=1),
        ):
            if found := _known_spellings().get(name_key(spelling)):
                return found
    return None


def is_summary(header):
    """A table of counts by place or kind, without a project in it."""
    leaves = {name_key(_BRACKETS.sub("", _narrow(column.leaf))) for column in header.columns}
    return header.column_of("name") is None and bool(leaves & _COUNT_WORDS)


def find_header(sheet, year, remembered):
    """The header of a sheet, or None. The first row that names the projects counts, else the row with most fields."""
    best, best_score = None, 1
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        fields = _fields_in(sheet, row, year, remembered)
        if "name" in fields and _texts(sheet, row) >= 2:
            best = row
            break
        score = len(fields) + (2 if _names_counts(sheet, row) and _texts(sheet, row) > 2 else 0)
        if score > best_score:
            best, best_score = row, score
    if best is None:
        return None
    top = _extended_upward(sheet, best)
    bottom = _extended_downward(sheet, top, best, year, remembered)
    return Header(top, bottom, _columns(sheet, top, bottom, year, remembered))


def _fields_in(sheet, row, year, remembered):
    found = {
        meaning.field
        for column in range(sheet.width)
        if isinstance(text := sheet.shown(row, column), str) and 0 < len(text) <= MAX_HEADER and text.strip()
        if (meaning := meaning_of([text], year, remembered)).field
    }
    return found


def _texts(sheet, row):
    return sum(1 for value in sheet.rows[row] if isinstance(value, str) and value.strip())


def _names_counts(sheet, row):
    return any(name_key(text_of(value)) in _COUNT_WORDS for value in sheet.rows[row])


def _extended_upward(sheet, row):
    """Up to where a merged header cell begins, and over a row of groups that stands above its leaves."""
    top = min(
        (sheet.merged_into[row, column][0] for column in range(sheet.width) if (row, column) in sheet.merged_into),
        default=row,
    )
    top = max(min(top, row), row - MAX_DEPTH + 1)
    if top == row and row > 0 and _is_row_of_groups(sheet, row - 1):
        return row - 1
    return top


def _is_row_of_groups(sheet, row):
    texts = {text_of(value) for value in sheet.rows[row] if text_of(value)}
    if len(texts) < 2 or any(len(text) > 20 or "：" in text or ":" in text for text in texts):
        return False
    return any(top == row == bottom and 0 < right - left < sheet.width - 1 for top, left, bottom, right in sheet.merges)


def _extended_downward(sheet, top, bottom, year, remembered):
    for row in range(top + 1, min(top + MAX_DEPTH, len(sheet.rows))):
        if row <= bottom:
            continue
        merged = any(top <= sheet.merged_into.get((row, column), (-1,))[0] <= bottom for column in range(sheet.width))
        if not (merged or _continues_header(sheet, top, row, year, remembered)):
            break
        bottom = row
    return bottom


def _continues_header(sheet, top, row, year, remembered):
    """Without merged cells: short texts only, nothing under a column that is complete, and something understood."""
    cells = {column: value for column, value in enumerate(sheet.rows[row]) if text_of(value)}
    if not cells or any(not isinstance(value, str) or len(value) > 30 for value in cells.values()):
        return False
    complete = {"name", "seq"}
    for column in cells:
        above = text_of(sheet.shown(top, column))
        if above and meaning_of([above], year, remembered).field in complete:
            return False
    units_only = all(_BRACKETS.fullmatch(_narrow(value)) for value in cells.values())
    return units_only or bool(_fields_in(sheet, row, year, remembered))


def _columns(sheet, top, bottom, year, remembered):
    columns = []
    for index in range(sheet.width):
        parts = _parts(sheet, top, bottom, index)
        if not parts:
            continue
        meaning = meaning_of(parts, year, remembered)
        how = "remembered" if meaning.remembered else "recognised" if meaning.field else "unknown"
        header = "/".join(parts)[:MAX_HEADER]
        columns.append(Column(index, header, meaning.field, meaning.unit, how, meaning.note))
    return columns


def _parts(sheet, top, bottom, column):
    parts = []
    for row in range(top, bottom + 1):
        text = "".join(text_of(sheet.shown(row, column)).split())
        if not text and row < bottom:
            text = _group_to_the_left(sheet, row, bottom, column)
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    if len(parts) > 1 and _BRACKETS.fullmatch(_narrow(parts[-1])):
        parts[-2:] = ["".join(parts[-2:])]
    return parts


def _group_to_the_left(sheet, row, bottom, column):
    """A group written only over its first column, in files that can't merge cells."""
    if not text_of(sheet.shown(bottom, column)):
        return ""
    for left in range(column - 1, -1, -1):
        if text := "".join(text_of(sheet.shown(row, left)).split()):
            is_group = text_of(sheet.shown(bottom, left)) and (bottom, left) not in sheet.merged_into
            return text if is_group else ""
    return ""
