"""Reads one .xlsx or .xls in a process of its own: a file made to exhaust memory or time ends only this process.

Run as a module by `workbook.py` with the content on standard input; writes JSON to standard output. Imports nothing of
Django. Cells: text, number, true/false, or {"d": iso} for dates; rows and columns count from 0.
"""

import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 420 * 1024 * 1024
SECONDS = 60
MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SHEETS = 100_000, 400, 4_000_000, 60
MAX_TEXT = 60_000_000  # characters of all cells together

# One match a cell: its attributes, its formula if any, and whether a value follows. No part can run past the next "<".
CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>"
    rb"(\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?"
    rb"(\s*<(?:\w+:)?(?:v|is)\b[^<>]*>(?:[^<]|<(?:\w+:)?(?:t|r)\b))?"
)
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
STYLE = re.compile(rb'\bs="(\d+)"')
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^<>]*\bhidden="(?:1|true)")[^<>]*\br="(\d+)"')
PERCENT_FORMATS = {
    9: "p",
    10: "p",
    17: "m",
    27: "m",
    57: "m",
}  # built-in formats: percent; month and year without a day


class TooBig(Exception):
    pass


def column_index(letters):
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def local_name(element):
    return element.tag.rpartition("}")[2]


def style_kinds(package):
    """{style id: "p" percent, "m" a date shown as month and year, "y" as a year}."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    root = ElementTree.fromstring(package.read("xl/styles.xml"))
    formats = dict(PERCENT_FORMATS)
    for element in root.iter():
        if local_name(element) == "numFmt":
            formats[int(element.get("numFmtId", -1))] = format_kind(element.get("formatCode", ""))
    kinds = {}
    for group in root:
        if local_name(group) == "cellXfs":
            for index, style in enumerate(group):
                if kind := formats.get(int(style.get("numFmtId") or 0)):
                    kinds[index] = kind
    return kinds


def format_kind(code):
    bare = re.sub(r"\[[^\]]*\]|\\.", "", code).lower()
    if "%" in re.sub(r'"[^"]*"', "", bare):
        return "p"
    letters = re.sub(r'"[^"]*"', "", bare)
    if "y" not in letters or "d" in letters or "h" in letters:
        return None
    return "m" if "m" in letters else "y"


def scan_sheet(xml, kinds):
    """What calamine does not tell: formulas without a value, error cells, hidden rows, formats; refuses a huge box."""
    found = {"uncached": [], "faulty": [], "formats": {}, "hidden": []}
    low, high, left, right = 10**9, -1, 10**9, -1
    for match in CELL.finditer(xml):
        attributes, formula, value = match.groups()
        if not (formula or value):
            continue
        reference = REFERENCE.search(attributes)
        if not reference:
            continue
        row, column = int(reference[2]) - 1, column_index(reference[1])
        low, high, left, right = min(low, row), max(high, row), min(left, column), max(right, column)
        # A formula whose result is an empty text says so (t="str"); without a result the file was never calculated.
        if formula and not value and b't="str"' not in attributes:
            found["uncached"].append((row, column))
        elif b't="e"' in attributes:
            found["faulty"].append((row, column))
        if kinds and (style := STYLE.search(attributes)) and (kind := kinds.get(int(style[1]))):
            found["formats"][f"{row},{column}"] = kind
    if high >= 0:
        refuse_huge(high + 1, right - left + 1)
    found["hidden"] = [int(row) - 1 for row in HIDDEN_ROW.findall(xml)][:MAX_ROWS]
    return found


def refuse_huge(rows, columns):
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise TooBig(
            f"内容一直写到第 {rows} 行、共 {columns} 列，超过 {MAX_ROWS} 行、{MAX_COLUMNS} 列的上限。"
            "请选中表格以外的空行空列，右键“删除”后保存再上传。"
        )


def scans(content):
    """{sheet name: scan} of an .xlsx, through the workbook's own relations."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        kinds = style_kinds(package)
        targets = {
            element.get("Id"): element.get("Target", "")
            for element in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        result = {}
        for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
            if local_name(element) != "sheet":
                continue
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "").lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if path in package.namelist() and "worksheets" in path:
                result[element.get("name")] = scan_sheet(package.read(path), kinds)
        return result


def plain(value):
    if isinstance(value, dt.datetime | dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / 86400
    return value


def sheet_facts(book, metadata, scan, budget):
    sheet = book.get_sheet_by_name(metadata.name)
    facts = {
        "name": metadata.name,
        "visible": metadata.visible == SheetVisibleEnum.Visible,
        "rows": [],
        "merges": [[*start, *end] for start, end in (sheet.merged_cell_ranges or [])][:20_000],
        **(scan or {"uncached": [], "faulty": [], "formats": {}, "hidden": []}),
    }
    if sheet.start is None:
        return facts
    refuse_huge(sheet.total_height, sheet.width)
    offset = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        budget[0] -= sum(len(value) for value in row if type(value) is str)
        if budget[0] < 0:
            raise TooBig("文件里的文字太多。请删去与计划表无关的内容后再上传。")
        while row and row[-1] == "":
            row.pop()
        facts["rows"].append(offset + [plain(value) for value in row] if row else [])
    while facts["rows"] and not facts["rows"][-1]:
        facts["rows"].pop()
    return facts


def read(content, is_xlsx):
    scanned = scans(content) if is_xlsx else {}
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet][:MAX_SHEETS]
    budget = [MAX_TEXT]
    return [sheet_facts(book, sheet, scanned.get(sheet.name), budget) for sheet in sheets]


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content = sys.stdin.buffer.read()
    try:
        answer = {"sheets": read(content, sys.argv[1] == "xlsx")}
    except TooBig as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"broken": "memory"}
    except Exception as error:  # whatever a broken workbook raises, the parent says it is broken
        answer = {"broken": f"{type(error).__name__}"}
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
