"""What happens to every request before and after its page: address, sign-in, session clock, first password, caching."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from accounts import audit, sessions
from accounts.access import SAFE_METHODS, note_refusal
from accounts.addresses import client_address, drop_foreign_headers
from accounts.refusals import database_away_page, is_database_away, unsaved_page

METHODS = {*SAFE_METHODS, "POST"}
DRAIN_CHUNK = 1024 * 1024
# Open before the first password is changed, and to those who may write nothing else.
OWN_BUSINESS = {"accounts:password-change", "accounts:logout"}


def address_middleware(get_response):
    """The audit trail learns the address here, and forgets it when the answer is made. Stands first of all."""

    def middleware(request):
        drop_foreign_headers(request)
        token = audit.current_address.set(client_address(request))
        try:
            return get_response(request)
        finally:
            audit.current_address.reset(token)

    return middleware


def headers_middleware(get_response):
    """Pages stay on no shared computer, unless a view says itself how its answer may be kept."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware


def sane_request_middleware(get_response):
    """Refuses what no page of ours sends: other methods, bodies over the limit, NUL in an address."""

    def middleware(request):
        if request.method not in METHODS:
            return explained(HttpResponseNotAllowed(sorted(METHODS)))
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            drain(request)
            raise RequestDataTooBig
        # PostgreSQL refuses NUL in any text; no filter should have to think of it.
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return explained(get_response(request))

    return middleware


def explained(response):
    """Django's 405 is an empty page; people meet it when they reload the address of a button."""
    if response.status_code == 405 and not response.content:
        response.content = render_to_string("405.html")
        # CommonMiddleware has already counted the empty body; browsers would believe it.
        response["Content-Length"] = len(response.content)
    return response


def drain(request):
    """Read and drop a body within reason, or the browser reports a broken connection instead of showing our page."""
    for _ in range(4 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE // DRAIN_CHUNK):
        if not request.read(DRAIN_CHUNK):
            return


class DatabaseAwayMiddleware:
    """A view that meets a locked, full or absent database answers 503: not saved, try again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return database_away_page(request) if is_database_away(exception) else None


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in that is still fresh, except views marked `login_not_required`."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated:
            self.check_clock(request)
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if request.resolver_match.view_name in OWN_BUSINESS:
            return None
        if request.user.must_change_password:
            return redirect("accounts:password-change")
        if request.method not in SAFE_METHODS and request.user.is_read_only:
            note_refusal(request, f"{request.user.get_role_display()}不能写入")
            raise PermissionDenied
        return None

    def check_clock(self, request):
        now = sessions.now()
        if sessions.has_run_out(request, now):
            audit.record("登录超时退出", actor=request.user)
            logout(request)
            messages.info(request, "登录已超时，请重新登录。")
        else:
            sessions.note_use(request, now)

    def process_response(self, request, response):
        if hasattr(request, "stamped_session"):
            sessions.renew_cookie(request, response)
        if response.status_code == 404 and request.method not in SAFE_METHODS:
            self.note_unseen(request)
        return response

    def note_unseen(self, request):
        """A write to what the account can't even see is answered as to what does not exist; the trail tells of it."""
        if request.user.is_authenticated and not hasattr(request, "is_refusal_noted"):
            note_refusal(request, "写入的对象不存在，或无权查看")

    def handle_no_permission(self, request, view_func):
        """A page that was asked for leads to the sign-in page; a form that was sent is shown back, never dropped."""
        if request.method not in SAFE_METHODS:
            return unsaved_page(request, "accounts/session_ended.html", status=403)
        if request.htmx:
            return self.leave_for_sign_in(request)
        return super().handle_no_permission(request, view_func)

    def leave_for_sign_in(self, request):
        """htmx would put the sign-in page into a corner of the old page: tell it to leave instead."""
        page = request.htmx.current_url_abs_path or request.get_full_path()
        target = f"{reverse('accounts:login')}?{urlencode({'next': page})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target})
