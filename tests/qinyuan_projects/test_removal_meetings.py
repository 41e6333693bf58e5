"""Taking the demo out again: its meetings and matters leave nothing, those about the county's own projects stay."""

import datetime as dt

import pytest

from inspections.actions import matters, meetings
from inspections.models import Matter, MatterEvent, Meeting
from portfolio.models import ChangeSet
from qinyuan_projects.demo import removal
from tests import factories

pytestmark = pytest.mark.django_db
VALUES = {"title": "五月会议", "held_on": dt.date(2024, 5, 31), "chair": "主持人"}


@pytest.fixture
def office():
    factories.clock(2024, 5, 31, 10)
    return factories.user("office", is_demo=True)


def test_meetings_of_the_demo_leave_nothing(office):
    unit, project = factories.unit(is_demo=True), factories.project(is_demo=True)
    problem = factories.problem(project)
    meeting = meetings.create(by=office, values=VALUES)
    rows = [{"text": "一", "unit": unit, "problem": problem}, {"text": "二", "unit": unit}]
    matters.decide_all(by=office, meeting=meeting, rows=rows)
    meetings.issue(by=office, meeting=meeting, version=1)

    removal.remove()

    left = [Meeting, Meeting.history.model, Matter, Matter.history.model, MatterEvent, ChangeSet]
    assert {model.__name__ for model in left if model.objects.exists()} == set()


def test_a_meeting_with_a_matter_of_the_countys_own_stays(office):
    own = factories.project()
    meeting = meetings.create(by=office, values=VALUES)
    rows = [
        {"text": "一", "unit": factories.unit(), "project": project}
        for project in (own, factories.project(is_demo=True))
    ]
    kept, _ = matters.decide_all(by=office, meeting=meeting, rows=rows)

    removal.remove()

    assert (list(Meeting.objects.all()), list(Matter.objects.all())) == ([meeting], [kept])


def test_a_matter_of_the_countys_own_that_names_a_demo_unit_holds_it(office):
    meeting = meetings.create(by=office, values=VALUES)
    values = {"text": "完成征地", "unit": factories.unit(is_demo=True), "project": factories.project()}
    matters.decide(by=office, meeting=meeting, values=values)

    with pytest.raises(removal.CannotRemove) as refused:
        removal.remove()

    assert "“五月会议”的事项“完成征地”" in str(refused.value)
