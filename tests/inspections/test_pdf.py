"""Documents are set by a process of their own, which ends with the block whatever happens."""

import pytest

from inspections.documents import pdf


@pytest.fixture
def template(tmp_path, monkeypatch):
    """A folder of templates with one that does what a test says."""
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)

    def write(words):
        (tmp_path / "own.typ").write_text(words, encoding="utf-8")

    return write


def test_pages_come_in_their_order(template):
    template("#set page(width: 10mm, height: auto)\n" + "#pagebreak()\n".join(f"#v({n}mm)" for n in range(1, 13)))

    with pdf.being_set("own", {}, dots=72) as setting:
        heights = [int.from_bytes(page[20:24], "big") for page in setting.pages()]

    assert len(heights) == 12
    assert heights == sorted(heights)


def test_what_typst_says_of_a_mistake_is_told(template):
    template('#panic("nothing to set")')

    with pytest.raises(pdf.NotSet, match="nothing to set"):
        pdf.rendered("own", {})


def test_a_document_that_takes_too_long_is_given_up(template, monkeypatch):
    monkeypatch.setattr(pdf, "LONGEST", 0)
    template("文字。")

    with pdf.being_set("own", {}) as setting, pytest.raises(pdf.NotSet, match="seconds"):
        setting.pages()

    assert setting.process.poll() is not None


def test_the_process_and_its_files_end_with_the_block(template):
    template("文字。")

    with pytest.raises(ZeroDivisionError), pdf.being_set("own", {}) as setting:
        raise ZeroDivisionError

    assert setting.process.poll() is not None
    assert not setting.folder.exists()


def test_nothing_else_of_the_machine_can_be_read(template):
    template('#read("/etc/hostname")')

    with pytest.raises(pdf.NotSet):
        pdf.rendered("own", {})
