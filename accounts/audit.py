"""The one way to write the audit trail."""

from contextvars import ContextVar

from accounts.models import AuditEntry, User

# Set by accounts.middleware for the length of a request; None in commands.
current_address = ContextVar("current_address", default=None)


def record(action, *, actor, county=None, target=None, summary="", detail=None, outcome=AuditEntry.Outcome.DONE):
    """Append one entry. `action` is a short Chinese verb phrase; call it in the transaction of what it tells."""
    return AuditEntry.objects.create(
        county=county or getattr(actor, "county", None),
        actor=actor if actor is not None and actor.pk else None,
        actor_name=name_of(actor)[:160],
        address=current_address.get(),
        action=action,
        outcome=outcome,
        target_type=str(target._meta.verbose_name) if target is not None else "",
        target_id=str(target.pk or "") if target is not None else "",
        target_label=name_of(target)[:200] if target is not None else "",
        summary=summary[:500],
        detail=detail or {},
    )


def name_of(thing):
    """Accounts share names like 填报员, so they are told with their account name."""
    if thing is None or thing.pk is None:
        return "系统" if current_address.get() is None else "未登录"
    return f"{thing}（{thing.username}）" if isinstance(thing, User) else str(thing)
