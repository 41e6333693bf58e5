"""The calendar's page and file: who opens them, and that both show the same."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests import factories
from tests.inspections import matter_factories

pytestmark = pytest.mark.django_db
NAME = "重大项目日历-2024-06-01至2024-06-30.ics"
PAGES = ["calendar", "calendar-file", "calendar-export"]
LAST = dt.date(2024, 6, 30)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


def open_as(user, name="calendar", **params):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"inspections:{name}"), params)


def content(response):
    return b"".join(response.streaming_content).decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", Role)
def test_everybody_signed_in_opens_the_calendar(role, name, county):
    assert open_as(factories.user(role), name).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(name, county):
    assert Client().get(reverse(f"inspections:{name}")).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_the_calendar_is_only_read(name, county):
    client = Client()
    client.force_login(factories.user())

    assert client.post(reverse(f"inspections:{name}")).status_code == 405


def test_the_file_is_named_after_its_days_and_told_as_a_calendar(county):
    response = open_as(factories.user(), "calendar-file", month="2024-06")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(NAME)}"


def test_the_file_holds_what_the_page_shows(county):
    own = factories.unit()
    mine = matter_factories.matter(unit=own, deadline=LAST)
    matter_factories.matter(unit=factories.unit(), deadline=LAST)
    reporter = factories.user("reporter", unit=own)

    page = open_as(reporter, kind="matter").context["page"]
    lines = content(open_as(reporter, "calendar-file", kind="matter")).split("\r\n")

    assert [event.key for event in page.events] == [f"matter-{mine.pk}"]
    assert [line for line in lines if line.startswith("UID")] == [f"UID:matter-{mine.pk}@140431.major-projects"]
    assert f"URL:http://testserver/inspections/matters/{mine.pk}/" in lines


def test_a_crowded_day_folds_what_is_too_much(county):
    unit = factories.unit()
    for _ in range(7):
        matter_factories.matter(unit=unit, deadline=LAST)

    html = open_as(factories.user()).content.decode()

    assert html.count("<details>") == 1
    assert "共 7 项，展开其余" in html


@pytest.mark.parametrize(("number", "folded"), [(3, 0), (4, 1)])
def test_a_phone_folds_a_day_from_the_fourth_event_on(county, number, folded):
    unit = factories.unit()
    for _ in range(number):
        matter_factories.matter(unit=unit, deadline=LAST)

    html = open_as(factories.user()).content.decode()

    assert [html.count(part) for part in ('class="cal-more"', 'class="cal-few"', "<details>")] == [folded, folded, 0]


def test_an_empty_calendar_says_so(county):
    response = open_as(factories.user(), kind="letter")

    assert "这段时间没有到期和安排的事项。" in response.content.decode()
