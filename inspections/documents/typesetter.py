"""What the process runs that sets a document: `python -I typesetter.py FOLDER`, without Django, with nothing but typst.

FOLDER holds the templates, the pictures and `job.json` (written by `pdf.Setting`); the pages are left in it.
"""

import json
import sys
from pathlib import Path

import typst


def main(folder):
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    own = [job["fonts"]] if job["fonts"] else []
    found = typst.compile(
        folder / job["template"],
        root=folder,
        font_paths=typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=own),
        ignore_system_fonts=True,
        sys_inputs=job["inputs"],
        **({"format": "png", "ppi": float(job["dots"])} if job["dots"] else {}),
    )
    for number, page in enumerate(found if isinstance(found, list) else [found]):
        (folder / f"page-{number:03}").write_bytes(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
