"""Writes a comparison to the register, inside the caller's transaction and change set."""

from portfolio.actions import changes
from portfolio.models import ProjectAlias

CHUNK = 2000


def write(change_set, comparison, *, progress=lambda step, done, total: None):
    """{units, leaders, aliases}: primary keys of what was added beside projects and plans."""
    added = {
        "units": _save(comparison.new_units.values()),
        "leaders": _save(comparison.new_leaders.values()),
        "aliases": _former_names(comparison.outcomes),
    }
    outcomes = [outcome for outcome in comparison.outcomes if outcome.kind != "unchanged"]
    mains = [outcome for outcome in outcomes if outcome.row.parent is None]
    parts = [outcome for outcome in outcomes if outcome.row.parent is not None]
    tell = _counter(progress, 2 * len(outcomes))
    for level in (mains, parts):
        _create(change_set, [outcome.project for outcome in level if outcome.is_new_project], tell)
        _create(change_set, [outcome.plan for outcome in level if outcome.is_new_plan], tell)
    progress("写入改动", 0, 0)
    _update_projects(change_set, [outcome for outcome in outcomes if not outcome.is_new_project])
    _update_plans(change_set, [outcome for outcome in outcomes if not outcome.is_new_plan])
    return added


def prepare(comparison):
    """What new projects are searched and sorted by, worked out before the transaction that makes everybody wait."""
    for outcome in comparison.outcomes:
        if outcome.is_new_project:
            outcome.project.refresh_keys(former_names=[])


def _counter(progress, total):
    done = 0

    def tell(count):
        nonlocal done
        done += count
        progress("写入", done, total)

    return tell


def _save(items):
    for item in items:
        item.save()
    return [item.pk for item in items]


def _former_names(outcomes):
    """A renamed project stays findable under the name it had."""
    aliases = []
    for outcome in outcomes:
        if outcome.former_name and not outcome.is_new_project:
            alias = ProjectAlias(project=outcome.project, name=outcome.former_name)
            alias.save()
            aliases.append(alias.pk)
    return aliases


def _create(change_set, objects, tell):
    for obj in objects:
        _point_to_saved(obj)
    for start in range(0, len(objects), CHUNK):
        chunk = objects[start : start + CHUNK]
        for obj, saved in zip(chunk, changes.create(change_set, chunk, prepared=True), strict=True):
            obj.pk = saved.pk
        tell(len(chunk))


def _point_to_saved(obj):
    """Objects that were new when they were set have a primary key by now."""
    for field in obj._meta.concrete_fields:
        if field.is_relation and field.is_cached(obj):
            setattr(obj, field.name, getattr(obj, field.name))


def _update_projects(change_set, outcomes):
    _update(change_set, [(outcome.project, outcome.project_fields) for outcome in outcomes])


def _update_plans(change_set, outcomes):
    _update(change_set, [(outcome.plan, outcome.plan_fields) for outcome in outcomes])


def _update(change_set, objects):
    """Objects that change in the same fields are written together, so that no other field is touched."""
    groups = {}
    for obj, fields in objects:
        if fields:
            _point_to_saved(obj)
            groups.setdefault(frozenset(fields), []).append(obj)
    for fields, group in groups.items():
        changes.update(change_set, group, fields)
