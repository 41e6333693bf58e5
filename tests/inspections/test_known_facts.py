"""What the register knows of a question: the answer that is filled in, and the words beside it."""

import datetime as dt

import pytest

from inspections.checklists import DEFAULTS
from inspections.known_facts import FACTS, NOTHING, KnownFacts
from inspections.models import Look
from portfolio.models import Milestone
from portfolio.models.outcomes import OutcomeKind
from portfolio.models.permits import FundFlow, FundSource, Permit, PermitKind
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)


@pytest.fixture(autouse=True)
def county():
    return factories.clock(2024, 5, 20, 12)


def known(plan, fact, day=TODAY):
    told = KnownFacts.of_plan(plan, day).of(plan.pk, fact)
    return told.answer, told.words


def kind(name, phase="planning", **fields):
    return PermitKind.objects.create(
        county=factories.county(), name=name, short_name=name, code=name, phase=phase, **fields
    )


def permit(plan, of_kind, state, **fields):
    Permit.objects.create(county=plan.county, project=plan.project, kind=of_kind, state=state, **fields)


def milestone(plan, name, due, **fields):
    Milestone.objects.create(county=plan.county, plan=plan, name=name, due=due, original_due=due, **fields)


def test_a_question_without_a_fact_is_not_known():
    plan = factories.plan()

    facts = KnownFacts.of_plan(plan, TODAY)

    assert (facts.of(plan.pk, ""), facts.of(plan.pk, "unheard")) == (NOTHING, NOTHING)


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_can_be_asked_of_a_bare_project(fact):
    assert known(factories.plan(), fact)[0] in {"", "yes", "no", "na"}


def test_permits_are_known_once_one_of_the_phase_is_filled_in():
    plan = factories.plan()
    approval, site = kind("立项"), kind("选址")
    kind("施工许可", phase="building")
    kind("旧证", is_active=False)

    before = known(plan, "permits_early")
    permit(plan, approval, "granted")
    one = known(plan, "permits_early")
    permit(plan, site, "promised")
    both = known(plan, "permits_early")

    assert [before, one, both] == [("", ""), ("no", "选址未填"), ("yes", "2 项都已办结、承诺办理或不涉及")]


@pytest.mark.parametrize(
    ("library", "told"),
    [
        ("", ("", "")),
        ("none", ("no", "未入库")),
        ("city", ("no", "市级库")),
        ("province", ("yes", "省级库")),
        ("national", ("yes", "国家库")),
    ],
)
def test_the_library_asked_for_is_the_provinces_or_the_nations(library, told):
    assert known(factories.plan(project__library=library), "library") == told


@pytest.mark.parametrize(
    ("until", "told"),
    [(TODAY, ("yes", "1 项都已办结、承诺办理或不涉及")), (TODAY - dt.timedelta(days=1), ("no", "立项已过期"))],
)
def test_permit_of_the_phase_settles_nothing_from_the_day_after_it_lapsed(until, told):
    plan = factories.plan()

    permit(plan, kind("立项"), "granted", valid_until=until)

    assert known(plan, "permits_early") == told


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("planned", ("no", "施工许可2024-02-19 办结，须在 2024-05-19 前开工，已过期 1 天")),
        ("building", ("yes", "施工许可办结，2024-02-19")),
    ],
)
def test_permit_lapses_by_its_kinds_period_where_works_have_not_begun(stage, told):
    plan = factories.plan(project__stage=stage)
    licence = kind("施工许可", phase="building", valid_months=3)
    licence.code = "building"
    licence.save()

    permit(plan, licence, "granted", granted_on=dt.date(2024, 2, 19))

    assert known(plan, "licence") == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": "granted", "number": "沁发改备〔2024〕3号"}, ("yes", "立项办结，沁发改备〔2024〕3号")),
        ({"state": "granted", "valid_until": TODAY}, ("yes", "立项办结")),
        ({"state": "granted", "valid_until": dt.date(2024, 5, 19)}, ("no", "立项有效期至 2024-05-19，已过期 1 天")),
        ({"state": "asked"}, ("no", "立项在办")),
        ({"state": "not_needed"}, ("na", "立项不涉及")),
    ],
)
def test_one_permit_is_known_by_its_state_and_validity(fields, told):
    plan = factories.plan()
    approval = PermitKind.objects.create(
        county=plan.county, code="approval", name="立项", short_name="立项", phase="planning"
    )

    before = known(plan, "approval")
    Permit.objects.create(county=plan.county, project=plan.project, kind=approval, **fields)

    assert (before, known(plan, "approval")) == (("", ""), told)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"started_on": dt.date(2024, 3, 15), "started_on_precision": "d", "stage": "building"},
            ("yes", "2024-03-15开工"),
        ),
        ({"planned_start": dt.date(2024, 4, 1), "planned_start_precision": "m"}, ("no", "应于2024-04开工，已逾期20天")),
        ({"planned_start": dt.date(2024, 6, 1), "planned_start_precision": "m"}, ("na", "计划2024-06开工，未到时间")),
        ({}, ("", "未填计划开工时间，无法判断")),
    ],
)
def test_the_start_is_known_from_the_register(fields, told):
    plan = factories.plan(**{f"project__{name}": value for name, value in {"stage": "planned", **fields}.items()})

    assert known(plan, "started") == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"registration": "done", "registration_code": "MA3-140431-001"}, ("yes", "已入统，入统码 MA3-140431-001")),
        ({"registration": "not_yet"}, ("no", "未入统，开工 2 个月")),
        ({"total_investment": 499, "registration": "not_yet"}, ("na", "总投资 499 万元，不足起统额")),
        ({"started_on": None, "started_on_precision": "", "stage": "planned"}, ("na", "尚未开工，开工后办理")),
    ],
)
def test_the_registration_is_known_with_the_age_since_start(fields, told):
    usual = {
        "stage": "building",
        "total_investment": 5000,
        "started_on": dt.date(2024, 3, 15),
        "started_on_precision": "d",
    }
    plan = factories.plan(**{f"project__{name}": value for name, value in {**usual, **fields}.items()})

    assert known(plan, "registration") == told


@pytest.mark.parametrize(("day", "answer"), [(dt.date(2024, 5, 20), "yes"), (dt.date(2024, 5, 21), "no")])
def test_a_milestone_is_late_from_the_day_after_it_was_due(day, answer):
    plan = factories.plan_under_way()
    milestone(plan, "基础完工", dt.date(2024, 4, 1), done_on=dt.date(2024, 4, 5))
    milestone(plan, "主体封顶", dt.date(2024, 5, 20))

    words = {"yes": "2 个节点完成 1 个，没有逾期", "no": "1 个节点逾期：主体封顶（应于 2024-05-20）"}[answer]
    assert known(plan, "milestones", day) == (answer, words)


@pytest.mark.parametrize(("ytd", "answer"), [(330, "yes"), (100, "no")])
def test_the_pace_is_held_against_the_calendar(ytd, answer):
    plan = factories.plan_under_way(ytd_investment=ytd, reported_on=TODAY)

    assert known(plan, "pace")[0] == answer


def test_funds_are_held_against_the_total_investment():
    plan = factories.plan_under_way()
    source = FundSource.objects.create(county=plan.county, project=plan.project, kind="own", planned=4000)
    FundFlow.objects.create(
        county=plan.county, source=source, kind="arrived", day=TODAY, amount=900, noted_at=plan.county.business_now()
    )

    told = (
        known(plan, "funds_planned"),
        known(plan, "funds_arrived"),
        known(plan, "funds_arrived", dt.date(2024, 5, 19)),
    )

    assert told == (
        ("no", "资金来源 4,000 万元，比总投资少 1,000 万元"),
        ("", "到位 900 万元，累计完成投资 0 万元"),
        ("", ""),
    )


def test_overdue_problems_are_counted():
    plan = factories.plan_under_way()

    before = known(plan, "overdue_problems")
    factories.problem(plan.project, "assigned", deadline=dt.date(2024, 5, 19))
    factories.problem(plan.project, "closed", deadline=dt.date(2024, 5, 19))

    assert [before, known(plan, "overdue_problems")] == [("yes", "没有逾期的问题"), ("no", "1 个问题逾期未销号")]


def test_long_words_are_cut_to_what_can_be_kept():
    plan = factories.plan_under_way(reported_on=TODAY, progress="长" * 500)

    words = known(plan, "report")[1]

    assert (len(words), words[-1]) == (200, "…")


def outcome_known(plan, kind, *rows, day=TODAY):
    for detail, (reached, fields) in enumerate(rows):
        factories.outcome(plan.project, "100", reached, kind, detail=f"{detail} 号", measure="万元", **fields)
    return known(plan, kind, day)


@pytest.mark.parametrize("kind", ["capacity", "output", "tax", "jobs"])
def test_an_outcome_is_known_by_what_was_promised_and_reached(kind):
    counted = {"counted_on": dt.date(2023, 12, 31), "counted_on_precision": "y"}
    label = "达产率" if kind == "capacity" else "达到率"

    found = [
        outcome_known(factories.plan(), kind),
        outcome_known(factories.plan(), kind, ("100", counted)),
        outcome_known(factories.plan(), kind, ("99.99", counted)),
    ]

    assert found == [
        ("", ""),
        ("yes", f"0 号承诺 100 万元，实际 100 万元（截至 2023年），{label} 100.0%，达到承诺"),
        ("no", f"0 号承诺 100 万元，实际 99.99 万元（截至 2023年），{label} 99.9%，未达到"),
    ]


def test_several_outcomes_are_met_when_all_are():
    met, missed, early = ("100", {}), ("60", {}), ("60", {"due_on": TODAY})
    rows = [(met, met), (met, missed), (met, early), (met, (None, {}))]

    found = [outcome_known(factories.plan(), "capacity", *pair)[0] for pair in rows]

    assert found == ["yes", "no", "", ""]


def test_default_questions_about_effects_are_known_by_their_figures():
    asked = {question.key: question.known_by for question in DEFAULTS[Look.EFFECT]}

    assert {key: asked[key] for key in OutcomeKind.values} == {key: key for key in OutcomeKind.values}
