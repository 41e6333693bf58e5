"""Small workbooks for the tests, as bytes."""

import io

from openpyxl import Workbook

HEADER = ["序号", "项目名称", "建设地址", "总投资（万元）", "年度计划投资（万元）", "责任单位", "包联领导"]


def xlsx(*rows, merges=(), title="计划表", adapt=None):
    """One sheet of `rows`; `merges` as A1 ranges; `adapt(book)` for anything else."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for merged in merges:
        sheet.merge_cells(merged)
    if adapt:
        adapt(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def plain(*rows):
    """Rows of (序号, 项目名称, 建设地址, 总投资, 年度计划投资, 责任单位, 包联领导) under a plain header."""
    return xlsx(HEADER, *rows)
