"""What was done to a project's permits, read as sentences: the last change sets, newest first."""

from dataclasses import dataclass

from portfolio import history
from portfolio.models.permits import Permit, PermitKind
from portfolio.permit_entries import values_of

LATEST = 20
QUIET = frozenset({"kind", "file"})  # the file's stored name tells nobody anything; its own name does


@dataclass(frozen=True)
class Change:
    """`told` is what changed in one permit, in words."""

    at: object
    by: object
    kind: str
    told: str


def latest(project, until=None):
    """[Change] of the last `LATEST` records; `until` is the moment that a past page speaks of."""
    records = Permit.history.filter(project_id=project.pk).select_related("history_user").order_by("history_id")
    records = list(records.filter(history_date__lte=until) if until else records)
    kinds = PermitKind.objects.in_bulk({record.kind_id for record in records})
    before, found = {}, []
    for record in records:
        if told := _told(before.get(record.id), record):
            found.append(Change(record.history_date, record.history_user, kinds[record.kind_id].short_name, told))
        before[record.id] = record
    return found[: -LATEST - 1 : -1]


def values_seen(token):
    """{field: value} of the row that a writer saw (`token_of`), whatever it has become since."""
    pk, _, version = token.partition(":")
    records = Permit.history.filter(id=pk, row_version=version) if pk else Permit.history.none()
    return values_of(records.order_by("history_id").last())


def _told(before, record):
    if record.history_type == "-":
        return "改回未填"
    names = history.Names(Permit, [])
    fields = [field for field in history.told_fields(Permit) if field.name not in QUIET]
    if before is None:
        texts = [(field, history.text_of(Permit, record, field, names)) for field in fields]
        return "，".join(f"{field.verbose_name} {text}" for field, text in texts if text != history.EMPTY)
    return "，".join(
        f"{field.verbose_name} {history.text_of(Permit, before, field, names)} → "
        f"{history.text_of(Permit, record, field, names)}"
        for field in fields
        if history.value_of(before, field) != history.value_of(record, field)
    )
