"""Where a request really comes from (T18): forwarded headers count only when the configured proxy sent them."""

from django.conf import settings


def client_address(request):
    """The visitor's address, or None on a socket without one.

    The last entry of X-Forwarded-For that is not one of our proxies; entries before it can be invented by anyone.
    """
    sender = request.META.get("REMOTE_ADDR") or None
    if sender not in settings.TRUSTED_PROXIES:
        return sender
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return next((hop for hop in reversed(hops) if hop and hop not in settings.TRUSTED_PROXIES), sender)
