"""Writing the rows of a project (factors, funds, services): each is one change set with history and an audit entry.

Who may not write the project's rows gets Project.DoesNotExist. A row that someone else has changed since raises
`changes.StaleRow`, what can't be is `register.Invalid`. The same `form_key` again writes nothing and gives None.
"""

from django.db import transaction

from portfolio.actions import changes
from portfolio.actions.register import Invalid
from portfolio.models import ChangeSet, Project
from portfolio.project_row_kinds import KINDS


@transaction.atomic
def save(*, by, project, model, values, pk=None, version=None, form_key=None):
    """Add a row, or with `pk` change the one whose `version` was seen; → ChangeSet, or None with nothing to write."""
    project = writable_project(by, project)
    if is_done(by, form_key):
        return None
    row = locked(model, project, pk, version) if pk else model(county=project.county, project=project)
    if pk and all(getattr(row, name) == value for name, value in values.items()):
        return None
    _refuse_faults(model, project, pk, values)
    for name, value in values.items():
        setattr(row, name, value)
    kind = KINDS[model]
    summary = f"{project}：{kind.label}，{'修改' if pk else '新增'} {kind.told(row)}"
    change_set = begin(by, project, summary, form_key)
    if pk:
        changes.update(change_set, [row], values.keys())
    else:
        changes.create(change_set, [row])
    return change_set


@transaction.atomic
def delete(*, by, project, model, pk, version):
    """None when it is gone already."""
    project = writable_project(by, project)
    if not model.objects.filter(project=project, pk=pk).exists():
        return None
    row = locked(model, project, pk, version)
    kind = KINDS[model]
    if why := kind.why_it_stays(row):
        raise Invalid({"": why})
    change_set = begin(by, project, f"{project}：{kind.label}，删除 {kind.told(row)}")
    changes.delete(change_set, model.objects.filter(pk=row.pk))
    return change_set


# The steps of a write


def writable_project(by, project):
    project = Project.objects.readied_by(by).select_related("county").get(pk=project.pk)
    changes.take_turn(project.county_id)
    return project


def is_done(by, form_key):
    return form_key is not None and ChangeSet.objects.filter(form_key=form_key, by=by).exists()


def locked(model, project, pk, version):
    return changes.lock_current(model.objects.filter(project=project), pk, version)


def begin(by, project, summary, form_key=None):
    kind = ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=project.county, by=by, summary=summary[:300], form_key=form_key)


def _refuse_faults(model, project, pk, values):
    kind = KINDS[model]
    found = kind.faults(values, project, project.county.business_today())
    same = {name: values[name] for name in kind.once}
    if same and model.objects.filter(project=project, **same).exclude(pk=pk).exists():
        found[kind.once[0]] = kind.already_there
    if found:
        raise Invalid(found)
