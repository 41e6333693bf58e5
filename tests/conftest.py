import pytest
from django.core.cache import cache
from django.db import connection

from accounts import audit_protection
from accounts.models import AuditEntry
from tests import factories


def pytest_collection_modifyitems(items):
    """What takes minutes begins first, or one worker would end alone with it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Static files without hashing, files written to a folder of the test, a hasher that costs nothing."""
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture(autouse=True)
def _audit_trail_is_emptied_by_hand(request):
    """After a test with real transactions Django empties all tables; the trail's triggers must not stand in its way."""
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not transactional:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    audit_protection.remove(connection)
    AuditEntry.objects.all().delete()
    audit_protection.install(connection)


@pytest.fixture
def county(db):
    return factories.county()


@pytest.fixture
def office(db):
    return factories.user("office")


@pytest.fixture
def office_client(client, office):
    client.force_login(office)
    return client
