"""应升级督办 on the room's first page, the list of matters and a meeting: who sees it, and the one press to a draft."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from inspections.actions import letters
from inspections.models import Letter
from tests import factories
from tests.inspections import letter_factories as make
from tests.inspections import matter_factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
OTHERS = ("reporter", "leader", "inspector", "auditor", "sysadmin")


@pytest.fixture
def water(db):
    factories.clock(2024, 5, 31, 10)
    return factories.unit("水利局")


@pytest.fixture
def office(water):
    return factories.user("office")


@pytest.fixture
def opened(client):
    """Opens an address as an account; gives the page's text, with spaces made one."""

    def open_(user, address):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return open_


def late(unit, days, text="办理用地手续", **fields):
    return matter_factories.matter(unit=unit, deadline=TODAY - dt.timedelta(days=days), text=text, **fields)


def overdue_letter(office, unit):
    """A 提醒函 about a project whose answer was due the day before yesterday."""
    letter = make.issued(office, make.red_plan(unit))
    Letter.objects.filter(pk=letter.pk).update(deadline=TODAY - dt.timedelta(days=2))
    letter.refresh_from_db()
    return letter


def panel(text):
    return text.partition('id="home-rises"')[2].partition("</section>")[0]


# The room's first page


def test_the_office_reads_what_needs_a_letter_with_the_way_to_it(opened, office, water):
    matter, letter = late(water, 5), overdue_letter(office, water)
    late(water, 1, "刚逾期的")

    text = panel(opened(office, "/inspections/"))

    assert re.findall(r"应升级督办 <b>(\d+)</b>", text) == ["2"]
    assert re.findall(r"应发\S+(?=</span>)", text) == ["应发督办单", "应发提醒函"]
    assert f'action="/inspections/letters/{letter.pk}/raise_further/"' in text
    assert f'href="/inspections/letters/new/?matter={matter.pk}"' in text
    assert "刚逾期的" not in text


def test_a_draft_is_led_to_instead_of_written_again(opened, office, water):
    draft = letters.draft(by=office, what="matter", row=late(water, 5))

    text = panel(opened(office, "/inspections/"))

    assert ("提醒函待发出" in text, f'href="/inspections/letters/{draft.pk}/">核对后发出' in text) == (True, True)


def test_without_anything_to_raise_the_page_says_nothing_of_it(opened, office, water):
    late(water, 2)

    assert panel(opened(office, "/inspections/")) == ""


@pytest.mark.parametrize("role", OTHERS)
def test_who_issues_no_letters_sees_no_list_of_them(opened, water, role):
    late(water, 5)
    account = factories.user(role, unit=water if role == "reporter" else None)

    home, matters = opened(account, "/inspections/"), opened(account, "/inspections/matters/?state=rising&scope=all")

    assert [words in home + matters for words in ("应升级督办", "应发提醒函", ">督办</a>")] == [False] * 3


def test_more_than_ten_are_led_to_in_the_lists(opened, office, water):
    for _ in range(11):
        late(water, 5)

    text = panel(opened(office, "/inspections/"))

    assert (text.count("应发提醒函"), "?state=rising" in text) == (10, True)


def test_the_page_takes_as_many_queries_for_many_as_for_few(opened, office, water):
    def queries():
        with CaptureQueriesContext(connection) as found:
            opened(office, "/inspections/")
        return len(found)

    late(water, 5), overdue_letter(office, water)
    opened(office, "/inspections/")
    few = queries()
    for number in range(3):
        late(water, 5)
        late(factories.unit(), 12, leader=factories.leader(), project=factories.project(f"项目{number}"))

    assert queries() == few


# One press


def test_one_press_drafts_the_graver_letter_and_opens_it_to_be_looked_over(client, opened, office, water):
    letter = overdue_letter(office, water)
    text = panel(opened(office, "/inspections/"))
    sent = dict(re.findall(r'name="(version|form_key)" value="([^"]+)"', text))

    answers = [client.post(f"/inspections/letters/{letter.pk}/raise_further/", sent) for _ in range(2)]

    draft = Letter.objects.get(raises=letter)
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"/inspections/letters/{draft.pk}/")}
    assert (draft.kind, draft.state, draft.number) == ("order", "draft", None)


# The list of letters


def test_the_list_of_letters_offers_the_next_one_in_its_row(opened, office, water):
    letter = overdue_letter(office, water)

    texts = [opened(office, f"/inspections/letters/?state={state}") for state in ("open", "rising", "draft")]

    action = f'action="/inspections/letters/{letter.pk}/raise_further/"'
    assert [action in text for text in texts] == [True, True, False]
    assert ["拟督办单" in text for text in texts] == [True, True, False]


@pytest.mark.parametrize("role", OTHERS)
def test_who_issues_no_letters_is_offered_none_in_the_list(opened, office, water, role):
    overdue_letter(office, water)
    account = factories.user(role, unit=water if role == "reporter" else None)

    text = opened(account, "/inspections/letters/?state=rising&scope=all")

    assert [words in text for words in ("raise_further", "应升级", "拟督办单")] == [False] * 3


# The list of matters


def test_the_list_is_narrowed_to_what_needs_a_letter_and_ordered_by_it(client, office, water):
    late(water, 2, "先提醒")
    late(water, 12, "应发提醒函的")
    unsettled = late(water, 11, "应发督办单的")
    draft = letters.draft(by=office, what="matter", row=unsettled)
    make.unsettled(office, letters.issue(by=office, letter=draft, version=draft.row_version))
    client.force_login(office)

    page = client.get("/inspections/matters/?state=rising&sort=rise")

    assert [(row.matter.text, row.rise.words) for row in page.context["rows"]] == [
        ("应发督办单的", "应发督办单"),
        ("应发提醒函的", "应发提醒函"),
    ]
    assert [tab.count for tab in page.context["listing"].tabs if tab.title == "应升级督办"] == [2]
    assert page.context["listing"].words == "应升级督办"


def test_the_column_says_what_is_waited_for(opened, office, water):
    late(water, 2)

    assert "已提醒，逾期满 3 天应发提醒函" in opened(office, "/inspections/matters/")


def test_a_past_day_of_the_list_raises_nothing(opened, office, water):
    late(water, 5)

    assert ">督办</a>" not in opened(office, "/inspections/matters/?as_of=2024-05-30")


@pytest.mark.parametrize(("role", "last"), [("office", ("督办", "应发提醒函")), ("auditor", ("最近情况", None))])
def test_the_file_has_the_column_for_who_issues_letters(client, office, water, role, last):
    late(water, 5)
    client.force_login(office if role == "office" else factories.user(role))

    response = client.get("/inspections/matters/export/")

    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True))
    assert (rows[2][-1], rows[3][-1] or None) == last


# A matter's own page


@pytest.mark.parametrize(("days", "says"), [(2, False), (3, True)])
def test_the_page_of_a_matter_leads_to_the_letter_that_it_needs(opened, office, water, days, says):
    matter = late(water, days)

    text = opened(office, f"/inspections/matters/{matter.pk}/")

    assert ("应发提醒函" in text, f"letters/new/?matter={matter.pk}" in text) == (says, True)


def test_the_page_of_a_matter_says_nothing_of_letters_to_its_unit(opened, water):
    matter = late(water, 5)

    text = opened(factories.user("reporter", unit=water), f"/inspections/matters/{matter.pk}/")

    assert ("应发提醒函" in text, "letters/new/" in text) == (False, False)


# A meeting


def test_a_meeting_being_prepared_opens_with_what_rises(opened, office, water):
    matter = late(water, 5)
    prepared = matter_factories.meeting("open", TODAY)

    text = opened(office, f"/inspections/monthly/{prepared.pk}/")

    assert ("应发提醒函" in text, f"letters/new/?matter={matter.pk}" in text) == (True, True)


def test_issued_minutes_keep_what_was_so_and_raise_nothing(opened, office, water):
    matter = late(water, 5)

    assert "应发提醒函" not in opened(office, f"/inspections/monthly/{matter.meeting_id}/")
