"""Raising problems and taking them through their steps: what is written, who may, twice, and too late."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from accounts.models import AuditEntry
from portfolio.actions import changes
from portfolio.actions import problems as actions
from portfolio.models import ChangeSet, Problem, ProblemEvent
from tests import factories

pytestmark = pytest.mark.django_db
DEADLINE = dt.date(2024, 5, 27)


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def unit(at_noon):
    return factories.unit("水利局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def project(unit):
    return factories.project("河道治理", unit=unit)


def stored(project, state="raised", **fields):
    fields = {"raised_on": dt.date(2024, 5, 20), "text": "用地未落实"} | fields
    return factories.problem(project, state, **fields)


def take(verb, problem, by, **values):
    """The step with values that nothing is wrong with; those given come first."""
    usual = {
        "answer": {"text": "正在办理"},
        "ask_extension": {"reason": "协商未完", "deadline": problem.deadline + dt.timedelta(days=5)},
        "grant_extension": {},
        "refuse_extension": {"reason": "应抓紧办理"},
        "ask_closing": {"text": "已办完"},
        "close": {"text": "现场看过"},
        "send_back": {"reason": "材料不全"},
        "reopen": {"reason": "问题又出现"},
        "edit": {"values": {"text": "改过的问题"}},
        "assign": {"unit": problem.unit, "kind": "land", "is_complex": False},
    }[verb]
    return getattr(actions, verb)(by=by, problem=problem, **{"version": problem.row_version, **usual, **values})


def on(*day):
    return factories.clock(*day, 10)


def events(problem):
    return list(problem.events.values_list("kind", "text"))


# Raising


def test_a_reporter_raises_a_problem_of_the_own_unit(reporter, project):
    problem = actions.raise_problem(by=reporter, project=project, values={"text": " 用地未落实 ", "kind": "land"})

    kept = Problem.objects.get()
    assert (kept, kept.text, kept.kind, kept.state) == (problem, "用地未落实", "land", "raised")
    assert (kept.source, kept.unit, kept.raised_on, kept.deadline) == (
        "unit",
        project.unit,
        dt.date(2024, 5, 20),
        DEADLINE,
    )
    assert events(kept) == [("raised", "用地未落实")]
    assert ChangeSet.objects.get().kind == "problem"
    assert AuditEntry.objects.get().summary == "河道治理：提出问题“用地未落实”"
    assert kept.history_records.get().change_set == ChangeSet.objects.get()


def test_the_same_form_raises_one_problem(reporter, project):
    key = uuid.uuid4()

    first = actions.raise_problem(by=reporter, project=project, values={"text": "用地"}, form_key=key)
    second = actions.raise_problem(by=reporter, project=project, values={"text": "用地"}, form_key=key)

    assert (first, Problem.objects.count(), ChangeSet.objects.count()) == (second, 1, 1)


@pytest.mark.parametrize(
    ("role", "given", "kept"),
    [("office", "meeting", "meeting"), ("office", None, "office"), ("inspector", "meeting", "site")],
)
def test_only_the_office_says_where_a_problem_comes_from(project, role, given, kept):
    values = {"text": "用地", **({"source": given} if given else {})}

    assert actions.raise_problem(by=factories.user(role), project=project, values=values).source == kept


@pytest.mark.parametrize("role", ["leader", "auditor", "sysadmin"])
def test_who_has_no_right_raises_nothing(project, role):
    with pytest.raises(project.DoesNotExist):
        actions.raise_problem(by=factories.user(role), project=project, values={"text": "用地"})

    assert Problem.objects.count() == 0


def test_a_reporter_raises_nothing_for_another_unit_or_without_one(project):
    for stranger in (factories.user("reporter", unit=factories.unit()), factories.user("reporter")):
        with pytest.raises(project.DoesNotExist):
            actions.raise_problem(by=stranger, project=project, values={"text": "用地"})


def test_nobody_raises_a_problem_in_another_county(project):
    neighbour = factories.user("office", county=factories.county("140430", "邻县"))

    with pytest.raises(project.DoesNotExist):
        actions.raise_problem(by=neighbour, project=project, values={"text": "用地"})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": "  "}, "请写明问题。"),
        ({"text": "用地", "kind": "weather"}, "“类型”：值 'weather' 不是有效选项。"),
        (
            {"text": "长" * 2001},
            "“问题”有 2001 字，超过 2000 字，请缩短。",
        ),
    ],
)
def test_a_problem_that_cannot_be_kept_is_refused(reporter, project, values, sentence):
    with pytest.raises(actions.Refused) as refused:
        actions.raise_problem(by=reporter, project=project, values=values)

    assert str(refused.value) == sentence
    assert ChangeSet.objects.count() == 0


# Raising from reports


def submit(reports, by):
    with transaction.atomic():
        change_set = changes.begin(ChangeSet.Kind.DISPATCH, county=by.county, by=by, summary="报送")
        return actions.raise_from_reports(change_set, reports)


def plan_with_report(project, text="征拆未完成", **fields):
    plan = factories.plan(project)
    return factories.report(plan, 21, state="reported", problem=text, **fields)


def test_a_report_with_a_problem_raises_it_once(reporter, project):
    report = plan_with_report(project, problem_kind="demolish", needs_help="请县里协调")

    (problem,) = submit([report], reporter)

    assert submit([report], reporter) == []
    assert (problem.raised_in, problem.source, problem.kind, problem.needs_help) == (
        report,
        "dispatch",
        "demolish",
        "请县里协调",
    )
    assert (problem.project, problem.unit, problem.deadline) == (project, project.unit, DEADLINE)
    assert events(problem) == [("raised", "征拆未完成")]


def test_a_report_without_a_problem_raises_none(reporter, project):
    assert submit([plan_with_report(project, text=" ")], reporter) == []


def test_the_text_of_an_open_problem_is_that_matter_still(reporter, project):
    stored(project, text="征拆 未完成。")

    assert submit([plan_with_report(project)], reporter) == []


def test_the_text_of_a_closed_problem_is_a_new_matter(reporter, project):
    stored(project, state="closed", text="征拆未完成")

    assert len(submit([plan_with_report(project)], reporter)) == 1


@pytest.mark.parametrize("count", [1, 12])
def test_reports_raise_their_problems_in_as_many_queries_however_many(reporter, unit, count, django_assert_num_queries):
    reports = [plan_with_report(factories.project(unit=unit)) for _ in range(count)]
    with transaction.atomic():
        change_set = changes.begin(ChangeSet.Kind.DISPATCH, county=reporter.county, by=reporter, summary="报送")

        with django_assert_num_queries(6):
            assert len(actions.raise_from_reports(change_set, reports)) == count


# From step to step


def test_a_problem_goes_from_raising_to_closing_out(office, reporter, project):
    problem = actions.raise_problem(by=reporter, project=project, values={"text": "用地"})
    on(2024, 5, 21)
    problem = take("assign", problem, office, person="某主任", phone="13812345678", measure="协调")
    on(2024, 5, 22)
    problem = take("answer", problem, reporter, text="已协调两户")
    on(2024, 5, 24)
    problem = take("ask_closing", problem, reporter, text="已签协议")
    on(2024, 5, 25)
    take("close", problem, office, text="现场核实")

    kept = Problem.objects.get()
    assert (kept.state, kept.row_version, kept.assigned_on, kept.answered_on, kept.closed_on) == (
        "closed",
        5,
        dt.date(2024, 5, 21),
        dt.date(2024, 5, 22),
        dt.date(2024, 5, 25),
    )
    assert events(kept) == [
        ("raised", "用地"),
        ("assigned", "责任单位：水利局；责任人：某主任；类型：用地；措施：协调"),
        ("answered", "已协调两户"),
        ("ask_end", "已签协议"),
        ("closed", "现场核实"),
    ]
    assert [record.row_version for record in kept.history_records.order_by("history_id")] == [1, 2, 3, 4, 5]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "summary"))[-1] == (
        "问题",
        "河道治理：销号问题“用地”",
    )


def test_assigning_a_complex_problem_gives_it_thirty_days(office, project):
    problem = take("assign", stored(project), office, is_complex=True)

    assert (problem.deadline, problem.original_deadline) == (dt.date(2024, 6, 19), dt.date(2024, 6, 19))
    event = problem.events.get()
    assert (event.deadline_before, event.deadline_after) == (DEADLINE, dt.date(2024, 6, 19))


def test_handing_a_problem_on_keeps_a_granted_extension(office, project):
    other = factories.unit()
    problem = stored(project, state="assigned", deadline=DEADLINE)
    problem = take("grant_extension", take("ask_extension", problem, office), office)

    problem = take("assign", problem, office, unit=other, is_complex=True)

    assert (problem.unit, problem.deadline, problem.original_deadline) == (
        other,
        dt.date(2024, 6, 1),
        dt.date(2024, 6, 19),
    )


@pytest.mark.parametrize(
    ("asked", "kept"), [(dt.date(2024, 6, 19), None), (dt.date(2024, 6, 20), dt.date(2024, 6, 20))]
)
def test_thirty_days_answer_a_wish_for_no_more_than_that(office, project, asked, kept):
    problem = stored(project, state="assigned", asked_deadline=asked)

    assert take("assign", problem, office, is_complex=True).asked_deadline == kept


def test_the_first_answer_is_the_one_that_stops_the_clock(reporter, project):
    problem = take("answer", stored(project, state="assigned"), reporter)
    on(2024, 5, 24)

    assert take("answer", problem, reporter).answered_on == dt.date(2024, 5, 20)


def test_an_extension_is_asked_on_the_day_of_the_deadline_and_refused_a_day_after(reporter, project):
    problem = stored(project, state="assigned")

    on(2024, 5, 28)
    with pytest.raises(actions.Refused):
        take("ask_extension", problem, reporter)
    on(2024, 5, 27)
    asked = take("ask_extension", problem, reporter, deadline=dt.date(2024, 6, 3))

    assert (asked.asked_deadline, asked.deadline) == (dt.date(2024, 6, 3), DEADLINE)
    assert asked.events.get().deadline_after == dt.date(2024, 6, 3)


@pytest.mark.parametrize(
    ("deadline", "sentence"),
    [
        (DEADLINE, "延期后的时限应晚于现在的办结时限 2024-05-27，请改填更晚的日期。"),
        (dt.date(2025, 5, 28), "一次最多延期一年，请改填不晚于 2025-05-27 的日期。"),
    ],
)
def test_an_extension_is_later_than_the_deadline_and_within_a_year(reporter, project, deadline, sentence):
    problem = stored(project, state="assigned")

    with pytest.raises(actions.Refused, match=f"^{sentence}$"):
        take("ask_extension", problem, reporter, deadline=deadline)


@pytest.mark.parametrize("deadline", [dt.date(2024, 5, 28), dt.date(2025, 5, 27)])
def test_an_extension_by_a_day_and_by_a_year_are_taken(reporter, project, deadline):
    problem = stored(project, state="assigned")

    assert take("ask_extension", problem, reporter, deadline=deadline).asked_deadline == deadline


def test_granting_moves_the_deadline_and_keeps_the_first_one(office, reporter, project):
    problem = take("ask_extension", stored(project, state="assigned"), reporter)

    granted = take("grant_extension", problem, office, deadline=dt.date(2024, 5, 30), text="先延三天")

    assert (granted.deadline, granted.original_deadline, granted.asked_deadline) == (
        dt.date(2024, 5, 30),
        DEADLINE,
        None,
    )
    event = granted.events.last()
    assert (event.kind, event.text, event.deadline_before, event.deadline_after) == (
        "extended",
        "先延三天",
        DEADLINE,
        dt.date(2024, 5, 30),
    )


def test_refusing_an_extension_leaves_the_deadline(office, reporter, project):
    problem = take("ask_extension", stored(project, state="assigned"), reporter)

    refused = take("refuse_extension", problem, office)

    assert (refused.deadline, refused.asked_deadline, refused.events.last().text) == (DEADLINE, None, "应抓紧办理")


@pytest.mark.parametrize(("assigned_on", "state"), [(dt.date(2024, 5, 20), "assigned"), (None, "raised")])
def test_sent_back_a_problem_is_where_it_was_before(office, project, assigned_on, state):
    problem = stored(project, state="closing", assigned_on=assigned_on)

    assert take("send_back", problem, office).state == state


def test_reopened_a_problem_has_the_days_of_its_clock_again(office, project):
    problem = stored(project, state="closed")
    on(2024, 6, 10)

    reopened = take("reopen", problem, office)

    assert (reopened.state, reopened.closed_on, reopened.deadline) == ("assigned", None, dt.date(2024, 6, 17))
    assert reopened.original_deadline == DEADLINE


def test_an_edit_tells_what_was_corrected_but_no_phone(office, project):
    problem = take("edit", stored(project), office, values={"text": "改过的", "phone": "13812345678"})

    assert events(problem) == [("edited", "问题 用地未落实 → 改过的；联系电话有修改")]


def test_an_edit_of_nothing_writes_nothing(office, project):
    problem = take("edit", stored(project), office, values={"text": "用地未落实"})

    assert (events(problem), ChangeSet.objects.count(), problem.row_version) == ([], 0, 1)


@pytest.mark.parametrize(
    ("verb", "state", "empty", "sentence"),
    [
        ("answer", "assigned", {"text": " "}, "请写明办理情况。"),
        ("ask_extension", "assigned", {"reason": ""}, "请写明延期原因。"),
        ("ask_closing", "assigned", {"text": ""}, "请写明办理结果。"),
        ("close", "closing", {"text": ""}, "请写明核验情况。"),
        ("send_back", "closing", {"reason": ""}, "请写明退回原因。"),
        ("reopen", "closed", {"reason": ""}, "请写明重新打开的原因。"),
        ("assign", "raised", {"unit": None}, "请选择责任单位。"),
    ],
)
def test_a_step_without_its_words_is_refused(office, project, verb, state, empty, sentence):
    problem = stored(project, state=state)

    with pytest.raises(actions.Refused, match=f"^{sentence}$"):
        take(verb, problem, office, **empty)

    assert ProblemEvent.objects.count() == 0


def test_a_problem_is_not_handed_to_a_unit_of_another_county(office, project):
    foreign = factories.unit(county=factories.county("140430", "邻县"))

    with pytest.raises(actions.Refused, match="所选的责任单位不在本县，请重新选择"):
        take("assign", stored(project), office, unit=foreign)


# Who, in which state, twice, and too late

STATES = {
    "answer": "assigned",
    "ask_extension": "assigned",
    "ask_closing": "assigned",
    "grant_extension": "assigned",
    "refuse_extension": "assigned",
    "assign": "raised",
    "close": "closing",
    "send_back": "closing",
    "reopen": "closed",
    "edit": "raised",
}
OF_THE_OFFICE = sorted(STATES.keys() - {"answer", "ask_extension", "ask_closing"})


def ready(verb, project):
    asked = {"asked_deadline": dt.date(2024, 6, 1)} if verb in {"grant_extension", "refuse_extension"} else {}
    return stored(project, state=STATES[verb], **asked)


@pytest.mark.parametrize("verb", STATES)
def test_a_step_is_taken_once_however_often_its_form_is_sent(office, project, verb):
    problem, key = ready(verb, project), uuid.uuid4()

    take(verb, problem, office, form_key=key, version=1)
    again = take(verb, problem, office, form_key=key, version=1)

    assert (again.pk, again.row_version, ProblemEvent.objects.count(), ChangeSet.objects.count()) == (
        problem.pk,
        2,
        1,
        1,
    )


def not_seen_at_first(look):
    """As when the other request has not committed yet at the time of the first look."""
    looks = []

    def look_again(*args):
        looks.append(args)
        return None if len(looks) == 1 else look(*args)

    return look_again


def test_a_form_that_two_requests_raise_at_once_raises_one_problem(reporter, project, monkeypatch):
    key = uuid.uuid4()
    first = actions.raise_problem(by=reporter, project=project, values={"text": "用地"}, form_key=key)
    monkeypatch.setattr(actions, "raised_with", not_seen_at_first(actions.raised_with))

    second = actions.raise_problem(by=reporter, project=project, values={"text": "用地"}, form_key=key)

    assert (first, Problem.objects.count()) == (second, 1)


@pytest.mark.parametrize("version", [1, 2])
def test_a_step_that_two_requests_take_at_once_is_taken_once(reporter, project, monkeypatch, version):
    problem, key = stored(project, state="assigned"), uuid.uuid4()
    take("answer", problem, reporter, form_key=key, version=1)
    monkeypatch.setattr(actions, "_done_with", not_seen_at_first(actions._done_with))

    assert take("answer", problem, reporter, form_key=key, version=version).row_version == 2
    assert ProblemEvent.objects.count() == 1


@pytest.mark.parametrize("verb", STATES)
def test_a_step_on_a_problem_that_moved_on_is_refused_with_its_present_state(office, project, verb):
    problem = ready(verb, project)
    Problem.objects.update(row_version=4, person="新的责任人")

    with pytest.raises(changes.StaleRow) as stale:
        take(verb, problem, office, version=1)

    assert (stale.value.current.person, ProblemEvent.objects.count()) == ("新的责任人", 0)


@pytest.mark.parametrize("verb", STATES)
@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_other_roles_take_no_step(project, verb, role):
    problem = ready(verb, project)

    with pytest.raises(Problem.DoesNotExist):
        take(verb, problem, factories.user(role, unit=project.unit))


@pytest.mark.parametrize("verb", OF_THE_OFFICE)
def test_a_unit_takes_no_step_of_the_office_nor_closes_what_it_asked_to_close(reporter, project, verb):
    with pytest.raises(Problem.DoesNotExist):
        take(verb, ready(verb, project), reporter)


@pytest.mark.parametrize("verb", STATES)
def test_nobody_of_another_unit_or_county_takes_a_step(project, verb):
    problem = ready(verb, project)
    strangers = (
        factories.user("reporter", unit=factories.unit()),
        factories.user("office", county=factories.county("140430", "邻县")),
    )

    for stranger in strangers:
        with pytest.raises(Problem.DoesNotExist):
            take(verb, problem, stranger)


@pytest.mark.parametrize("verb", sorted(STATES.keys() - set(OF_THE_OFFICE)))
def test_both_the_responsible_and_the_projects_unit_take_their_steps(unit, project, verb):
    responsible = factories.unit()
    for member_of in (unit, responsible):
        problem = stored(project, state="assigned", unit=responsible)

        assert take(verb, problem, factories.user("reporter", unit=member_of)).row_version == 2
