"""The door of a view: `@require_right(Right.X)` on a function, `RequireRightMixin` with `right = Right.X` on a class.

Who lacks the right gets 404, as for an address that does not exist. An unsafe request that is turned away is noted in
the audit trail. Sign-in itself is asked for by the middleware on every page that does not say otherwise.
"""

from functools import wraps

from django.http import Http404

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import has_right

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def insist_on(right, request):
    """Raise Http404 unless the account of `request` has `right`."""
    if has_right(request.user, right):
        return
    if request.method not in SAFE_METHODS:
        note_refusal(request, f"没有“{right.label}”的权限")
    raise Http404


def note_refusal(request, reason):
    request.is_refusal_noted = True
    audit.record(
        "越权操作", actor=request.user, summary=f"{reason}：{request.path}", outcome=AuditEntry.Outcome.REFUSED
    )


def require_right(right):
    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            insist_on(right, request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class RequireRightMixin:
    """`right` names the right that every method of the class-based view needs."""

    right = None

    def dispatch(self, request, *args, **kwargs):
        insist_on(self.right, request)
        return super().dispatch(request, *args, **kwargs)
