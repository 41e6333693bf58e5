"""A real Chromium against a served site.

`page_as(role)` gives a signed-in page, `visitor` one that is not. Both fail their test when a page writes an error to
the console (a violated CSP does), asks anything of another host, or gets an answer of 500 or above.
`shoot(page, name)` keeps screenshots at three widths under var/screenshots; `axe_violations(page)` lists what
a reader with a screen reader or a weak eye would stumble over.
"""

import os
from pathlib import Path
from threading import Lock

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import get_path_info
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from django.test.testcases import LiveServerThread

from tests import factories

# Playwright's own event loop runs in this thread; Django would take the tests' queries for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

WIDTHS = {1440: 900, 1024: 768, 390: 844}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class OneRequestAtATime(StaticFilesHandler):
    """Server and test share one connection and its transaction, so pages must take turns; static files need not."""

    turn = Lock()

    def __call__(self, environ, start_response):
        if self._should_handle(get_path_info(environ)):
            return super().__call__(environ, start_response)
        with self.turn:
            response = super().__call__(environ, start_response)
            run_commit_hooks()
            return response


def run_commit_hooks():
    """The test's transaction never commits, so what waits for a commit is run at the end of its request."""
    connection = connections[DEFAULT_DB_ALIAS]
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _savepoints, hook, _robust in waiting:
        hook()


@pytest.fixture(scope="session")
def served(django_db_setup, django_db_blocker):
    """Address of the running site. The in-memory database is the test's own, seen through its very connection."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        pytest.skip("浏览器测试与服务共用内存中的 SQLite 连接")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.inc_thread_sharing()
        server = LiveServerThread("127.0.0.1", OneRequestAtATime, connections_override={DEFAULT_DB_ALIAS: connection})
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()
        connection.dec_thread_sharing()


@pytest.fixture(scope="session")
def base_url(served):
    return served


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": FLAGS}


class Watch:
    """What went wrong on the pages of one test. `expect(text)` names a console message the test provokes on purpose."""

    def __init__(self, base_url):
        self.base_url = base_url
        self.expected = []
        self.seen = []

    def expect(self, text):
        self.expected.append(text)

    def over(self, page):
        page.on("console", lambda message: message.type == "error" and self.seen.append(message.text))
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))
        page.on("request", lambda request: self._only_our_host(request.url))
        page.on("response", lambda response: self._no_failure(response))

    def _only_our_host(self, url):
        if not url.startswith((f"{self.base_url}/", "data:", "blob:", "about:")):
            self.seen.append(f"request to another host: {url}")

    def _no_failure(self, response):
        if response.status >= 500:
            self.seen.append(f"{response.status}: {response.url}")

    def complaints(self):
        return [text for text in self.seen if not any(expected in text for expected in self.expected)]


@pytest.fixture
def watch(base_url):
    watch = Watch(base_url)
    yield watch
    assert watch.complaints() == []


@pytest.fixture
def open_page(new_context, watch, base_url):
    """A page of a new browser profile, for the account given or for nobody."""

    def open_(user=None, width=1440, **options):
        context = new_context(viewport={"width": width, "height": WIDTHS[width]}, locale="zh-CN", **options)
        context.set_default_timeout(10_000)
        if user:
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base_url}])
        page = context.new_page()
        watch.over(page)
        return page

    return open_


@pytest.fixture
def visitor(db, open_page):
    return open_page()


@pytest.fixture
def page_as(db, open_page):
    """`page_as("office")`, `page_as("reporter", unit=unit, width=390)` or `page_as(user)`."""

    def page_as_(role_or_user, width=1440, **fields):
        user = factories.user(role_or_user, **fields) if isinstance(role_or_user, str) else role_or_user
        return open_page(user, width)

    return page_as_


@pytest.fixture
def shoot():
    """Keep the page as it looks at 1440, 1024 and 390 px, whole page each."""

    def shoot_(page, name, widths=WIDTHS):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for width in widths:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True, animations="disabled")

    return shoot_


def overflow(page):
    """By how many pixels the page is wider than its window: 0 is right, wide tables scroll inside their own frame."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def axe_violations(page):
    """Serious and critical violations as "rule: first element"."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in {"serious", "critical"}]
