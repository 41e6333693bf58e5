from django.conf import settings
from django.http.request import split_domain_port

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def frame(request):
    """insecure_transport: passwords cross a network in the clear, and the page says so."""
    domain, _port = split_domain_port(request.get_host())
    return {"insecure_transport": not (settings.HTTPS or request.is_secure() or domain in LOOPBACK)}
