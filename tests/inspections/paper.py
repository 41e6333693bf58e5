"""Measures a PDF: its characters as they stand on the page, in millimetres from the page's upper left corner."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

POINT = 25.4 / 72


@dataclass(frozen=True)
class Character:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    font: str
    size: float  # in points

    @property
    def middle(self):
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    lines: list  # of lists of Character, from the top

    @property
    def body(self):
        """The lines but the page's number."""
        return [line for line in self.lines if line[0].middle < 297 - 35 + 3]

    @property
    def number(self):
        return next(line for line in self.lines if line not in self.body)

    @property
    def pitch(self):
        """Usual distance of two lines."""
        gaps = [round(below[0].middle - above[0].middle, 1) for above, below in pairwise(self.body)]
        return Counter(gaps).most_common(1)[0][0]


def words(line):
    return "".join(character.text for character in line)


def pages(content):
    """Of a PDF as bytes."""
    with closing(pypdfium2.PdfDocument(content)) as document:
        return [_page(document, number) for number in range(len(document))]


def _page(document, number):
    with closing(document[number]) as page, closing(page.get_textpage()) as text:
        width, height = page.get_size()
        characters = [_character(text, place, height) for place in range(text.count_chars())]
        return Page(width * POINT, height * POINT, _lines([each for each in characters if each.text.strip()]))


def _character(text, place, height):
    left, bottom, right, top = text.get_charbox(place, loose=True)
    return Character(
        text=text.get_text_range(place, 1),
        left=left * POINT,
        right=right * POINT,
        top=(height - top) * POINT,
        bottom=(height - bottom) * POINT,
        font=_font(text, place),
        size=round(raw.FPDFText_GetFontSize(text, place), 2),
    )


def _font(text, place):
    size = raw.FPDFText_GetFontInfo(text, place, None, 0, None)
    buffer = (raw.c_char * size)()
    raw.FPDFText_GetFontInfo(text, place, buffer, size, None)
    return buffer.value.decode()


def _lines(characters):
    lines = []
    for each in sorted(characters, key=lambda each: each.middle):
        if lines and abs(lines[-1][0].middle - each.middle) < 3:
            lines[-1].append(each)
        else:
            lines.append([each])
    return [sorted(line, key=lambda each: each.left) for line in lines]
