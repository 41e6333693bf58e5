"""Two officials act at the same moment: numbers run on without a hole, who comes second finds what the first left."""

import datetime as dt

import pytest
from django.db import connection, transaction

from inspections.actions import letters, matters, meetings, reports, rounds
from inspections.actions.letter_writing import Refused
from inspections.models import IssuedReport, Letter, Matter, Meeting, Round
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories
from tests.inspections import letter_factories, matter_factories, report_factories
from tests.inspections import round_factories as rounds_made
from tests.portfolio.test_writing_at_once import meanwhile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def officials():
    factories.clock(2024, 5, 31, 10)
    return factories.user("office"), factories.user("office")


def red_plan(name):
    return letter_factories.red_plan(factories.unit(), name)


def issue(by, letter):
    letters.issue(by=by, letter=letter, version=letter.row_version)


def numbers():
    return sorted(Letter.objects.issued().values_list("number", flat=True))


# Letters


def test_two_letters_issued_at_once_take_one_number_after_the_other(officials):
    first, second = officials
    letter_factories.issued(first, red_plan("早先的"))
    drafts = [letter_factories.drafted(first, red_plan(name)) for name in ("甲", "乙")]

    raised = meanwhile(lambda: issue(first, drafts[0]), lambda: issue(second, drafts[1]))

    assert raised is None
    assert numbers() == [1, 2, 3]
    assert [Letter.objects.get(pk=draft.pk).number for draft in drafts] == [2, 3]


def test_an_issuing_that_is_given_up_leaves_no_hole(officials):
    first, second = officials
    drafts = [letter_factories.drafted(first, red_plan(name)) for name in ("甲", "乙")]

    raised = meanwhile(
        lambda: issue(first, drafts[0]), lambda: issue(second, drafts[1]), then=lambda: transaction.set_rollback(True)
    )

    assert raised is None
    assert list(Letter.objects.issued().values_list("pk", "number")) == [(drafts[1].pk, 1)]


def test_the_same_letter_issued_by_two_has_one_number(officials):
    first, second = officials
    draft = letter_factories.drafted(first, red_plan("甲"))

    raised = meanwhile(lambda: issue(first, draft), lambda: issue(second, draft))

    assert isinstance(raised, changes.StaleRow)
    assert numbers() == [1]


def test_a_void_letter_and_the_next_one_at_once_share_no_number(officials):
    first, second = officials
    mistaken = letter_factories.issued(first, red_plan("甲"))
    draft = letter_factories.drafted(first, red_plan("乙"))

    def void():
        letters.void(by=first, letter=mistaken, version=mistaken.row_version, reason="发错单位")

    raised = meanwhile(void, lambda: issue(second, draft))

    assert raised is None
    assert numbers() == [1, 2]


def the_one(raised, **letter):
    """The only letter of the kind, and what was said to who came second."""
    return isinstance(raised, Refused), raised and raised.standing, Letter.objects.get(**letter)


def test_two_drafts_about_one_matter_at_once_are_one(officials):
    unit = factories.unit()
    matter = letter_factories.late_matter(unit.county, unit)

    raised = meanwhile(*(lambda by=by: letters.draft(by=by, what="matter", row=matter) for by in officials))

    is_refused, standing, letter = the_one(raised)
    assert (is_refused, standing, letter.kind) == (True, letter, "reminder")


def test_two_raise_a_letter_at_once_to_one_order(officials):
    before = letter_factories.unsettled(officials[0], letter_factories.issued(officials[0], red_plan("甲")))

    def rise(by):
        letters.raise_further(by=by, letter=before, version=before.row_version)

    raised = meanwhile(lambda: rise(officials[0]), lambda: rise(officials[1]))

    is_refused, _, order = the_one(raised, kind="order")
    assert (is_refused, order.raises) == (True, before)


def test_a_reminder_and_an_order_about_one_project_at_once_are_one(officials):
    plan = red_plan("甲")
    before = letter_factories.unsettled(officials[0], letter_factories.issued(officials[0], plan))

    raised = meanwhile(
        lambda: letters.draft(by=officials[0], what="plan", row=plan),
        lambda: letters.raise_further(by=officials[1], letter=before, version=before.row_version),
    )

    is_refused, standing, draft = the_one(raised, state="draft")
    assert (is_refused, standing, draft.kind) == (True, draft, "reminder")


# Matters and meetings


def test_two_officials_close_a_matter_once(officials):
    matter = matter_factories.matter()

    def close(by):
        matters.close(by=by, matter=matter, version=1, text="现场核对")

    raised = meanwhile(lambda: close(officials[0]), lambda: close(officials[1]))

    assert isinstance(raised, changes.StaleRow)
    assert (Matter.objects.get().row_version, matter.events.count()) == (2, 1)


def test_a_matter_decided_while_its_meeting_is_deleted_comes_too_late(officials):
    first, second = officials
    meeting, unit = matter_factories.meeting("open", dt.date(2024, 5, 31)), factories.unit()

    raised = meanwhile(
        lambda: meetings.discard(by=first, meeting=meeting, version=1),
        lambda: matters.decide(by=second, meeting=meeting, values={"text": "完成征地", "unit": unit}),
    )

    assert isinstance(raised, Meeting.DoesNotExist)
    assert not Matter.objects.exists()


# Rounds


def test_two_officials_open_a_round_once(officials):
    row = rounds_made.round_("planned", criteria=rounds_made.DEFAULT_CRITERIA)
    rounds_made.stop(row)
    rounds_made.judge(row)

    raised = meanwhile(
        lambda: rounds.open_(by=officials[0], round_=row, version=1),
        lambda: rounds.open_(by=officials[1], round_=row, version=1),
    )

    assert isinstance(raised, changes.StaleRow)
    assert (Round.objects.get().state, ChangeSet.objects.count()) == ("open", 1)


# Reports


def test_two_officials_issue_a_report_once(officials, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report_factories.plans(1)
    given = {"kind": "quarterly", "year": 2024, "period": 2, "as_of": report_factories.DAY}

    raised = meanwhile(lambda: reports.issue(by=officials[0], **given), lambda: reports.issue(by=officials[1], **given))

    assert isinstance(raised, changes.StaleRow)
    assert list(IssuedReport.objects.values_list("version", "issued_by")) == [(1, officials[0].pk)]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3


def test_a_correction_and_another_at_once_make_one_version(officials, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    report_factories.plans(1)
    given = {"kind": "quarterly", "year": 2024, "period": 2, "as_of": report_factories.DAY}
    reports.issue(by=officials[0], **given)
    again = {**given, "version": 1, "correction": "更正投资额"}

    raised = meanwhile(lambda: reports.issue(by=officials[0], **again), lambda: reports.issue(by=officials[1], **again))

    assert isinstance(raised, changes.StaleRow)
    assert sorted(IssuedReport.objects.values_list("version", flat=True)) == [1, 2]
