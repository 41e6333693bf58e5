"""Scoring stops, and what is found at them: who may, within which bounds, twice, too late, two at once."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from inspections import rounds
from inspections.actions import rounds as round_actions
from inspections.actions import scoring as actions
from inspections.models import Finding, ScoreSheet, SitePhoto, Stop
from portfolio.actions import changes
from portfolio.models import ChangeSet, Problem
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import round_factories as made

pytestmark = pytest.mark.django_db
DEFECT = {"kind": "safety", "measure": "加装防护栏", "deadline": dt.date(2024, 5, 30)}


@pytest.fixture(autouse=True)
def at_noon(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(at_noon):
    return factories.user("inspector", name="督查员甲")


@pytest.fixture
def stop(inspector):
    row = made.round_("open", title="二季度观摩")
    made.judge(row, inspector)
    return made.stop(row, plan=factories.plan_under_way(factories.unit("水利局"), project__name="河道治理"))


def points(stop, *values):
    return {criterion.pk: Decimal(value) for criterion, value in zip(stop.round.criteria.all(), values, strict=True)}


def score(by, stop, *values, version=0, **more):
    return actions.score(by=by, stop=stop, version=version, points=points(stop, *(values or ("50", "30"))), **more)


def refusal(do, *args, **values):
    with pytest.raises(actions.Refused) as refused:
        do(*args, **values)
    return refused.value.errors


# Scores


def test_a_judge_scores_a_stop(inspector, stop):
    score(inspector, stop, "50.5", "30", words=" 进度快 ")

    kept = ScoreSheet.objects.get()
    assert (kept.stop, kept.judge.user, kept.words) == (stop, inspector, "进度快")
    assert list(kept.points.values()) == ["50.5", "30.0"]
    assert kept.scored_at == stop.round.county.business_now()
    assert kept.history_records.get().change_set.kind == ChangeSet.Kind.INSPECTION
    assert AuditEntry.objects.get().summary == "二季度观摩·河道治理：评分"


def test_a_judge_changes_the_own_score_while_the_round_is_open(inspector, stop):
    score(inspector, stop)

    score(inspector, stop, "60", "40", version=1)

    kept = ScoreSheet.objects.get()
    assert (rounds.total_of(kept), kept.row_version) == (Decimal("100.0"), 2)


@pytest.mark.parametrize("version", [0, 1])
def test_a_sheet_that_has_moved_on_is_stale(version, inspector, stop):
    score(inspector, stop)
    score(inspector, stop, "60", "40", version=1)

    with pytest.raises(changes.StaleRow):
        score(inspector, stop, "1", "1", version=version)

    assert rounds.total_of(ScoreSheet.objects.get()) == Decimal("100.0")


def test_the_same_form_scores_once(inspector, stop):
    key = uuid.uuid4()

    for _ in range(2):
        score(inspector, stop, form_key=key)

    assert (ScoreSheet.objects.get().row_version, ChangeSet.objects.count()) == (1, 1)


def test_two_judges_score_the_same_stop(inspector, stop):
    other = factories.user("leader")
    made.judge(stop.round, other)

    score(inspector, stop)
    score(other, stop)

    assert rounds.results(stop.round).rows[0].score == Decimal("80.00")


@pytest.mark.parametrize("role", ["office", "inspector", "leader", "reporter", "auditor", "sysadmin"])
def test_who_is_not_on_the_round_scores_nothing(role, stop):
    with pytest.raises(Stop.DoesNotExist):
        score(factories.user(role), stop)

    assert not ScoreSheet.objects.exists()


def test_a_judge_of_another_round_scores_nothing_here(inspector, stop):
    elsewhere = made.round_("open")
    foreign = made.stop(elsewhere)

    with pytest.raises(Stop.DoesNotExist):
        score(inspector, foreign)


def test_a_judge_without_the_right_any_more_scores_nothing(inspector, stop):
    inspector.role = "reporter"
    inspector.save()

    with pytest.raises(Stop.DoesNotExist):
        score(inspector, stop)


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_a_round_that_is_not_open_takes_nothing(state, inspector, stop):
    stop.round.state = state
    stop.round.save()

    told = {None: actions.STANDING[state]}
    assert refusal(score, inspector, stop) == told
    assert refusal(actions.add_finding, by=inspector, stop=stop, kind="strength", text="好") == told
    assert not ScoreSheet.objects.exists()
    assert not Finding.objects.exists()


def test_a_score_that_comes_after_closing_is_refused(office, inspector, stop):
    score(inspector, stop)
    round_actions.close(by=office, round_=stop.round, version=1)

    assert refusal(score, inspector, stop, "1", "1", version=1) == {None: actions.STANDING["closed"]}
    assert rounds.total_of(ScoreSheet.objects.get()) == Decimal("80.0")


@pytest.mark.parametrize("values", [("0", "40"), ("60", "0.1")])
def test_points_up_to_the_bounds_are_kept(values, inspector, stop):
    assert score(inspector, stop, *values).pk


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (("60.1", "40"), ["“进度”应在 0 到 60 分之间，请改正。"]),
        (("60", "-0.1"), ["“质量”应在 0 到 40 分之间，请改正。"]),
        (("NaN", "Infinity"), ["“进度”应在 0 到 60 分之间，请改正。", "“质量”应在 0 到 40 分之间，请改正。"]),
        (("50.55", "40"), ["“进度”最多一位小数，如 50.6。"]),
    ],
)
def test_points_out_of_bounds_are_refused(values, errors, inspector, stop):
    assert list(refusal(score, inspector, stop, *values).values()) == errors
    assert not ScoreSheet.objects.exists()


def test_every_criterion_is_scored_and_no_other(inspector, stop):
    first, second = stop.round.criteria.all()
    other = made.round_().criteria.first()
    given = {first.pk: Decimal(1), other.pk: Decimal(1)}

    errors = refusal(actions.score, by=inspector, stop=stop, version=0, points=given)

    assert errors == {second.pk: "请给“质量”评分。", None: "评分标准已有变化，请刷新后重新评分。"}


def test_words_that_are_too_long_are_refused(inspector, stop):
    assert set(refusal(score, inspector, stop, words="长" * 301)) == {"words"}


# Findings


def test_a_strength_is_kept_and_raises_no_problem(inspector, stop):
    actions.add_finding(by=inspector, stop=stop, kind="strength", text=" 智慧工地 ")

    kept = Finding.objects.get()
    assert (kept.stop, kept.kind, kept.text, kept.by, kept.problem) == (stop, "strength", "智慧工地", inspector, None)
    assert AuditEntry.objects.get().summary == "二季度观摩·河道治理：记录亮点“智慧工地”"


@pytest.mark.parametrize(("role", "state"), [("office", "assigned"), ("inspector", "raised")])
def test_a_defect_becomes_a_problem(role, state, stop):
    user = factories.user(role)
    made.judge(stop.round, user)

    actions.add_finding(by=user, stop=stop, kind="defect", text="临边无防护", problem=DEFECT)

    problem = Problem.objects.get()
    assert Finding.objects.get().problem == problem
    assert (problem.project, problem.text, problem.measure, problem.state, problem.source) == (
        stop.plan.project,
        "临边无防护",
        "加装防护栏",
        state,
        "site",
    )


def test_the_same_form_finds_once(inspector, stop):
    key = uuid.uuid4()

    found = [
        actions.add_finding(by=inspector, stop=stop, kind="defect", text="无防护", problem=DEFECT, form_key=key)
        for _ in range(2)
    ]

    assert (Finding.objects.get(), None) == tuple(found)
    assert Problem.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"text": " "},
        {"text": "长" * 501},
        {"kind": "other"},
        {"problem": DEFECT | {"deadline": None}},
        {"problem": DEFECT | {"deadline": dt.date(2024, 5, 19)}},
        {"problem": DEFECT | {"measure": ""}},
    ],
)
def test_a_finding_that_cannot_be_kept_is_refused(values, inspector, stop):
    usual = {"kind": "defect", "text": "无防护", "problem": DEFECT}

    refusal(actions.add_finding, by=inspector, stop=stop, **usual | values)

    assert (Finding.objects.count(), Problem.objects.count(), ChangeSet.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("role", ["inspector", "leader", "reporter", "auditor", "sysadmin"])
def test_who_is_not_on_the_round_finds_nothing(role, stop):
    with pytest.raises(Stop.DoesNotExist):
        actions.add_finding(by=factories.user(role), stop=stop, kind="strength", text="好")


def test_a_strength_is_dropped_by_its_author_or_the_office(office, inspector, stop):
    other = factories.user("inspector")
    made.judge(stop.round, other)
    first, second = (actions.add_finding(by=inspector, stop=stop, kind="strength", text=text) for text in ("一", "二"))

    refusal(actions.drop_finding, by=other, finding=first)
    actions.drop_finding(by=inspector, finding=first)
    actions.drop_finding(by=office, finding=second)

    assert not Finding.objects.exists()


def test_a_defect_is_not_dropped(office, stop):
    found = actions.add_finding(by=office, stop=stop, kind="defect", text="无防护", problem=DEFECT)

    refusal(actions.drop_finding, by=office, finding=found)

    assert Finding.objects.count() == 1


def test_a_finding_of_a_closed_round_stays(office, inspector, stop):
    found = actions.add_finding(by=inspector, stop=stop, kind="strength", text="好")
    score(inspector, stop)
    round_actions.close(by=office, round_=stop.round, version=1)

    refusal(actions.drop_finding, by=office, finding=found)

    assert Finding.objects.count() == 1


# Photos


def add_photo(by, stop, seed=0):
    return actions.add_photo(by=by, stop=stop, upload=looks.photo_file(seed), upload_key=uuid.uuid4())


def test_a_judge_keeps_a_photo_of_a_stop_and_takes_it_off(inspector, stop):
    photo = add_photo(inspector, stop)

    assert (photo.stop, photo.uploaded_by) == (stop, inspector)
    actions.delete_photo(by=inspector, photo=photo)
    assert not SitePhoto.objects.exists()


def test_who_is_not_on_the_round_keeps_no_photo(stop):
    with pytest.raises(Stop.DoesNotExist):
        add_photo(factories.user("inspector"), stop)


def test_a_photo_of_another_judge_stays(inspector, stop):
    other = factories.user("leader")
    made.judge(stop.round, other)
    photo = add_photo(inspector, stop)

    refusal(actions.delete_photo, by=other, photo=photo)

    assert SitePhoto.objects.get() == photo


def test_a_closed_round_takes_and_loses_no_photo(office, inspector, stop):
    photo = add_photo(inspector, stop)
    score(inspector, stop)
    round_actions.close(by=office, round_=stop.round, version=1)

    refusal(add_photo, inspector, stop, seed=1)
    refusal(actions.delete_photo, by=office, photo=photo)

    assert SitePhoto.objects.get() == photo
