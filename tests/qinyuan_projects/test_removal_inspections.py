"""Taking the demo out again: checks on site go with their plans, the county's own lists of questions stay."""

import uuid

import pytest

from inspections.actions import checklists as checklist_actions
from inspections.actions import checks
from inspections.actions.checks import Given
from inspections.checklists import DEFAULTS, Question
from inspections.models import CheckAnswer, Checklist, Look, SitePhoto, SupervisionCheck
from portfolio.models import ChangeSet, Problem, Project
from qinyuan_projects.demo import removal
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector():
    factories.clock(2024, 5, 31, 10)
    return factories.user("inspector", is_demo=True)


def handed_in(by, plan):
    check = checks.start(by=by, plan=plan)
    checks.add_photo(by=by, check=check, upload=looks.photo_file())
    no = Given("no", "不符", "整改", check.day)
    given = {question.key: no for question in DEFAULTS[Look.PROGRESS]}
    return checks.hand_in(by=by, check=check, version=1, words="", given=given, form_key=uuid.uuid4())


def test_checks_of_the_demo_leave_nothing(inspector, tmp_path, settings, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    handed_in(inspector, factories.plan_under_way(project__is_demo=True))

    with django_capture_on_commit_callbacks(execute=True):
        removal.remove()

    left = [SupervisionCheck, SupervisionCheck.history.model, CheckAnswer, SitePhoto, Checklist, Problem, ChangeSet]
    assert {model.__name__ for model in left if model.objects.exists()} == set()
    assert list(tmp_path.rglob("*.jpg")) == []


def test_checks_of_other_projects_and_lists_made_by_hand_stay(inspector, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    own = factories.plan_under_way()
    handed_in(inspector, factories.plan_under_way(project__is_demo=True))
    kept = handed_in(factories.user("inspector"), own)
    checklist_actions.set_checklist(
        by=factories.user("office"),
        county=own.county,
        look=Look.EFFECT,
        questions=(Question("", "有无欠薪"),),
        since=own.county.business_today(),
        words="会议要求",
        form_key=uuid.uuid4(),
    )

    _, stays = removal.remove()

    assert (SupervisionCheck.objects.get(), Project.objects.get()) == (kept, own.project)
    assert stays["版四看清单"] == Checklist.objects.count() == 2
