"""Writing permits (前期手续): those of one project as its form says, or one kind for many projects.

Each is one transaction and one change set. Who may not write a project's permits gets Project.DoesNotExist. A row that
someone else has changed since raises `changes.StaleRow`; what can't be is `Refused`. The same `form_key` again, or a
form that changes nothing, writes nothing.
"""

import uuid

from django.core.files.base import ContentFile
from django.db import transaction

from portfolio import permit_kinds
from portfolio.actions import changes
from portfolio.models import ChangeSet, Project
from portfolio.models.permits import Permit, PermitKind, PermitState
from portfolio.permit_entries import FIELDS, PermitEntry, faults, token_of, values_of
from portfolio.permit_history import values_seen

WRITTEN = [*FIELDS, "file", "file_name"]
UNFILLED = "未填"


class Refused(Exception):
    """It can't be written; `errors` is {(project's key, kind's key, field): why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("".join(errors.values()))


def save(*, by, project, entries, form_key=None):
    """Write the `PermitEntry`s of one project; → the ChangeSet, or None when there was nothing (more) to write."""

    def step(files):
        own = _projects(by, [project.pk])[0]
        changes.take_turn(own.county_id)
        if _is_done(by, form_key):
            return None
        moved = _moved({own: entries})
        if not moved:
            return None
        told = "、".join(_told(entry, permit) for _, entry, permit in moved)
        return _write(by, own.county, moved, f"{own}：手续 {told}", form_key, files)

    return _with_files(step)


def set_many(*, by, kind, seen, values, form_key=None):
    """Set one kind for many projects: `seen` is {project's key: token of the row seen}, `values` what is to change."""

    def step(files):
        projects = _projects(by, list(seen))
        changes.take_turn(by.county_id)
        if _is_done(by, form_key):
            return None
        stored = _stored(projects)
        asked = {
            project: [PermitEntry(kind, values_of(stored.get((project.pk, kind.pk))) | values, seen[project.pk])]
            for project in projects
        }
        moved = _moved(asked)
        if not moved:
            return None
        state = PermitState(values["state"]).label
        return _write(by, by.county, moved, f"手续“{kind}”：{len(moved)} 个项目改为{state}", form_key, files)

    return _with_files(step)


@transaction.atomic
def load_default_kinds(*, by, county):
    """The kinds that a county begins with; None when it has some already."""
    changes.take_turn(county.pk)
    if permit_kinds.of_county(county).exists():
        return None
    rows = permit_kinds.default_rows(county)
    summary = f"采用系统自带的 {len(rows)} 种手续（默认值，非官方）"
    change_set = changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary)
    PermitKind.objects.bulk_create(rows)
    return change_set


# The steps of a write


def _with_files(step):
    """Run `step(files)` in a transaction; the files that it stored go again when it fails."""
    files = []
    try:
        with transaction.atomic():
            return step(files)
    except BaseException:
        for file in files:
            file.storage.delete(file.name)
        raise


def _projects(by, pks):
    projects = list(Project.objects.readied_by(by).filter(pk__in=pks).select_related("county").order_by("pk"))
    if len(projects) < len(set(pks)) or not projects:
        raise Project.DoesNotExist
    return projects


def _is_done(by, form_key):
    return form_key is not None and ChangeSet.objects.filter(form_key=form_key, by=by).exists()


def _stored(projects):
    """{(project's key, kind's key): Permit}, locked."""
    permits = Permit.objects.select_for_update(of=("self",), no_key=True).filter(project__in=projects)
    return {(permit.project_id, permit.kind_id): permit for permit in permits.order_by("pk")}


def _moved(asked):
    """[(project, entry, Permit or None)] of what changes something; raises StaleRow and Refused."""
    stored = _stored(asked)
    moved = [
        (project, entry, stored.get((project.pk, entry.kind.pk)))
        for project, entries in asked.items()
        for entry in entries
        if entry.changes(stored.get((project.pk, entry.kind.pk)))
    ]
    moved = [(project, entry, permit) for project, entry, permit in moved if not _is_untouched(entry, permit)]
    errors = {
        (project.pk, entry.kind.pk, name): why
        for project, entry, permit in moved
        for name, why in faults(entry, permit, project.county.business_today()).items()
    }
    if errors:
        raise Refused(errors)
    return moved


def _is_untouched(entry, permit):
    """Someone else changed the row, and this writer left it as it was seen. Raises StaleRow where both changed it."""
    if entry.seen == token_of(permit):
        return False
    if entry.touches(values_seen(entry.seen)):
        raise changes.StaleRow(permit or entry.kind)
    return True


def _told(entry, permit):
    before = permit.get_state_display() if permit else UNFILLED
    now = PermitState(entry.values["state"]).label if entry.values["state"] else UNFILLED
    return f"{entry.kind.short_name} {before}→{now}" if before != now else f"{entry.kind.short_name}（{now}）"


def _write(by, county, moved, summary, form_key, files):
    change_set = changes.begin(
        ChangeSet.Kind.INSPECTION, county=county, by=by, summary=summary[:300], form_key=form_key
    )
    new, changed, gone = [], [], []
    for project, entry, permit in moved:
        if not entry.values["state"]:
            gone.append(permit)
        row = permit or Permit(county=county, project=project, kind=entry.kind)
        _fill(row, entry, files)
        if entry.values["state"]:
            (changed if permit else new).append(row)
    changes.create(change_set, new)
    changes.update(change_set, changed, WRITTEN)
    if gone:
        changes.delete(change_set, Permit.objects.filter(pk__in=[permit.pk for permit in gone]))
    return change_set


def _fill(row, entry, files):
    for name in FIELDS:
        setattr(row, name, entry.values[name])
    if not entry.file and not entry.drop_file:
        return
    if row.file:
        # Only once the new row is certain.
        transaction.on_commit(lambda storage=row.file.storage, name=row.file.name: storage.delete(name))
    row.file, row.file_name = "", ""
    if entry.file:
        row.file.save(f"{uuid.uuid4().hex}{entry.file.ending}", ContentFile(entry.file.content), save=False)
        row.file_name = entry.file.name
        files.append(row.file)
