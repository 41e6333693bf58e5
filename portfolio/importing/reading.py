"""One file read as a whole: its sheets, what each column is, its rows, and what must be asked first."""

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field

from portfolio.importing.headers import find_header, is_summary, memory_key
from portfolio.importing.layout import unit_of_line
from portfolio.importing.refusals import Refused
from portfolio.importing.row import Body
from portfolio.importing.rows import SheetReader
from portfolio.importing.values import is_empty, text_of
from portfolio.plan_fields import BY_KEY, Kind

SAMPLES = 3
_TITLE_YEAR = re.compile(r"(20\d\d)\s*年")
NO_NAMES = (
    "没有找到计划表的表头。表头应在前 30 行内，并且有“项目名称”和“总投资”“责任单位”这样的列名。"
    "请检查是否选错了文件，或下载空白模板对照。"
)
SUMMARY = "是汇总表，只有个数和合计，没有项目名称。请改传列出每个项目的计划表（一行一个项目）。"


@dataclass
class SheetReading:
    """A sheet with a header; `skipped` says why it is not read, in Chinese, or is empty."""

    sheet: object
    header: object = None
    skipped: str = ""
    unit: str = ""
    titles: list = field(default_factory=list)
    body: Body = field(default_factory=Body)

    @property
    def name(self):
        return self.sheet.name

    @property
    def is_read(self):
        return self.header is not None and not self.skipped


@dataclass
class Reading:
    sheets: list
    questions: list = field(default_factory=list)

    @property
    def read_sheets(self):
        return [sheet for sheet in self.sheets if sheet.is_read]

    @property
    def unit_is_assumed(self):
        return any(sheet.body.unit_is_assumed for sheet in self.read_sheets)

    @property
    def rows(self):
        return [row for sheet in self.read_sheets for row in sheet.body.rows]


def read_sheets(sheets, year, *, remembered, options):
    """Find the header of each sheet and decide every column; `Refused` when no sheet lists projects."""
    readings = [_headed(sheet, year, remembered, options) for sheet in sheets]
    if not any(reading.is_read for reading in readings):
        raise Refused(_why_none(readings))
    reading = Reading(readings)
    for number, sheet_reading in enumerate(readings):
        if sheet_reading.is_read:
            reading.questions += _decide(sheet_reading, number, options)
    return reading


def read_rows(reading, register, options):
    """Read the rows of every sheet whose columns are settled."""
    for sheet in reading.read_sheets:
        unit = sheet.unit or options.get("unit", "")
        sheet.body = SheetReader(sheet.sheet, sheet.header, register, unit=unit).read()
        sheet.sheet.rows = []  # a large file would not fit twice


def _headed(sheet, year, remembered, options):
    reading = SheetReading(sheet)
    if sheet.name in options.get("skip_sheets", []):
        reading.header = find_header(sheet, year, remembered)
        reading.skipped = "您选择了不读这张表。"
        return reading
    if not any(any(not is_empty(value) for value in row) for row in sheet.rows):
        reading.skipped = "是空表。"
        return reading
    reading.header = find_header(sheet, year, remembered)
    if reading.header is None:
        reading.skipped = "没有找到计划表的表头。"
    elif is_summary(reading.header):
        reading.skipped = SUMMARY
    else:
        reading.unit = _unit_above(sheet, reading.header)
        reading.titles = sheet.rows[: reading.header.top]
        _sample(reading)
        _merge_twins(reading)
    return reading


def _why_none(readings):
    if any(reading.skipped == SUMMARY for reading in readings):
        return f"这{SUMMARY}"
    if all(reading.skipped == "是空表。" for reading in readings):
        return "文件里没有内容。请核对是否选错了文件。"
    return NO_NAMES


def years_in_titles(reading):
    """The years that sheet names and the rows above the headers speak of."""
    titles = [
        text_of(value)
        for sheet in reading.read_sheets
        for value in (sheet.name, *(cell for row in sheet.titles for cell in row))
    ]
    return {int(year) for title in titles for year in _TITLE_YEAR.findall(title)}


def _unit_above(sheet, header):
    for row in range(header.top):
        for value in sheet.rows[row]:
            if unit := unit_of_line(text_of(value)):
                return unit
    return ""


def _sample(reading):
    """A few values of each column, for the person who must say what it is."""
    for column in reading.header.columns:
        for row in reading.sheet.rows[reading.header.bottom + 1 : reading.header.bottom + 60]:
            text = text_of(row[column.index]) if column.index < len(row) else ""
            if text and text not in column.samples:
                column.samples.append(text[:30])
            if len(column.samples) == SAMPLES:
                break


def _merge_twins(reading):
    """A header cell merged over two columns of which only the first is filled is one column."""
    columns = reading.header.columns
    twins = {
        column.index
        for before, column in itertools.pairwise(columns)
        if column.header == before.header and not column.samples
    }
    reading.header.columns = [column for column in columns if column.index not in twins]


def _decide(reading, number, options):
    """Settle each column by what the user chose, what is remembered, and what was recognised; return what is open."""
    columns = reading.header.columns
    for column in columns:
        chosen = _choice_for(column, number, options)
        if chosen is not None:
            column.field, column.how, column.note = chosen, "chosen" if chosen else "kept", ""
        elif column.field is None and options.get("keep_unknown"):
            column.field, column.how = "", "kept"
    questions = [*_conflicts(reading), *_unknowns(reading)]
    if reading.header.column_of("name") is None:
        place = f"工作表“{reading.name}”" if reading.name else "表头"
        questions.insert(0, f"{place}里没有认出“项目名称”列。请在下面指出哪一列是项目名称。")
    return questions


def _choice_for(column, number, options):
    by_place = options.get("columns", {})
    by_text = {memory_key(header): key for header, key in options.get("map", {}).items()}
    for found in (
        by_place.get(f"{number}-{column.index}"),
        by_text.get(memory_key(column.header)),
        by_text.get(memory_key(column.leaf)),
        by_text.get(memory_key(f"{column.letter}列")),
    ):
        if found is not None:
            return found
    return None


def _conflicts(reading):
    """Two columns that claim one field. The one written exactly as the label is proposed, the others to be kept."""
    claims = defaultdict(list)
    for column in reading.header.columns:
        if column.field and column.kind is not Kind.KEPT:
            claims[column.field].append(column)
    questions = []
    for key, columns in claims.items():
        if len(columns) > 1:
            named = "和".join(f"{column.letter} 列“{column.header}”" for column in columns)
            place = f"工作表“{reading.name}”的" if reading.name else ""
            questions.append(f"{place}{named}都像是“{BY_KEY[key].label}”。请只选一列，其余的选“原样保留”。")
            best = next((column for column in columns if column.leaf == BY_KEY[key].label), columns[0])
            for column in columns:
                column.how = "conflict"
                column.note = "建议用这一列" if column is best else "建议原样保留"
    return questions


def _unknowns(reading):
    unknown = [column for column in reading.header.columns if column.field is None]
    if not unknown:
        return []
    named = "、".join(f"{column.letter} 列“{column.header}”" for column in unknown[:8])
    more = f"等 {len(unknown)} 列" if len(unknown) > 8 else ""
    place = f"工作表“{reading.name}”的" if reading.name else ""
    return [f"{place}{named}{more}没有认出来。请选择对应的字段；没有合适的就选“原样保留”。"]
