"""Hostile and foreign files are refused in seconds with a sentence that says what to do; nothing is parsed first."""

import io
import time
import zipfile

import pytest

from portfolio.importing.refusals import Refused
from portfolio.importing.safety import MAX_BYTES, kind_of, sheet_bytes
from portfolio.importing.workbook import open_sheets
from tests.portfolio.importing.workbooks import HEADER, plain, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def repacked(content, replace=None, add=None):
    """The same package with some parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (replace or {}).get(entry.filename, old.read(entry.filename)))
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def docx():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = plain((1, "甲", "", 5, 1, "", ""))
BOMB = b"<worksheet><sheetData/></worksheet>" + b" " * 60_000_000
XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet>&e;</worksheet>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这个文件是空的"),
        (b"  \r\n", "这个文件是空的"),
        (b"%PDF-1.7 ...", "这是PDF 文件"),
        (b"\x89PNG\r\n\x1a\n...", "这是图片"),
        (b"MZ\x90\x00", "这是程序文件"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "这是网页格式的文件"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "这是网页格式的文件"),
        (b"\x00\x01\x02\x03binary", "认不出这个文件的类型"),
        (docx(), "这不是 Excel 工作簿"),
        (GOOD[:400], "文件已损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "文件设有打开密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "这不是 Excel 工作簿"),
        (OLE + "Workbook_VBA_PROJECT_CUR".encode("utf-16-le"), "工作簿里带有宏"),
        (repacked(GOOD, add={"xl/vbaProject.bin": b"x"}), "工作簿里带有宏"),
        (repacked(GOOD, add={"xl/workbook.bin": b"x"}), "这是二进制工作簿"),
        (repacked(GOOD, add={f"xl/media/{n}.png": b"x" for n in range(200)}), "超过 200 个的上限"),
        (repacked(GOOD, replace={SHEET: BOMB}), "超过 50 MB 的上限"),
        (repacked(GOOD, replace={SHEET: XXE}), "不该出现的定义"),
        (repacked(GOOD, replace={SHEET: b" " * 300_000 + XXE}), "不该出现的定义"),
        (b"x" * (MAX_BYTES + 1), "超过 10 MB 的上限"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_plain_workbook_is_refused(content, sentence):
    started = time.monotonic()

    with pytest.raises(Refused, match=sentence):
        kind_of(content)

    assert time.monotonic() - started < 5


def test_a_package_that_lies_about_its_sizes_is_refused():
    content = bytearray(repacked(GOOD, replace={SHEET: b"<worksheet/>" + b" " * 2_000_000}))
    size = (2_000_012).to_bytes(4, "little")
    content = bytes(content).replace(size, (100).to_bytes(4, "little"))

    with pytest.raises(Refused):
        open_sheets(content, kind_of(content))


def sheet_xml(*cells):
    return f"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{''.join(cells)}</sheetData></worksheet>".encode()


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (
            sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            ),
            "内容一直写到第 1048576 行",
        ),
        (b"<worksheet><sheetData><row", "无法打开"),
    ],
)
def test_a_sheet_made_to_exhaust_memory_is_refused(sheet, sentence):
    content = repacked(GOOD, replace={SHEET: sheet})
    started = time.monotonic()

    with pytest.raises(Refused, match=sentence):
        open_sheets(content, kind_of(content))

    assert time.monotonic() - started < 5


def test_a_long_text_repeated_a_million_times_is_refused():
    """Shared strings: 2 MB of XML that would become 30 GB of text."""
    text = "长" * 30_000
    strings = f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>{text}</t></si></sst>"
    rows = (
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}" t="s"><v>0</v></c>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(1, 10_001)
    )
    content = repacked(GOOD, replace={SHEET: sheet_xml(*rows)}, add={"xl/sharedStrings.xml": strings})

    with pytest.raises(Refused, match=r"文字太多|展开后过大"):
        open_sheets(content, kind_of(content))


def test_formatting_down_to_the_last_row_does_no_harm():
    def format_all(book):
        sheet = book.active
        sheet["A1048576"].number_format = "0.00"
        sheet["XFD1000"].number_format = "0.00"

    content = xlsx(HEADER, [1, "甲", "", 5, 1, "", ""], adapt=format_all)

    (sheet,) = open_sheets(content, kind_of(content))

    assert (len(sheet.rows), sheet.width) == (2, 7)


def test_hidden_rows_formats_and_broken_formulas_are_told():
    def adapt(book):
        sheet = book.active
        sheet.row_dimensions[2].hidden = True
        sheet["A2"].number_format = "0%"

    content = xlsx(["a", "b"], [0.9, "=1/0"], adapt=adapt)

    (sheet,) = open_sheets(content, kind_of(content))

    assert (sheet.hidden, sheet.formats, sheet.uncached) == (frozenset({1}), {(1, 0): "p"}, frozenset({(1, 1)}))


def test_sheets_under_any_name_count_as_large():
    content = repacked(plain(), add={"xl/elsewhere/part.dat": b" " * 3_000_000})

    assert sheet_bytes(content, "xlsx") > 3_000_000


@pytest.mark.parametrize("line", ["x", "x" + "," * 500 + "y"])
def test_text_file_beyond_the_limits_of_a_sheet_is_refused(line):
    content = "\n".join([line] * (100_001 if line == "x" else 1)).encode()

    with pytest.raises(Refused, match="超过 100000 行、400 列的上限"):
        open_sheets(content, "csv")


def test_empty_lines_below_a_text_file_do_not_count():
    [sheet] = open_sheets(b"x\n" + b",,\n" * 100_001, "csv")

    assert (sheet.rows[0], len(sheet.rows), sheet.width) == (["x"], 100_000, 1)
