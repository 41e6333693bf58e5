"""Meetings of 一月一落实: prepared, corrected, issued for good; who may, twice, and too late."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections import matters as reading
from inspections.actions import matters as matter_actions
from inspections.actions import meetings as actions
from inspections.actions.matters import Refused
from inspections.models import Matter, Meeting
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories
from tests.inspections import matter_factories as made

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)
VALUES = {"title": " 五月月落实会议 ", "held_on": TODAY, "place": "二楼会议室", "chair": "主持人"}


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def meeting(at_noon):
    return made.meeting("open", TODAY, title="五月月落实会议")


def test_a_meeting_is_prepared(office):
    meeting = actions.create(by=office, values=VALUES)

    kept = Meeting.objects.get()
    assert (kept, kept.title, kept.state, kept.year, kept.month) == (meeting, "五月月落实会议", "open", 2024, 5)
    assert AuditEntry.objects.get().summary == "五月月落实会议：筹备会议"
    assert kept.history_records.get().change_set.kind == ChangeSet.Kind.INSPECTION


def test_the_same_form_prepares_one_meeting(office):
    key = uuid.uuid4()

    first, second = (actions.create(by=office, values=VALUES, form_key=key) for _ in range(2))

    assert (first, Meeting.objects.count()) == (second, 1)


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_only_the_office_writes_meetings(role, meeting):
    user = factories.user(role)

    with pytest.raises(Meeting.DoesNotExist):
        actions.create(by=user, values=VALUES)
    with pytest.raises(Meeting.DoesNotExist):
        actions.edit(by=user, meeting=meeting, version=1, values={"place": "别处"})
    with pytest.raises(Meeting.DoesNotExist):
        actions.issue(by=user, meeting=meeting, version=1)

    assert ChangeSet.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"chair": " "}, "“主持人”：此字段不能为空。"),
        ({"words": "长" * 5001}, "“会议议定概要”有 5001 字，超过 5000 字，请缩短。"),
    ],
)
def test_a_meeting_that_cannot_be_kept_is_refused(office, values, sentence):
    with pytest.raises(Refused) as refused:
        actions.create(by=office, values=VALUES | values)

    assert (str(refused.value), Meeting.objects.count()) == (sentence, 0)


def test_matters_move_along_with_the_day(office, meeting):
    matter = made.matter(meeting)

    actions.edit(by=office, meeting=meeting, version=1, values={"held_on": dt.date(2024, 5, 22)})

    matter.refresh_from_db()
    assert (matter.decided_on, matter.deadline) == (dt.date(2024, 5, 22), dt.date(2024, 5, 27))


def test_a_day_after_a_matters_deadline_is_refused(office, meeting):
    matter = made.matter(meeting)

    with pytest.raises(Refused) as refused:
        actions.edit(by=office, meeting=meeting, version=1, values={"held_on": dt.date(2024, 5, 28)})

    matter.refresh_from_db()
    assert str(refused.value).startswith("会议日期改为 2024-05-28 后，第 1 项的办结时限是 2024-05-27")
    assert matter.decided_on == TODAY


def test_an_edit_without_a_change_leaves_no_trace(office, meeting):
    actions.edit(by=office, meeting=meeting, version=1, values={"title": meeting.title})

    assert ChangeSet.objects.count() == 0


def test_an_edit_from_a_stale_page_is_refused(office, meeting):
    actions.edit(by=office, meeting=meeting, version=1, values={"place": "一楼"})

    with pytest.raises(changes.StaleRow):
        actions.edit(by=office, meeting=meeting, version=1, values={"place": "二楼"})


def test_issued_minutes_hand_out_the_matters_and_keep_how_those_before_stood(office, meeting):
    before = made.matter(made.meeting(held_on=dt.date(2024, 4, 10)), text="四月的事")
    matter = made.matter(meeting)

    actions.issue(by=office, meeting=meeting, version=1)
    matter_actions.close(by=office, matter=before, version=1, text="已办结")

    meeting.refresh_from_db()
    assert (meeting.state, meeting.closed_at) == ("closed", meeting.county.business_now())
    assert list(Matter.objects.open()) == [matter]
    kept = reading.opening(meeting, TODAY)
    assert [(one.text, one.group, one.standing) for one in kept] == [("四月的事", "overdue", "逾期 33 天")]
    assert AuditEntry.objects.order_by("pk").first().summary == "五月月落实会议：印发纪要，交办 1 项"


def test_minutes_are_issued_once(office, meeting):
    made.matter(meeting)
    key = uuid.uuid4()

    for _ in range(2):
        actions.issue(by=office, meeting=meeting, version=1, form_key=key)
    with pytest.raises(Refused):
        actions.issue(by=office, meeting=meeting, version=2)
    with pytest.raises(Refused):
        actions.edit(by=office, meeting=meeting, version=2, values={"place": "别处"})

    assert ChangeSet.objects.count() == 1


def test_minutes_without_a_matter_are_not_issued(office, meeting):
    with pytest.raises(Refused) as refused:
        actions.issue(by=office, meeting=meeting, version=1)

    assert str(refused.value) == "还没有议定事项，不能印发纪要。请先填写议定事项。"


@pytest.mark.parametrize(("held_on", "is_issued"), [(TODAY, True), (dt.date(2024, 5, 21), False)])
def test_minutes_are_issued_on_the_day_of_the_meeting_at_the_earliest(office, held_on, is_issued):
    meeting = made.meeting("open", held_on)
    made.matter(meeting)

    if is_issued:
        assert actions.issue(by=office, meeting=meeting, version=1).state == "closed"
    else:
        with pytest.raises(Refused):
            actions.issue(by=office, meeting=meeting, version=1)


def test_nobody_issues_in_another_county(meeting):
    neighbour = factories.user("office", county=factories.county("140430", "邻县"))

    with pytest.raises(Meeting.DoesNotExist):
        actions.issue(by=neighbour, meeting=meeting, version=1)
