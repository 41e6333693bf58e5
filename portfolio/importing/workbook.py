"""Files as plain sheets of values: .xlsx and .xls through a process of their own, .csv and .tsv here."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from accounts.cell_text import unguard
from portfolio.importing.reader_process import MAX_COLUMNS, MAX_ROWS
from portfolio.importing.refusals import Refused
from portfolio.importing.safety import RESAVE

MAX_CELL_TEXT = 20_000
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;，"


@dataclass
class Sheet:
    """One sheet. Rows and columns count from 0; a row is as long as its last filled cell.

    `merges` are (top, left, bottom, right); `formats` tells of some number cells "p" (percent), of some dates "m" or
    "y" (shown without a day, without a month); `uncached` are formulas that were never calculated; `merged_cells`
    counts what all merges of the file claim to cover, also those that are too large to be followed.
    """

    name: str
    rows: list
    merges: list = field(default_factory=list)
    hidden: frozenset = frozenset()
    uncached: frozenset = frozenset()
    faulty: frozenset = frozenset()
    formats: dict = field(default_factory=dict)
    visible: bool = True
    merged_cells: int = 0

    @cached_property
    def width(self):
        return max((len(row) for row in self.rows), default=0)

    @cached_property
    def merged_into(self):
        """{cell: (top, left)} of every cell that a merge covers, its first cell left out."""
        covered, room = {}, len(self.rows) * self.width
        for top, left, bottom, right in self.merges:
            bottom, right = min(bottom, len(self.rows) - 1), min(right, self.width - 1)
            room -= max(0, bottom - top + 1) * max(0, right - left + 1)
            if room < 0:  # They overlap, which only a forged file does: thousands of them would take minutes.
                break
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left):
                        covered[row, column] = (top, left)
        return covered

    def value(self, row, column):
        """The value of the cell itself; "" when empty."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else ""

    def shown(self, row, column):
        """The value a reader sees there: a merged cell shows that of its first."""
        return self.value(*self.merged_into.get((row, column), (row, column)))


def open_sheets(content, kind):
    """The sheets of a checked file (`safety.kind_of`), in their order."""
    return [_csv_sheet(content)] if kind == "csv" else _binary_sheets(content, kind)


def _binary_sheets(content, kind):
    try:
        reader = subprocess.run(
            [sys.executable, "-m", "portfolio.importing.reader_process", kind],
            input=content,
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=90,
            check=False,
        )
        answer = json.loads(reader.stdout) if reader.returncode == 0 else {"broken": "memory"}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"broken": "memory"}
    if "refused" in answer:
        raise Refused(answer["refused"])
    if answer.get("broken") == "memory":
        raise Refused(f"文件展开后过大，读不下来。请删去图片、空行和无关的工作表，{RESAVE[1:]}")
    if answer.get("broken") == "PasswordError":
        raise Refused("文件设有密码，无法读取。请取消密码后再上传。")
    if "broken" in answer:
        raise Refused(f"文件已损坏或不是标准的 Excel 工作簿，无法打开。{RESAVE}")
    return [_sheet(facts) for facts in answer["sheets"]]


def _sheet(facts):
    for row in facts["rows"]:
        for column, value in enumerate(row):
            if type(value) is dict:
                row[column] = _date(value["d"])
    return Sheet(
        name=facts["name"],
        rows=facts["rows"],
        merges=[tuple(merge) for merge in facts["merges"] if _is_small(merge)],
        hidden=frozenset(facts["hidden"]),
        uncached=frozenset(map(tuple, facts["uncached"])),
        faulty=frozenset(map(tuple, facts["faulty"])),
        formats={tuple(map(int, cell.split(","))): kind for cell, kind in facts["formats"].items()},
        visible=facts["visible"],
        merged_cells=sum(map(_area, facts["merges"])),
    )


def _is_small(merge):
    return _area(merge) <= 20_000


def _area(merge):
    top, left, bottom, right = merge
    return (bottom - top + 1) * (right - left + 1)


def _date(text):
    moment = dt.datetime.fromisoformat(text)
    return moment.date() if moment.time() == dt.time() else moment


def _csv_sheet(content):
    text = _decoded(content)
    csv.field_size_limit(MAX_CELL_TEXT * 10)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = _csv_rows(read)
    except csv.Error:
        raise Refused(f"文件的引号或换行不成对，分不清各列。{RESAVE}") from None
    rows = [[" ".join(row).lstrip("# ")] if row and row[0].startswith("#") else row for row in rows]
    return Sheet(name="", rows=rows)


def _csv_rows(read):
    """Down to the last filled row within the limits of any sheet: millions of lines would fill the server's memory."""
    rows = []
    for number, row in enumerate(read, start=1):
        row = _trimmed(row)
        if row and (number > MAX_ROWS or len(row) > MAX_COLUMNS):
            raise Refused(
                f"内容写到第 {number} 行、共 {len(row)} 列，超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列的上限。"
                "请删去表格以外的行和列后再上传。"
            )
        if number <= MAX_ROWS:
            rows.append([unguard(cell) for cell in row])
    return rows


def _decoded(content):
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"认不出文件的文字编码。{RESAVE}")


def _delimiter(text):
    """The sign that splits most of the first lines into the same number of columns."""
    lines = [line for line in text[:20_000].splitlines() if line.strip() and not line.startswith("#")][:20]
    scores = {sign: sum(min(line.count(sign), 50) for line in lines) for sign in DELIMITERS}
    if scores["\t"]:
        return "\t"
    return max(DELIMITERS[:3], key=scores.get) if any(scores[sign] for sign in ",;") else "，"


def _trimmed(row):
    while row and not row[-1].strip():
        row.pop()
    return row
