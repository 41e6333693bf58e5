"""Table layouts: which columns, in which order, how many pinned; chosen apart from the filter, and remembered."""

from dataclasses import dataclass

from django.core.cache import cache

from portfolio.models import TableLayout
from portfolio.plan_fields import DEFAULT_COLUMNS
from portfolio.plan_rows import columns
from portfolio.sent import whole_number

SESSION_KEY = "plan_layout"
DEFAULT_PINNED = 2
MOST_PINNED = 4


@dataclass(frozen=True)
class Layout:
    columns: tuple = DEFAULT_COLUMNS
    pinned: int = DEFAULT_PINNED


def of(keys, pinned):
    """A layout of known columns, each once; at most MOST_PINNED stay put."""
    known = tuple(dict.fromkeys(column.key for column in columns(keys)))
    return Layout(known or DEFAULT_COLUMNS, max(0, min(pinned, MOST_PINNED)))


def current(request):
    """The layout of the query string, else the one this account uses, else the county's usual columns."""
    asked = request.GET.get("cols", "")
    if asked:
        pinned = whole_number(request.GET.get("pin", ""), most_digits=2)
        return of(asked.split(","), DEFAULT_PINNED if pinned is None else pinned)
    if SESSION_KEY in request.session:
        return of(*request.session[SESSION_KEY])
    return _default_of(request.user)


def remember(request, layout):
    request.session[SESSION_KEY] = [list(layout.columns), layout.pinned]


def _default_of(user):
    """The layout this account signs in with. Kept for a minute and not in the session, since reading writes nothing."""
    return cache.get_or_set(_default_key(user), lambda: _read_default(user), timeout=60)


def _default_key(user):
    return f"default-layout:{user.pk}"


def forget_default(user):
    cache.delete(_default_key(user))


def _read_default(user):
    saved = TableLayout.objects.owned_by(user).filter(is_default=True).first()
    return of(saved.columns, saved.pinned) if saved else Layout()
