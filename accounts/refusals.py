"""When a form cannot be taken (session ended, stale token, database away), its text is shown back for copying (T17)."""

import logging
import re

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

# Parts of the names of fields that nobody typed, or that nobody else should see.
NOT_SHOWN = ("password", "csrf", "token", "key", "version")
NOT_TYPED = {"next", "back", "query", "row", "plan", "step", "use"}
# The stored value of a choice, like `reporter`; it was picked from a list, not typed.
CHOICE_CODE = re.compile(r"[a-z_]+")
LONGEST = 20_000
MOST_FIELDS = 200

log = logging.getLogger(__name__)


def typed_fields(request):
    """What was typed: [(field name, text)], without passwords, tokens, hidden and empty fields."""
    return [
        (name, text[:LONGEST])
        for name, texts in request.POST.lists()
        if name not in NOT_TYPED and not any(word in name.lower() for word in NOT_SHOWN)
        for text in texts
        if text.strip() and not CHOICE_CODE.fullmatch(text)
    ][:MOST_FIELDS]


def unsaved_page(request, template, status):
    """An answer that says what was not saved. htmx shows it in place of the whole page."""
    context = {"typed": typed_fields(request), "method": request.method}
    # Rendered without the request: no account and no database are needed, so it works while they are away.
    response = HttpResponse(render_to_string(template, context), status=status)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def is_database_away(exception):
    """Locked, full, unreachable, too slow: nothing is wrong with the request, and it may be repeated."""
    return isinstance(exception, (OperationalError, InterfaceError))


def database_away_page(request):
    log.error("Database away at %s %s", request.method, request.path, exc_info=True)
    response = unsaved_page(request, "503.html", status=503)
    response.headers["Retry-After"] = "10"
    return response
