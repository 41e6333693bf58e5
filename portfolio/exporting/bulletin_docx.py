"""The weekly bulletin as .docx, in the format of official documents (GB/T 9704): one A4 page.

Fonts are named, not embedded: the office's PCs have them. All text goes in as plain runs, so nothing that was typed in
a report can become a field, a link or a macro.
"""

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from accounts.cell_text import writable

TITLE_FONT, TITLE_SIZE = "方正小标宋简体", Pt(22)
HEADING_FONT = "黑体"
BODY_FONT, BODY_SIZE = "仿宋_GB2312", Pt(16)
SUBTITLE_FONT = "楷体_GB2312"
NARROW_FONT = "Times New Roman"
INDENT = BODY_SIZE * 2


def write(bulletin, out):
    """Write a `Bulletin` to the binary file `out`."""
    document = Document()
    _set_up(document, bulletin)
    _paragraph(document, bulletin.title, TITLE_FONT, TITLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    subtitle = f"{bulletin.subtitle}　演示数据" if bulletin.county.is_demo else bulletin.subtitle
    _paragraph(document, subtitle, SUBTITLE_FONT, BODY_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, "", BODY_FONT, BODY_SIZE)
    for section in bulletin.sections:
        paragraph = _paragraph(document, f"{section.title}。", HEADING_FONT, BODY_SIZE, WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.first_line_indent = INDENT
        _run(paragraph, section.text, BODY_FONT, BODY_SIZE)
    day = bulletin.issued_on
    signature = f"{bulletin.county.name}项目办　{day.year}年{day.month}月{day.day}日"
    _paragraph(document, signature, BODY_FONT, BODY_SIZE, WD_ALIGN_PARAGRAPH.RIGHT)
    document.save(out)


def _set_up(document, bulletin):
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = Pt(bulletin.line_spacing)
    properties = document.core_properties
    properties.title, properties.author = bulletin.title, bulletin.county.name
    properties.comments = ""


def _paragraph(document, text, font, size, alignment=None):
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    if text:
        _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph, text, font, size):
    """The font is set for Chinese too, or Word falls back to its default there."""
    run = paragraph.add_run(writable(text))
    run.font.size = size
    run.font.name = NARROW_FONT
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
