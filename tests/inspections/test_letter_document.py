"""A letter on paper after GB/T 9704, measured: from the PDF in millimetres, from the .docx in its XML."""

import io
import zipfile

import pytest
from lxml import etree

from inspections import letter_document, letters
from inspections.documents import fonts, pdf
from inspections.models import LetterSeries
from tests import factories
from tests.inspections import letter_factories as make
from tests.inspections import paper

pytestmark = pytest.mark.django_db
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLAIN = "重大项目" * 400  # 1,600 characters: 57 full lines and 4 more
BODY = f"现提醒如下。\n一、存在问题\n（一）进度情况。进度滞后。\n{PLAIN}\n请于2024年6月7日前反馈。"
TWIP = 1440 / 25.4  # to the millimetre


@pytest.fixture
def office(db):
    factories.clock(2024, 5, 31, 10)
    return factories.user("office")


@pytest.fixture
def letter(office):
    return make.issued(office, make.red_plan(factories.unit("水利局")), body=BODY)


@pytest.fixture
def pages(letter):
    return paper.pages(letter_document.as_pdf(letter))


def family(key):
    """As a PDF names it."""
    return fonts.chosen()[key].replace(" ", "").lower()


# The PDF


def test_a_full_page_has_22_lines_of_28_characters_within_the_margins(pages):
    full = pages[1]

    assert [len(line) for line in full.body] == [28] * 22
    assert (full.width, full.height) == pytest.approx((210, 297), abs=0.1)
    assert {round(line[0].left, 1) for line in full.body} == {28.0}
    assert [line[-1].right for line in full.body] == pytest.approx([184] * 22, abs=0.3)
    assert full.body[0][0].top == pytest.approx(37, abs=0.3)
    assert full.pitch == pytest.approx(225 / 22, abs=0.1)


def test_the_page_number_stands_outside_below_the_text(pages):
    odd, even = pages[0].number, pages[1].number

    assert (paper.words(odd), paper.words(even)) == ("—1—", "—2—")
    assert odd[-1].right == pytest.approx(184 - 14 * paper.POINT, abs=0.5)
    assert even[0].left == pytest.approx(28 + 14 * paper.POINT, abs=1)
    assert {each.size for each in odd} == {14.0}
    assert odd[0].middle > 262 + 7


def test_each_part_has_its_face_and_size(pages):
    number, title, to, *text = pages[0].body
    of = {paper.words(line)[:2]: line[0] for line in text}

    assert paper.words(number) == "沁重项提〔2024〕1号"
    assert (paper.words(title), title[0].size) == ("关于河道治理未按期开工的提醒函", 22.0)
    assert family("title") in title[0].font.lower()
    assert "Bold" in title[0].font
    assert (paper.words(to), to[0].size) == ("水利局：", 15.75)
    assert family("body") in to[0].font.lower()
    assert family("first") in of["一、"].font.lower()
    assert family("second") in of["（一"].font.lower()


def test_the_signature_keeps_four_characters_from_the_edge_and_words_above_it(office):
    LetterSeries.objects.create(county=office.county, kind="reminder", prefix="沁发改提", sender="沁源县发展和改革局")
    letter = make.issued(office, make.red_plan(factories.unit("水利局")), body=BODY)

    pages = paper.pages(letter_document.as_pdf(letter))

    *_, last_words, sender, day = pages[-1].body
    character = 15.75 * paper.POINT

    assert (paper.words(last_words), paper.words(day)) == ("请于2024年6月7日前反馈。", "2024年5月31日")
    assert day[-1].right == pytest.approx(184 - 4 * character, abs=1)
    assert (sender[0].left + sender[-1].right) / 2 == pytest.approx((day[0].left + day[-1].right) / 2, abs=1)


def test_no_signature_stands_alone_on_a_page(office):
    """However many lines there are, words come over to its page."""
    for lines in range(10, 17):
        data = {"name": "x", "number": "x", "title": ["x"], "to": "x", "sender": "某办公室", "day": "2024年5月31日"}
        rows = [{"level": 0, "head": "", "rest": "项目"}] * lines
        pages = paper.pages(pdf.rendered("letter", {**data, "paragraphs": rows}))
        assert (lines, "项目" in paper.words(pages[-1].body[0]) or len(pages) == 1) == (lines, True)


@pytest.mark.parametrize("kind", ["reminder", "order", "talk"])
def test_every_kind_is_set(office, kind):
    letter = make.issued(office, make.red_plan(factories.unit("水利局")))
    while letter.kind != kind:
        letter = make.risen(office, letter)

    first = paper.pages(letter_document.as_pdf(letter))[0]

    assert paper.words(first.body[0]) == letter.document_number
    assert paper.words(first.body[1]).endswith(letter.get_kind_display())


# The .docx


@pytest.fixture
def parts(letter):
    with zipfile.ZipFile(io.BytesIO(letter_document.as_docx(letter))) as package:
        return {name: etree.fromstring(package.read(f"word/{name}.xml")) for name in ("document", "styles", "settings")}


def value(element, name):
    return element.get(f"{W}{name}")


def runs(parts):
    """{text: (face of Chinese characters, half points)} of the document."""
    return {
        "".join(run.itertext()): (value(run.find(f".//{W}rFonts"), "eastAsia"), value(run.find(f".//{W}sz"), "val"))
        for run in parts["document"].iter(f"{W}r")
    }


def test_the_docx_has_the_same_page(parts):
    size, margins = next(parts["document"].iter(f"{W}pgSz")), next(parts["document"].iter(f"{W}pgMar"))

    assert (int(value(size, "w")) / TWIP, int(value(size, "h")) / TWIP) == pytest.approx((210, 297), abs=0.1)
    edges = [int(value(margins, edge)) / TWIP for edge in ("top", "bottom", "left", "right")]
    assert edges == pytest.approx([37, 35, 28, 26], abs=0.1)


def test_the_docx_has_exact_lines_22_to_a_page(parts):
    normal = next(style for style in parts["styles"].iter(f"{W}style") if value(style, "styleId") == "Normal")
    spacing = normal.find(f".//{W}spacing")

    assert (value(spacing, "lineRule"), int(int(225 * TWIP) / int(value(spacing, "line")))) == ("exact", 22)
    assert [value(normal.find(f".//{W}{name}"), "val") for name in ("autoSpaceDE", "autoSpaceDN")] == ["0", "0"]


def test_the_docx_names_the_official_faces(parts):
    found = runs(parts)

    assert found["关于河道治理未按期开工的提醒函"] == ("方正小标宋简体", "44")
    assert found["水利局："] == ("仿宋_GB2312", "32")
    assert found["一、存在问题"] == ("黑体", "32")
    assert found["（一）进度情况。"] == ("楷体_GB2312", "32")
    assert found["进度滞后。"] == ("仿宋_GB2312", "32")


def test_the_docx_has_its_numbers_outside(parts):
    assert len(list(parts["settings"].iter(f"{W}evenAndOddHeaders"))) == 1


# What is written


def test_a_draft_has_no_number_and_no_day_yet(office):
    parts = letter_document.parts(make.drafted(office))

    assert (parts.number, parts.day) == ("沁重项提〔　　〕　号（草稿）", "　　年　月　日")


def test_levels_are_told_by_how_a_line_begins():
    body = "前言。\n一、情况\n（一）进度。落后。\n1.第一\n（1）其一\n\n2024年计划"

    found = [(each.level, each.head, each.rest) for each in letters.paragraphs(body)]

    assert found == [
        (0, "", "前言。"),
        (1, "一、情况", ""),
        (2, "（一）进度。", "落后。"),
        (3, "", "1.第一"),
        (4, "", "（1）其一"),
        (0, "", "2024年计划"),
    ]


def test_a_missing_font_is_said_with_its_remedy(monkeypatch):
    monkeypatch.setattr(fonts, "available", lambda: type("None", (), {"families": lambda self: []})())
    fonts.chosen.cache_clear()

    try:
        with pytest.raises(fonts.NoFont, match="fonts-noto-cjk"):
            fonts.chosen()
    finally:
        fonts.chosen.cache_clear()


# What was issued stays


def test_an_issued_letter_goes_on_naming_its_unit_as_it_was_called(letter):
    letter.unit.name = "水务局"
    letter.unit.save()
    letter = type(letter).objects.get(pk=letter.pk)

    with zipfile.ZipFile(io.BytesIO(letter_document.as_docx(letter))) as package:
        texts = ["".join(each.itertext()) for each in etree.fromstring(package.read("word/document.xml")).iter(f"{W}p")]

    first = paper.pages(letter_document.as_pdf(letter))[0]
    assert letter_document.parts(letter).to == "水利局"
    assert paper.words(first.body[2]) == "水利局："
    assert [text for text in texts if text in {"水利局：", "水务局："}] == ["水利局："]


def test_a_draft_names_its_unit_as_it_is_called_now(office):
    draft = make.drafted(office, make.red_plan(factories.unit("水利局")))
    draft.unit.name = "水务局"
    draft.unit.save()

    assert letter_document.parts(type(draft).objects.get(pk=draft.pk)).to == "水务局"
