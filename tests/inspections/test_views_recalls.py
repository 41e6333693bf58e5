"""The pages that take back what was done by mistake: what they offer to whom, and what comes back."""

import datetime as dt
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from inspections.actions import letters
from inspections.models import Matter, Meeting, Round
from tests import factories
from tests.inspections import letter_factories as letters_made
from tests.inspections import matter_factories as matters_made
from tests.inspections import paper
from tests.inspections import round_factories as rounds_made

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)


@pytest.fixture(autouse=True)
def friday(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def as_office(client, office):
    client.force_login(office)
    return client


def sent(version=1, **fields):
    return {"version": version, "form_key": str(uuid.uuid4()), **fields}


def said(page):
    return [str(message) for message in page.context["messages"]]


def planned(stops=1):
    row = rounds_made.round_("planned", title="二季度观摩")
    for _ in range(stops):
        rounds_made.stop(row)
    return row


def closed():
    return rounds_made.round_("closed", closed_at=timezone.make_aware(dt.datetime(2024, 5, 30, 18)))


STEPS = {"take-back": lambda: rounds_made.round_("open"), "reopen": closed, "discard": planned}


@pytest.mark.parametrize(("step", "state"), [("take-back", "planned"), ("reopen", "open")])
def test_the_office_takes_a_round_back_from_its_page(as_office, step, state):
    row = STEPS[step]()
    shown = as_office.get(f"/inspections/quarterly/{row.pk}/")

    answer = as_office.post(f"/inspections/quarterly/{row.pk}/{step}/", sent(reason="漏评一个点"), follow=True)

    assert f"/inspections/quarterly/{row.pk}/{step}/" in shown.content.decode()
    assert (answer.redirect_chain[-1][0], Round.objects.get().state) == (f"/inspections/quarterly/{row.pk}/", state)


def test_a_reopened_round_says_why(as_office):
    row = closed()

    page = as_office.post(f"/inspections/quarterly/{row.pk}/reopen/", sent(reason="漏评一个点"), follow=True)

    assert "结束后曾重新开放，原因：漏评一个点。" in page.content.decode()


@pytest.mark.parametrize(("version", "status"), [(1, 400), (2, 409)])
def test_a_refused_reopening_keeps_what_was_typed(as_office, version, status):
    row = closed()
    reason = "漏" * 201 if status == 400 else "漏评一个点"

    page = as_office.post(f"/inspections/quarterly/{row.pk}/reopen/", sent(version, reason=reason))

    assert (page.status_code, page.context["recall"]["reason"].value()) == (status, reason)
    assert Round.objects.get().state == "closed"


def test_deleting_a_round_asks_first_and_names_its_stops(as_office):
    row = planned()

    page = as_office.get(f"/inspections/quarterly/{row.pk}/discard/").content.decode()

    assert "一并删去路线上的 1 个观摩点" in page
    assert row.stops.get().plan.project.name in page
    assert Round.objects.exists()


def test_the_second_submit_of_a_deletion_says_that_it_is_done(as_office):
    row, fields = planned(), sent()

    answers = [as_office.post(f"/inspections/quarterly/{row.pk}/discard/", fields, follow=True) for _ in range(2)]

    assert [said(answer) for answer in answers] == [["已删去“二季度观摩”。"], ["这次观摩已经删去。"]]
    assert not Round.objects.exists()


def test_a_stale_deletion_of_a_round_is_a_409(as_office):
    row = planned()

    assert as_office.post(f"/inspections/quarterly/{row.pk}/discard/", sent(2)).status_code == 409
    assert Round.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"version": 1, "form_key": "x"}])
def test_a_deletion_without_its_keys_deletes_nothing(as_office, fields):
    row, meeting = planned(), matters_made.meeting("open", TODAY)

    statuses = [
        as_office.post(f"/inspections/quarterly/{row.pk}/discard/", fields).status_code,
        as_office.post(f"/inspections/monthly/{meeting.pk}/discard/", fields).status_code,
    ]

    assert (statuses, Round.objects.count(), Meeting.objects.count()) == ([400, 302], 1, 1)


def test_a_round_that_is_open_has_no_page_to_delete_it(as_office):
    row = rounds_made.round_("open")

    page = as_office.get(f"/inspections/quarterly/{row.pk}/discard/", follow=True)

    assert said(page) == ["这次观摩进行中，不能删去。"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_others_take_no_round_back(client, role, step):
    row = STEPS[step]()
    client.force_login(factories.user(role))

    answer = client.post(f"/inspections/quarterly/{row.pk}/{step}/", sent(reason="漏评"))

    assert answer.status_code == (403 if role == "auditor" else 404)
    assert Round.objects.get().row_version == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_round_of_another_county_is_not_there(client, step):
    row = STEPS[step]()
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    assert client.post(f"/inspections/quarterly/{row.pk}/{step}/", sent(reason="漏评")).status_code == 404


@pytest.mark.parametrize("step", ["take-back", "reopen"])
def test_taking_back_is_posted(as_office, step):
    row = STEPS[step]()

    assert as_office.get(f"/inspections/quarterly/{row.pk}/{step}/").status_code == 405


def test_deleting_a_round_takes_as_many_queries_for_many_stops(as_office):
    counts = []
    for stops in (1, 3):
        row = planned(stops)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_office.get(f"/inspections/quarterly/{row.pk}/discard/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Meetings


def test_a_meeting_without_matters_is_deleted_from_its_page(as_office):
    row, fields = matters_made.meeting("open", TODAY, title="五月会议"), sent()
    page = as_office.get(f"/inspections/monthly/{row.pk}/").content.decode()

    answers = [as_office.post(f"/inspections/monthly/{row.pk}/discard/", fields, follow=True) for _ in range(2)]

    assert f"/inspections/monthly/{row.pk}/discard/" in page
    assert [said(answer) for answer in answers] == [["已删去“五月会议”。"], ["这次会议已经删去。"]]


def test_a_meeting_with_matters_offers_no_deletion_and_refuses_it(as_office):
    row = matters_made.meeting("open", TODAY)
    matters_made.matter(row)
    page = as_office.get(f"/inspections/monthly/{row.pk}/").content.decode()

    answer = as_office.post(f"/inspections/monthly/{row.pk}/discard/", sent(), follow=True)

    assert "/discard/" not in page
    assert said(answer) == ["这次会议已有 1 项议定事项，不能删去。请先逐项删去事项，或修改会议。"]


def test_a_stale_deletion_of_a_meeting_is_a_409(as_office):
    row = matters_made.meeting("open", TODAY)

    assert as_office.post(f"/inspections/monthly/{row.pk}/discard/", sent(2)).status_code == 409
    assert Meeting.objects.exists()


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_others_delete_no_meeting(client, role):
    row = matters_made.meeting("open", TODAY)
    client.force_login(factories.user(role))

    assert client.post(f"/inspections/monthly/{row.pk}/discard/", sent()).status_code == (
        403 if role == "auditor" else 404
    )


# Matters and letters


@pytest.mark.parametrize(("verb", "state", "after"), [("reopen", "done", "open"), ("revoke", "open", "revoked")])
def test_a_matter_is_taken_back_from_its_page(as_office, verb, state, after):
    row = matters_made.matter(state=state)
    page = as_office.get(f"/inspections/matters/{row.pk}/")

    as_office.post(f"/inspections/matters/{row.pk}/{verb}/", sent(reason="误点"))

    assert verb in [form.verb.value for form in page.context["forms"]]
    assert Matter.objects.get().state == after


def test_a_unit_is_not_offered_to_take_matters_back(client):
    row = matters_made.matter(state="done")
    client.force_login(factories.user("reporter", unit=row.unit))

    page = client.get(f"/inspections/matters/{row.pk}/")
    answer = client.post(f"/inspections/matters/{row.pk}/reopen/", sent(reason="误点"))

    assert (page.context["forms"], answer.status_code) == ([], 404)


def test_revoked_matters_have_a_tab_of_their_own(as_office):
    row = matters_made.matter(state="revoked")
    matters_made.matter(row.meeting, row.unit)

    page = as_office.get("/inspections/matters/?state=revoked")

    assert [shown.matter for shown in page.context["rows"]] == [row]


def test_a_meetings_numbers_are_those_of_the_lists_that_they_lead_to(as_office):
    meeting = matters_made.meeting()
    for state in ("done", "dropped", "revoked", "open"):
        matters_made.matter(meeting, factories.unit(), state)

    page = as_office.get("/inspections/monthly/")

    row = page.context["meetings"][0]
    rows = {
        state: as_office.get(f"/inspections/matters/?scope=all&state={state}&origin=m{meeting.pk}").context["rows"]
        for state in ("all", "done", "overdue")
    }
    assert (row.total, row.done, row.overdue) == tuple(map(len, rows.values())) == (4, 1, 1)


@pytest.fixture
def letter(office):
    return letters_made.issued(office, letters_made.red_plan(factories.unit("水利局")))


@pytest.fixture
def void(office, letter):
    return letters.void(by=office, letter=letter, version=letter.row_version, reason="发错单位")


def test_a_letter_is_made_void_from_its_page(as_office, letter):
    shown = as_office.get(f"/inspections/letters/{letter.pk}/")

    fields = sent(letter.row_version, reason="发错单位")
    page = as_office.post(f"/inspections/letters/{letter.pk}/void/", fields, follow=True)

    assert "void" in [form.verb.value for form in shown.context["forms"]]
    assert "这份文书已于 2024-05-31 作废，编号不再使用。原因：发错单位" in page.content.decode()
    assert page.context["parts"].void == "本件已于2024年5月31日作废"
    assert page.context["forms"] == []


def test_its_unit_still_reads_a_void_letter(client, void):
    client.force_login(factories.user("reporter", unit=void.unit))

    page = client.get("/inspections/letters/?state=void")

    assert [row.letter for row in page.context["listing"].rows] == [void]
    assert client.get(f"/inspections/letters/{void.pk}/").context["clock"].words == "已作废"


def test_both_documents_of_a_void_letter_say_so_above_the_number(as_office, void):
    pdf = as_office.get(f"/inspections/letters/{void.pk}/letter.pdf")
    docx = as_office.get(f"/inspections/letters/{void.pk}/letter.docx")

    words = [paragraph.text for paragraph in Document(io.BytesIO(docx.getvalue())).paragraphs]
    lines = [paper.words(line) for line in paper.pages(pdf.getvalue())[0].body]
    assert words[:2] == ["【本件已于2024年5月31日作废】", void.document_number]
    assert "【本件已于2024年5月31日作废】" in lines
    assert void.document_number in lines


def test_a_letter_that_stands_says_nothing_of_it(as_office, letter):
    docx = as_office.get(f"/inspections/letters/{letter.pk}/letter.docx")

    assert Document(io.BytesIO(docx.getvalue())).paragraphs[0].text == letter.document_number
