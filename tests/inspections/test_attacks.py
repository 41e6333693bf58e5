"""What somebody sends who means ill: forms replayed elsewhere, and texts that no document can hold."""

import uuid

import pytest

from inspections.models import Matter, Meeting, Round
from tests import factories
from tests.inspections import matter_factories

pytestmark = pytest.mark.django_db
MEETING = {"title": "五月会议", "held_on": "2024-05-20", "chair": "县领导"}


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 30, 12)


@pytest.fixture
def spent(office_client):
    """The key of a form that has been sent."""
    key = str(uuid.uuid4())
    office_client.post("/inspections/monthly/new/", {**MEETING, "form_key": key})
    return key


# The key of one form, sent with another


def test_a_spent_key_begins_no_round(office_client, spent):
    form = {"title": "观摩", "year": "2024", "quarter": "2", "starts_on": "2024-05-30", "ends_on": "2024-05-30"}

    answer = office_client.post("/inspections/quarterly/new/", {**form, "version": "1", "form_key": spent})

    assert (answer.status_code, Round.objects.count()) == (400, 0)


def test_a_spent_key_closes_no_matter(office_client, spent):
    matter = matter_factories.matter()

    answer = office_client.post(
        f"/inspections/matters/{matter.pk}/close/", {"text": "已核验", "version": "1", "form_key": spent}
    )

    matter.refresh_from_db()
    assert (answer.status_code, matter.state) == (400, "open")


def test_a_spent_key_decides_nothing(office_client, spent):
    factories.unit("水利局")
    meeting = Meeting.objects.get()
    line = {"m0-text": "清理便道", "m0-unit": "水利局", "m0-deadline": "2024-06-10"}

    answer = office_client.post(f"/inspections/monthly/{meeting.pk}/matters/", {**line, "rows": "1", "form_key": spent})

    assert (answer.status_code, Matter.objects.count()) == (400, 0)
