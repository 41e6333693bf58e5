"""Keeping and discarding saved views and table layouts, each with its entry in the audit trail."""

from django.db import transaction

from accounts import audit
from portfolio import layouts
from portfolio.models import SavedView, TableLayout


@transaction.atomic
def save_view(*, by, name, query, shared, words):
    """Under a name the account already uses, the former filter is replaced. `words` say the filter for the trail."""
    fields = {"county": by.county, "query": query, "shared": shared}
    SavedView.objects.update_or_create(owner=by, name=name, defaults=fields)
    audit.record("保存视图", actor=by, summary=f"{name}：{words}")


@transaction.atomic
def save_layout(*, by, name, layout, shared, is_default):
    """One layout of an account at most is the one it signs in with."""
    if is_default:
        TableLayout.objects.owned_by(by).update(is_default=False)
    fields = {
        "county": by.county,
        "columns": list(layout.columns),
        "pinned": layout.pinned,
        "shared": shared,
        "is_default": is_default,
    }
    TableLayout.objects.update_or_create(owner=by, name=name, defaults=fields)
    audit.record("保存表格布局", actor=by, summary=name)
    layouts.forget_default(by)


@transaction.atomic
def discard(owned, *, by):
    """Delete a view or a layout of the account's own."""
    audit.record(f"删除{owned._meta.verbose_name}", actor=by, summary=owned.name)
    owned.delete()
    layouts.forget_default(by)
