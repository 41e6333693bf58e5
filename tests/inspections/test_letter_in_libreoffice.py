"""The .docx of a letter as LibreOffice sets it: exactly the page of the standard. Needs `soffice`; see .ci/run.

The faces of the standard are rarely there, so this measures where characters stand, not what they look like.
"""

import shutil
import subprocess

import pytest

from inspections import letter_document
from tests import factories
from tests.inspections import letter_factories as make
from tests.inspections import paper
from tests.inspections.test_letter_document import BODY

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="没有安装 LibreOffice"),
]


def as_set_by_libreoffice(content, folder):
    source = folder / "letter.docx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return paper.pages((folder / "letter.pdf").read_bytes())


def test_libreoffice_keeps_margins_lines_and_characters(db, tmp_path):
    factories.clock(2024, 5, 31, 10)
    letter = make.issued(factories.user("office"), make.red_plan(factories.unit("水利局")), body=BODY)

    pages = as_set_by_libreoffice(letter_document.as_docx(letter), tmp_path)
    full = pages[1]

    assert (full.width, full.height) == pytest.approx((210, 297), abs=0.2)
    assert [len(line) for line in full.body] == [28] * 22
    assert [line[0].left for line in full.body] == pytest.approx([28] * 22, abs=0.3)
    assert [line[-1].right for line in full.body] == pytest.approx([184] * 22, abs=1)
    assert full.pitch == pytest.approx(225 / 22, abs=0.1)
    # The middle of a line of 28.95 pt; the glyph stands within it as its face has it.
    assert full.body[0][0].middle - full.pitch / 2 == pytest.approx(37, abs=1.5)
    assert (paper.words(pages[0].number), paper.words(full.number)) == ("—1—", "—2—")
    assert pages[0].number[-1].right > 170
    assert full.number[0].left < 40
    assert [paper.words(line) for line in pages[-1].body[-2:]] == [letter.sender, "2024年5月31日"]
