"""A letter as it looks on paper, after GB/T 9704: one set of parts for the page, the PDF and the .docx."""

from dataclasses import asdict, dataclass

from accounts.roles import Right, has_right
from inspections import letters
from inspections.documents import fonts, pdf, word
from inspections.documents.signature import sign
from inspections.documents.titles import balanced
from inspections.letters import Paragraph, in_words
from portfolio.privacy import mask_phones


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


def sees_phones(user, letter):
    """Whether the account reads the letter whole: the project office, the unit it is sent to, the project's unit."""
    if has_right(user, Right.ISSUE_LETTERS):
        return True
    return user.unit_id is not None and user.unit_id in {letter.unit_id, letter.project and letter.project.unit_id}


def parts(letter, *, shows_phones=True):
    shown = str if shows_phones else mask_phones
    if letter.number:
        number, to, sender = letter.document_number, letter.addressee, letter.sender
        day = in_words(letter.issued_on)
    else:
        series = letters.series_of(letter.county, letter.kind)
        number, to, sender = f"{series.prefix}〔　　〕　号（草稿）", letter.unit.name, series.sender
        day = "　　年　月　日"
    title, text = balanced(shown(letter.title)), letters.paragraphs(shown(letter.body))
    return Parts(number, title, to, text, sender, day, _void(letter))


def _void(letter):
    return f"本件已于{in_words(letter.voided_on)}作废" if letter.is_void else ""


def name(letter):
    """For a file: 沁重项提〔2024〕5号 关于…的提醒函."""
    return f"{'（作废）' if letter.is_void else ''}{letter.document_number or '草稿'} {mask_phones(letter.title)}"


def as_pdf(letter, *, shows_phones=True):
    """Raises `documents.fonts.NoFont` and `documents.pdf.NotSet`."""
    shown = asdict(parts(letter, shows_phones=shows_phones))
    return pdf.rendered("letter", {**shown, "name": mask_phones(letter.title)})


def as_docx(letter, *, shows_phones=True):
    shown = parts(letter, shows_phones=shows_phones)
    document = word.OfficialDocument(mask_phones(letter.title), shown.sender)
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
