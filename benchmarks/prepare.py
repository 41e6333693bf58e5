"""Run with the environment of one database: build it when it is not there, and say what the client needs to know.

Prints one JSON object: the county looked at, the session cookie, and how many queries each Django page makes.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 (Django is set up first, here and below)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import County, User  # noqa: E402
from benchmarks import county_data  # noqa: E402
from benchmarks.tasks import FLOOR_PREFIX, tasks_of  # noqa: E402


def queries(client, task, county):
    """Queries of the second look, as the figures are measured: unchanged, or just written."""
    client.get(task.path)
    if task.after_write:
        county.move_data_version()
    with CaptureQueriesContext(connection) as seen:
        client.get(task.path)
    return len(seen)


def main(counties):
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not User.objects.filter(username="bench").exists():
        county_data.build(counties)
        connection.cursor().execute("ANALYZE")
    county = County.objects.earliest("pk")
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    client.force_login(User.objects.get(username="bench"))
    known = {
        f"{task.page}/{task.contender}": queries(client, task, county)
        for task in tasks_of(county.pk)
        if not task.path.startswith(FLOOR_PREFIX)
    }
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    print(json.dumps({"county": county.pk, "cookie": f"{cookie.key}={cookie.value}", "queries": known}))


main(int(sys.argv[1]))
