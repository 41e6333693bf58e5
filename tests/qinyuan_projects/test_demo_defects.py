"""The list of planted defects is the one that docs/demo.md shows, and speaks of projects that are there."""

from django.conf import settings

from qinyuan_projects.demo import tables
from qinyuan_projects.demo.defects import DEFECTS


def weeks(defect):
    return str(defect.first) if defect.first == defect.last else f"{defect.first}–{defect.last}"


def test_the_document_lists_the_planted_defects_and_no_others():
    text = (settings.BASE_DIR / "docs" / "demo.md").read_text("utf-8")
    section = text.split("## 有意埋下的毛病")[1].split("\n## ")[0]

    shown = [line for line in section.splitlines() if line.startswith("| ")][2:]

    assert shown == [f"| {weeks(defect)} | {defect.project} | {defect.kind.value} |" for defect in DEFECTS]


def test_every_defect_is_planted_in_a_project_of_the_plan():
    names = {row.name for row in tables.may_rows()}

    assert {defect.project for defect in DEFECTS} - names == set()
