import pytest

from tests.local_servers import MailServer, RobotServer, running

PATIENCE = 20  # seconds: a busy machine may keep an answer waiting; who tests silence waits less


@pytest.fixture
def mail_server(settings):
    """A mail server that the settings point at, without encryption or password."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with running(MailServer()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "notices@example.gov.cn"
        settings.EMAIL_TIMEOUT = PATIENCE
        yield server


@pytest.fixture
def robot(settings, monkeypatch):
    """A 企业微信 robot that the settings point at."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with running(RobotServer()) as server:
        settings.NOTICE_WEBHOOK_URL, settings.NOTICE_WEBHOOK_KIND = server.url(), "wecom"
        settings.NOTICE_WEBHOOK_TIMEOUT = PATIENCE
        yield server
