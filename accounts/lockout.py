"""Locks after failed sign-ins: five in a row lock one account at one address for 15 minutes (django-axes counts)."""

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max, Sum
from django.shortcuts import render
from django.utils import timezone

from accounts.addresses import client_address

TOO_MANY_REQUESTS = 429


def locks(usernames):
    """Current locks: {username: [(address, moment it ends)]}."""
    rows = (
        AccessAttempt.objects.filter(
            username__in=usernames, attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME
        )
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    found = {}
    for row in rows:
        found.setdefault(row["username"], []).append((row["ip_address"], row["last"] + settings.AXES_COOLOFF_TIME))
    return found


def unlock(username):
    """Number of attempts that were forgotten; 0 when nothing was locked."""
    return reset(username=username)


def locked_page(request, original_response=None, credentials=None):
    """The answer to any password, right or wrong, while the lock holds. Known and unknown accounts look alike."""
    username = (credentials or {}).get("username", "")
    ends = dict(locks([username]).get(username, [])).get(client_address(request))
    return render(request, "accounts/locked.html", {"ends": ends}, status=TOO_MANY_REQUESTS)
