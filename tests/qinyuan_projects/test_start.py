"""Where people arrive after signing in."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [("reporter", "/dispatch/"), ("office", "/"), ("leader", "/"), ("inspector", "/"), ("auditor", "/")],
)
def test_a_reporter_starts_at_the_week_and_everybody_else_at_the_overview(client, role, place):
    client.force_login(factories.user(role))

    response = client.get("/start/")

    assert (response.status_code, response.url) == (302, place)


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/start/").url == "/accounts/login/?next=/start/"
