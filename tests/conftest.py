import pytest
from django.core.cache import cache

from tests import factories


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
