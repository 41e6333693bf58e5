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
from benchmarks.tasks import FLOOR_PREFIX, progress_tasks, tasks_of  # noqa: E402
from benchmarks.weekly import WeeklyPosts  # noqa: E402


def queries(client, task, county):
    """Queries of the second look, as the figures are measured: unchanged, or just written."""
    ask(client, task)
    if task.after_write:
        county.move_data_version()
    body = POSTS.of(task) if task.posts else None
    with CaptureQueriesContext(connection) as seen:
        ask(client, task, body)
    return len(seen)


def ask(client, task, body=None):
    if not task.posts:
        client.get(task.path)
        return
    body = body or POSTS.of(task)
    form = "application/x-www-form-urlencoded"
    client.post(task.path, body, content_type=form, headers={"accept": "application/json"})


def run_sql(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


POSTS = WeeklyPosts(run_sql)


def main(counties):
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not User.objects.filter(username="bench").exists():
        county_data.build(counties)
        connection.cursor().execute("ANALYZE")
    county = County.objects.earliest("pk")
    clients = {name: signed_in(username) for name, username in (("office", "bench"), ("reporter", "bench-reporter"))}
    known = {
        f"{task.page}/{task.contender}": queries(clients["reporter" if task.by_reporter else "office"], task, county)
        for task in (*tasks_of(county.pk), *progress_tasks())
        if not task.path.startswith(FLOOR_PREFIX) and county.plans.exists()
    }
    cookies = {name: client.cookies[settings.SESSION_COOKIE_NAME] for name, client in clients.items()}
    cookies = {name: f"{cookie.key}={cookie.value}" for name, cookie in cookies.items()}
    print(json.dumps({"county": county.pk, "cookies": cookies, "queries": known}))


def signed_in(username):
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    client.force_login(User.objects.get(username=username))
    return client


main(int(sys.argv[1]))
