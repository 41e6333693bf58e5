"""Where a request really comes from (T18): forwarded headers count only when the configured proxy sent them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address

# What a request over a Unix socket is called in TRUSTED_PROXIES.
SOCKET = "unix"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


def sender_of(request):
    return request.META.get("REMOTE_ADDR") or SOCKET


def drop_foreign_headers(request):
    """Nobody but our proxy may say from where, and over which protocol, a request came."""
    if sender_of(request) not in settings.TRUSTED_PROXIES:
        for name in FORWARDED:
            request.META.pop(name, None)


def client_address(request):
    """The visitor's address, or None on a socket without one.

    The last entry of X-Forwarded-For that is not one of our proxies; entries before it can be invented by anyone.
    """
    sender = sender_of(request)
    hops = [sender]
    if sender in settings.TRUSTED_PROXIES:
        hops += [hop.strip() for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))]
    nearest = next((hop for hop in hops if hop not in settings.TRUSTED_PROXIES), "")
    return next((hop for hop in (nearest, sender) if is_address(hop)), None)


def is_address(text):
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return True
