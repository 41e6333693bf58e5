"""A report as .docx for the writer who edits on: the same figures, real headings, tables whose header repeats.

The drawings are pictures, each with the table of what it shows, since a drawing is no text to edit on. Faces are named,
not embedded: the office's PCs have them. Everything goes in as plain runs.
"""

import base64
import io

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from accounts.cell_text import writable
from inspections.documents import docx_contents, fonts, report_pictures
from inspections.reports.blocks import told

BODY, SMALL, LEDGER, TINY = 12, 10, 8.5, 8
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
PORTRAIT, LANDSCAPE = (210, 297), (297, 210)
MARGIN = 18
PHOTO_WIDTH, DRAWING_WIDTH = 80, 170


def rendered(content, imprint, pictures):
    """.docx bytes of a report. `pictures` are those of `report_pictures.drawings`, as PNGs in their order."""
    drawings = iter(pictures)
    document = Document()
    document.core_properties.title = content["title"]
    document.core_properties.author = imprint.office
    document.core_properties.comments = ""
    _set_up(document)
    _cover(document, content, imprint)
    _line(document, "目　录", fonts.FIRST_LEVEL, 16, CENTRE)
    docx_contents.add(document, [section["title"] for section in content["sections"]])
    for place, section in enumerate(content["sections"]):
        _section(document, section, place, drawings)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# The page


def _set_up(document):
    _set_page(document.sections[0], PORTRAIT)
    _footer(document.sections[0])
    normal = document.styles["Normal"]
    _set_face(normal, fonts.BODY, BODY)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(2)
    _set_face(document.styles["Heading 1"], fonts.FIRST_LEVEL, 16)
    _set_face(document.styles["Heading 2"], fonts.FIRST_LEVEL, BODY)


def _set_page(section, size):
    section.page_width, section.page_height = (Mm(side) for side in size)
    section.orientation = WD_ORIENT.LANDSCAPE if size == LANDSCAPE else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)


def _set_face(style, face, size):
    style.font.size, style.font.color.rgb, style.font.bold = Pt(size), RGBColor(0, 0, 0), False
    names = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(names.attrib):
        del names.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        names.set(qn(script), face.word)


def _footer(section):
    """第 x 页 共 y 页, counted by the program that opens it."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = CENTRE
    for words, field in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", None)):
        paragraph.add_run(words).font.size = Pt(SMALL)
        if field:
            _field(paragraph, field)


def _field(paragraph, code):
    run = paragraph.add_run()
    run.font.size = Pt(SMALL)
    for kind, words in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._element.append(element)


# Its parts


def _cover(document, content, imprint):
    _line(document, content["title"], fonts.TITLE, 22, CENTRE)
    told_of = [imprint.mark, f"截至 {content['as_of']}", imprint.office, imprint.issued]
    for words in (*told_of, f"更正说明：{imprint.correction}" if imprint.correction else ""):
        if words:
            _line(document, words, fonts.SECOND_LEVEL, 14, CENTRE)
    _line(document, f"投资金额单位为万元，标明亿元的除外；“—”为没有数据。{content['rules']}。", fonts.BODY, SMALL)
    if imprint.digest:
        _line(document, f"内容指纹（SHA-256）：{imprint.digest}", fonts.BODY, TINY)


def _line(document, words, face, size, align=LEFT):
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, words, face, size)
    return paragraph


def _run(paragraph, words, face, size):
    run = paragraph.add_run(writable(words))
    _set_run(run, face, size)


def _set_run(run, face, size):
    run.font.size = Pt(size)
    names = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        names.set(qn(script), face.word)


def _section(document, section, place, drawings):
    if any(block["type"] == "table" and block["wide"] for block in section["blocks"]):
        _set_page(document.add_section(WD_SECTION.NEW_PAGE), LANDSCAPE)
    docx_contents.mark(document.add_heading(writable(section["title"]), 1), place)
    for block in section["blocks"]:
        if block["type"] in report_pictures.DRAWN:
            _drawing(document, block, next(drawings))
        else:
            _DRAWN[block["type"]](document, block)


def _text(document, block):
    paragraph = _line(document, block["words"], fonts.BODY, BODY)
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)


def _note(document, block):
    _line(document, block["words"], fonts.BODY, SMALL)


def _facts(document, block):
    rows = [[item["label"], item["value"], item["of"]] for item in block["items"]]
    _grid(document, ["指标", "数值", "说明"], rows, [3, 3, 8], figures={1}, size=SMALL)


def _drawing(document, block, png):
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTRE
    _picture(paragraph, png, DRAWING_WIDTH, report_pictures.words(block))
    if block["type"] == "curve":
        paragraph.paragraph_format.keep_with_next = True
        _points(document, block)


def _picture(paragraph, content, width, words):
    shape = paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(width))
    shape._inline.docPr.set("descr", writable(words))


def _points(document, block):
    """The points of a curve. What the bars show stands in the table above them."""
    document.add_heading(f"{block['title']}各时点（单位：万元）", 2)
    rows = [
        [label, point["label"], point["day"], told("money", point["amount"])]
        for label, points in (("计划累计", block["planned"]), ("完成累计", block["done"]))
        for point in points
    ]
    _grid(document, ["", "时点", "日期", "金额"], rows, [3, 3, 3, 4], figures={3}, size=SMALL)


def _table(document, block):
    title = f"{block['title']}（{block['unit']}）" if block["unit"] else block["title"]
    document.add_heading(writable(title), 2)
    if not block["rows"]:
        _line(document, block["empty"], fonts.BODY, BODY)
        return
    columns = block["columns"]
    labels, widths = [column["label"] for column in columns], [column["width"] for column in columns]
    figures = {place for place, column in enumerate(columns) if column["figure"]}
    _grid(document, labels, list(_lines(block)), widths, figures, TINY if block["wide"] else LEDGER)


def _lines(block):
    """合计 first; the line of a group says its title alone."""
    if block["sums"]:
        yield _told(block["columns"], block["sums"])
    for row, role in zip(block["rows"], block["roles"], strict=True):
        yield [value or "" for value in row] if role == "group" else _told(block["columns"], row)


def _told(columns, row):
    return [told(column["kind"], value) for column, value in zip(columns, row, strict=True)]


def _stops(document, block):
    for stop in block["items"]:
        document.add_heading(writable(f"{stop['seq']}. {stop['name']}"), 2)
        for words in stop_lines(stop):
            line = _line(document, words, fonts.BODY, SMALL + 1)
            line.paragraph_format.keep_with_next = bool(stop["photos"])
        if stop["photos"]:
            _photos(document, stop)


def _photos(document, stop):
    side_by_side = document.add_paragraph()
    side_by_side.paragraph_format.keep_with_next = True
    for photo in stop["photos"]:
        _picture(side_by_side, base64.b64decode(photo["jpeg"]), PHOTO_WIDTH, f"{stop['name']}现场照片")
    _line(document, "　".join(f"{photo['caption']} {photo['day']}" for photo in stop["photos"]), fonts.BODY, TINY)


def stop_lines(stop):
    """What is said of a stop, line by line."""
    place = f"{stop['score']} 分，第 {stop['place']} 名" if stop["score"] else "尚未评分"
    yield "　".join(part for part in (place, stop["town"], stop["unit"], f"包联领导：{stop['leader']}") if part)
    if stop["look_at"]:
        yield f"看点：{stop['look_at']}"
    if stop["score"]:
        yield "　".join(f"{each['name']} {each['points']}（满分 {each['weight']}）" for each in stop["criteria"])
    for label, key in (("亮点", "strengths"), ("问题", "defects"), ("现场交办", "matters")):
        for number, words in enumerate(stop[key], 1):
            yield f"{label} {number}. {words}"


_DRAWN = {
    "text": _text,
    "note": _note,
    "annexed": _note,
    "facts": _facts,
    "table": _table,
    "stops": _stops,
}


# Tables, written as XML: python-docx looks up every cell anew, which takes ten times as long


def _grid(document, labels, rows, widths, figures, size):
    table = document.add_table(rows=1, cols=len(labels))
    table.style = "Table Grid"
    table.autofit = False
    _narrow_margins(table)
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    shares = [int(room * width / sum(widths)) for width in widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    head = table.rows[0]._tr
    for row in (labels, *rows):
        table._tbl.append(_row(row, shares, figures, size, is_head=row is labels))
    table._tbl.remove(head)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _narrow_margins(table):
    """1 mm beside the text of a cell, in place of Word's 1.9 mm: a figure of the county's money has room."""
    margins = _child(table._tbl.tblPr, "w:tblCellMar")
    for side in ("w:left", "w:right"):
        width = _child(margins, side)
        width.set(qn("w:w"), "57")
        width.set(qn("w:type"), "dxa")


def _row(values, shares, figures, size, is_head):
    row = OxmlElement("w:tr")
    properties = _child(row, "w:trPr")
    _child(properties, "w:cantSplit")
    if is_head:
        _child(properties, "w:tblHeader")
    for place, (value, share) in enumerate(zip(values, shares, strict=True)):
        align = "center" if is_head else "right" if place in figures else "left"
        row.append(_cell(value, share, align, size, fonts.FIRST_LEVEL if is_head else fonts.BODY))
    return row


def _cell(value, share, align, size, face):
    cell = OxmlElement("w:tc")
    width = _child(_child(cell, "w:tcPr"), "w:tcW")
    width.set(qn("w:w"), str(round(share / 635)))  # twentieths of a point
    width.set(qn("w:type"), "dxa")
    paragraph = _child(cell, "w:p")
    _child(_child(paragraph, "w:pPr"), "w:jc").set(qn("w:val"), align)
    for number, line in enumerate(writable(value).split("\n")):
        run = _child(paragraph, "w:r")
        properties = _child(run, "w:rPr")
        names = _child(properties, "w:rFonts")
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            names.set(qn(script), face.word)
        _child(properties, "w:sz").set(qn("w:val"), str(int(2 * size)))
        if number:
            _child(run, "w:br")
        words = _child(run, "w:t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
    return cell


def _child(parent, name):
    element = OxmlElement(name)
    parent.append(element)
    return element
