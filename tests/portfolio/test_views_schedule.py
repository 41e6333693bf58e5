"""The page of a schedule: who sees and saves what, the tools, a second submit, two people at once."""

import datetime as dt
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from portfolio import schedule_texts as texts
from portfolio.actions import schedule
from portfolio.models import ChangeSet, ScheduleChange
from portfolio.schedule_conflicts import page_data
from portfolio.schedule_entries import MilestoneEntry
from tests import factories

pytestmark = pytest.mark.django_db

MONTHS = [Decimal(100)] * 12


@pytest.fixture
def plan(county):
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()
    unit = factories.unit("水利局", short_name="水利")
    return factories.plan(project__name="污水处理厂", project__unit=unit, planned_investment=1200)


@pytest.fixture
def saved(plan, office):
    milestones = [
        MilestoneEntry("开工", dt.date(2024, 3, 1), "start", Decimal(40)),
        MilestoneEntry("竣工", dt.date(2024, 9, 30), "finish", Decimal(60)),
    ]
    schedule.save_schedule(by=office, plan=plan, milestones=milestones, monthly=MONTHS, version=0)
    return plan


@pytest.fixture
def approved(saved, office):
    schedule.approve(by=office, plan=saved, version=1)
    return saved


def url(plan, name="schedule"):
    return reverse(f"portfolio:{name}", args=[plan.pk])


def page_of(plan, lines=None, amounts=None, **rest):
    """What the page sends when it shows what is stored, with other `lines` or `amounts`."""
    read = "|".join(texts.stored_amounts(plan))
    data = page_data(
        texts.stored_lines(plan) if lines is None else lines,
        texts.stored_amounts(plan) if amounts is None else amounts,
        {"version": str(schedule.version_of(plan)), "read_amounts": read},
    )
    return data | rest


def moved(plan, due, place=1):
    lines = texts.stored_lines(plan)
    lines[place]["due"] = due
    return lines


def said(response):
    return [str(message) for message in response.context["messages"]]


def shown_lines(response):
    fields = ("name", "kind", "due", "weight", "unit")
    return [tuple(line[field].value() or "" for field in fields) for line in response.context["form"].lines]


# Who


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin", "reporter"])
def test_who_may_not_edit_reads_the_schedule(role, client, saved):
    client.force_login(factories.user(role, unit=factories.unit()))

    page = client.get(url(saved))

    assert (page.status_code, page.context["form"]) == (200, None)
    assert "<textarea" not in page.content.decode()


def test_who_may_not_edit_writes_nothing(client, saved):
    for role in ("leader", "inspector", "sysadmin", "reporter"):
        client.force_login(factories.user(role, unit=factories.unit()))
        assert client.post(url(saved), page_of(saved, [])).status_code == 404
        assert client.post(url(saved, "schedule-approve"), {"version": "1"}).status_code == 404

    assert saved.milestones.count() == 2
    assert AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).count() == 8


def test_another_county_finds_nothing(client, saved):
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    assert [client.get(url(saved)).status_code, client.post(url(saved), page_of(saved, [])).status_code] == [404, 404]


def test_a_reporter_saves_the_schedule_of_the_own_unit(client, plan):
    client.force_login(factories.user("reporter", unit=plan.project.unit))
    lines = [{"name": "竣工", "kind": "finish", "due": "9月30日", "weight": "100", "unit": "水利"}]

    page = client.post(url(plan), page_of(plan, lines, ["１００"] * 12), follow=True)

    milestone = plan.milestones.get()
    assert (milestone.name, milestone.due, milestone.unit.name) == ("竣工", dt.date(2024, 9, 30), "水利局")
    assert said(page) == ["已保存。污水处理厂：工期计划 新增 1 个节点、月度计划投资。"]


def test_a_unit_of_another_county_is_not_found_by_its_name(office_client, plan):
    factories.unit("邻县水利局", county=factories.county("140430", "邻县"))
    lines = [{"name": "竣工", "due": "2024-09-30", "unit": "邻县水利局"}]

    page = office_client.post(url(plan), page_of(plan, lines))

    assert page.context["form"].errors == ["第 1 行：没有叫“邻县水利局”的单位，请从下拉名单中选择。"]
    assert plan.milestones.count() == 0


# Saving


def test_a_line_marked_for_removal_goes_and_an_empty_line_is_none(office_client, saved):
    lines = [*texts.stored_lines(saved), {"name": "", "due": ""}]
    lines[0]["remove"] = "on"

    office_client.post(url(saved), page_of(saved, lines))

    assert [milestone.name for milestone in saved.milestones.all()] == ["竣工"]


def test_all_that_is_wrong_is_told_at_once_beside_its_box(office_client, saved):
    lines = [*moved(saved, "明年"), {"name": "封顶", "due": "2024-06-30", "weight": "一百"}]

    page = office_client.post(url(saved), page_of(saved, lines))

    assert page.status_code == 400
    assert page.context["form"].errors == [
        "第 2 行：“明年”不是能识别的日期，请写成 2024-05-31、2024-05、2024年二季度或 2024年。",
        "第 3 行：“权重%”不是数字：一百。请改为 120 或 120.50 这样的数值。",
    ]
    assert 'value="明年"' in page.content.decode()


def test_faults_that_only_the_action_knows_stand_in_their_row(office_client, saved):
    lines = texts.stored_lines(saved)
    lines[0]["done_on"] = "2024-06-01"

    page = office_client.post(url(saved), page_of(saved, lines))

    assert page.context["form"].lines[0].errors == {
        "done_on": ["第 1 行“开工”：实际完成 2024-06-01 还没有到，请填写 2024-05-31 或更早的日期。"]
    }


def test_the_same_page_sent_twice_is_saved_once(office_client, plan):
    data = page_of(plan, [{"name": "竣工", "due": "2024-09-30"}])

    office_client.post(url(plan), data)
    second = office_client.post(url(plan), data, follow=True)

    assert said(second)[-1] == "内容已经保存，与您填写的一致。"
    assert (plan.milestones.count(), ChangeSet.objects.count()) == (1, 1)


def test_an_approved_schedule_asks_why_and_keeps_what_was_typed(office_client, approved):
    lines = moved(approved, "2024-10-31")

    asked = office_client.post(url(approved), page_of(approved, lines))
    told = {"change_kind": "delay", "change_reason": "land", "change_words": "征地协议尚未签订"}
    saved = office_client.post(url(approved), page_of(approved, lines, **told), follow=True)

    assert asked.status_code == 400
    assert list(asked.context["form"].explanation.errors) == ["change_kind", "change_reason", "change_words"]
    assert shown_lines(asked)[1][2] == "2024-10-31"
    assert saved.context["reading"].finish.late_by_original == 31
    assert ScheduleChange.objects.get().words == "征地协议尚未签订"


def test_pasted_words_are_noticed_and_not_refused(office_client, approved):
    told = {"change_kind": "delay", "change_reason": "land", "change_words": "征地协议尚未签订，顺延一个月"}
    office_client.post(url(approved), page_of(approved, moved(approved, "2024-10-31"), **told))

    second = office_client.post(url(approved), page_of(approved, moved(approved, "2024-11-30"), **told), follow=True)

    assert said(second)[-1] == ("这次的变更说明与“污水处理厂”2024-05-31 的说明几乎相同，请确认确是本项目的原因。")
    assert ScheduleChange.objects.count() == 2


def test_approving_freezes_and_a_stale_page_approves_nothing(office_client, saved):
    stale = office_client.post(url(saved, "schedule-approve"), {"version": "9"}, follow=True)
    approved = office_client.post(url(saved, "schedule-approve"), {"version": "1"}, follow=True)

    assert (stale.context["reading"].approved_at, bool(approved.context["reading"].approved_at)) == (None, True)
    assert said(stale) == ["您打开这一页之后，他人修改了工期计划，没有审定。请核对现在的内容，再审定。"]


@pytest.mark.parametrize("text", ["", "x", "-1", "²", "9" * 30])
def test_a_strange_version_is_a_stale_one(text, office_client, saved):
    data = page_of(saved, [], version=text)

    assert office_client.post(url(saved), data).status_code == 409
    assert saved.milestones.count() == 2


@pytest.mark.parametrize("text", ["x", "-1", "999999", ""])
def test_a_strange_number_of_lines_breaks_nothing(text, office_client, saved):
    data = page_of(saved) | {"node-TOTAL_FORMS": text, "step": "more"}

    assert office_client.post(url(saved), data).status_code == 200


# Tools: the page changes, nothing is saved


def test_a_template_is_laid_out_and_saved_only_then(office_client, plan):
    tools = {"step": "lay_out", "template": "it", "start": "2024-03-01", "finish": "2024年11月"}

    page = office_client.post(url(plan), page_of(plan, [], **tools))

    assert [line[0] for line in shown_lines(page)][:2] == ["开工", "需求和设计方案确认"]
    assert shown_lines(page)[-1] == ("竣工验收", "finish", "2024-11-30", "5", "水利局")
    assert (page.context["form"].used_template, plan.milestones.count()) == ("it", 0)


def test_a_template_may_take_the_place_of_what_is_stored(office_client, saved):
    tools = {"step": "lay_out", "template": "general", "start": "2024-03-01", "finish": "2024-11-30", "replace": "on"}

    page = office_client.post(url(saved), page_of(saved, **tools))

    assert [bool(line["remove"].value()) for line in page.context["form"].lines] == [True] * 2 + [False] * 5


def test_a_template_without_days_says_what_is_missing(office_client, saved):
    page = office_client.post(url(saved), page_of(saved, step="lay_out", template="it", start="", finish="2024"))

    assert page.context["problem"] == "请选择模板，并填写开工和竣工日期，如 2024-03-01、2024-11-30。"
    assert len(shown_lines(page)) == 2


def test_the_annual_plan_is_spread_over_months_to_the_cent(office_client, plan):
    page = office_client.post(url(plan), page_of(plan, step="spread", start_month="3"))

    amounts = [box.value() for box in page.context["form"].months]
    assert (amounts[:3], sum(map(Decimal, amounts))) == (["0", "0", "120"], 1200)


def test_lines_are_sorted_by_their_days_and_words_come_last(office_client, plan):
    lines = [{"name": name, "due": due} for name, due in (("乙", "年底"), ("丙", "2024-09-30"), ("甲", "3月"))]

    page = office_client.post(url(plan), page_of(plan, lines, step="sort"))

    assert [line[0] for line in shown_lines(page)] == ["甲", "丙", "乙"]


def test_a_block_from_excel_becomes_lines(office_client, saved):
    block = "节点名称\t责任单位\t计划完成时间\t权重\n主体封顶\t水利局\t2024.6.30\t30%\n全容量并网\t\t四季度\t"

    page = office_client.post(url(saved), page_of(saved, step="paste_nodes", pasted_nodes=block))

    assert shown_lines(page)[2:] == [
        ("主体封顶", "node", "2024.6.30", "30", "水利局"),
        ("全容量并网", "finish", "四季度", "", ""),
    ]


def test_twelve_numbers_from_excel_become_months_and_eleven_do_not(office_client, saved):
    row = "\t".join(["１,２00"] + ["5"] * 11)

    page = office_client.post(url(saved), page_of(saved, step="paste_months", pasted_months=row))
    short = office_client.post(url(saved), page_of(saved, step="paste_months", pasted_months=row[:-2]))

    assert [box.value() for box in page.context["form"].months][:2] == ["1,200", "5"]
    assert short.context["problem"] == "粘贴的内容有 11 个数，应为 1 至 12 月共 12 个，没有投资的月份填 0。"


# Two people at once


def hidden_of(response):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode()))


@pytest.fixture
def overtaken(office_client, saved):
    """A page on which the finish and April were changed, overtaken by another that changed both lines and April."""
    mine = page_of(saved, moved(saved, "2024-10-31"), ["100"] * 3 + ["90"] + ["100"] * 8)
    theirs = moved(saved, "2024-11-30")
    theirs[0]["due"] = "2024-03-15"
    office_client.post(url(saved), page_of(saved, theirs, ["100"] * 3 + ["80"] + ["100"] * 8))
    return mine


def test_the_conflict_page_shows_both_texts(office_client, saved, overtaken):
    page = office_client.post(url(saved), overtaken)

    assert page.status_code == 409
    assert [(c.label, c.mine, c.theirs, c.chosen) for c in page.context["conflicts"]] == [
        ("开工", "开工，开工，计划 2024-03-01，权重 40%", "开工，开工，计划 2024-03-15，权重 40%", "theirs"),
        ("竣工", "竣工，竣工，计划 2024-10-31，权重 60%", "竣工，竣工，计划 2024-11-30，权重 60%", "mine"),
        ("4月计划投资", "90", "80", "mine"),
    ]


def test_what_was_chosen_is_saved(office_client, saved, overtaken):
    first, second = saved.milestones.all()
    page = office_client.post(url(saved), overtaken)
    chosen = {f"keep_{first.pk}": "theirs", f"keep_{second.pk}": "mine", "keep_month_4": "theirs"}

    done = office_client.post(url(saved), hidden_of(page) | chosen)

    assert done.status_code == 302
    assert [milestone.due for milestone in saved.milestones.all()] == [dt.date(2024, 3, 15), dt.date(2024, 10, 31)]
    assert saved.monthly_targets.get(month=4).amount == 80


def test_what_the_other_added_stays_and_what_they_removed_may_come_back(office_client, saved):
    mine = page_of(saved, moved(saved, "2024-10-31"))
    theirs = [texts.stored_lines(saved)[0], {"name": "试运行", "due": "2024-09-01"}]
    office_client.post(url(saved), page_of(saved, theirs))
    page = office_client.post(url(saved), mine)
    chosen = {f"keep_{conflict.key}": conflict.chosen for conflict in page.context["conflicts"]}

    office_client.post(url(saved), hidden_of(page) | chosen)

    assert [(c.label, c.mine, c.theirs) for c in page.context["conflicts"]] == [
        ("竣工", "竣工，竣工，计划 2024-10-31，权重 60%", "（已删除）"),
        ("试运行", "（没有这个节点）", "试运行，节点，计划 2024-09-01"),
    ]
    assert sorted(milestone.name for milestone in saved.milestones.all()) == ["开工", "竣工", "试运行"]


# A past day


def test_a_past_day_shows_its_plan_and_can_only_be_read(office_client, office, saved, county):
    change_set = ChangeSet.objects.first()
    for row in (saved.project, saved):
        type(row).history.model.objects.filter(id=row.pk).update(history_date=change_set.at)
    county.business_time += dt.timedelta(days=1)
    county.save()
    office_client.post(url(saved), page_of(saved, moved(saved, "2024-10-31")))

    past, present = (office_client.get(url(saved), {"as_of": day}) for day in ("2024-05-31", "2024-06-01"))

    assert (past.context["form"], past.context["reading"].finish.milestone.due) == (None, dt.date(2024, 9, 30))
    assert present.context["form"] is not None
    assert present.context["reading"].finish.milestone.due == dt.date(2024, 10, 31)


def test_a_plan_that_was_not_there_yet_is_not_found(office_client, saved):
    assert office_client.get(url(saved), {"as_of": "2024-05-30"}).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_takes_as_many_queries_however_long_the_schedule(
    count, office_client, plan, office, django_assert_num_queries
):
    unit = factories.unit()
    entries = [MilestoneEntry(f"节点{n}", dt.date(2024, 6, 1), unit=unit) for n in range(count)]
    schedule.save_schedule(by=office, plan=plan, milestones=entries, monthly=MONTHS, version=0)

    with django_assert_num_queries(15):
        office_client.get(url(plan))
