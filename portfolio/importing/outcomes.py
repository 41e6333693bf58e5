"""The outcome of each row, and of a whole file: the objects to write, and the changes as a reader sees them."""

import hashlib
import json
from dataclasses import dataclass, field

from portfolio.figures import percent, wan
from portfolio.importing.issues import Issue
from portfolio.models import AnnualPlan, Project
from portfolio.plan_fields import Kind

SHOWN_TEXT, CONTEXT = 60, 12


@dataclass(slots=True)
class Outcome:
    """One row and the objects it would write; `changes` are {key, label, old, new} as a reader sees them."""

    row: object
    project: Project
    plan: AnnualPlan
    is_new_project: bool
    is_new_plan: bool
    changes: list = field(default_factory=list)
    project_fields: set = field(default_factory=set)
    plan_fields: set = field(default_factory=set)
    former_name: str = ""
    fingerprint: str = ""

    def forget_changes(self):
        """Of a new project, before which there was nothing, the list of changes is only remembered by its hash."""
        changes = json.dumps(self.changes, ensure_ascii=False, sort_keys=True)
        self.fingerprint, self.changes = hashlib.sha256(changes.encode()).hexdigest(), []

    @property
    def kind(self):
        if self.is_new_plan:
            return "new"
        return "changed" if self.changes else "unchanged"


@dataclass
class Comparison:
    outcomes: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    new_units: dict = field(default_factory=dict)
    new_leaders: dict = field(default_factory=dict)

    @property
    def has_effect(self):
        return any(outcome.kind != "unchanged" for outcome in self.outcomes)

    def digest(self):
        """Of everything that applying would write: equal digests, equal effect."""
        summary = hashlib.sha256()
        for outcome in self.outcomes:
            versions = [outcome.project.pk, outcome.project.row_version, outcome.plan.pk, outcome.plan.row_version]
            row = outcome.row
            facts = [row.sheet, row.number, outcome.kind, *versions, outcome.changes, outcome.fingerprint]
            summary.update(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
        summary.update(json.dumps([sorted(self.new_units), sorted(self.new_leaders)], ensure_ascii=False).encode())
        return summary.hexdigest()


def row_issue(row, column, message, value):
    letter, header = (column.letter, column.header) if column else ("", "")
    return Issue(message, row.sheet, row.number, letter, header, str(value)[:SHOWN_TEXT])


def change(key, label, old, new):
    """One changed field. Of long texts, the part where they begin to differ is shown."""
    old, new = ("" if text is None else str(text) for text in (old, new))
    same = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    start = same - CONTEXT if min(len(old), len(new)) and same > SHOWN_TEXT // 2 else 0
    return {"key": key, "label": label, "old": _short(old, start), "new": _short(new, start)}


def _short(text, start):
    end = start + SHOWN_TEXT
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def written(plan_field, value):
    if value in (None, ""):
        return ""
    if plan_field.kind is Kind.CHOICE:
        return str(dict(plan_field.choices).get(value, value))
    if plan_field.kind is Kind.MONEY:
        return wan(value)
    return percent(value, 2) if plan_field.kind is Kind.PERCENT else str(value)
