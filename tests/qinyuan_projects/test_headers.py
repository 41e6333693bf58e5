"""Headers and error pages: what a browser is told, whatever happened."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.db import DatabaseError, OperationalError
from django.test import Client

from tests import factories
from tests.accounts.test_access import addresses

CSP = (
    "default-src 'self'; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; "
    "frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'none'"
)


def directives(policy):
    return {part.strip() for part in policy.split(";")}


def assert_safe_headers(response):
    headers = response.headers
    assert directives(headers["Content-Security-Policy"]) == directives(CSP)
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    assert "no-store" in headers["Cache-Control"].split(", ")


@pytest.mark.django_db
def test_signed_in_pages_carry_every_header_and_stay_in_no_cache(client):
    client.force_login(factories.user("office"))

    response = client.get("/accounts/password/")

    assert response.status_code == 200
    assert_safe_headers(response)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["office", "sysadmin", "auditor"])
def test_no_answer_of_any_page_may_be_kept_or_framed(client, role):
    factories.plan()
    client.force_login(factories.user(role))

    for path in addresses():
        headers = client.get(path).headers
        assert (path, "no-store" in headers["Cache-Control"]) == (path, True)
        assert (path, headers["X-Frame-Options"]) == (path, "DENY")
        assert (path, directives(headers["Content-Security-Policy"])) == (path, directives(CSP))


@pytest.mark.django_db
def test_no_page_asks_for_inline_script_or_style(client):
    page = client.get("/accounts/login/").content.decode()

    assert "<style" not in page
    assert " style=" not in page
    assert "unsafe" not in client.get("/accounts/login/").headers["Content-Security-Policy"]


def test_an_unknown_page_answers_404_in_chinese_with_every_header(client, db):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()
    assert_safe_headers(response)


@pytest.mark.parametrize("method", ["get", "put", "delete", "trace"])
def test_the_address_of_a_button_explains_itself(client, method):
    response = getattr(client, method)("/accounts/logout/")

    assert response.status_code == 405
    assert "这个地址不能直接打开" in response.content.decode()
    assert_safe_headers(response)


def test_an_unknown_host_is_refused(client):
    response = client.get("/accounts/login/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "这个请求无法识别" in response.content.decode()
    assert_safe_headers(response)


def test_a_nul_in_an_address_is_refused(client):
    assert client.get("/projects/?q=a%00b").status_code == 400


def test_a_body_over_the_limit_is_refused_before_it_is_read(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    at_limit = client.generic("POST", "/no-such-page/", b"x" * 1000, content_type="text/plain")
    above = client.generic("POST", "/no-such-page/", b"x" * 1001, content_type="text/plain")

    assert (at_limit.status_code, above.status_code) == (404, 413)
    assert "提交的内容过大，没有保存" in above.content.decode()


@pytest.mark.django_db
def test_a_stale_token_is_refused_and_the_text_is_shown_back():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("office"))

    response = client.post("/accounts/password/", {"progress": "一层封顶", "old_password": "Secret-1"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "页面已过期，内容没有保存" in page
    assert "一层封顶</textarea>" in page
    assert "Secret-1" not in page
    assert_safe_headers(response)


@pytest.mark.django_db
def test_a_foreign_origin_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value

    response = client.post(
        "/accounts/login/",
        {"username": "a", "password": "b", "csrfmiddlewaretoken": token},
        headers={"origin": "https://evil.example"},
    )

    assert response.status_code == 403


@pytest.mark.django_db
def test_the_session_itself_may_meet_an_absent_database(client, monkeypatch):
    client.force_login(factories.user("office"))

    def refuse(*args, **kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore._get_session_from_db", refuse)
    client.raise_request_exception = False
    response = client.post("/accounts/password/", {"progress": "一层封顶"})

    page = response.content.decode()
    assert response.status_code == 503
    assert "系统繁忙，内容没有保存" in page
    assert "一层封顶</textarea>" in page
    assert_safe_headers(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cause", "status"),
    [(OperationalError("database is locked"), 503), (DatabaseError("did not affect any rows"), 302)],
)
def test_a_session_that_cannot_be_stored_is_no_fault_of_the_request(client, monkeypatch, cause, status):
    client.force_login(factories.user("office"))

    def refuse(*args, **kwargs):
        raise cause

    monkeypatch.setattr("django.contrib.sessions.models.Session.save", refuse)
    monkeypatch.setattr("accounts.sessions.note_use", lambda request, moment: request.session.update({"changed": 1}))
    response = client.get("/accounts/password/")

    assert response.status_code == status


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client):
    factories.user("office", "zhang")
    client.get("/accounts/login/")

    client.post("/accounts/login/", {"username": "zhang", "password": factories.PASSWORD})

    for name in ("sessionid", "csrftoken"):
        assert (name, client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (name, True, "Lax")


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1:8000", False), ("localhost", False), ("10.1.1.5", True)])
def test_a_network_without_https_is_warned_of(client, settings, host, warned):
    settings.ALLOWED_HOSTS = ["*"]

    page = client.get("/accounts/login/", headers={"host": host}).content.decode()

    assert ("当前未启用 HTTPS" in page) is warned


def test_deploy_check_is_clean_with_https(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "HTTPS": "1",
        "SECRET_KEY": "k3y-" * 20 + "0123456789",
        "ALLOWED_HOSTS": "projects.county.example",
    }

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )
