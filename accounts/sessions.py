"""How long a sign-in lasts: 30 minutes without a request, 8 hours in all. Always by the real clock."""

import time

from django.conf import settings

BEGAN = "signed_in_at"
SEEN = "last_seen_at"
# The stamp is written once a minute at most: a page view must not cost a database write.
STAMP_EVERY = 60


def start_clock(sender, request, user, **kwargs):
    """Receiver of Django's user_logged_in, so that no way of signing in can forget it."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def has_run_out(session, now):
    idle = now - session.get(SEEN, 0)
    age = now - session.get(BEGAN, 0)
    return idle > settings.SESSION_IDLE_SECONDS or age > settings.SESSION_ABSOLUTE_SECONDS


def stamp(session, now):
    # A clock that was set back must not make a session eternal: stamps of the future are brought to now.
    if session[BEGAN] > now:
        session[BEGAN] = now
    if not 0 <= now - session[SEEN] < STAMP_EVERY:
        session[SEEN] = now
