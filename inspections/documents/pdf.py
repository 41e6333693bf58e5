"""Setting a document with typst: a template of ours, and data that travels as JSON.

Typst works in a process of its own (`typesetter.py`): it keeps all that it has laid out for as long as its process
lives, about 100 MB a report, and while it works the caller can do something else.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from inspections.documents import fonts

HERE = Path(__file__).parent
TEMPLATES = HERE / "typst"
LONGEST = 60  # seconds


class NotSet(Exception):
    """Typst failed or took too long; what it said, for the log."""


def rendered(template, data, images=None):
    """PDF of the template `<template>.typ` with this data (whatever JSON can hold). Raises `fonts.NoFont`, `NotSet`.

    `images` is {name: bytes}: the template finds them under these names. Nothing else of the machine can be read by it.
    """
    with being_set(template, data, images) as setting:
        (document,) = setting.pages()
    return document


@contextmanager
def being_set(template, data, images=None, *, dots=None):
    """A `Setting` at work; it ends with the block. `dots` an inch: one PNG for each page, in place of a PDF."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(_faces(), ensure_ascii=False)}
    job = {"template": f"{template}.typ", "inputs": inputs, "fonts": str(settings.DOCUMENT_FONTS or ""), "dots": dots}
    with tempfile.TemporaryDirectory() as folder:
        given = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")} | (images or {})
        for name, content in given.items():
            (Path(folder) / name).write_bytes(content)
        setting = Setting(folder, job)
        try:
            yield setting
        finally:
            setting.end()


class Setting:
    """A document that is being set by a process at work in `folder`."""

    def __init__(self, folder, job):
        self.folder = Path(folder)
        (self.folder / "job.json").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-I", str(HERE / "typesetter.py"), str(self.folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def pages(self):
        """[bytes], in order: the one PDF, or the pages' PNGs. Waits until they are there. Raises `NotSet`."""
        try:
            _, said = self.process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired as error:
            raise NotSet(f"More than {LONGEST} seconds.") from error
        if self.process.returncode:
            raise NotSet(said.decode(errors="replace"))
        return [path.read_bytes() for path in sorted(self.folder.glob("page-*"))]

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()


def _faces():
    return {key: {"family": family, "weight": fonts.FACES[key].weight} for key, family in fonts.chosen().items()}
