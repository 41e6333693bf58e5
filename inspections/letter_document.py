"""A letter as it looks on paper, after GB/T 9704: one set of parts for the page, the PDF and the .docx."""

from dataclasses import asdict, dataclass

from inspections import letters
from inspections.documents import fonts, pdf, word
from inspections.documents.signature import sign
from inspections.documents.titles import balanced
from inspections.letters import Paragraph, in_words


@dataclass(frozen=True)
class Parts:
    """`day` and the number of a draft are still open. `void` says that and when it was made void; else it is empty."""

    number: str
    title: list[str]
    to: str
    paragraphs: list[Paragraph]
    sender: str
    day: str
    void: str = ""


def parts(letter):
    if letter.number:
        number, to, sender = letter.document_number, letter.addressee, letter.sender
        day = in_words(letter.issued_on)
    else:
        series = letters.series_of(letter.county, letter.kind)
        number, to, sender = f"{series.prefix}〔　　〕　号（草稿）", letter.unit.name, series.sender
        day = "　　年　月　日"
    text = letters.paragraphs(letter.body)
    return Parts(number, balanced(letter.title), to, text, sender, day, _void(letter))


def _void(letter):
    return f"本件已于{in_words(letter.voided_on)}作废" if letter.is_void else ""


def name(letter):
    """For a file: 沁重项提〔2024〕5号 关于…的提醒函."""
    return f"{'（作废）' if letter.is_void else ''}{letter.document_number or '草稿'} {letter.title}"


def as_pdf(letter):
    """Raises `documents.fonts.NoFont`."""
    return pdf.rendered("letter", {**asdict(parts(letter)), "name": letter.title})


def as_docx(letter):
    shown = parts(letter)
    document = word.OfficialDocument(letter.title, shown.sender)
    if shown.void:
        document.line(f"【{shown.void}】", word.CENTRE, fonts.FIRST_LEVEL)
    document.line(shown.number, word.CENTRE)
    document.line()
    document.title(shown.title)
    document.line()
    document.line(f"{shown.to}：")
    for each in shown.paragraphs:
        line = document.paragraph(each.level, each.head or each.rest, each.rest if each.head else "")
        line.paragraph_format.keep_with_next = each is shown.paragraphs[-1] or (each.level == 1 and not each.rest)
    sign(document, shown.sender, shown.day)
    return document.content()
