"""What the measured server runs: the floor answers under /bench/floor/ before Django sees the request."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from qinyuan_projects.wsgi import application as django

# isort: split
from benchmarks import floor


def application(environ, start_response):
    if environ["PATH_INFO"].startswith(floor.FLOOR_PREFIX):
        return floor.answer(environ, start_response)
    return django(environ, start_response)
