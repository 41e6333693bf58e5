"""Two people edited one project: what each wrote, field by field, so that nothing is lost and nobody types twice."""

from dataclasses import dataclass

from portfolio.actions import register
from portfolio.history import Names, label_of, text_of, told_fields, value_of
from portfolio.models import AnnualPlan, Project

MINE, THEIRS = "mine", "theirs"
UNKNOWN = "—"


@dataclass(frozen=True)
class Conflict:
    """A field in which the posted row differs from the stored one. `chosen` is what both sides would want, if they can.

    Who has not touched the field since both read it gives way; where both did, the own text is chosen first.
    """

    key: str
    label: str
    base: str
    mine: str
    theirs: str
    chosen: str
    both_changed: bool


def conflicts(form, versions):
    """`form` is valid and built on the rows as they stand; `versions` is {model: row version it was filled from}."""
    found = []
    for model, posted, current in zip((Project, AnnualPlan), form.candidates(), (form.project, form.plan), strict=True):
        if current is not None:
            base = _record(model, current.pk, versions[model])
            found += _conflicts_of(model, form, posted, current, base)
    return sorted(found, key=lambda conflict: form.keys.index(conflict.key))


def _record(model, pk, version):
    return model.history.filter(id=pk, row_version=version).order_by("history_id").last()


def last_change(project, plan):
    """The newest history record of the two rows: who wrote over us, and when."""
    newest = [
        row.history.select_related("history_user").order_by("-history_id").first()
        for row in (project, plan)
        if row is not None
    ]
    return max(filter(None, newest), key=lambda record: record.change_set_id or 0, default=None)


def _conflicts_of(model, form, posted, current, base):
    names = Names(model, [row for row in (posted, current, base) if row is not None])
    keys = {key: field for field in told_fields(model) if (key := register.key_of(model, field.name)) in form.keys}
    for key, field in keys.items():
        mine, theirs = value_of(posted, field), value_of(current, field)
        if mine == theirs:
            continue
        before = value_of(base, field) if base is not None else None
        untouched = base is not None and mine == before
        yield Conflict(
            key=key,
            label=label_of(model, field.name),
            base=text_of(model, base, field, names) if base is not None else UNKNOWN,
            mine=text_of(model, posted, field, names),
            theirs=text_of(model, current, field, names),
            chosen=THEIRS if untouched else MINE,
            both_changed=not untouched and (base is None or theirs != before),
        )
