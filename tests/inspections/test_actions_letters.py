"""Letters from draft to close: who may, in which state, numbered without gaps, rising, twice, too late."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections.actions import letter_steps as steps
from inspections.actions import letters as actions
from inspections.actions.letter_writing import Refused
from inspections.models import Letter, LetterSeries
from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Problem
from tests import factories
from tests.inspections import letter_factories as make

pytestmark = pytest.mark.django_db
WEEK_LATER = dt.date(2024, 6, 7)


@pytest.fixture(autouse=True)
def friday():
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def office(friday):
    return factories.user("office")


@pytest.fixture
def unit(friday):
    return factories.unit("水利局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def plan(unit):
    return make.red_plan(unit)


@pytest.fixture
def letter(office, plan):
    return make.issued(office, plan)


def on(*day):
    return factories.clock(*day, 10)


def step(name, by, letter, **values):
    return getattr(steps, name)(by=by, letter=letter, version=letter.row_version, **values)


def test_a_letter_closed_in_vain_does_not_rise_beside_a_new_one_on_the_same_project(office, plan):
    closed = make.unsettled(office, make.issued(office, plan))
    draft = actions.draft(by=office, what="plan", row=plan)

    with pytest.raises(Refused, match="对此已有提醒函草稿没有办结，不能另发。") as refused:
        actions.raise_further(by=office, letter=closed, version=closed.row_version)

    assert (refused.value.standing, list(Letter.objects.filter(state="draft"))) == (draft, [draft])


def test_a_void_order_opens_its_reminder_no_more_once_another_has_taken_its_place(office, plan):
    reminder = make.issued(office, plan)
    on(2024, 6, 10)
    row = actions.raise_further(by=office, letter=reminder, version=reminder.row_version)
    order = actions.issue(by=office, letter=row, version=row.row_version)
    order = make.unsettled(office, order)
    second = make.issued(office, plan)

    actions.void(by=office, letter=order, version=order.row_version, reason="发错单位")

    reminder.refresh_from_db()
    assert (reminder.state, list(Letter.objects.open())) == ("closed", [second])


def events(letter):
    return list(letter.events.values_list("kind", "text"))


# Drafts


def test_a_project_without_a_unit_asks_for_one(office):
    with pytest.raises(Refused, match="请选择本县的主送单位。"):
        actions.draft(by=office, what="plan", row=make.red_plan())

    assert not Letter.objects.exists()


def test_a_red_light_is_drafted_with_its_reason_and_a_week_to_answer(office, plan, unit):
    draft = actions.draft(by=office, what="plan", row=plan)

    kept = Letter.objects.get()
    assert (kept, kept.kind, kept.state, kept.unit, kept.plan) == (draft, "reminder", "draft", unit, plan)
    assert kept.title == "关于河道治理未按期开工的提醒函"
    assert (kept.reason, kept.deadline, kept.original_deadline) == (
        "应于2024年1月开工，已逾期4个月",
        WEEK_LATER,
        WEEK_LATER,
    )
    assert (kept.number, kept.document_number) == (None, "")
    assert events(kept) == [("drafted", "应于2024年1月开工，已逾期4个月")]
    assert AuditEntry.objects.get().summary == "拟稿提醒函“关于河道治理未按期开工的提醒函”"
    assert kept.history_records.get().change_set.kind == ChangeSet.Kind.INSPECTION


def test_an_overdue_problem_is_written_to_its_unit(office, plan):
    problem = make.late_problem(plan.project, unit=factories.unit("自然资源局"))

    draft = actions.draft(by=office, what="problem", row=problem)

    assert (draft.problem, draft.unit.name) == (problem, "自然资源局")
    assert draft.reason == "“用地未落实”，应于2024年5月20日办结，已逾期11天"


def test_what_is_neither_red_nor_overdue_gets_no_letter(office, unit):
    green = make.red_plan(unit, project__planned_start=dt.date(2024, 12, 1))
    in_time = make.late_problem(green.project, deadline=make.TODAY)

    with pytest.raises(Refused, match="没有亮红灯"):
        actions.draft(by=office, what="plan", row=green)
    with pytest.raises(Refused, match="没有逾期"):
        actions.draft(by=office, what="problem", row=in_time)

    assert Letter.objects.count() == 0


def test_what_waits_for_the_offices_own_check_gets_no_letter(office, plan):
    asked = factories.problem(plan.project, "closing", raised_on=dt.date(2024, 5, 13))

    with pytest.raises(Refused, match="已申请销号"):
        actions.draft(by=office, what="problem", row=asked)


def test_an_overdue_matter_is_written_to_its_unit(office, unit, friday):
    matter = make.late_matter(friday, unit)

    draft = actions.draft(by=office, what="matter", row=matter)

    assert (draft.matter, draft.unit, draft.title) == (matter, unit, "关于五月落实会议交办事项逾期未办结的提醒函")
    assert draft.reason == "“解决供水管线迁改”，应于2024年5月20日办结，已逾期11天"


def test_one_matter_has_one_open_letter(office, plan, letter):
    with pytest.raises(Refused, match="对此已有提醒函沁重项提〔2024〕1号没有办结"):
        actions.draft(by=office, what="plan", row=plan)


def test_after_a_settled_one_a_new_reminder_may_be_sent(office, plan, letter):
    step("close", office, letter, text="已开工", is_settled=True)

    assert actions.draft(by=office, what="plan", row=plan).kind == "reminder"


def test_the_same_form_drafts_one_letter(office, plan):
    key = uuid.uuid4()

    first = actions.draft(by=office, what="plan", row=plan, form_key=key)
    second = actions.draft(by=office, what="plan", row=plan, form_key=key)

    assert (first, Letter.objects.count(), ChangeSet.objects.count()) == (second, 1, 1)


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_only_the_office_writes_letters(plan, role):
    with pytest.raises(AnnualPlan.DoesNotExist):
        actions.draft(by=factories.user(role), what="plan", row=plan)


def test_nothing_is_written_about_another_county(plan):
    stranger = factories.user("office", county=factories.county("140402", "潞州区"))
    problem = make.late_problem(plan.project)

    with pytest.raises(AnnualPlan.DoesNotExist):
        actions.draft(by=stranger, what="plan", row=plan)
    with pytest.raises(Problem.DoesNotExist):
        actions.draft(by=stranger, what="problem", row=problem)


def test_a_new_deadline_is_taken_over_into_the_text(office, plan, unit):
    draft = make.drafted(office, plan)
    values = {"unit": unit, "title": draft.title, "body": draft.body, "deadline": dt.date(2024, 6, 12)}

    kept = actions.edit(by=office, letter=draft, version=draft.row_version, values=values)

    assert "请于2024年6月12日前" in kept.body
    assert "2024年6月7日" not in kept.body
    assert events(kept)[-1] == ("edited", "修改了正文、回复时限")


@pytest.mark.parametrize(("deadline", "fits"), [(make.TODAY, False), (dt.date(2024, 6, 1), True)])
def test_the_deadline_lies_ahead(office, plan, deadline, fits):
    if fits:
        assert make.drafted(office, plan, deadline=deadline).deadline == deadline
    else:
        with pytest.raises(Refused, match="回复时限应晚于今天"):
            make.drafted(office, plan, deadline=deadline)


def test_a_unit_of_another_county_is_refused(office, plan):
    stranger = factories.unit(county=factories.county("140402", "潞州区"))

    with pytest.raises(Refused, match="本县的主送单位"):
        actions.draft(by=office, what="plan", row=plan, values={"unit": stranger})


def test_who_edits_an_old_version_is_told(office, plan, unit):
    draft = make.drafted(office, plan)
    values = {"unit": unit, "title": "关于某事的提醒函", "body": draft.body, "deadline": draft.deadline}
    actions.edit(by=office, letter=draft, version=draft.row_version, values=values)

    with pytest.raises(changes.StaleRow):
        actions.edit(by=office, letter=draft, version=draft.row_version, values=values)


def test_a_discarded_draft_leaves_history_and_makes_room(office, plan):
    draft = make.drafted(office, plan)

    actions.discard(by=office, letter=draft, version=draft.row_version)

    assert Letter.objects.count() == 0
    assert Letter.history.latest("history_id").history_type == "-"
    assert make.drafted(office, plan).state == "draft"


# Issuing


def test_issuing_numbers_and_dates_the_letter(office, letter):
    assert letter.document_number == "沁重项提〔2024〕1号"
    assert (letter.sender, letter.issued_on, letter.issued_by) == (
        "沁源县重点项目建设领导小组办公室",
        make.TODAY,
        office,
    )
    assert events(letter)[-1] == ("issued", "沁重项提〔2024〕1号")


def test_numbers_run_on_by_kind_and_year(office, letter, unit):
    second = make.issued(office, make.red_plan(unit, "大桥"))
    order = make.risen(office, second)
    on(2025, 6, 6)
    third = make.issued(office, make.red_plan(unit, "学校", year=2025))

    assert [each.document_number for each in (second, order, third)] == [
        "沁重项提〔2024〕2号",
        "沁重项督〔2024〕1号",
        "沁重项提〔2025〕1号",
    ]


def test_a_discarded_draft_uses_up_no_number(office, unit, letter):
    draft = make.drafted(office, make.red_plan(unit, "大桥"))
    actions.discard(by=office, letter=draft, version=draft.row_version)

    assert make.issued(office, make.red_plan(unit, "学校")).number == 2


def test_issuing_twice_with_one_form_numbers_once(office, plan):
    draft, key = make.drafted(office, plan), uuid.uuid4()

    first = actions.issue(by=office, letter=draft, version=draft.row_version, form_key=key)
    second = actions.issue(by=office, letter=draft, version=draft.row_version, form_key=key)

    assert (first.number, second.number, Letter.objects.issued().count()) == (1, 1, 1)


def test_a_letter_goes_out_under_the_countys_own_words(office, plan, friday):
    LetterSeries.objects.create(county=friday, kind="reminder", prefix="沁发改提", sender="沁源县发展和改革局")

    letter = make.issued(office, plan)

    assert (letter.document_number, letter.sender) == ("沁发改提〔2024〕1号", "沁源县发展和改革局")


def test_a_text_that_is_not_finished_is_not_issued(office, plan):
    for body, why in (("地点：【待填】。请于2024年6月7日前", "还有“【待填】”"), ("请于近日反馈", "没有写明回复时限")):
        draft = make.drafted(office, plan, body=body)
        with pytest.raises(Refused, match=why):
            actions.issue(by=office, letter=draft, version=draft.row_version)
        actions.discard(by=office, letter=draft, version=draft.row_version)


def test_a_draft_whose_light_has_gone_is_not_issued(office, plan):
    draft = make.drafted(office, plan)
    plan.project.stage = "in_operation"
    plan.project.save()

    with pytest.raises(Refused, match="没有亮红灯，不能发提醒函。请核对后删去这份草稿"):
        actions.issue(by=office, letter=draft, version=draft.row_version)


# The unit's steps


def test_the_unit_receives_and_answers(reporter, letter):
    received = step("receive", reporter, letter)
    answered = step("answer", reporter, received, text=" 已开工 ")

    assert (received.state, received.received_on) == ("received", make.TODAY)
    assert (answered.state, answered.answered_on) == ("answered", make.TODAY)
    assert events(letter)[-2:] == [("received", ""), ("answered", "已开工")]


def test_who_answers_has_received_it(reporter, letter):
    answered = step("answer", reporter, letter, text="已开工")

    assert answered.received_on == make.TODAY


@pytest.mark.parametrize("name", ["receive", "answer", "ask_extension"])
def test_another_units_reporter_and_the_office_take_no_step_of_the_units(office, letter, name):
    values = {"answer": {"text": "x"}, "ask_extension": {"reason": "x", "deadline": dt.date(2024, 6, 10)}}.get(name, {})
    strangers = [factories.user("reporter", unit=factories.unit()), factories.user("reporter"), office]

    for stranger in strangers:
        with pytest.raises(Letter.DoesNotExist):
            step(name, stranger, letter, **values)


@pytest.mark.parametrize("name", ["grant_extension", "refuse_extension", "close", "send_back"])
def test_the_unit_takes_no_step_of_the_offices(reporter, letter, name):
    values = {"close": {"text": "x", "is_settled": True}, "grant_extension": {}}.get(name, {"reason": "x"})

    with pytest.raises(Letter.DoesNotExist):
        step(name, reporter, letter, **values)


def test_a_draft_is_nobodys_to_answer(office, reporter, plan):
    draft = make.drafted(office, plan)

    with pytest.raises(Letter.DoesNotExist):
        step("receive", reporter, draft)


def test_an_extension_is_asked_for_on_the_last_day_and_not_after(reporter, letter):
    on(2024, 6, 8)
    with pytest.raises(Refused, match="已经过期，延期须在到期前申请"):
        step("ask_extension", reporter, letter, reason="雨季", deadline=dt.date(2024, 6, 20))

    on(2024, 6, 7)
    asked = step("ask_extension", reporter, letter, reason="雨季", deadline=dt.date(2024, 6, 20))

    assert (asked.asked_deadline, asked.deadline) == (dt.date(2024, 6, 20), WEEK_LATER)


def test_a_granted_extension_moves_the_deadline_and_keeps_the_first(office, reporter, letter):
    asked = step("ask_extension", reporter, letter, reason="雨季", deadline=dt.date(2024, 6, 20))

    granted = step("grant_extension", office, asked)

    assert (granted.deadline, granted.original_deadline, granted.asked_deadline) == (
        dt.date(2024, 6, 20),
        WEEK_LATER,
        None,
    )


def test_a_refused_extension_leaves_the_deadline(office, reporter, letter):
    asked = step("ask_extension", reporter, letter, reason="雨季", deadline=dt.date(2024, 6, 20))

    refused = step("refuse_extension", office, asked, reason="不影响室内作业")

    assert (refused.deadline, refused.asked_deadline) == (WEEK_LATER, None)


@pytest.mark.parametrize("deadline", [WEEK_LATER, dt.date(2025, 6, 8)])
def test_a_later_deadline_is_later_and_within_a_year(reporter, letter, deadline):
    with pytest.raises(Refused, match="延期"):
        step("ask_extension", reporter, letter, reason="雨季", deadline=deadline)


# The office's judgement


def test_an_answer_that_does_not_do_is_sent_back_with_a_new_deadline(office, reporter, letter):
    answered = step("answer", reporter, letter, text="正在整改")

    back = step("send_back", office, answered, reason="没有具体时间", deadline=dt.date(2024, 6, 10))

    assert (back.state, back.answered_on, back.deadline) == ("received", None, dt.date(2024, 6, 10))


def test_closing_says_whether_it_was_put_right(office, reporter, letter):
    closed = step("close", office, step("answer", reporter, letter, text="已开工"), text="看了现场", is_settled=True)

    assert (closed.state, closed.closed_on, closed.is_settled) == ("closed", make.TODAY, True)
    assert events(closed)[-1] == ("closed", "整改到位。看了现场")


def test_a_closed_letter_takes_no_answer(office, reporter, letter):
    closed = make.unsettled(office, letter)

    with pytest.raises(Refused, match="已经办结"):
        step("answer", reporter, closed, text="已开工")


def test_the_second_submit_of_a_step_writes_nothing(reporter, letter):
    key = uuid.uuid4()

    for _ in range(2):
        step("answer", reporter, letter, text="已开工", form_key=key)

    assert [kind for kind, _ in events(letter)].count("answered") == 1


# Rising


def test_it_rises_the_day_after_the_deadline_and_not_before(office, letter):
    on(2024, 6, 7)
    with pytest.raises(Refused, match="还没有逾期"):
        actions.raise_further(by=office, letter=letter, version=letter.row_version)

    on(2024, 6, 8)
    order = actions.raise_further(by=office, letter=letter, version=letter.row_version)

    assert (order.kind, order.raises, order.unit, order.plan) == ("order", letter, letter.unit, letter.plan)
    assert order.title == "关于河道治理未按期开工的督办单"
    assert "（沁重项提〔2024〕1号），要求于2024年6月7日前反馈，你单位至今未按要求反馈。" in order.body


def test_one_that_was_answered_or_settled_does_not_rise(office, reporter, letter):
    answered = step("answer", reporter, letter, text="已开工")
    on(2024, 6, 30)
    with pytest.raises(Refused, match="已经回复，不能升级"):
        actions.raise_further(by=office, letter=answered, version=answered.row_version)

    settled = step("close", office, answered, text="看了现场", is_settled=True)
    with pytest.raises(Refused, match="整改到位，不能升级"):
        actions.raise_further(by=office, letter=settled, version=settled.row_version)


def test_the_graver_letter_closes_the_milder_one_when_it_goes_out(office, letter):
    on(2024, 6, 8)
    order = actions.raise_further(by=office, letter=letter, version=letter.row_version)
    assert Letter.objects.get(pk=letter.pk).state == "issued"

    order = actions.issue(by=office, letter=order, version=order.row_version)

    milder = Letter.objects.get(pk=letter.pk)
    assert (milder.state, milder.is_settled, milder.closed_on) == ("closed", False, dt.date(2024, 6, 8))
    assert events(milder)[-1] == ("raised", f"升级为督办单{order.document_number}")


def test_an_answer_meanwhile_keeps_the_graver_letter_from_going_out(office, reporter, letter):
    on(2024, 6, 8)
    order = actions.raise_further(by=office, letter=letter, version=letter.row_version)
    step("answer", reporter, letter, text="已开工")

    with pytest.raises(Refused, match="已经回复，不能升级"):
        actions.issue(by=office, letter=order, version=order.row_version)


def test_one_matter_rises_once_a_step_and_no_higher_than_the_talk(office, letter):
    order = make.risen(office, letter)
    with pytest.raises(Refused, match="已经升级为督办单"):
        actions.raise_further(by=office, letter=letter, version=Letter.objects.get(pk=letter.pk).row_version)
    talk = make.risen(office, order)
    closed = make.unsettled(office, talk)

    with pytest.raises(Refused, match="最高一级"):
        actions.raise_further(by=office, letter=closed, version=closed.row_version)
    assert [order.kind, talk.kind] == ["order", "talk"]


# Numbers and senders


def test_the_words_before_the_number_are_set_for_letters_to_come(office, letter, friday, unit):
    values = {"reminder": ("沁发改提", "发改局"), "order": ("沁发改督", "发改局"), "talk": ("沁发改约", "发改局")}
    seen, key = actions.series_seen(friday), uuid.uuid4()

    written = [actions.set_series(by=office, county=friday, values=values, seen=seen, form_key=key) for _ in range(2)]

    assert written == [True, False]
    assert Letter.objects.get().prefix == "沁重项提"
    assert make.issued(office, make.red_plan(unit, "大桥")).document_number == "沁发改提〔2024〕2号"


def test_settings_that_somebody_else_changed_are_not_overwritten(office, friday):
    LetterSeries.objects.create(county=friday, kind="order", prefix="沁督", sender="督查室")

    with pytest.raises(Refused, match="他人已修改"):
        actions.set_series(by=office, county=friday, values={}, seen="旧", form_key=uuid.uuid4())
