"""Inside an app, imports point down: models and domain rules, actions, tables and forms, views and commands, urls."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("accounts", "portfolio", "inspections")

# A module's name inside its app, or the first word of it → its floor. What is not named is a model or a domain rule.
FLOORS = {
    "actions": 1,
    "importing": 1,
    "exporting": 1,
    "tables": 2,
    "filters": 2,
    "forms": 2,
    "charts": 2,
    "cards": 2,
    "listing": 2,
    "six_ones_listing": 2,
    "quality_listing": 2,
    "summaries": 2,
    "conflicts": 2,
    "schedule_conflicts": 2,
    "row_templates": 2,
    "templatetags": 2,
    "middleware": 3,
    "context": 3,
    "views": 3,
    "management": 3,
    "urls": 4,
}


def floor_of(parts):
    name = parts[0].removesuffix(".py")
    return FLOORS.get(name, FLOORS.get(name.split("_")[0], 0))


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def steps_up(app):
    """Each import of the app's own modules that points at a higher floor, as "module imports module"."""
    root = Path(settings.BASE_DIR) / app
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root).parts
        for name in imported_modules(path):
            if name.startswith(f"{app}.") and floor_of(name.split(".")[1:]) > floor_of(inside):
                yield f"{'/'.join(inside)} imports {name}"


@pytest.mark.parametrize("app", APPS)
def test_imports_inside_an_app_point_down(app):
    assert list(steps_up(app)) == []


def test_a_step_up_is_seen(settings, tmp_path):
    (tmp_path / "accounts" / "models").mkdir(parents=True)
    (tmp_path / "accounts" / "models" / "people.py").write_text("from accounts.views import sign_in\n")
    (tmp_path / "accounts" / "views.py").write_text("import accounts.models.people\n")
    settings.BASE_DIR = tmp_path

    assert list(steps_up("accounts")) == ["models/people.py imports accounts.views.sign_in"]
