import pytest

from accounts.addresses import client_address
from accounts.models import AuditEntry
from tests import factories


@pytest.mark.parametrize(
    ("sender", "forwarded", "expected"),
    [
        ("10.9.9.9", "1.2.3.4", "10.9.9.9"),  # not our proxy: its header is worth nothing
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what the visitor wrote himself stands first
        ("127.0.0.1", "1.2.3.4, 127.0.0.1", "1.2.3.4"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("", "", None),
        ("", "1.2.3.4", "1.2.3.4"),
    ],
)
def test_forwarded_addresses_count_only_from_our_proxy(rf, settings, sender, forwarded, expected):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "unix"]

    request = rf.get("/", REMOTE_ADDR=sender, headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("sender", "answer"), [("10.9.9.9", 301), ("127.0.0.1", 200)])
def test_only_our_proxy_may_say_that_https_was_used(client, settings, sender, answer):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    response = client.get("/accounts/login/", REMOTE_ADDR=sender, headers={"X-Forwarded-Proto": "https"})

    assert response.status_code == answer


@pytest.mark.django_db
def test_the_trail_keeps_the_real_address(client):
    factories.user("office", "zhang")
    data = {"username": "zhang", "password": factories.PASSWORD}

    client.post("/accounts/login/", data, REMOTE_ADDR="10.1.2.3", headers={"X-Forwarded-For": "1.2.3.4"})

    assert AuditEntry.objects.get().address == "10.1.2.3"


@pytest.mark.django_db
def test_changing_the_forwarded_address_does_not_escape_a_lock(client):
    factories.user("office", "zhang")
    wrong = {"username": "zhang", "password": "Wrong-1234"}

    answers = [
        client.post("/accounts/login/", wrong, headers={"X-Forwarded-For": f"1.2.3.{n}"}).status_code for n in range(5)
    ]

    assert answers == [200, 200, 200, 200, 429]
