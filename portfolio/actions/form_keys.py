"""A form that is sent twice writes once: the second sending gets what the first one wrote."""

from django.db import IntegrityError, transaction

from portfolio.actions import changes
from portfolio.models import ChangeSet


def once(write, rows, *, by, form_key, step, **record):
    """What an earlier sending of the form wrote in the same `step`, else what `write()` returns; in one transaction.

    `rows` are those in which `by` may find it again; `record` is what its record in history holds, such as its `id`.
    A key that was spent on something else raises `changes.KeySpent`.
    """
    try:
        with transaction.atomic():
            return _written_with(rows, by, form_key, step, record) or write()
    except (IntegrityError, changes.StaleRow):
        # The same form sent twice at once: the other one was first.
        if done := _written_with(rows, by, form_key, step, record):
            return done
        if form_key and ChangeSet.objects.filter(form_key=form_key, by=by).exists():
            raise changes.KeySpent("表单编号已经用过。") from None
        raise


def _written_with(rows, by, form_key, step, record):
    if not form_key:
        return None
    of_form = {"change_set__form_key": form_key, "change_set__by": by, "change_set__step": step}
    records = rows.model.history.filter(**of_form, **record)
    return rows.filter(pk__in=records.values("id")).first()
