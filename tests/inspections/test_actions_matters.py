"""Deciding matters and taking them through their steps: what is written, who may, twice, and too late."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections.actions import matters as actions
from inspections.models import Matter, Meeting, Stop
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories
from tests.inspections import matter_factories as made
from tests.inspections import round_factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)
WEEK_LATER = dt.date(2024, 5, 27)


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def unit(at_noon):
    return factories.unit("水利局")


@pytest.fixture
def meeting(at_noon):
    return made.meeting("open", TODAY, title="五月月落实会议")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def matter(unit):
    return made.matter(made.meeting(title="四月月落实会议"), unit, text="完成征地")


def events(matter):
    return list(matter.events.values_list("kind", "text"))


STEPS = {
    "answer": {"text": "已签协议"},
    "ask_closing": {"text": "已办完"},
    "close": {"text": "现场核对"},
    "extend": {"deadline": dt.date(2024, 6, 20), "reason": "雨季"},
    "drop": {"reason": "并入其他事项"},
}


def step(verb, by, matter, **values):
    values = {"version": matter.row_version, **STEPS.get(verb, {}), **values}
    return getattr(actions, verb)(by=by, matter=matter, **values)


# Deciding


def test_a_meeting_decides_a_matter(office, meeting, unit):
    project = factories.project("河道治理")
    problem = factories.problem(project)
    leader = factories.leader("李县长")
    values = {"text": " 完成征地 ", "unit": unit, "person": "张工", "leader": leader, "problem": problem}

    matter = actions.decide(by=office, meeting=meeting, values=values)

    kept = Matter.objects.get()
    assert (kept, kept.text, kept.unit, kept.leader, kept.project) == (matter, "完成征地", unit, leader, project)
    assert (kept.decided_on, kept.deadline, kept.original_deadline, kept.seq) == (TODAY, WEEK_LATER, WEEK_LATER, 1)
    assert events(kept) == [("decided", "责任单位：水利局；责任人：张工；牵头领导：李县长；办结时限：2024-05-27")]
    assert ChangeSet.objects.get().kind == ChangeSet.Kind.INSPECTION
    assert AuditEntry.objects.get().summary == "五月月落实会议：议定事项“完成征地”"
    assert kept.history_records.get().change_set == ChangeSet.objects.get()


def test_several_rows_are_kept_in_one_go_in_their_order(office, meeting, unit):
    actions.decide(by=office, meeting=meeting, values={"text": "一", "unit": unit})

    rows = [{"text": text, "unit": unit, "deadline": dt.date(2024, 6, 30)} for text in ("二", "三")]
    actions.decide_all(by=office, meeting=meeting, rows=rows)

    assert list(meeting.matters.order_by("seq").values_list("seq", "text")) == [(1, "一"), (2, "二"), (3, "三")]
    assert AuditEntry.objects.order_by("pk").last().summary == "五月月落实会议：议定事项 2 项"


def test_one_row_that_cannot_be_kept_keeps_all_from_being(office, meeting, unit):
    rows = [{"text": "一", "unit": unit}, {"text": "二"}, {"text": " ", "unit": unit}]

    with pytest.raises(actions.Refused) as refused:
        actions.decide_all(by=office, meeting=meeting, rows=rows)

    assert refused.value.errors == {1: "请填写责任单位。", 2: "请写明议定事项。"}
    assert Matter.objects.count() == 0


@pytest.mark.parametrize(
    ("deadline", "is_kept"),
    [
        (TODAY, True),
        (TODAY - dt.timedelta(days=1), False),
        (TODAY + dt.timedelta(days=365), True),
        (TODAY + dt.timedelta(days=366), False),
    ],
)
def test_a_deadline_lies_between_the_meeting_and_a_year_after(office, meeting, unit, deadline, is_kept):
    values = {"text": "一", "unit": unit, "deadline": deadline}

    if is_kept:
        assert actions.decide(by=office, meeting=meeting, values=values).deadline == deadline
    else:
        with pytest.raises(actions.Refused):
            actions.decide(by=office, meeting=meeting, values=values)


def test_the_same_form_decides_once(office, meeting, unit):
    key = uuid.uuid4()
    rows = [{"text": "一", "unit": unit}, {"text": "二", "unit": unit}]

    first = actions.decide_all(by=office, meeting=meeting, rows=rows, form_key=key)
    second = actions.decide_all(by=office, meeting=meeting, rows=rows, form_key=key)

    assert (first, Matter.objects.count(), ChangeSet.objects.count()) == (second, 2, 1)


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_only_the_office_decides(role, meeting, unit):
    with pytest.raises(Meeting.DoesNotExist):
        actions.decide(by=factories.user(role, unit=unit), meeting=meeting, values={"text": "一", "unit": unit})

    assert Matter.objects.count() == 0


def test_nobody_decides_in_another_county(meeting, unit):
    neighbour = factories.user("office", county=factories.county("140430", "邻县"))

    with pytest.raises(Meeting.DoesNotExist):
        actions.decide(by=neighbour, meeting=meeting, values={"text": "一", "unit": unit})


def test_an_issued_meeting_decides_nothing_more(office, unit):
    issued = made.meeting(title="四月月落实会议")

    with pytest.raises(actions.Refused) as refused:
        actions.decide(by=office, meeting=issued, values={"text": "一", "unit": unit})

    assert str(refused.value) == "“四月月落实会议”的纪要已经印发，不能再增减或改写事项。新的事项请记入下一次会议。"


def test_what_belongs_to_another_county_is_refused(office, meeting, unit):
    foreign = factories.project("外县项目", county=factories.county("140430", "邻县"))

    with pytest.raises(actions.Refused) as refused:
        actions.decide(by=office, meeting=meeting, values={"text": "一", "unit": unit, "project": foreign})

    assert str(refused.value) == "所选的项目不在本县，请重新选择。"


def test_a_problem_is_one_of_its_project(office, meeting, unit):
    project, problem = factories.project("河道治理"), factories.problem(factories.project("别的"))
    values = {"text": "一", "unit": unit, "project": project, "problem": problem}

    with pytest.raises(actions.Refused) as refused:
        actions.decide(by=office, meeting=meeting, values=values)

    assert str(refused.value) == "所选的问题不是“河道治理”的，请核对项目或问题。"


def test_text_that_is_too_long_is_refused(office, meeting, unit):
    with pytest.raises(actions.Refused) as refused:
        actions.decide(by=office, meeting=meeting, values={"text": "长" * 1001, "unit": unit})

    assert str(refused.value) == "“议定事项”有 1001 字，超过 1000 字，请缩短。"


# On the spot


def test_a_matter_assigned_on_the_spot_takes_project_and_unit_of_its_stop(office, unit):
    stop = round_factories.stop(round_factories.round_(), plan=factories.plan_under_way(unit))

    matter = actions.assign_on_spot(by=office, stop=stop, values={"text": "清理弃土"})

    assert (matter.stop, matter.meeting, matter.project, matter.unit) == (stop, None, stop.plan.project, unit)
    assert (matter.decided_on, matter.deadline) == (TODAY, WEEK_LATER)
    assert list(Matter.objects.open()) == [matter]


def test_the_same_form_assigns_once(office, unit):
    stop = round_factories.stop(round_factories.round_(), plan=factories.plan_under_way(unit))
    key = uuid.uuid4()

    for _ in range(2):
        actions.assign_on_spot(by=office, stop=stop, values={"text": "清理弃土"}, form_key=key)

    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("planned", "“二季度观摩”还没有开始，不能现场交办。请先开始观摩。"),
        ("closed", "“二季度观摩”已经结束，不能再现场交办。请在下一次会议上议定。"),
    ],
)
def test_nothing_is_assigned_before_the_round_begins_or_after_it(state, why, office, unit):
    round_ = round_factories.round_(state, title="二季度观摩")
    stop = round_factories.stop(round_, plan=factories.plan_under_way(unit))

    with pytest.raises(actions.Refused) as refused:
        actions.assign_on_spot(by=office, stop=stop, values={"text": "清理弃土"})

    assert str(refused.value) == why


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector"])
def test_only_the_office_assigns_on_the_spot(role, unit):
    stop = round_factories.stop(round_factories.round_(), plan=factories.plan_under_way(unit))

    with pytest.raises(Stop.DoesNotExist):
        actions.assign_on_spot(by=factories.user(role, unit=unit), stop=stop, values={"text": "清理弃土"})


# Steps


def test_the_unit_answers(reporter, matter):
    step("answer", reporter, matter, text=" 已签 3 户 ")

    matter.refresh_from_db()
    assert (matter.state, matter.row_version, events(matter)) == ("open", 2, [("answered", "已签 3 户")])
    assert AuditEntry.objects.get().summary == "四月月落实会议：反馈“完成征地”"


def test_the_unit_asks_and_the_office_closes(reporter, office, matter):
    asked = step("ask_closing", reporter, matter)
    closed = step("close", office, asked)

    assert (closed.state, closed.settled_on) == ("done", TODAY)
    assert events(matter) == [("ask_end", "已办完"), ("done", "现场核对")]


def test_what_is_not_done_is_sent_back(reporter, office, matter):
    asked = step("ask_closing", reporter, matter)

    back = step("send_back", office, asked, reason="现场未清理")

    assert (back.state, events(matter)[-1]) == ("open", ("back", "现场未清理"))


def test_the_office_closes_what_nobody_asked_to(office, matter):
    assert step("close", office, matter).state == "done"


def test_an_extension_keeps_the_first_deadline_beside_it(office, matter):
    step("extend", office, matter)

    matter.refresh_from_db()
    event = matter.events.get()
    assert (matter.original_deadline, matter.deadline) == (dt.date(2024, 5, 17), dt.date(2024, 6, 20))
    assert (event.deadline_before, event.deadline_after) == (dt.date(2024, 5, 17), dt.date(2024, 6, 20))


@pytest.mark.parametrize("days", [0, -1, 366])
def test_an_extension_goes_to_a_later_day_within_a_year(office, matter, days):
    with pytest.raises(actions.Refused):
        step("extend", office, matter, deadline=matter.deadline + dt.timedelta(days=days))


def test_a_dropped_matter_says_why(office, matter):
    dropped = step("drop", office, matter)

    assert (dropped.state, dropped.settled_on, events(matter)) == ("dropped", TODAY, [("dropped", "并入其他事项")])


@pytest.mark.parametrize("verb", ["close", "extend", "drop"])
def test_the_units_leave_the_offices_steps_to_it(verb, reporter, matter):
    with pytest.raises(Matter.DoesNotExist):
        step(verb, reporter, matter)

    assert events(matter) == []


@pytest.mark.parametrize("verb", ["answer", "ask_closing"])
@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_a_stranger_takes_no_step(verb, role, matter):
    with pytest.raises(Matter.DoesNotExist):
        step(verb, factories.user(role, unit=factories.unit()), matter)


@pytest.mark.parametrize("verb", list(STEPS))
@pytest.mark.parametrize("state", ["done", "dropped"])
def test_a_settled_matter_takes_no_step(verb, state, office):
    with pytest.raises(actions.Refused):
        step(verb, office, made.matter(state=state))


def test_a_step_from_a_stale_page_is_refused(reporter, office, matter):
    step("answer", reporter, matter)

    with pytest.raises(changes.StaleRow):
        step("close", office, matter)

    matter.refresh_from_db()
    assert matter.state == "open"


@pytest.mark.parametrize("verb", list(STEPS))
def test_the_same_form_takes_a_step_once(verb, office, matter):
    key = uuid.uuid4()

    for _ in range(2):
        step(verb, office, matter, version=1, form_key=key)

    assert (matter.events.count(), ChangeSet.objects.count()) == (1, 1)


def test_words_are_needed(reporter, matter):
    with pytest.raises(actions.Refused) as refused:
        step("answer", reporter, matter, text=" ")

    assert str(refused.value) == "请写明办理情况。"


# Before the minutes are issued


def test_a_matter_being_written_is_the_offices_alone(meeting, unit, reporter, office):
    matter = made.matter(meeting, unit)

    with pytest.raises(Matter.DoesNotExist):
        step("answer", reporter, matter)
    with pytest.raises(actions.Refused) as refused:
        step("close", office, matter)

    assert str(refused.value).startswith("会议纪要还没有印发，这一项还没有交办，不能“办结”。")
    assert list(Matter.objects.readable_by(reporter)) == []


def test_a_matter_being_written_is_edited(office, meeting, unit):
    matter = made.matter(meeting, unit, text="完成征地")
    values = {"text": "完成征地和拆迁", "deadline": dt.date(2024, 6, 3)}

    actions.edit(by=office, matter=matter, version=1, values=values)

    matter.refresh_from_db()
    assert (matter.text, matter.deadline, matter.original_deadline) == (
        "完成征地和拆迁",
        dt.date(2024, 6, 3),
        dt.date(2024, 6, 3),
    )
    assert events(matter) == [
        ("edited", "议定事项 完成征地 → 完成征地和拆迁；办结时限 2024-05-27 → 2024-06-03"),
    ]


def test_a_matter_keeps_a_deadline(office, meeting, unit):
    with pytest.raises(actions.Refused) as refused:
        actions.edit(by=office, matter=made.matter(meeting, unit), version=1, values={"deadline": None})

    assert str(refused.value) == "请填写办结时限。"


def test_an_edit_without_a_change_leaves_no_trace(office, meeting, unit):
    matter = made.matter(meeting, unit)

    actions.edit(by=office, matter=matter, version=1, values={"text": matter.text})

    assert (events(matter), ChangeSet.objects.count()) == ([], 0)


def test_a_matter_handed_out_is_not_rewritten(office, matter):
    with pytest.raises(actions.Refused) as refused:
        actions.edit(by=office, matter=matter, version=1, values={"text": "别的"})

    assert str(refused.value).startswith("“四月月落实会议”已经印发纪要，这一项不能再改写。")


@pytest.mark.parametrize(("state", "is_kept"), [("open", True), ("closed", False)])
def test_a_matter_of_the_spot_is_edited_until_its_round_closes(state, is_kept, office):
    matter = made.matter(stop=round_factories.stop(round_factories.round_(state)))

    if is_kept:
        assert actions.edit(by=office, matter=matter, version=1, values={"text": "改"}).text == "改"
    else:
        with pytest.raises(actions.Refused):
            actions.edit(by=office, matter=matter, version=1, values={"text": "改"})


def test_a_matter_being_written_is_removed_and_history_keeps_it(office, meeting, unit):
    matter = actions.decide(by=office, meeting=meeting, values={"text": "写错了", "unit": unit})

    actions.remove(by=office, matter=matter, version=1)

    records = Matter.history.filter(id=matter.pk).order_by("history_id")
    assert (Matter.objects.count(), list(records.values_list("history_type", flat=True))) == (0, ["+", "-"])
    assert AuditEntry.objects.order_by("pk").last().summary == "五月月落实会议：删去议定事项“写错了”"


def test_a_matter_handed_out_is_not_removed(office, matter):
    with pytest.raises(actions.Refused):
        actions.remove(by=office, matter=matter, version=1)

    assert Matter.objects.count() == 1
