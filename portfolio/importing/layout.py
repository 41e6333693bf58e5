"""What each row under the header is: a project, a sub-item, a group, a total, a repeated header, or a remark."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum

from portfolio.importing.choices import CATEGORIES
from portfolio.importing.values import compact, is_empty, text_of, whole_number
from portfolio.search import name_key


class RowKind(Enum):
    BLANK = "blank"
    PROJECT = "project"
    PART = "part"
    CONTINUED = "continued"  # the rows below the first that a merged name covers
    GROUP = "group"
    TOTAL = "total"
    HEADER = "header"
    UNIT_LINE = "unit"
    REMARK = "remark"


@dataclass(slots=True)
class Line:
    """One row under the header. `label` is the text of a group or total; `count` the number it claims."""

    index: int
    kind: RowKind
    label: str = ""
    level: int = 1
    count: int | None = None
    seq: int | None = None
    parent: "Line | None" = field(default=None, repr=False)

    @property
    def number(self):
        return self.index + 1


_TOTAL = re.compile(
    r"(?P<label>.{0,16}?)(?:合计|总计|共计|小计|总合计)[:：,，]?[(（]?(?:共)?(?P<count>\d+)?[个项]?(?:项目)?[)）]?[:：]?"
)
_GROUP_MARKS = (
    (1, re.compile(r"(?:第?[一二三四五六七八九十]{1,3}(?:部分|类)?|[IVXⅠ-Ⅻ]+)[、.．,，:：]\s*")),
    (2, re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]\s*[、.．]?")),
)
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}")
_COUNT = re.compile(r"[（(]?(?:共|计|合计)?(\d+)\s*[个项](?:项目)?[)）]?[:：]?$")
_KIND_ENDING = re.compile(r"(?:类|领域|方面|行业|项目|工程)$")
_PART_NUMBER = re.compile(r"(\d{1,5})[-.．—–](\d{1,4})")
_BRACKETED_NUMBER = re.compile(r"[(（](\d{1,4})[)）]|([①-⑳])")
_AMONG_THEM = re.compile(r"^其\s*中\s*[:：、]?\s*")
_REMARK = re.compile(
    r"^(?:注|备注|说明|填表|制表|审核|联系人|填报|负责人|签字|报送|资料来源|数据来源|主管领导)[^，]{0,6}[:：]|^注\d"
)
_UNIT_LINE = re.compile(r"单位[:：].{0,10}?(亿元|万元|元)")
_DESCRIBES_A_PROJECT = frozenset(
    {"code", "address", "town", "unit", "leader", "builder", "owner", "content", "progress", "start", "planned_start",
     "planned_finish", "period", "annual_target"}
)  # fmt: skip


def unit_of_line(text):
    """The unit of money in a line like 单位：万元、个; "" if it names none."""
    found = _UNIT_LINE.search(unicodedata.normalize("NFKC", text).replace(" ", ""))
    return found[1] if found else ""


def strip_among_them(name):
    return _AMONG_THEM.sub("", name)


def lines_of(sheet, header):
    """Every row below the header as a `Line`, blank ones left out."""
    reader = _LineReader(sheet, header)
    return [
        line
        for row in range(header.bottom + 1, len(sheet.rows))
        if (line := reader.read(row)).kind is not RowKind.BLANK
    ]


class _LineReader:
    """Remembers what a row's meaning depends on: the last numbered project, and whether rows are numbered at all."""

    def __init__(self, sheet, header):
        self.sheet, self.header = sheet, header
        self.name = header.column_of("name").index
        seq = header.column_of("seq")
        self.seq = seq.index if seq else None
        self.main = None
        self.among_them = False
        self.last = None
        self.header_parts = {
            column.index: {name_key(part) for part in column.header.split("/")} for column in header.columns
        }
        self.describing = {column.index for column in header.columns if column.field in _DESCRIBES_A_PROJECT}
        self.numbered = self.seq is not None and self._numbers_rows()

    def _numbers_rows(self):
        body = range(self.header.bottom + 1, len(self.sheet.rows))
        numbers = sum(whole_number(self.sheet.value(row, self.seq)) is not None for row in body)
        return numbers * 2 > sum(not is_empty(self.sheet.value(row, self.name)) for row in body)

    def read(self, row):
        cells = {column: value for column, value in enumerate(self.sheet.rows[row]) if not is_empty(value)}
        if not cells:
            return Line(row, RowKind.BLANK)
        line = (
            self._header_again(row, cells)
            or self._total(row, cells)
            or self._group(row, cells)
            or self._lone_text(row, cells)
            or self._continued(row)
            or self._part(row)
            or self._project(row)
        )
        if line.kind in {RowKind.GROUP, RowKind.TOTAL, RowKind.PROJECT}:
            self.among_them = False
        if line.kind is RowKind.PROJECT:
            self.main = line
        if line.kind in {RowKind.PROJECT, RowKind.PART}:
            self.last = line
        return line

    def _header_again(self, row, cells):
        if row == self.header.bottom + 1 and len(cells) > 2 and self._is_column_numbers(cells):
            return Line(row, RowKind.HEADER)
        is_header = len(cells) > 1 and all(
            name_key(text_of(value)) in self.header_parts.get(column, ()) for column, value in cells.items()
        )
        return Line(row, RowKind.HEADER) if is_header else None

    @staticmethod
    def _is_column_numbers(cells):
        """The line 1 2 3 4 … (or 甲 乙 1 2 …) under some headers."""
        numbers = [whole_number(value) for value in cells.values() if compact(value) not in set("甲乙丙丁")]
        return (
            None not in numbers and numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
        )

    def _first_texts(self, cells):
        """The texts of the number and name columns, and of the first cell, where titles of rows are written."""
        columns = [column for column in (self.seq, self.name, min(cells)) if column is not None]
        return [compact(cells[column]) for column in dict.fromkeys(columns) if isinstance(cells.get(column), str)]

    def _total(self, row, cells):
        for text in self._first_texts(cells):
            if (found := _TOTAL.fullmatch(text)) and len(text) <= 40:
                count = int(found["count"]) if found["count"] else self._count_beside(row, cells)
                return Line(row, RowKind.TOTAL, label=text, count=count)
        return None

    def _count_beside(self, row, cells):
        """合计 | 275个: the count in the cell beside the word."""
        for column in (self.seq, self.name):
            if found := _COUNT.fullmatch(compact(cells.get(column, ""))):
                return int(found[1])
        return None

    def _describes(self, cells):
        return not self.describing.isdisjoint(cells)

    def _group(self, row, cells):
        if whole_number(cells.get(self.seq, "")) is not None:
            return None
        level, label = self._marked_label(row, cells)
        if label is None:
            label = self._unmarked_label(row, cells)
        if label is None or self._describes(self._own_texts(row, cells)):
            return None
        found = _COUNT.search(compact(label))
        label = _COUNT.sub("", compact(label)).strip("（(：:、")
        return Line(row, RowKind.GROUP, label=label, level=level, count=int(found[1]) if found else None)

    def _own_texts(self, row, cells):
        """Without the cells that only repeat the title of the row across merged columns."""
        return {column: value for column, value in cells.items() if (row, column) not in self.sheet.merged_into}

    def _marked_label(self, row, cells):
        number = compact(cells.get(self.seq, ""))
        name = text_of(cells.get(self.name, ""))
        for level, mark in _GROUP_MARKS:
            for text in self._first_texts(cells):
                if found := mark.match(text):
                    return level, text[found.end() :] or name
            if number and name and mark.fullmatch(number):
                return level, name
        if _CHINESE_NUMBER.fullmatch(number) and name:
            return 1, name
        return 1, None

    def _unmarked_label(self, row, cells):
        """A title without a number, alone in its row or beside sums: 产业类（153个）."""
        texts = self._first_texts(cells)
        if len(texts) != 1 or self._has_other_text(cells):
            return None
        text = texts[0]
        bare = _COUNT.sub("", text).strip("（(：:")
        if name_key(bare) in CATEGORIES or (_COUNT.search(text) and len(text) <= 30):
            return text
        is_kind = len(text) <= 20 and _KIND_ENDING.search(text) and len(cells) == 1
        in_title_column = self.name not in cells or (self.numbered and self.seq is not None and text.endswith("类"))
        return text if is_kind and in_title_column else None

    def _has_other_text(self, cells):
        first = {self.seq, self.name, min(cells)}
        return any(
            isinstance(value, str) and column not in first and not re.search(r"\d", value)
            for column, value in cells.items()
        )

    def _lone_text(self, row, cells):
        text = text_of(next(iter(cells.values())))
        if unit_of_line(text) and len(cells) <= 3 and self.name not in cells:
            return Line(row, RowKind.UNIT_LINE, label=text)
        if len(cells) == 1 and unit_of_line(text):
            return Line(row, RowKind.UNIT_LINE, label=text)
        if _REMARK.match(compact(text)) and self.seq not in cells.keys() - {min(cells)}:
            return Line(row, RowKind.REMARK, label=text[:200])
        named = not is_empty(self.sheet.shown(row, self.name))
        if not named and len(cells) == 1 and isinstance(next(iter(cells.values())), str):
            return Line(row, RowKind.REMARK, label=text[:200])
        return None

    def _continued(self, row):
        covered = self.sheet.merged_into.get((row, self.name))
        if covered and covered[0] < row and covered[0] > self.header.bottom and self.last is not None:
            return Line(row, RowKind.CONTINUED, parent=self.last)
        return None

    def _part(self, row):
        number, name = (
            self.sheet.value(row, self.seq) if self.seq is not None else "",
            text_of(self.sheet.shown(row, self.name)),
        )
        if self.main is None:
            return None
        main, part = self._part_number(number)
        if part is not None and main not in (None, self.main.seq):
            part = None
        if is_among := bool(_AMONG_THEM.match(name)):
            self.among_them = True
        if is_among or part is not None:
            return Line(row, RowKind.PART, seq=part, parent=self.main)
        if self.among_them and self.numbered and is_empty(number):
            return Line(row, RowKind.PART, parent=self.main)
        return None

    def _part_number(self, value):
        """(1, 2) for 1.2 and 1-2 (which Excel may take for a date), (None, 2) for （2）; (None, None) otherwise."""
        if isinstance(value, dt.date):
            return value.month, value.day
        text = compact(value)
        if found := _PART_NUMBER.fullmatch(text):
            return int(found[1]), int(found[2])
        if self.main.seq is not None and (found := _BRACKETED_NUMBER.fullmatch(text_of(value).replace(" ", ""))):
            return None, int(found[1]) if found[1] else ord(found[2]) - ord("①") + 1
        return None, None

    def _project(self, row):
        number = self.sheet.value(row, self.seq) if self.seq is not None else ""
        return Line(row, RowKind.PROJECT, seq=whole_number(number) if not isinstance(number, dt.date) else None)
