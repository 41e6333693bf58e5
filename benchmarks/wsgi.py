"""What the measured server runs: the floor answers under /bench/floor/ before Django sees the request."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from benchmarks import floor  # noqa: E402 (its models need Django set up)


def application(environ, start_response):
    if environ["PATH_INFO"].startswith(floor.FLOOR_PREFIX):
        return floor.answer(environ, start_response)
    return django(environ, start_response)
