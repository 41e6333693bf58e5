"""When a form cannot be taken (session ended, stale token, database away), its text is shown back for copying (T17)."""

from django.http import HttpResponse
from django.template.loader import render_to_string

SECRET_WORDS = ("password", "csrf", "token")
LONGEST = 20_000


def typed_fields(request):
    """What was typed: [(field name, text)], without passwords, tokens and empty fields."""
    return [
        (name, text[:LONGEST])
        for name, texts in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        for text in texts
        if text.strip()
    ][:200]


def unsaved_page(request, template, status):
    """An answer that says what was not saved. htmx shows it in place of the whole page."""
    context = {"typed": typed_fields(request), "method": request.method}
    # Rendered without the request: no account and no database are needed, so it works while they are away.
    response = HttpResponse(render_to_string(template, context), status=status)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
