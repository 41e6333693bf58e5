"""Leaders, targets and work teams: given to many at once, copied, kept as versions, and never overwritten unseen."""

import pytest

from accounts.models import AuditEntry
from portfolio.actions import bulk, changes, duties, register
from portfolio.models import AnnualPlan, ChangeSet, WorkTeam
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


@pytest.fixture
def plan(county, unit):
    return factories.plan(project__name="河道治理", project__unit=unit)


def values(**more):
    return {"head": "组长甲", "head_post": "局长", "head_phone": PHONE, "member_units": [], "on_site": "驻点乙", **more}


def token(plan):
    return f"{plan.pk}:{plan.row_version}:{plan.project.row_version}"


def current(plan):
    return plan.teams.current().get()


def assign(by, plans, leader, **more):
    return duties.assign_leader(by=by, county=by.county, tokens=[token(plan) for plan in plans], leader=leader, **more)


# Leaders


def test_a_leader_is_assigned_to_twenty_plans_in_one_change_set_that_can_be_undone(office):
    plans, leader = [factories.plan() for _ in range(20)], factories.leader("县领导甲")

    assigned = assign(office, plans, leader)

    assert {plan.leader for plan in AnnualPlan.objects.all()} == {leader}
    assert assigned.change_set.summary == "20 个项目的“包联领导”改为“县领导甲”"
    changes.undo(assigned.change_set, by=office)
    assert {plan.leader for plan in AnnualPlan.objects.all()} == {None}


def test_a_deputy_is_assigned_beside_the_leader(office, plan):
    leader, deputy = factories.leader("县领导甲"), factories.leader("县领导乙")
    AnnualPlan.objects.update(leader=leader)

    assigned = assign(office, [plan], deputy, deputy=True)

    plan.refresh_from_db()
    assert (plan.leader, plan.deputy_leader) == (leader, deputy)
    assert assigned.change_set.summary == "1 个项目的“协助包联领导”改为“县领导乙”"


def test_a_plan_whose_leader_would_be_his_own_deputy_is_left_out_and_named(office, plan):
    leader, other = factories.leader("县领导甲"), factories.plan()
    AnnualPlan.objects.filter(pk=plan.pk).update(leader=leader)

    assigned = assign(office, [plan, other], leader, deputy=True)

    assert [(change.plan, change.problem) for change in assigned.refused] == [
        (plan, "协助包联领导与包联领导是同一人，请另选一人或留空。")
    ]
    assert list(AnnualPlan.objects.order_by("pk").values_list("deputy_leader", flat=True)) == [None, leader.pk]


def test_assigning_rows_that_somebody_changed_writes_nothing(office, plan):
    AnnualPlan.objects.update(row_version=2)

    with pytest.raises(bulk.RowsMoved, match="河道治理"):
        assign(office, [plan], factories.leader())

    assert not AnnualPlan.objects.filter(leader__isnull=False).exists()


@pytest.mark.parametrize("count", [1, 20])
def test_assigning_needs_the_same_queries_for_any_number_of_rows(office, django_assert_max_num_queries, count):
    deputy = factories.leader()
    plans = [factories.plan(leader=factories.leader(), deputy_leader=deputy) for _ in range(count)]

    with django_assert_max_num_queries(24):
        assign(office, plans, factories.leader())


# Teams


def test_a_new_team_closes_the_version_before_it(office, plan, unit):
    duties.save_team(by=office, plan=plan, values=values(), seen=None)
    first = current(plan)

    duties.save_team(by=office, plan=plan, values=values(head="组长丙", member_units=[unit]), seen=first.pk)

    second = current(plan)
    first.refresh_from_db()
    assert (second.head, list(second.member_units.all()), second.by) == ("组长丙", [unit], office)
    assert first.replaced_at == second.at
    assert plan.teams.count() == 2


def test_saving_the_same_team_twice_writes_nothing_the_second_time(office, plan, unit):
    duties.save_team(by=office, plan=plan, values=values(member_units=[unit]), seen=None)

    again = duties.save_team(by=office, plan=plan, values=values(member_units=[unit]), seen=None)

    assert again is None
    assert WorkTeam.objects.count() == 1
    assert ChangeSet.objects.count() == 1


def test_a_team_that_somebody_else_wrote_meanwhile_is_not_overwritten(office, plan):
    duties.save_team(by=office, plan=plan, values=values(), seen=None)

    with pytest.raises(duties.StaleTeam) as stale:
        duties.save_team(by=office, plan=plan, values=values(head="组长丙"), seen=None)

    assert stale.value.current == current(plan)
    assert current(plan).head == "组长甲"


def test_the_words_of_a_change_name_no_phone(office, plan, unit):
    change_set = duties.save_team(by=office, plan=plan, values=values(member_units=[unit]), seen=None)

    told = (
        "河道治理：专班组长 空 → 组长甲；组长职务 空 → 局长；组长电话已更新；驻点人员 空 → 驻点乙；成员单位改为 水利局"
    )
    assert change_set.summary == told
    assert change_set.kind == ChangeSet.Kind.DETAILS
    assert [entry.summary for entry in AuditEntry.objects.filter(action="修改资料")] == [told]


@pytest.mark.parametrize("phone", ["", PHONE, "0355-7831234", "03557831234", f"{PHONE}、0355-7831234"])
def test_a_phone_that_can_be_masked_is_taken(office, plan, phone):
    duties.save_team(by=office, plan=plan, values=values(head_phone=phone), seen=None)

    assert current(plan).head_phone == phone


@pytest.mark.parametrize("phone", ["138 1234 5678", "7831234", "1381234567", "找办公室"])
def test_a_phone_that_the_mask_would_not_know_is_refused(office, plan, phone):
    with pytest.raises(register.Invalid) as refused:
        duties.save_team(by=office, plan=plan, values=values(head_phone=phone), seen=None)

    assert list(refused.value.problems) == ["head_phone"]
    assert not WorkTeam.objects.exists()


def test_member_units_of_another_county_are_refused(office, plan):
    foreign = factories.unit("外县局", county=factories.county("140429", "武乡县"))

    with pytest.raises(register.Invalid) as refused:
        duties.save_team(by=office, plan=plan, values=values(member_units=[foreign]), seen=None)

    assert refused.value.problems == {"member_units": "成员单位“外县局”不在本县，请重新选择。"}


def test_a_team_moves_the_data_version(office, plan, county):
    duties.save_team(by=office, plan=plan, values=values(), seen=None)

    before = county.data_version
    county.refresh_from_db()
    assert county.data_version == before + 1


# A duty page


def save_page(by, plan, version=1, seen=None, **plan_values):
    return duties.save_duties(
        by=by, plan=plan, plan_values=plan_values, version=version, team_values=values(), seen=seen
    )


def test_leaders_target_and_team_are_saved_in_one_change_set(office, plan):
    leader = factories.leader("县领导甲")

    change_set = save_page(office, plan, leader=leader, annual_target="主体完工")

    plan.refresh_from_db()
    assert (plan.leader, plan.annual_target, current(plan).head) == (leader, "主体完工", "组长甲")
    assert ChangeSet.objects.get() == change_set


def test_a_target_that_somebody_else_changed_meanwhile_is_not_overwritten(office, plan):
    save_page(office, plan, annual_target="主体完工")

    with pytest.raises(changes.StaleRow):
        save_page(office, plan, seen=current(plan).pk, annual_target="竣工验收")

    plan.refresh_from_db()
    assert plan.annual_target == "主体完工"


def test_a_weekly_report_that_moved_the_version_stands_in_nobodys_way(office, plan):
    plan.progress = "基础完工"
    changes.update(changes.begin(ChangeSet.Kind.EDIT, county=plan.county, by=office, summary=""), [plan], ["progress"])

    save_page(office, plan, annual_target="主体完工")

    plan.refresh_from_db()
    assert (plan.progress, plan.annual_target) == ("基础完工", "主体完工")


# Copies


def test_a_team_is_copied_to_many_plans_and_those_that_have_it_stay(office, plan, unit):
    others = [factories.plan() for _ in range(3)]
    duties.save_team(by=office, plan=plan, values=values(member_units=[unit]), seen=None)
    duties.copy_team(by=office, source=plan, plans=others[:1])

    change_set = duties.copy_team(by=office, source=plan, plans=[plan, *others])

    assert {duties.content_of(current(other))["member_units"] for other in others} == {frozenset({unit.pk})}
    assert change_set.summary == f"“{others[1].project}”等 2 个项目的工作专班，复制自“河道治理”"
    assert WorkTeam.objects.count() == 4


def test_a_team_is_not_copied_over_one_that_the_page_did_not_show(office, plan):
    other = factories.plan(project__name="另一项目")
    duties.save_team(by=office, plan=plan, values=values(), seen=None)
    duties.save_team(by=office, plan=other, values=values(head="组长丙"), seen=None)

    with pytest.raises(bulk.RowsMoved, match="另一项目"):
        duties.copy_team(by=office, source=plan, plans=[other], seen={other.pk: None})

    assert current(other).head == "组长丙"


def test_a_plan_without_a_team_gives_none_away(office, plan):
    with pytest.raises(register.Invalid, match="还没有填写工作专班"):
        duties.copy_team(by=office, source=plan, plans=[factories.plan()])


def test_last_year_fills_what_is_empty_and_nothing_else(office, plan):
    old, new = factories.leader("县领导甲"), factories.leader("县领导乙")
    last = factories.plan(plan.project, year=2023, leader=old, deputy_leader=new, annual_target="去年目标")
    duties.save_team(by=office, plan=last, values=values(), seen=None)
    AnnualPlan.objects.filter(pk=plan.pk).update(annual_target="今年目标")

    filled = duties.copy_last_year(by=office, plans=[plan])

    plan.refresh_from_db()
    assert (plan.leader, plan.deputy_leader, plan.annual_target) == (old, new, "今年目标")
    assert current(plan).head == "组长甲"
    assert filled.copied == {plan: ["包联领导", "协助包联领导", "工作专班"]}
    assert filled.change_set.kind == ChangeSet.Kind.DETAILS


def test_last_year_without_a_team_can_be_undone_as_a_whole(office, plan):
    factories.plan(plan.project, year=2023, leader=factories.leader("县领导甲"), annual_target="去年目标")
    nothing_to_take = factories.plan()

    filled = duties.copy_last_year(by=office, plans=[plan, nothing_to_take])
    changes.undo(filled.change_set, by=office)

    plan.refresh_from_db()
    assert (plan.leader, plan.annual_target) == (None, "")
    assert filled.change_set.summary == "“河道治理”从上年计划复制包联领导、年度目标"
    assert filled.without == [nothing_to_take]


def test_a_leader_who_left_office_is_not_taken_over(office, plan):
    factories.plan(plan.project, year=2023, leader=factories.leader(is_active=False))

    assert duties.copy_last_year(by=office, plans=[plan]).copied == {}


def test_last_years_deputy_is_not_made_the_deputy_of_himself(office, plan):
    old, new = factories.leader("县领导甲"), factories.leader("县领导乙")
    factories.plan(plan.project, year=2023, leader=old, deputy_leader=new)
    AnnualPlan.objects.filter(pk=plan.pk).update(leader=new)

    duties.copy_last_year(by=office, plans=[plan])

    plan.refresh_from_db()
    assert (plan.leader, plan.deputy_leader) == (new, None)


def test_copying_last_year_a_second_time_writes_nothing(office, plan):
    factories.plan(plan.project, year=2023, annual_target="去年目标")
    duties.copy_last_year(by=office, plans=[plan])

    assert duties.copy_last_year(by=office, plans=[plan]).change_set is None
    assert ChangeSet.objects.count() == 1


@pytest.mark.parametrize("count", [1, 5])
def test_copying_needs_the_same_queries_for_any_number_of_plans(office, unit, django_assert_max_num_queries, count):
    plans = [factories.plan() for _ in range(count)]
    for plan in plans:
        last = factories.plan(plan.project, year=2023, leader=factories.leader(), annual_target="去年目标")
        duties.save_team(by=office, plan=last, values=values(member_units=[unit]), seen=None)

    with django_assert_max_num_queries(24):
        duties.copy_last_year(by=office, plans=plans)


# Who may not


def test_a_reporter_writes_the_team_of_the_own_unit_only(plan, unit):
    own, stranger = factories.user("reporter", unit=unit), factories.user("reporter", unit=factories.unit())

    duties.save_team(by=own, plan=plan, values=values(), seen=None)
    with pytest.raises(AnnualPlan.DoesNotExist):
        duties.save_team(by=stranger, plan=plan, values=values(head="组长丙"), seen=current(plan).pk)

    assert current(plan).head == "组长甲"


def test_plans_of_another_county_are_out_of_reach(office, plan):
    there = factories.county("140429", "武乡县")
    foreign = factories.plan(project__county=there)
    duties.save_team(by=office, plan=plan, values=values(), seen=None)

    assert duties.copy_team(by=office, source=plan, plans=[foreign]) is None
    assert duties.copy_last_year(by=office, plans=[foreign]).copied == {}
    with pytest.raises(bulk.RowsMoved):
        assign(office, [foreign], factories.leader())
