"""Where people arrive, health, and the pages of the errors that no view answered."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.models import County
from accounts.refusals import database_away_page, is_database_away, unsaved_page
from accounts.roles import Right, has_right


@require_safe
def start(request):
    """After signing in: a reporter is at this week's reports, everybody else at the overview."""
    return redirect("portfolio:dispatch" if has_right(request.user, Right.REPORT_DISPATCH) else "overview")


@login_not_required
@require_safe
def health(request):
    """200 when a table can be read, 503 when not: for a probe, so it needs no account and shows no figure."""
    try:
        County.objects.exists()
    except DatabaseError:
        return HttpResponse("数据库不可用", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("正常", content_type="text/plain; charset=utf-8")


def error_page(template, status):
    """Without the request: an error page asks for no account, and a refused host name is not looked at again."""
    return HttpResponse(render_to_string(template), status=status)


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return error_page("413.html", 413)
    if isinstance(exception, SessionInterrupted):
        return session_interrupted(request, exception)
    return error_page("400.html", 400)


def session_interrupted(request, exception):
    """Django says so when a session could not be stored: it was ended meanwhile, or the database is away."""
    cause = exception
    while cause := cause.__context__:
        if is_database_away(cause):
            return database_away_page(request)
    return redirect_to_login(request.get_full_path())


def permission_denied(request, exception):
    return error_page("403.html", 403)


def not_found(request, exception):
    return error_page("404.html", 404)


def server_error(request):
    """Django calls this while the exception is being handled. Middleware's own database errors arrive only here."""
    if is_database_away(sys.exc_info()[1]):
        return database_away_page(request)
    return error_page("500.html", 500)


def csrf_failure(request, reason=""):
    return unsaved_page(request, "403_csrf.html", status=403)
