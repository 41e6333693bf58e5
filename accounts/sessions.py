"""How long a sign-in lasts: 30 minutes without a request, 8 hours in all. Always by the real clock.

When it began stands in the session. When it was last used stands in a signed cookie that is bound to the session,
because looking at a page must neither wait for a database write nor fail with one.
"""

import time

from django.conf import settings

BEGAN = "signed_in_at"
COOKIE = "last_seen"
STAMP_EVERY = 60


def now():
    return int(time.time())


def start_clock(sender, request, user, **kwargs):
    """Receiver of Django's user_logged_in, so that no way of signing in can forget it."""
    request.session[BEGAN] = now()


def last_seen(request):
    """The moment in the cookie; without a valid one of this session, the moment of sign-in."""
    stamp = request.get_signed_cookie(COOKIE, default="", salt=salt_of(request.session))
    return int(stamp) if stamp else request.session.get(BEGAN, 0)


def salt_of(session):
    return f"{COOKIE}:{session.session_key}"


def has_run_out(request, moment):
    age = moment - request.session.get(BEGAN, 0)
    return age > settings.SESSION_ABSOLUTE_SECONDS or moment - last_seen(request) > settings.SESSION_IDLE_SECONDS


def note_use(request, moment):
    """Remember on the request what its answer has to renew."""
    if request.session[BEGAN] > moment:
        # The clock was set back. A session must not become eternal by that.
        request.session[BEGAN] = moment
    is_fresh = 0 <= moment - last_seen(request) < STAMP_EVERY
    request.stamped_session = request.session.session_key if is_fresh else ""


def renew_cookie(request, response):
    """Once a minute, and when the session got a new id (a changed password does that)."""
    if request.session.session_key in (None, request.stamped_session):
        return
    response.set_signed_cookie(
        COOKIE,
        str(now()),
        salt=salt_of(request.session),
        max_age=settings.SESSION_ABSOLUTE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )
