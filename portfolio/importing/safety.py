"""What is looked at before a file is parsed: its real type, its packed and unpacked size, and what hides in it."""

import io
import zipfile
import zlib

from portfolio.importing.refusals import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 200
CHUNK = 256 * 1024

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
BOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
MACRO_STREAM = "_VBA_PROJECT_CUR".encode("utf-16-le")
OTHER_TYPES = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"MZ", "程序文件"),
    (b"{\\rtf", "Word 文档"),
)
RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


def kind_of(content):
    """ "xlsx", "xls" or "csv", told by the content, never by the name; `Refused` for anything else."""
    if not content.strip():
        raise Refused("这个文件是空的。请核对是否选错了文件。")
    if len(content) > MAX_BYTES:
        raise Refused(
            f"文件有 {len(content) / 1024 / 1024:.1f} MB，超过 10 MB 的上限。请删去图片和无关的工作表后再上传。"
        )
    if content.startswith(ZIP_MARK):
        _check_package(content)
        return "xlsx"
    if content.startswith(OLE_MARK):
        _check_compound(content)
        return "xls"
    _check_text(content)
    return "csv"


def sheet_bytes(content, kind):
    """Rough size of the table, for the decision whether it is read while the user waits.

    All parts count: a workbook may keep its sheets under any name.
    """
    if kind != "xlsx":
        return len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return sum(entry.file_size for entry in package.infolist())


def _check_package(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_directory(entries)
            for entry in entries:
                _check_entry(package, entry)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        raise Refused(f"文件已损坏，无法打开。{RESAVE}") from None


def _check_directory(entries):
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        raise Refused(f"这是二进制工作簿（.xlsb），不能直接读取。{RESAVE}")
    if "xl/workbook.xml" not in names and not any(name.endswith("workbook.xml") for name in names):
        raise Refused("这不是 Excel 工作簿（可能是 Word 文档或压缩包）。请上传 .xlsx、.xls 或 .csv 格式的计划表。")
    if any("vbaproject" in name.lower() for name in names):
        raise Refused("工作簿里带有宏，为安全起见不接收。请在 Excel 或 WPS 中另存为不含宏的 .xlsx 再上传。")
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"工作簿里有 {len(entries)} 个部件，超过 {MAX_ENTRIES} 个的上限。请只保留计划表所在的工作表。")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise Refused(
            f"工作簿展开后有 {unpacked / 1024 / 1024:.0f} MB，超过 50 MB 的上限。"
            "请删去图片、空行和无关的工作表后再上传。"
        )
    if any(entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries):
        raise Refused(f"工作簿用了不常见的压缩方式，无法打开。{RESAVE}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("文件设有密码，无法读取。请取消密码后再上传。")


def _check_entry(package, entry):
    """The directory may lie about sizes, so the real bytes are counted; XML may not define anything of its own."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    if not is_xml:
        return
    seen, tail = 0, b""
    with package.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            seen += len(chunk)
            if seen > entry.file_size:
                raise Refused("工作簿的目录与内容不符，为安全起见不接收。" + RESAVE)
            window = tail + chunk
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or window.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise Refused("工作簿里含有不该出现的定义（外部实体），为安全起见不接收。" + RESAVE)
            tail = chunk[-16:]


def _check_compound(content):
    if ENCRYPTED_STREAM in content:
        raise Refused("文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。")
    if MACRO_STREAM in content:
        raise Refused("工作簿里带有宏，为安全起见不接收。请在 Excel 或 WPS 中另存为不含宏的 .xlsx 再上传。")
    if not any(stream in content for stream in BOOK_STREAMS):
        raise Refused("这不是 Excel 工作簿（可能是 Word 文档）。请上传 .xlsx、.xls 或 .csv 格式的计划表。")


def _check_text(content):
    head = content[:2048].lstrip().lower()
    for mark, what in OTHER_TYPES:
        if content.startswith(mark):
            raise Refused(f"这是{what}，不是计划表。请上传 .xlsx、.xls 或 .csv 格式的文件。")
    if head.removeprefix(b"\xef\xbb\xbf").startswith(
        (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<script")
    ):
        raise Refused(f"这是网页格式的文件，只是改了后缀。{RESAVE}")
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("认不出这个文件的类型。请上传 .xlsx、.xls 或 .csv 格式的计划表。")
