"""When a form cannot be taken (session ended, stale token, database away), its text is shown back for copying (T17)."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

SECRET_WORDS = ("password", "csrf", "token")
LONGEST = 20_000
MOST_FIELDS = 200

log = logging.getLogger(__name__)


def typed_fields(request):
    """What was typed: [(field name, text)], without passwords, tokens and empty fields."""
    return [
        (name, text[:LONGEST])
        for name, texts in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        for text in texts
        if text.strip()
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
