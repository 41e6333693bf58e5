"""An own judgement is given once, with its words, by who answers for the plan, and leaves its trace."""

import uuid

import pytest

from accounts.models import AuditEntry
from portfolio.actions.own_lights import judge_plan
from portfolio.actions.register import Invalid
from portfolio.models import AnnualPlan, ChangeSet, OwnLight
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def may(county):
    """Business time is Friday 2024-05-31 10:00."""
    return factories.clock(2024, 5, 31, 10)


def judge(by, plan, **fields):
    return judge_plan(
        by=by, plan=plan, **{"light": "green", "words": "可追上序时。", "form_key": uuid.uuid4()} | fields
    )


def test_a_judgement_is_kept_with_its_audit_entry_and_moves_the_data_version(may, office):
    plan = factories.plan_under_way(project__name="污水厂")

    own = judge(office, plan, light="yellow", words=" 用地已批。 ")

    assert (own.plan, own.light, own.words, own.by, own.at) == (plan, "yellow", "用地已批。", office, may.business_time)
    before, version = may.data_version, type(may).objects.get().data_version
    assert version == before + 1
    assert AuditEntry.objects.get().summary == "自评：污水厂（2024年）黄灯：用地已批。"


def test_the_same_form_twice_judges_once(office):
    plan, key = factories.plan_under_way(), uuid.uuid4()

    assert judge(office, plan, form_key=key) is not None
    assert judge(office, plan, form_key=key) is None
    assert (OwnLight.objects.count(), ChangeSet.objects.count()) == (1, 1)


def test_a_later_judgement_leaves_the_earlier_as_it_was(office):
    plan = factories.plan_under_way()

    judge(office, plan, light="green", words="正常。")
    judge(office, plan, light="red", words="停工。")

    assert list(OwnLight.objects.order_by("pk").values_list("light", "words")) == [
        ("green", "正常。"),
        ("red", "停工。"),
    ]


def test_a_reporter_judges_the_own_units_plans_and_no_others(office):
    unit = factories.unit()
    reporter = factories.user("reporter", unit=unit)

    assert judge(reporter, factories.plan_under_way(unit)).by == reporter
    with pytest.raises(AnnualPlan.DoesNotExist):
        judge(reporter, factories.plan_under_way())


def test_a_leader_judges_own_projects_and_no_others():
    account = factories.user("leader")
    own, other = factories.leader(user=account), factories.leader()

    assert judge(account, factories.plan_under_way(leader=own)).by == account
    with pytest.raises(AnnualPlan.DoesNotExist):
        judge(account, factories.plan_under_way(leader=other))


@pytest.mark.parametrize("role", ["inspector", "auditor", "sysadmin"])
def test_others_judge_nothing(role):
    with pytest.raises(AnnualPlan.DoesNotExist):
        judge(factories.user(role), factories.plan_under_way())

    assert OwnLight.objects.count() == ChangeSet.objects.count() == 0


def test_a_plan_of_another_county_is_out_of_reach(office):
    abroad = factories.plan(factories.project(county=factories.county("140430", "邻县")))

    with pytest.raises(AnnualPlan.DoesNotExist):
        judge(office, abroad)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"words": "  "}, {"words": "请用一句话说明为什么这样自评，如“主体封顶，6月底前可追上序时”。"}),
        ({"words": "字" * 201}, {"words": "说明有 201 个字，请缩短到 200 个字以内。"}),
        ({"light": "grey"}, {"light": "请在绿灯、黄灯、红灯中选择一项。"}),
    ],
)
def test_words_and_one_of_three_lights_are_required(office, fields, told):
    with pytest.raises(Invalid) as refused:
        judge(office, factories.plan_under_way(), **fields)

    assert refused.value.problems == told
    assert OwnLight.objects.count() == AuditEntry.objects.count() == 0


def test_two_hundred_characters_are_taken(office):
    assert len(judge(office, factories.plan_under_way(), words="字" * 200).words) == 200


def test_a_year_that_is_over_is_not_judged_and_the_running_one_is(office):
    with pytest.raises(Invalid) as refused:
        judge(office, factories.plan_under_way(year=2023))

    assert refused.value.problems == {"plan": "2023年已经结束，不再自评。请对这个项目 2024年的计划自评。"}
    assert judge(office, factories.plan_under_way(year=2024)) is not None


def test_a_plan_that_is_not_counted_is_not_judged(office):
    removed = factories.plan_under_way(state="removed", state_reason="缺地。")
    part = factories.plan_under_way(part_of=factories.plan_under_way())

    told = []
    for plan in (removed, part):
        with pytest.raises(Invalid) as refused:
            judge(office, plan)
        told.append(refused.value.problems["plan"])

    assert told == [
        "2024年计划已调出，不再亮灯，不能自评。如有出入，请与项目办联系。",
        "这是打包项目的子项，亮灯随打包项目计算，不单独自评。请对打包项目自评。",
    ]
