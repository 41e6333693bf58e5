"""A visit is noted once by who may, leaves its trace, and can be taken out again."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from portfolio.actions import visits
from portfolio.models import ChangeSet, Leader, Visit
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 5, 20)


def note(by, leader, project, **fields):
    fields = {"day": DAY, "words": "看了现场。", "form_key": uuid.uuid4()} | fields
    return visits.record_visit(by=by, leader=leader, project=project, **fields)


def test_visit_is_noted_with_its_audit_entry_and_moves_the_data_version(county, office):
    leader, project = factories.leader("县领导甲"), factories.project("污水厂")
    before = county.data_version

    visit = note(office, leader, project, words=" 看了现场。 ")

    county.refresh_from_db()
    assert (visit.day, visit.words, visit.noted_by) == (DAY, "看了现场。", office)
    assert county.data_version == before + 1
    assert AuditEntry.objects.get().summary == "记走访：县领导甲 2024-05-20 走访污水厂：看了现场。"


def test_the_same_form_twice_notes_one_visit(office):
    leader, project, key = factories.leader(), factories.project(), uuid.uuid4()

    assert note(office, leader, project, form_key=key) is not None
    assert note(office, leader, project, form_key=key) is None
    assert (Visit.objects.count(), ChangeSet.objects.count()) == (1, 1)


def test_a_leader_notes_own_visits_and_nobody_elses(county):
    account = factories.user("leader")
    own, other = factories.leader(user=account), factories.leader()

    assert note(account, own, factories.project()).leader == own
    with pytest.raises(Leader.DoesNotExist):
        note(account, other, factories.project())


@pytest.mark.parametrize("role", ["reporter", "inspector", "auditor", "sysadmin"])
def test_others_note_no_visit(county, role):
    with pytest.raises(Leader.DoesNotExist):
        note(factories.user(role), factories.leader(), factories.project())

    assert Visit.objects.count() == 0


def test_a_leader_of_another_county_is_out_of_reach(office):
    abroad = factories.leader(county=factories.county("140430", "邻县"))

    with pytest.raises(Leader.DoesNotExist):
        note(office, abroad, factories.project())


def test_a_deleted_visit_is_gone_and_its_words_stay_in_the_audit_trail(office):
    visit = factories.visit(factories.leader("县领导甲"), factories.project("污水厂"), DAY, words="写错了")

    visits.delete_visit(by=office, visit=visit)

    assert Visit.objects.count() == 0
    assert AuditEntry.objects.get().summary == "删除走访：县领导甲 2024-05-20 走访污水厂：写错了"


def test_a_visit_is_deleted_once_and_only_by_who_may_note_it(office):
    visit = factories.visit(factories.leader(), factories.project())

    with pytest.raises(Visit.DoesNotExist):
        visits.delete_visit(by=factories.user("leader"), visit=visit)
    visits.delete_visit(by=office, visit=visit)
    with pytest.raises(Visit.DoesNotExist):
        visits.delete_visit(by=office, visit=visit)

    assert AuditEntry.objects.count() == 1
