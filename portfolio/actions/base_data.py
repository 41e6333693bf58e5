"""Writing base data (基础资料): units, leaders, townships. Nothing is deleted; the unused goes out of use."""

from django.db import transaction

from portfolio.actions import changes
from portfolio.history import EMPTY
from portfolio.models import ChangeSet


@transaction.atomic
def save_row(*, by, row, before=None, fields):
    """Insert a new row (`before` None), or write the `fields` in which it differs from `before`; None if in none.

    Plan table pages are cached under the data version, and names of base data stand in them: it moves with each write.
    """
    label = row._meta.verbose_name
    if before is None:
        change_set = changes.begin(ChangeSet.Kind.DETAILS, county=row.county, by=by, summary=f"新增{label}：{row}")
        row.save(force_insert=True)
        return change_set
    changed = [name for name in fields if getattr(before, name) != getattr(row, name)]
    if not changed:
        return None
    told = "；".join(
        f"{row._meta.get_field(name).verbose_name} {text_of(before, name)} → {text_of(row, name)}" for name in changed
    )
    change_set = changes.begin(ChangeSet.Kind.DETAILS, county=row.county, by=by, summary=f"{label}“{before}”：{told}")
    row.save(update_fields=changed)
    return change_set


def text_of(row, name):
    value = getattr(row, name)
    if row._meta.get_field(name).choices:
        return getattr(row, f"get_{name}_display")()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value) or EMPTY
    return str(value) if value not in (None, "") else EMPTY
