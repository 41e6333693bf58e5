"""How the register is written: each write is part of a change set, leaves history and an audit entry, can be undone.

Nothing else creates or updates projects and plans, so imports, forms, bulk edits and undo behave alike.
"""

from collections import defaultdict

from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, connection, transaction
from django.db.models import DO_NOTHING
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts import audit
from accounts.models import County
from portfolio.models import AnnualPlan, ChangeSet, Component, Project, ProjectAlias
from portfolio.models.changes import UNDOABLE
from portfolio.privacy import mask_phones

BATCH = 500
TRACKED = (Project, AnnualPlan)
PARTS = (ProjectAlias, Component)  # leave no history; they come and go with their project
NAMED = 5
NOT_RESTORED = frozenset({"id", "row_version"})


class StaleRow(Exception):
    """Someone else wrote the row since the caller read it. `current` is the row as it stands now."""

    def __init__(self, current):
        self.current = current
        super().__init__(f"{current} 已被他人修改")


class KeySpent(IntegrityError, SuspiciousOperation):
    """This form key has opened a change set already, and a key opens one only.

    Actions catch it as the IntegrityError that it is, and give back what the same form wrote before. Where the key
    belongs to another form there is nothing of the kind, and it goes on to be answered 400: no form of ours does that.
    """


class CannotUndo(Exception):
    """The change set can't be taken back; the message says why, in Chinese, naming the rows."""


def take_turn(county_id):
    """Let those who write a county's register come one after another, until the caller's transaction ends.

    Every change set ends up holding the county's row anyway, for its data version. Whoever takes it before any other
    row can wait for nobody who waits for them, whatever rows they go on to lock. SQLite has one writer at a time.
    """
    if connection.features.has_select_for_update:
        # Without the key: rows that merely point at the county may still be inserted.
        County.objects.select_for_update(no_key=True).only("pk").get(pk=county_id)


def begin(kind, *, county, by, summary, undoes=None, form_key=None, step=""):
    """Open a change set inside the caller's transaction, and leave its audit entry.

    A `form_key` opens one change set only: the second raises `KeySpent`, or SuspiciousOperation (which is answered 400)
    where the key was somebody else's. No form of ours carries that. `step` says which of several steps of the same row
    it is, so that the key of one is not taken for that of another.
    """
    try:
        return _begin(kind, county=county, by=by, summary=summary, undoes=undoes, form_key=form_key, step=step)
    except IntegrityError:
        spent = ChangeSet.objects.filter(form_key=form_key).first() if form_key else None
        if spent is None:
            raise
        if spent.by_id != by.pk:
            raise SuspiciousOperation("表单编号属于其他账号。") from None
        raise KeySpent("表单编号已经用过。") from None


@transaction.atomic
def _begin(kind, *, county, by, summary, undoes, form_key, step):
    change_set = ChangeSet.objects.create(
        county=county,
        kind=kind,
        by=by,
        at=county.business_now(),
        summary=summary[:300],
        undoes=undoes,
        form_key=form_key,
        step=step,
    )
    told = mask_phones(summary)
    audit.record(change_set.get_kind_display(), actor=by, county=county, target=undoes or change_set, summary=told)
    county.move_data_version()
    return change_set


def _history_options(change_set):
    return {
        "batch_size": BATCH,
        "default_user": change_set.by,
        "default_date": change_set.at,
        "custom_historical_attrs": {"change_set": change_set},
    }


def create(change_set, objects, *, prepared=False):
    """Insert new projects or plans (all of one model); they come back with primary keys.

    `prepared`: the caller has refreshed the projects' keys, before its transaction, since pinyin takes its time.
    """
    objects = list(objects)
    if not objects:
        return []
    model = type(objects[0])
    if model is Project and not prepared:
        for project in objects:
            project.refresh_keys(former_names=[])
    return bulk_create_with_history(objects, model, **_history_options(change_set))


def update(change_set, objects, fields):
    """Write `fields` of changed projects or plans (all of one model). The row version moves with each."""
    objects = list(objects)
    if not objects:
        return
    model = type(objects[0])
    fields = {*fields, "row_version"}
    if model is Project:
        fields |= {"name_key", "name_pinyin", "search_key"}
        former_names = _former_names(objects)
        for project in objects:
            project.refresh_keys(former_names[project.pk])
    for obj in objects:
        obj.row_version += 1
    write_rows(objects, sorted(fields))
    # Without fields it writes the history alone.
    bulk_update_with_history(objects, model, [], **_history_options(change_set))


def write_rows(objects, fields):
    """Store `fields` of existing rows (all of one model) with one upsert, without version or history.

    `bulk_update` builds a CASE for each cell, and takes five times as long. The caller holds the rows' locks.
    """
    if objects:
        type(objects[0]).objects.bulk_create(
            objects, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )


def delete(change_set, rows):
    """Delete the rows of a queryset, which nothing may point at any more. Their last record tells of it."""
    history = rows.model.history
    history.bulk_history_create(rows, **_history_options(change_set))
    last = history.model.objects.filter(change_set=change_set, history_type="+", id__in=rows.values("pk"))
    last.update(history_type="-")
    # Row by row deletion writes one more history record each; the records are already there.
    rows._raw_delete(rows.db)


def _former_names(projects):
    names = defaultdict(list)
    pks = [project.pk for project in projects]
    for start in range(0, len(pks), BATCH):
        for pk, name in ProjectAlias.objects.filter(project__in=pks[start : start + BATCH]).values_list(
            "project_id", "name"
        ):
            names[pk].append(name)
    return names


def lock_current(queryset, pk, row_version):
    """The row, locked for this transaction; `StaleRow` if it is no longer the version that the caller read."""
    row = queryset.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if row.row_version != row_version:
        raise StaleRow(row)
    return row


@transaction.atomic
def undo(change_set, *, by):
    """Take one change set back: what it created goes, what it changed is as before. All of it, or `CannotUndo`."""
    take_turn(change_set.county_id)
    change_set = ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    if change_set.is_undone or change_set.kind == ChangeSet.Kind.UNDO:
        raise CannotUndo("这次改动已经撤回过了。")
    if change_set.kind == ChangeSet.Kind.DETAILS:
        raise CannotUndo("曾用名、单体和基础资料的修改不能自动撤回，请直接改回原来的内容。")
    if change_set.kind not in UNDOABLE:
        raise CannotUndo("周调度、工期计划、问题和督导观摩不能撤回，请在各自的页面上退回、更正或延期。")
    undoing = begin(
        ChangeSet.Kind.UNDO,
        county=change_set.county,
        by=by,
        summary=f"撤回：{change_set.summary}",
        undoes=change_set,
    )
    _refuse_if_stood_upon(change_set)
    for model in TRACKED:
        _refuse_if_built_upon(model, change_set)
    for model in (Project, AnnualPlan):
        _restore(model, change_set, undoing)
    for model in (AnnualPlan, Project):
        _remove_created(model, change_set, undoing)
    return undoing


def _records(model, change_set, type_=None):
    records = model.history.model.objects.filter(change_set=change_set)
    return records.filter(history_type=type_) if type_ else records


def _refuse_if_built_upon(model, change_set):
    """Later records of the same rows mean somebody worked on: taking this back would undo their work unseen.

    A later change that was itself taken back has left the row as it was, and stands in nobody's way.
    """
    last_own = dict(_records(model, change_set).order_by("history_id").values_list("id", "history_id"))
    others = (
        model.history.model.objects.filter(id__in=_records(model, change_set).values("id"))
        .exclude(change_set=change_set)
        .exclude(change_set__in=ChangeSet.objects.filter(undone_by__isnull=False))
        .exclude(change_set__in=ChangeSet.objects.filter(undoes__gt=change_set.pk))
        .values_list("id", "history_id", "change_set__kind")
    )
    later = [(pk, kind) for pk, history_id, kind in others if history_id > last_own[pk]]
    if later:
        touched = {pk for pk, _ in later}
        names = "、".join(str(row) for row in model.objects.filter(pk__in=sorted(touched)[:NAMED]))
        can_follow = {kind for _, kind in later} <= UNDOABLE
        remedy = "请先撤回后来的改动。" if can_follow else "后来的改动（如周调度）不能撤回，请直接改回原来的内容。"
        raise CannotUndo(f"其中 {len(touched)} 项之后又有改动（{names}），不能整批撤回。{remedy}")


def _refuse_if_stood_upon(change_set):
    """Rows made later may hang on what this change set created: a plan of another year, a sub-item, a weekly report."""
    created = {model: model.objects.filter(pk__in=_records(model, change_set, "+").values("id")) for model in TRACKED}
    standing = [
        (related, rows)
        for model in TRACKED
        for related, path in _relations(model)
        if (rows := _not_created(related, created).filter(**{f"{path}__in": created[model]})).exists()
    ]
    if not standing:
        return
    count = sum(rows.count() for _, rows in standing)
    names = [str(row) for _, rows in standing for row in rows[:NAMED]][:NAMED]
    told = "、".join(names) + (f" 等 {count} 项" if count > len(names) else "")
    if {related for related, _ in standing} <= set(TRACKED):
        raise CannotUndo(f"新增的内容之后又被用到（{told}），不能撤回。请先撤回或调整这些内容。")
    raise CannotUndo(f"新增的内容之后已有记录（{told}），不能撤回。不再实施的，请把项目调出年度计划或终止。")


def _relations(model):
    """[(related model, the path to `model`)] of rows that would be left hanging; undo removes a project's own parts."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.related_objects
        if relation.on_delete is not DO_NOTHING and relation.related_model not in PARTS
    ]


def _not_created(related, created):
    return related.objects.exclude(pk__in=created[related]) if related in created else related.objects.all()


def _restore(model, change_set, undoing):
    first = {}
    for record in _records(model, change_set, "~").order_by("history_id"):
        first.setdefault(record.id, record.history_id)
    if not first:
        return
    names = [f.name for f in model.history.model.tracked_fields if f.name not in NOT_RESTORED]
    attnames = [model._meta.get_field(name).attname for name in names]
    before = _records_before(model, change_set, first)
    rows = list(model.objects.filter(pk__in=_records(model, change_set, "~").values("id")))
    for row in rows:
        for attname in attnames:
            setattr(row, attname, getattr(before[row.pk], attname))
    update(undoing, rows, names)


def _records_before(model, change_set, first):
    """{pk: the last record before `first[pk]`, which is the id of this change set's first record of that row}."""
    same_rows = model.history.model.objects.filter(id__in=_records(model, change_set, "~").values("id"))
    return {record.id: record for record in same_rows.order_by("history_id") if record.history_id < first[record.id]}


def _remove_created(model, change_set, undoing):
    created = model.objects.filter(pk__in=_records(model, change_set, "+").values("id"))
    if model is Project:
        for parts in PARTS:
            parts.objects.filter(project__in=created.values("pk")).delete()
    delete(undoing, created)
