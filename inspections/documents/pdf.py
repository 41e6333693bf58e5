"""Setting a document as PDF with typst: a template of ours, and data that travels as JSON."""

import json
import tempfile
from pathlib import Path

import typst

from inspections.documents import fonts

TEMPLATES = Path(__file__).parent / "typst"


def rendered(template, data, images=None):
    """PDF of the template `<template>.typ` with this data (whatever JSON can hold). Raises `fonts.NoFont`.

    `images` is {name: bytes}: the template finds them under these names. Nothing else of the machine can be read by it.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False), "fonts": json.dumps(_faces(), ensure_ascii=False)}
    with tempfile.TemporaryDirectory() as folder:
        files = {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}
        for name, content in {**files, **(images or {})}.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(
            Path(folder) / f"{template}.typ",
            root=folder,
            font_paths=fonts.available(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )


def _faces():
    return {key: {"family": family, "weight": fonts.FACES[key].weight} for key, family in fonts.chosen().items()}
