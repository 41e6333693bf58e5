"""The page of GB/T 9704-2012 as .docx: the same A4 page, lines and characters as `typst/official.typ`, to be edited on.

Lengths are in mm or in points. 3号 in a .docx is 16 pt; drawn together by a quarter point, 28 of them are 155.6 mm.
"""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from accounts.cell_text import writable
from inspections.documents import fonts

SIZE2, SIZE3, SIZE4 = 22, 16, 14
PITCH = 28.95  # pt: 22 lines are 224.7 of the 225 mm
DRAWN_TOGETHER = -5  # twentieths of a point between characters of 3号
LEVELS = {1: fonts.FIRST_LEVEL, 2: fonts.SECOND_LEVEL}
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


class OfficialDocument:
    """A document that grows from the top; `content()` is the .docx. What XML can't hold is left out of every text."""

    def __init__(self, title, author):
        self._document = Document()
        self._document.core_properties.title = writable(title)
        self._document.core_properties.author = writable(author)
        self._set_page()
        self._set_text()

    def content(self):
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    # What it is made of

    def line(self, words="", align=LEFT, face=fonts.BODY, size=SIZE3, indent=0, from_right=0):
        """A line or paragraph of its own; `indent` of the first line and `from_right` are in characters."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.first_line_indent = Pt(indent * (SIZE3 + DRAWN_TOGETHER / 20))
        paragraph.paragraph_format.right_indent = Pt(from_right * SIZE3)
        if words:
            _set_run(paragraph.add_run(writable(words)), face, size)
        return paragraph

    def title(self, lines):
        for words in lines:
            self.line(words, CENTRE, fonts.TITLE, SIZE2)

    def paragraph(self, level, words, rest=""):
        """Level 0 is plain text; 1 一、 2 （一） 3 1. 4 （1）. `rest` follows the heading in the text's own face."""
        paragraph = self.line(words, WD_ALIGN_PARAGRAPH.JUSTIFY, LEVELS.get(level, fonts.BODY), indent=2)
        if rest:
            _set_run(paragraph.add_run(writable(rest)), fonts.BODY, SIZE3)
        return paragraph

    # The page

    def _set_page(self):
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(35 - 7 - 5)
        self._document.settings.odd_and_even_pages_header_footer = True
        _number(section.footer.paragraphs[0], RIGHT)
        _number(section.even_page_footer.paragraphs[0], LEFT)

    def _set_text(self):
        style = self._document.styles["Normal"]
        _set_face(style.element.get_or_add_rPr(), fonts.BODY)
        style.font.size = Pt(SIZE3)
        lines = style.paragraph_format
        lines.line_spacing_rule, lines.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
        lines.space_before = lines.space_after = Pt(0)
        lines.widow_control = False
        _set_unspaced(style.element.get_or_add_pPr())


def _set_unspaced(properties):
    """No gap of their own between Chinese characters and figures: it would push lines out of their 28 characters."""
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        element = OxmlElement(name)
        element.set(qn("w:val"), "0")
        properties.insert_element_before(element, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _set_run(run, face, size):
    run.font.size = Pt(size)
    properties = run._element.get_or_add_rPr()
    _set_face(properties, face)
    if size == SIZE3:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(DRAWN_TOGETHER))
        properties.append(spacing)


def _set_face(properties, face):
    """For Chinese characters and for figures between them alike."""
    names = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        names.set(qn(script), face.word)


def _number(paragraph, align):
    """The page's number between dashes, one character in from the outer edge."""
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.right_indent = form.left_indent = Pt(SIZE4)
    _set_run(paragraph.add_run("— "), fonts.FIGURES, SIZE4)
    run = paragraph.add_run()
    _set_run(run, fonts.FIGURES, SIZE4)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)
    _set_run(paragraph.add_run(" —"), fonts.FIGURES, SIZE4)
