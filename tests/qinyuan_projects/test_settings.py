import pytest
from django.core.exceptions import ImproperlyConfigured

from qinyuan_projects.settings import env_choice


@pytest.mark.parametrize(("value", "chosen"), [(None, "ssl"), ("", "ssl"), ("none", "none")])
def test_a_choice_is_the_first_unless_set(monkeypatch, value, chosen):
    monkeypatch.delenv("EMAIL_TLS", raising=False)
    if value is not None:
        monkeypatch.setenv("EMAIL_TLS", value)

    assert env_choice("EMAIL_TLS", "ssl", "starttls", "none") == chosen


def test_a_misspelt_choice_stops_the_start_instead_of_sending_in_the_clear(monkeypatch):
    monkeypatch.setenv("EMAIL_TLS", "tls")

    with pytest.raises(ImproperlyConfigured) as caught:
        env_choice("EMAIL_TLS", "ssl", "starttls", "none")

    assert str(caught.value) == "EMAIL_TLS 应为 ssl、starttls、none 之一，现为“tls”。"
