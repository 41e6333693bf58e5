import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import County
from qinyuan_projects import views


@pytest.fixture
def database_away(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to server: secret-host")

    monkeypatch.setattr(County.objects, "exists", refuse, raising=False)


@pytest.mark.django_db
def test_health_answers_without_sign_in_and_is_not_cached(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")

    assert (response.status_code, response.content.decode()) == (200, "正常")
    assert response.headers["Cache-Control"] == "no-store"


def test_health_says_when_the_database_is_away_and_no_more(client, database_away):
    response = client.get("/healthz")

    assert (response.status_code, response.content.decode()) == (503, "数据库不可用")


def test_health_answers_a_probe_without_https(settings, client, database_away):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get("/healthz").status_code == 503
    assert Client().get("/projects/").status_code == 301


@pytest.fixture
def failing_health(monkeypatch):
    """Make the one page that needs no account fail."""

    def fail_with(exception):
        def refuse():
            raise exception

        monkeypatch.setattr(views.County.objects, "exists", refuse, raising=False)
        monkeypatch.setattr(views, "DatabaseError", ZeroDivisionError)
        return Client(raise_request_exception=False)

    return fail_with


@pytest.mark.parametrize("message", ["database is locked", "database or disk is full", "disk I/O error"])
def test_a_database_that_cannot_write_is_a_503_that_says_so(failing_health, message):
    response = failing_health(OperationalError(message)).get("/healthz")

    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "系统繁忙，请稍后再试" in page
    assert message not in page


def test_any_other_failure_is_a_500_without_its_cause(failing_health):
    response = failing_health(RuntimeError("the secret cause")).get("/healthz")

    page = response.content.decode()
    assert response.status_code == 500
    assert "系统出错，操作没有完成" in page
    assert "secret" not in page
    assert "Traceback" not in page
