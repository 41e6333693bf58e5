"""What happens to every request before and after its page: address, sign-in, session clock, first password, caching."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import audit, sessions
from accounts.access import SAFE_METHODS
from accounts.addresses import client_address
from accounts.unsaved import unsaved_page

BEFORE_FIRST_PASSWORD = {"accounts:password-change", "accounts:logout"}


def address_middleware(get_response):
    """The audit trail learns the address here, and forgets it when the answer is made."""

    def middleware(request):
        token = audit.current_address.set(client_address(request))
        try:
            return get_response(request)
        finally:
            audit.current_address.reset(token)

    return middleware


def no_store_middleware(get_response):
    """Pages stay on no shared computer, unless a view says itself how its answer may be kept."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in that is still fresh, except views marked `login_not_required`."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated:
            self.check_clock(request)
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if request.user.must_change_password and request.resolver_match.view_name not in BEFORE_FIRST_PASSWORD:
            return redirect("accounts:password-change")
        return None

    def check_clock(self, request):
        now = int(time.time())
        if sessions.has_run_out(request.session, now):
            audit.record("登录超时退出", actor=request.user)
            logout(request)
            messages.info(request, "登录已超时，请重新登录。")
        else:
            sessions.stamp(request.session, now)

    def handle_no_permission(self, request, view_func):
        """A page that was asked for leads to the sign-in page; a form that was sent is shown back, never dropped."""
        if request.method not in SAFE_METHODS:
            return unsaved_page(request, "accounts/session_ended.html", status=403)
        if request.headers.get("HX-Request"):
            return self.leave_for_sign_in(request)
        return super().handle_no_permission(request, view_func)

    def leave_for_sign_in(self, request):
        """htmx would put the sign-in page into a corner of the old page: tell it to leave instead."""
        target = f"{reverse('accounts:login')}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target})
