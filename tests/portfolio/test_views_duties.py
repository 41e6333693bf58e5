"""A plan's duty page and the assignments from the matrix: who may, twice, meanwhile, and what each is told."""

import re

import pytest

from accounts.models import AuditEntry
from portfolio.models import AnnualPlan, ChangeSet, WorkTeam
from tests import factories
from tests.portfolio.six_ones.whole import MOMENT, schedule, team, whole_plan

pytestmark = pytest.mark.django_db
PHONE = "13812345678"
MASKED = "138****5678"
ASSIGN = "/six-ones/assign/"


@pytest.fixture
def county(db):
    return factories.clock(*MOMENT)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


@pytest.fixture
def plan(unit):
    return factories.plan(project__name="河道治理", project__unit=unit, annual_target="原目标")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


def url(plan):
    return f"/six-ones/{plan.pk}/"


def fields(html):
    """What the form of a page would send back."""
    hidden = dict(re.findall(r'<input type="hidden" name="(version|seen)"(?: value="(\d*)")?', html))
    return {"version": hidden["version"], "seen": hidden.get("seen", "")}


def shown(client, plan):
    return client.get(url(plan)).content.decode()


def save(client, plan, **values):
    data = {**fields(shown(client, plan)), "annual_target": plan.annual_target, **values}
    return client.post(url(plan), data)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# The duty page


def test_the_office_saves_leader_target_and_team_at_once(office_client, plan, unit):
    leader = factories.leader("县领导甲", post="副县长")

    response = save(
        office_client,
        plan,
        leader=leader.pk,
        annual_target="完成主体",
        head="组长甲",
        on_site="驻点乙",
        member_units=[unit.pk],
    )

    plan.refresh_from_db()
    assert response.url == url(plan)
    assert (plan.leader, plan.annual_target, plan.teams.get().head) == (leader, "完成主体", "组长甲")
    assert "已保存。河道治理：年度目标 原目标 → 完成主体；包联领导 空 → 县领导甲" in shown(office_client, plan)


def test_sending_the_same_form_twice_writes_once(office_client, plan):
    data = {**fields(shown(office_client, plan)), "annual_target": "完成主体", "head": "组长甲"}

    first, second = office_client.post(url(plan), data), office_client.post(url(plan), data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert (ChangeSet.objects.count(), WorkTeam.objects.count()) == (1, 1)


def test_a_stale_form_shows_both_texts_and_writes_nothing(office_client, plan):
    data = {**fields(shown(office_client, plan)), "annual_target": "我的目标", "head": "我的组长"}
    save(office_client, plan, annual_target="他的目标", head="他的组长")

    response = office_client.post(url(plan), data)

    html = response.content.decode()
    plan.refresh_from_db()
    assert (response.status_code, plan.annual_target, plan.teams.get().head) == (409, "他的目标", "他的组长")
    assert re.findall(r'<td data-head="[^"]+">(.*?)</td>', html)[:4] == ["他的目标", "我的目标", "他的组长", "我的组长"]
    assert 'value="我的组长"' in html


def test_a_stale_form_saved_once_more_overwrites_knowingly(office_client, plan):
    data = {**fields(shown(office_client, plan)), "annual_target": "我的目标", "head": "我的组长"}
    save(office_client, plan, annual_target="他的目标", head="他的组长")
    stale = office_client.post(url(plan), data).content.decode()

    office_client.post(url(plan), {**data, **fields(stale)})

    plan.refresh_from_db()
    assert (plan.annual_target, plan.teams.current().get().head) == ("我的目标", "我的组长")


def test_a_leader_who_is_deputy_too_is_refused_beside_the_field(office_client, plan):
    leader = factories.leader("县领导甲")

    response = save(office_client, plan, leader=leader.pk, deputy_leader=leader.pk)

    assert response.status_code == 400
    assert "协助包联领导与包联领导是同一人" in response.content.decode()
    assert not AnnualPlan.objects.filter(leader=leader).exists()


def test_a_phone_that_cannot_be_masked_is_refused_with_its_remedy(office_client, plan):
    response = save(office_client, plan, head_phone="找办公室")

    assert response.status_code == 400
    assert "“组长电话”找办公室 不像电话。请填 11 位手机号" in response.content.decode()


def test_a_reporter_edits_the_team_of_the_own_unit_and_nothing_else(client, plan, reporter):
    client.force_login(reporter)
    leader = factories.leader("县领导甲")

    save(client, plan, head="组长甲", head_phone=PHONE, leader=leader.pk, annual_target="我的目标")

    plan.refresh_from_db()
    assert (plan.teams.get().head, plan.leader, plan.annual_target) == ("组长甲", None, "原目标")


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "sysadmin"])
def test_others_read_the_page_and_write_nothing(client, plan, role):
    team(plan)
    client.force_login(factories.user(role, unit=factories.unit()))

    html = shown(client, plan)
    response = client.post(url(plan), {"version": 1, "seen": "", "head": "别人"})

    assert '<form class="panel duty-form"' not in html
    assert response.status_code == 404
    assert plan.teams.get().head == "组长甲"
    assert AuditEntry.objects.filter(action="越权操作").count() == 1


def test_a_plan_of_another_county_is_not_there(office_client, plan):
    foreign = factories.plan(project__county=factories.county("140429", "武乡县"))

    assert office_client.get(url(foreign)).status_code == 404
    assert office_client.post(url(foreign), {"version": 1, "head": "甲"}).status_code == 404


def test_phones_are_for_the_office_and_the_own_unit(client, plan, reporter, unit):
    team(plan, head_phone=PHONE, replaced_at=plan.county.business_now(), note=f"联系 {PHONE}")
    team(plan, head_phone=PHONE, note=f"联系 {PHONE}")
    stranger = factories.user("reporter", unit=factories.unit())
    readers = [factories.user("office"), reporter, stranger, factories.user("leader"), factories.user("inspector")]

    seen = []
    for reader in readers:
        client.force_login(reader)
        html = shown(client, plan)
        seen.append((PHONE in html, MASKED in html))

    assert seen == [(True, False), (True, False), (False, True), (False, True), (False, True)]


def test_the_history_tells_who_was_leader_from_when_to_when(office_client, plan):
    for name in ("县领导甲", "县领导乙"):
        save(office_client, plan, leader=factories.leader(name).pk)

    rows = re.findall(r"<tr>\s*<td data-head=\"职责\">(.*?)</tr>", shown(office_client, plan), re.S)

    assert [words(row).split()[:2] for row in rows] == [["包联", "县领导乙"], ["包联", "县领导甲"]]
    assert ["今" in words(row) for row in rows] == [True, False]


def test_markup_in_a_team_stays_text(office_client, plan):
    save(office_client, plan, head="<script>alert(1)</script>", note="<b>粗</b>")

    html = shown(office_client, plan)

    assert ("<script>alert" in html, "<b>粗" in html) == (False, False)


def test_the_quarters_of_the_target_come_from_the_monthly_targets(office_client, county):
    plan = whole_plan()

    assert "分季度：1季 300，2季 300，3季 300，4季 300 万元" in shown(office_client, plan)


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_needs_the_same_queries_however_long_its_history(
    office_client, plan, unit, django_assert_max_num_queries, count
):
    schedule(plan)
    for number in range(count):
        save(office_client, plan, leader=factories.leader().pk, head=f"组长{number}", member_units=[unit.pk])
    shown(office_client, plan)

    with django_assert_max_num_queries(32):
        shown(office_client, plan)


# Many plans from the matrix


def token(plan):
    current = plan.teams.current().first()
    return f"{plan.pk}:{plan.row_version}:{plan.project.row_version}:{current.pk if current else 0}"


def give(client, do, plans, **more):
    data = {"do": do, "plan": [token(plan) for plan in plans], "back": "/six-ones/?year=2024", **more}
    return client.post(ASSIGN, data)


def test_the_matrix_offers_the_rows_as_they_stand(office_client, plan):
    team(plan)

    tokens = re.findall(r'name="plan" value="([^"]+)"', office_client.get("/six-ones/").content.decode())

    assert tokens == [token(plan)]


def test_a_leader_is_given_to_twenty_rows_and_taken_back(office_client, county):
    plans, leader = [factories.plan() for _ in range(20)], factories.leader("县领导甲")

    response = give(office_client, "leader", plans, leader=leader.pk)

    change_set = ChangeSet.objects.get()
    assert response.url == f"/six-ones/?year=2024&changed={change_set.pk}"
    assert AnnualPlan.objects.filter(leader=leader).count() == 20
    assert (
        f"/projects/changes/{change_set.pk}/undo/?back=/six-ones/" in office_client.get(response.url).content.decode()
    )
    office_client.post(f"/projects/changes/{change_set.pk}/undo/", {"back": "/six-ones/"})
    assert AnnualPlan.objects.filter(leader=leader).count() == 0


def test_nobody_may_be_given_as_well(office_client, plan):
    AnnualPlan.objects.update(leader=factories.leader())

    give(office_client, "leader", [plan], leader="nobody")

    assert AnnualPlan.objects.get().leader is None


def test_a_leader_must_be_chosen_before_rows_lose_theirs(office_client, plan):
    leader = factories.leader()
    AnnualPlan.objects.update(leader=leader)

    give(office_client, "leader", [plan], leader="")

    assert AnnualPlan.objects.get().leader == leader
    assert "请先选择领导。" in office_client.get("/six-ones/").content.decode()


def test_rows_changed_meanwhile_are_named_and_nothing_is_written(office_client, plan):
    stale = {"do": "leader", "plan": [token(plan)], "leader": factories.leader().pk}
    AnnualPlan.objects.update(row_version=2)

    office_client.post(ASSIGN, stale)

    assert AnnualPlan.objects.get().leader is None
    html = office_client.get("/six-ones/").content.decode()
    assert "河道治理等 1 个项目已被他人修改，没有写入任何内容。请核对后再选一次。" in html


def test_giving_the_same_leader_twice_writes_once(office_client, plan):
    leader = factories.leader()
    give(office_client, "leader", [plan], leader=leader.pk)
    plan.refresh_from_db()

    give(office_client, "leader", [plan], leader=leader.pk)

    assert ChangeSet.objects.count() == 1


def test_a_team_is_copied_to_the_picked_rows(office_client, plan, unit):
    source, other = whole_plan("水库扩容", unit), factories.plan()

    give(office_client, "team", [plan, other], source=source.pk)

    assert {each.head for each in WorkTeam.objects.all()} == {"组长甲"}
    assert WorkTeam.objects.count() == 3
    assert "“河道治理”等 2 个项目的工作专班，复制自“水库扩容”" in office_client.get("/six-ones/").content.decode()


def test_without_a_source_no_team_is_copied(office_client, plan):
    give(office_client, "team", [plan], source="")

    assert "请先选择从哪个项目复制专班。" in office_client.get("/six-ones/").content.decode()


def test_last_year_fills_the_picked_rows_and_says_what_it_took(office_client, plan):
    factories.plan(plan.project, year=2023, leader=factories.leader("县领导甲"))
    new = factories.plan(project__name="新项目")

    response = give(office_client, "last-year", [plan, new])

    html = office_client.get(response.url).content.decode()
    assert "“河道治理”已从上年复制：包联领导。" in html
    assert "1 个项目没有上年的计划，无从复制：新项目。" in html


@pytest.mark.parametrize(
    "data", [{}, {"do": "leader"}, {"do": "nonsense", "plan": "1:1:1:0"}, {"do": "team", "plan": "x"}]
)
def test_nothing_picked_leads_back_with_a_hint(office_client, county, data):
    response = office_client.post(ASSIGN, data)

    assert response.url == "/six-ones/"
    assert "没有选中项目" in office_client.get("/six-ones/").content.decode()


def test_the_way_back_never_leads_to_another_site(office_client, plan):
    assert give(office_client, "leader", [plan], leader="", back="https://evil.example/").url.startswith("/six-ones/")


@pytest.mark.parametrize("do", ["leader", "deputy", "team", "last-year"])
@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_assigning_is_for_the_office_only(client, plan, unit, role, do):
    client.force_login(factories.user(role, unit=unit))

    response = give(client, do, [plan], leader=factories.leader().pk, source=plan.pk)

    assert response.status_code in {403, 404}
    assert ChangeSet.objects.count() == 0


def test_a_leader_of_another_county_is_not_there(office_client, plan):
    foreign = factories.leader(county=factories.county("140429", "武乡县"))

    assert give(office_client, "leader", [plan], leader=foreign.pk).status_code == 404
    assert AnnualPlan.objects.get().leader is None
