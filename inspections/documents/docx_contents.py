"""The contents of a .docx: the field that Word brings up to date, holding the titles as links before that.

Only the program that opens it knows the pages: Word asks to update the field on opening, and then adds their numbers.
"""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from accounts.cell_text import writable

FIELD = ' TOC \\o "1-1" \\h \\z '  # the headings of the first level, as links


def add(document, titles):
    """A line for each of `titles`, which leads to the heading that `mark` is told of; what follows is a new page."""
    for place, title in enumerate(titles):
        paragraph = document.add_paragraph()._p
        if place == 0:
            _begin(paragraph)
        link = _child(paragraph, "w:hyperlink")
        link.set(qn("w:anchor"), _anchor(place))
        _child(_child(link, "w:r"), "w:t").text = writable(title)
        if place == len(titles) - 1:
            _mark(paragraph, "end")
    document.add_page_break()


def mark(heading, place):
    """The paragraph `heading` is where the line of that place leads."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(place))
    start.set(qn("w:name"), _anchor(place))
    heading.runs[0]._r.addprevious(start)
    heading._p.append(end)


def _anchor(place):
    return f"_Toc{place + 1:08}"


def _begin(paragraph):
    _mark(paragraph, "begin").set(qn("w:dirty"), "true")
    instruction = _child(_child(paragraph, "w:r"), "w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = FIELD
    _mark(paragraph, "separate")


def _mark(parent, kind):
    element = _child(_child(parent, "w:r"), "w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _child(parent, name):
    element = OxmlElement(name)
    parent.append(element)
    return element
