"""Checks on site: begun, kept as drafts, handed in once, with a problem for every "no"; who may, twice, too late."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections.actions import checks as actions
from inspections.actions import pictures
from inspections.actions.checks import Given
from inspections.checklists import DEFAULTS, Question
from inspections.models import CheckAnswer, Checklist, Look, SitePhoto, SupervisionCheck
from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Problem
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db
QUESTIONS = (
    Question("safety", "安全生产是否到位", kind="safety", measure="立即整改", days=7),
    Question("problems", "问题是否整改", known_by="overdue_problems"),
)
WEEK_LATER = dt.date(2024, 5, 27)
NO = Given("no", "临边无防护", "加装防护栏", WEEK_LATER)
YES = Given("yes")


@pytest.fixture(autouse=True)
def at_noon(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(at_noon):
    return factories.user("inspector")


@pytest.fixture
def plan(at_noon):
    return factories.plan_under_way(factories.unit("水利局"), project__name="河道治理")


@pytest.fixture
def draft(inspector, plan):
    looks.checklist(questions=QUESTIONS)
    return actions.start(by=inspector, plan=plan)


def hand_in(by, check, safety=NO, problems=YES, **values):
    usual = {"version": check.row_version, "words": " 总体正常 ", "given": {"safety": safety, "problems": problems}}
    return actions.hand_in(by=by, check=check, **usual | values)


# Beginning


def test_a_check_begins_with_the_list_in_force_of_the_projects_stage(inspector, plan):
    looks.checklist("registration")
    looks.checklist(version=1)
    second = looks.checklist(version=2, since=dt.date(2024, 5, 20), questions=QUESTIONS)
    looks.checklist(version=3, since=dt.date(2024, 5, 21))

    check = actions.start(by=inspector, plan=plan)

    kept = SupervisionCheck.objects.get()
    assert (kept, kept.plan, kept.checklist, kept.state, kept.day) == (check, plan, second, "draft", looks.TODAY)
    assert AuditEntry.objects.get().summary == "河道治理：开始看进展督导"
    assert kept.history_records.get().change_set.kind == ChangeSet.Kind.INSPECTION


def test_the_first_check_stores_the_default_list(inspector, plan):
    check = actions.start(by=inspector, plan=plan)

    stored = Checklist.objects.get()
    assert (check.checklist, stored.look, stored.version, stored.since) == (stored, "progress", 1, looks.TODAY)
    keys = list(stored.items.values_list("key", flat=True))
    assert keys == [question.key for question in DEFAULTS[Look.PROGRESS]]


def test_starting_again_opens_the_same_draft(inspector, plan, draft):
    factories.clock(2024, 5, 22, 9)

    assert actions.start(by=inspector, plan=plan) == draft
    assert SupervisionCheck.objects.count() == 1


def test_a_second_check_of_the_same_day_is_refused(inspector, plan, draft):
    hand_in(inspector, draft)

    with pytest.raises(actions.Refused) as refused:
        actions.start(by=inspector, plan=plan)

    assert str(refused.value).startswith("您今天（2024-05-20）已提交过“河道治理”的督导")


def test_the_next_day_has_a_check_of_its_own(inspector, plan, draft):
    hand_in(inspector, draft)
    factories.clock(2024, 5, 21, 9)

    assert actions.start(by=inspector, plan=plan).day == dt.date(2024, 5, 21)


@pytest.mark.parametrize("role", ["reporter", "leader", "auditor", "sysadmin"])
def test_nobody_else_starts_a_check(role, plan):
    with pytest.raises(AnnualPlan.DoesNotExist):
        actions.start(by=factories.user(role), plan=plan)

    assert not SupervisionCheck.objects.exists()


def test_a_plan_of_another_county_is_not_found(inspector):
    other = factories.county("140423", "襄垣县")
    plan = factories.plan(project__county=other, project__stage="building")

    with pytest.raises(AnnualPlan.DoesNotExist):
        actions.start(by=inspector, plan=plan)


def test_a_plan_that_left_the_plan_table_is_not_checked(inspector):
    plan = factories.plan_under_way(state="removed", state_reason="不再实施")

    with pytest.raises(AnnualPlan.DoesNotExist):
        actions.start(by=inspector, plan=plan)


# Drafts


def test_a_draft_keeps_what_is_filled_in_so_far(inspector, draft):
    given = {"safety": Given("", "看了东侧"), "unknown": YES}

    actions.save(by=inspector, check=draft, version=1, words=" 先记一笔 ", given=given)

    draft.refresh_from_db()
    answer = draft.answers.get()
    assert (draft.words, draft.state, draft.row_version) == ("先记一笔", "draft", 2)
    assert (answer.item.key, answer.answer, answer.words) == ("safety", "", "看了东侧")
    assert not Problem.objects.exists()


def test_saving_again_replaces_the_answers(inspector, draft):
    actions.save(by=inspector, check=draft, version=1, words="", given={"safety": NO, "problems": YES})

    actions.save(by=inspector, check=draft, version=2, words="", given={"safety": YES})

    assert list(draft.answers.values_list("item__key", "answer")) == [("safety", "yes")]


def test_a_stale_draft_is_refused(inspector, draft):
    actions.save(by=inspector, check=draft, version=1, words="新", given={})

    with pytest.raises(changes.StaleRow):
        actions.save(by=inspector, check=draft, version=1, words="旧", given={})

    draft.refresh_from_db()
    assert draft.words == "新"


def test_the_same_form_saves_once(inspector, draft):
    key = uuid.uuid4()

    for _ in range(2):
        actions.save(by=inspector, check=draft, version=1, words="", given={"safety": YES}, form_key=key)

    draft.refresh_from_db()
    assert (draft.row_version, draft.answers.count()) == (2, 1)


@pytest.mark.parametrize("role", ["office", "inspector", "reporter", "auditor"])
@pytest.mark.parametrize("step", [actions.save, actions.hand_in])
def test_a_draft_is_its_inspectors_alone(role, step, draft):
    with pytest.raises(SupervisionCheck.DoesNotExist):
        step(by=factories.user(role), check=draft, version=1, words="", given={"safety": YES, "problems": YES})

    draft.refresh_from_db()
    assert (draft.state, draft.row_version) == ("draft", 1)


def test_text_that_is_too_long_is_refused(inspector, draft):
    with pytest.raises(actions.Refused) as refused:
        actions.save(by=inspector, check=draft, version=1, words="", given={"safety": Given("yes", "长" * 501)})

    assert refused.value.errors == {"safety": "“情况说明”有 501 字，超过 500 字，请缩短。"}


def test_a_discarded_draft_leaves_no_photo(inspector, draft, tmp_path, django_capture_on_commit_callbacks):
    actions.add_photo(by=inspector, check=draft, upload=looks.photo_file())
    actions.save(by=inspector, check=draft, version=1, words="", given={"safety": YES})

    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(by=inspector, check=draft, version=2)

    assert (SupervisionCheck.objects.count(), CheckAnswer.objects.count(), SitePhoto.objects.count()) == (0, 0, 0)
    assert list(tmp_path.rglob("*.jpg")) == []
    assert AuditEntry.objects.order_by("pk").last().summary == "河道治理：删去看进展督导草稿"


# Handing in


def test_a_no_becomes_a_problem_with_measure_and_deadline(inspector, plan, draft):
    hand_in(inspector, draft)

    draft.refresh_from_db()
    answers = {answer.item.key: answer for answer in draft.answers.select_related("item", "problem")}
    problem = Problem.objects.get()
    assert (draft.state, draft.words, draft.submitted_at) == ("done", "总体正常", plan.county.business_now())
    assert (answers["safety"].problem, answers["problems"].problem) == (problem, None)
    assert answers["problems"].known == "没有逾期的问题"
    assert (problem.project, problem.text, problem.kind, problem.source) == (
        plan.project,
        "安全生产是否到位：否。临边无防护",
        "safety",
        "site",
    )
    assert (problem.measure, problem.deadline, problem.state) == ("加装防护栏", WEEK_LATER, "raised")
    assert AuditEntry.objects.order_by("pk").last().summary == "河道治理：提交看进展督导，1 项为否"


def test_the_offices_check_assigns_its_problems(plan):
    office = factories.user("office")
    looks.checklist(questions=QUESTIONS)

    hand_in(office, actions.start(by=office, plan=plan))

    assert Problem.objects.get().state == "assigned"


def test_the_same_form_hands_in_once(inspector, draft):
    key = uuid.uuid4()

    for _ in range(2):
        hand_in(inspector, draft, version=1, form_key=key)

    assert (Problem.objects.count(), CheckAnswer.objects.count()) == (1, 2)


def test_what_was_handed_in_is_closed(inspector, draft):
    hand_in(inspector, draft)

    for step in (actions.save, actions.hand_in):
        with pytest.raises(actions.Refused) as refused:
            step(by=inspector, check=draft, version=2, words="改", given={"safety": YES, "problems": YES})
        assert str(refused.value) == actions.CLOSED

    draft.refresh_from_db()
    assert (draft.words, Problem.objects.count()) == ("总体正常", 1)


def test_every_question_needs_an_answer(inspector, draft):
    with pytest.raises(actions.Refused) as refused:
        hand_in(inspector, draft, safety=Given("maybe"), problems=Given())

    assert refused.value.errors == dict.fromkeys(("safety", "problems"), "请选择“是”“否”或“不涉及”。")
    assert (draft.answers.count(), Problem.objects.count()) == (0, 0)


@pytest.mark.parametrize("given", [Given("no", "x", "", WEEK_LATER), Given("no", "x", "整改", None)])
def test_a_no_needs_measure_and_deadline(inspector, draft, given):
    with pytest.raises(actions.Refused) as refused:
        hand_in(inspector, draft, safety=given)

    assert refused.value.errors == {"safety": "选“否”的，请填写措施和整改时限。"}


def test_a_deadline_in_the_past_is_refused_and_writes_nothing(inspector, draft):
    given = Given("no", "x", "整改", dt.date(2024, 5, 19))

    with pytest.raises(actions.Refused) as refused:
        hand_in(inspector, draft, safety=given)

    assert set(refused.value.errors) == {"safety"}
    draft.refresh_from_db()
    assert (draft.state, draft.answers.count(), Problem.objects.count()) == ("draft", 0, 0)


def test_a_no_that_stands_open_is_the_same_problem(inspector, plan, draft):
    hand_in(inspector, draft)
    factories.clock(2024, 5, 22, 9)
    again = actions.start(by=inspector, plan=plan)

    hand_in(inspector, again, safety=Given("no", "仍未加装"))

    problem = Problem.objects.get()
    assert [answer.problem for answer in CheckAnswer.objects.filter(answer="no")] == [problem, problem]


def test_a_no_after_closing_out_is_a_new_problem(inspector, plan, draft):
    hand_in(inspector, draft)
    Problem.objects.update(state="closed", closed_on=dt.date(2024, 5, 21))
    factories.clock(2024, 5, 22, 9)

    hand_in(inspector, actions.start(by=inspector, plan=plan))

    assert Problem.objects.count() == 2


def test_a_handed_in_check_takes_and_loses_no_photo(inspector, draft):
    photo = actions.add_photo(by=inspector, check=draft, upload=looks.photo_file())
    hand_in(inspector, draft)

    with pytest.raises(pictures.Refused):
        actions.add_photo(by=inspector, check=draft, upload=looks.photo_file(1))
    with pytest.raises(pictures.Refused):
        actions.delete_photo(by=inspector, photo=photo)

    assert list(draft.photos.all()) == [photo]
