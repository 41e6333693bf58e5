"""Taking the demo out again: checks and stops go with their plans, the county's own lists and rounds stay."""

import uuid
from decimal import Decimal

import pytest

from inspections.actions import checklists as checklist_actions
from inspections.actions import checks, scoring
from inspections.actions import rounds as round_actions
from inspections.actions.checks import Given
from inspections.actions.rounds import Leg
from inspections.checklists import DEFAULTS, Question
from inspections.models import (
    CheckAnswer,
    Checklist,
    Criterion,
    Finding,
    Judge,
    Look,
    Round,
    ScoreSheet,
    SitePhoto,
    Stop,
    SupervisionCheck,
)
from portfolio.models import ChangeSet, Problem, Project
from qinyuan_projects.demo import removal
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import round_factories as made

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


def inspected(office, judge, *plans):
    """An open round of these plans, with a score, a photo and a problem at the first of them."""
    values = {"year": 2024, "quarter": 2, "title": "二季度观摩", "starts_on": "2024-05-28", "ends_on": "2024-05-31"}
    row = round_actions.create(by=office, values=values | {"words": ""})
    row = round_actions.set_route(by=office, round_=row, version=1, legs=[Leg(plan) for plan in plans])
    row = round_actions.set_judges(by=office, round_=row, version=2, users=[judge])
    row = round_actions.open_(by=office, round_=row, version=3)
    stop = row.stops.first()
    points = {criterion.pk: Decimal(1) for criterion in row.criteria.all()}
    scoring.score(by=judge, stop=stop, version=0, points=points)
    scoring.add_photo(by=judge, stop=stop, upload=looks.photo_file(), upload_key=uuid.uuid4())
    problem = {"kind": "safety", "measure": "整改", "deadline": office.county.business_today()}
    scoring.add_finding(by=judge, stop=stop, kind="defect", text="无防护", problem=problem)
    return row


def test_rounds_of_the_demo_leave_nothing(inspector, tmp_path, settings, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    inspected(factories.user("office", is_demo=True), inspector, factories.plan_under_way(project__is_demo=True))

    with django_capture_on_commit_callbacks(execute=True):
        removal.remove()

    left = [Round, Criterion, Stop, Judge, ScoreSheet, Finding, SitePhoto, Problem, ChangeSet]
    left += [model.history.model for model in (Round, Stop, ScoreSheet)]
    assert {model.__name__ for model in left if model.objects.exists()} == set()
    assert list(tmp_path.rglob("*.jpg")) == []


def test_a_round_that_goes_to_other_projects_too_stays_with_them(inspector):
    own = factories.plan_under_way()
    demo = factories.plan_under_way(project__is_demo=True)
    row = made.round_("open")
    made.judge(row)
    for plan in (own, demo):
        made.stop(row, plan=plan)

    removal.remove()

    assert [stop.plan for stop in Round.objects.get().stops.all()] == [own]


def test_a_demo_account_that_judges_other_projects_is_named(inspector):
    row = made.round_("open", title="二季度观摩")
    made.judge(row, inspector)
    made.stop(row, plan=factories.plan_under_way())

    with pytest.raises(removal.CannotRemove) as refused:
        removal.remove()

    assert "“二季度观摩”的评委“督查员”" in str(refused.value)
