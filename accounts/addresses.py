"""Where a request really comes from (T18): forwarded headers count only when the configured proxy sent them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address


def client_address(request):
    """The visitor's address, or None on a socket without one.

    The last entry of X-Forwarded-For that is not one of our proxies; entries before it can be invented by anyone.
    """
    sender = request.META.get("REMOTE_ADDR") or None
    if sender not in settings.TRUSTED_PROXIES:
        return sender
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    nearest = next((hop for hop in reversed(hops) if hop not in settings.TRUSTED_PROXIES), "")
    return nearest if is_address(nearest) else sender


def is_address(text):
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return True
