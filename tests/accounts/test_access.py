"""What each role meets at every address of the product (T05, T06, T13)."""

import re

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import AuditEntry, County, User
from accounts.roles import Role
from tests import factories

OWN_BUSINESS = {"/accounts/login/", "/accounts/logout/", "/accounts/password/"}
REFUSED = {302, 400, 403, 404, 405}

pytestmark = pytest.mark.django_db


def addresses(patterns=None, prefix="/"):
    """Every address of the URLconf, with 1 in the place of each argument."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield re.sub(r"<[^>]+>", "1", path)


def everything_stored():
    """Row counts of all tables but sessions and the trail, and the accounts themselves."""
    from django.apps import apps

    models = [
        model for model in apps.get_models() if model._meta.label not in {"sessions.Session", "accounts.AuditEntry"}
    ]
    counts = {model._meta.label: model.objects.count() for model in models}
    return counts, list(User.objects.order_by("pk").values()), list(County.objects.order_by("pk").values())


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_unsafe_request_of_an_auditor_succeeds_anywhere(method):
    auditor, plan = factories.user("auditor"), factories.plan()
    client = Client(raise_request_exception=True)
    client.force_login(auditor)
    before = everything_stored()

    answers = {path: getattr(client, method)(path).status_code for path in addresses() if path not in OWN_BUSINESS}

    assert {path: status for path, status in answers.items() if status not in REFUSED} == {}
    assert everything_stored() == before
    assert plan.project.pk


def test_no_get_changes_anything():
    plan = factories.plan()
    users = [factories.user(role) for role in Role]
    before = everything_stored()

    for user in users:
        client = Client()
        client.force_login(user)
        for path in addresses():
            client.get(path)

    after = everything_stored()
    for accounts in (before[1], after[1]):
        for account in accounts:
            account.pop("last_login")
    assert after == before
    assert plan.pk


def test_no_unsafe_request_without_a_token_succeeds():
    factories.plan()
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("office"))
    before = everything_stored()

    answers = {path: client.post(path, {"name": "x"}).status_code for path in addresses()}

    assert {path: status for path, status in answers.items() if status != 403} == {}
    assert everything_stored() == before


def test_a_visitor_sees_the_sign_in_page_and_health_and_nothing_else():
    factories.plan()
    client = Client()

    answers = {path: client.get(path) for path in addresses()}

    opened = {path for path, answer in answers.items() if answer.status_code == 200}
    elsewhere = {answer.url.partition("?")[0] for answer in answers.values() if answer.status_code == 302}
    assert opened == {"/accounts/login/", "/healthz"}
    assert elsewhere == {"/accounts/login/"}
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 405}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSADMIN])
@pytest.mark.parametrize("method", ["get", "post"])
def test_account_pages_do_not_exist_for_other_roles(client, role, method):
    client.force_login(factories.user(role))
    other = factories.user("reporter")
    pages = ["", "new/", f"{other.pk}/", *(f"{other.pk}/{verb}/" for verb in ("disable", "enable", "unlock"))]

    answers = {getattr(client, method)(f"/accounts/users/{page}").status_code for page in pages}

    assert answers <= {403, 404, 405}
    other.refresh_from_db()
    assert other.is_active


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
@pytest.mark.parametrize("page", ["/audit/", "/audit/export/"])
def test_the_trail_does_not_exist_for_other_roles(client, role, page):
    client.force_login(factories.user(role))

    assert client.get(page).status_code == 404


def test_a_refused_write_is_noted_and_a_refused_look_is_not(client):
    client.force_login(factories.user("reporter", "zhang"))

    client.get("/accounts/users/new/")
    client.post("/accounts/users/new/", {"username": "evil", "role": "sysadmin"})

    noted = AuditEntry.objects.values_list("action", "outcome", "actor_name", "summary")
    assert list(noted) == [("越权操作", "refused", "填报员（zhang）", "没有“管理账号”的权限：/accounts/users/new/")]
