"""The pages of problems: the list, one problem with its steps, raising one; and who sees which phone."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from portfolio import problems
from portfolio.actions import problems as actions
from portfolio.models import ChangeSet, Problem, ProblemEvent, Project
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/problems/"
PHONE, MASKED = "13812345678", "138****5678"


@pytest.fixture(autouse=True)
def in_may(db):
    return factories.clock(2024, 5, 20, 10)


@pytest.fixture
def unit(in_may):
    return factories.unit("水利局")


@pytest.fixture
def project(unit):
    return factories.project("河道治理", unit=unit)


@pytest.fixture
def problem(project):
    return factories.problem(
        project,
        "assigned",
        text=f"征地未完成，联系人{PHONE}",
        person="某主任",
        phone=PHONE,
        raised_on=dt.date(2024, 5, 20),
    )


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


def known_since(*day):
    """Let everything stored be as old as that."""
    for model in (Project, Problem):
        model.history.update(history_date=dt.datetime(*day, tzinfo=dt.UTC))


def suggested(client, typed):
    return client.get(f"/problems/add/projects/?project={typed}", headers={"HX-Request": "true"}).context["names"]


def page_of(problem):
    return reverse("portfolio:problem-detail", args=[problem.pk])


def step_of(problem, verb):
    return reverse("portfolio:problem-step", args=[problem.pk, verb])


def sent(problem, **values):
    return {"version": problem.row_version, "form_key": str(uuid.uuid4()), **values}


def offered(response):
    return [form.verb.value for form in response.context["forms"]]


# The list


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_signed_in_reads_the_list(client, problem, role):
    client.force_login(factories.user(role))

    response = client.get(LIST)

    assert (response.status_code, len(response.context["rows"])) == (200, 1)


def test_the_list_answers_its_question_in_one_sentence(office_client, problem):
    response = office_client.get(f"{LIST}?state=closed")

    text = " ".join(response.content.decode().split())
    assert '未销号 <b>1</b> 个，其中逾期 <b>0</b> 个。<span class="nowrap">截至 2024-05-20</span>。' in text


def test_an_empty_list_says_what_to_do(office_client):
    assert "还没有登记问题。填报周调度时写明“存在问题”" in office_client.get(LIST).content.decode()


def test_the_list_of_a_past_day_shows_what_was_known_then(office_client, office, problem):
    known_since(2024, 5, 20)
    factories.clock(2024, 5, 22, 10)
    actions.ask_closing(by=office, problem=problem, version=1, text="已办完")
    factories.clock(2024, 5, 23, 10)

    past = office_client.get(f"{LIST}?as_of=2024-05-21").context
    present = office_client.get(LIST).context

    assert [row.problem.get_state_display() for row in past["rows"]] == ["办理中"]
    assert [row.problem.get_state_display() for row in present["rows"]] == ["申请销号"]
    assert (past["rows"][0].latest, present["rows"][0].latest.text, past["may_raise"]) == (None, "已办完", False)
    assert past["rows"][0].clock.words == "还剩 2 天反馈"


@pytest.mark.parametrize("by", ["unit", "leader"])
def test_the_tallies_are_pages_of_the_list(office_client, problem, by):
    assert [row.total for row in office_client.get(f"{LIST}?by={by}").context["tallies"]] == [1]


def test_the_print_holds_every_row(office_client, project):
    for _ in range(51):
        factories.problem(project)

    assert len(office_client.get(LIST).context["rows"]) == 50
    assert len(office_client.get(f"{LIST}?print=1").context["rows"]) == 51


# Phones


@pytest.mark.parametrize(
    ("role", "own", "seen"),
    [
        ("office", False, PHONE),
        ("reporter", True, PHONE),
        ("reporter", False, MASKED),
        ("leader", False, MASKED),
        ("inspector", False, MASKED),
        ("auditor", False, MASKED),
    ],
)
def test_phones_are_whole_for_the_office_and_the_units_only(client, problem, unit, role, own, seen):
    hidden = MASKED if seen == PHONE else PHONE
    client.force_login(factories.user(role, unit=unit if own else factories.unit()))
    ProblemEvent.objects.create(problem=problem, kind="answered", text=f"请打{PHONE}", at=problem.county.business_now())

    for path in (f"{LIST}?scope=all", page_of(problem), f"/projects/{problem.project_id}/"):
        text = client.get(path).content.decode()
        assert (path, seen in text, hidden in text) == (path, True, False)


def test_the_responsible_unit_sees_phones_of_another_units_project(problem):
    responsible = factories.unit()
    problem.unit = responsible

    assert problems.sees_phones(factories.user("reporter", unit=responsible), problem)
    assert not problems.sees_phones(factories.user("reporter"), problem)


# One problem


def test_a_problem_offers_what_its_reader_may_do(client, office, reporter, problem):
    seen = {}
    for user in (office, reporter, factories.user("leader"), factories.user("reporter", unit=factories.unit())):
        client.force_login(user)
        seen[user.pk] = offered(client.get(page_of(problem)))

    assert list(seen.values()) == [
        ["assign", "edit", "answer", "ask_closing", "ask_extension"],
        ["answer", "ask_closing", "ask_extension"],
        [],
        [],
    ]


def test_a_problem_from_a_report_leads_to_its_week(office_client, project):
    raised = factories.problem(project, raised_in=factories.report(factories.plan(project), 21, problem="缺资金"))

    text = office_client.get(page_of(raised)).content.decode()

    assert '<a href="/dispatch/2024/21/">2024年第21周</a>' in text


def test_on_a_past_day_nothing_is_offered(office_client, problem):
    known_since(2024, 5, 18)

    assert offered(office_client.get(f"{page_of(problem)}?as_of=2024-05-19")) == []


def test_a_step_is_taken_and_told(client, reporter, problem):
    client.force_login(reporter)

    response = client.post(step_of(problem, "answer"), sent(problem, text="已协调两户"), follow=True)

    assert [str(message) for message in response.context["messages"]] == ["已反馈。"]
    assert [event.text for event in response.context["events"]] == ["已协调两户"]


def test_the_whole_way_may_be_gone_on_the_pages(client, office, reporter, problem):
    ways = [
        (reporter, "ask_extension", {"reason": "未谈妥", "deadline": "2024-06-03"}),
        (office, "grant_extension", {"deadline": "2024-06-01", "text": ""}),
        (reporter, "ask_closing", {"text": "已签"}),
        (office, "send_back", {"reason": "少一户"}),
        (office, "assign", {"unit": problem.unit_id, "kind": "land", "is_complex": "on", "measure": "包户"}),
        (reporter, "ask_closing", {"text": "全部签完"}),
        (office, "edit", {"text": "征地未完成", "kind": "demolish", "person": "某主任"}),
        (office, "close", {"text": "看过协议"}),
        (office, "reopen", {"reason": "反悔"}),
    ]
    for user, verb, values in ways:
        client.force_login(user)
        problem.refresh_from_db()
        response = client.post(step_of(problem, verb), sent(problem, **values))
        assert (verb, response.status_code) == (verb, 302)

    problem.refresh_from_db()
    assert (problem.state, problem.kind, problem.deadline) == ("assigned", "demolish", dt.date(2024, 6, 19))


def test_the_same_form_sent_twice_is_taken_once(client, reporter, problem):
    client.force_login(reporter)
    data = sent(problem, text="已协调两户")

    answers = [client.post(step_of(problem, "answer"), data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert ProblemEvent.objects.count() == 1


def test_what_is_missing_is_asked_for_in_its_own_form(client, reporter, problem):
    client.force_login(reporter)

    response = client.post(step_of(problem, "answer"), sent(problem, text=" "))

    assert (response.status_code, response.context["open_form"].errors) == (400, {"text": ["请填写“办理情况”。"]})


def test_a_refused_step_says_why(client, reporter, problem):
    client.force_login(reporter)

    response = client.post(step_of(problem, "ask_extension"), sent(problem, reason="慢", deadline="2024-05-20"))

    assert response.status_code == 400
    assert response.context["open_form"].non_field_errors() == [
        "延期后的时限应晚于现在的办结时限 2024-05-27，请改填更晚的日期。"
    ]


def test_two_who_write_at_once_see_both_texts_and_lose_none(client, office, reporter, problem):
    data = sent(problem, text="征地未完成", kind="land", measure="我的措施")
    actions.edit(by=office, problem=problem, version=1, values={"measure": "对方的措施"})
    client.force_login(office)

    response = client.post(step_of(problem, "edit"), data)

    form = response.context["open_form"]
    assert (response.status_code, form["measure"].value(), form["measure"].help_text) == (
        409,
        "我的措施",
        "现在保存的是：对方的措施",
    )
    again = client.post(step_of(problem, "edit"), data | {"version": form["version"].value()})
    problem.refresh_from_db()
    assert (again.status_code, problem.measure) == (302, "我的措施")


def test_a_text_for_a_problem_closed_meanwhile_is_shown_for_copying(client, office, reporter, problem):
    data = sent(problem, text="我写了很久的反馈")
    asked = actions.ask_closing(by=office, problem=problem, version=1, text="已办完")
    actions.close(by=office, problem=asked, version=2, text="看过")
    client.force_login(reporter)

    response = client.post(step_of(problem, "answer"), data)

    assert (response.status_code, offered(response)) == (409, [])
    assert response.context["typed"] == [("text", "我写了很久的反馈")]
    assert "我写了很久的反馈" in response.content.decode()


@pytest.mark.parametrize("verb", ["assign", "close", "send_back", "reopen", "edit", "grant_extension"])
def test_a_unit_is_turned_away_from_the_offices_steps(client, reporter, problem, verb):
    client.force_login(reporter)

    response = client.post(step_of(problem, verb), sent(problem, text="x", reason="x"))

    assert (response.status_code, ChangeSet.objects.count()) == (404, 0)
    assert AuditEntry.objects.get().outcome == "refused"


def test_another_unit_is_turned_away_from_every_step(client, problem):
    client.force_login(factories.user("reporter", unit=factories.unit()))

    assert client.post(step_of(problem, "answer"), sent(problem, text="x")).status_code == 404
    assert Problem.objects.get().row_version == 1


def test_another_countys_problem_is_not_there(client, problem):
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    assert client.get(page_of(problem)).status_code == 404
    assert client.post(step_of(problem, "answer"), sent(problem, text="x")).status_code == 404
    assert client.get(f"/problems/add/?project={problem.project_id}").context["project"] is None
    assert suggested(client, problem.project.name) == []


def test_an_unknown_step_and_a_step_by_address_are_not_there(office_client, problem):
    assert office_client.post(step_of(problem, "delete"), sent(problem)).status_code == 404
    assert office_client.get(step_of(problem, "close")).status_code == 405


def test_the_auditor_writes_nothing(client, problem):
    client.force_login(factories.user("auditor"))

    assert client.post(step_of(problem, "answer"), sent(problem, text="x")).status_code in {403, 404}
    assert Problem.objects.get().row_version == 1


@pytest.mark.parametrize("count", [1, 8])
def test_a_problems_page_takes_the_same_queries_however_long_its_story(
    office_client, office, problem, count, django_assert_num_queries
):
    for number in range(count):
        writer = factories.user("reporter", unit=factories.unit())
        ProblemEvent.objects.create(
            problem=problem, kind="answered", text=str(number), at=problem.county.business_now(), by=writer
        )

    with django_assert_num_queries(7):
        office_client.get(page_of(problem))


# Raising one


def test_raising_names_the_project_and_leads_to_the_problem(office_client, project):
    data = {
        "project": "河道治理",
        "text": "缺资金",
        "kind": "funds",
        "source": "meeting",
        "form_key": str(uuid.uuid4()),
    }

    answers = [office_client.post("/problems/add/", data) for _ in range(2)]

    raised = Problem.objects.get()
    assert [answer["Location"] for answer in answers] == [page_of(raised)] * 2
    assert (raised.project, raised.source, raised.state) == (project, "meeting", "raised")


def test_a_project_given_in_the_address_is_meant_even_if_another_has_its_name(office_client, project):
    factories.project("河道治理")
    data = {"project": "河道治理", "text": "缺资金", "kind": "funds", "source": "office", "form_key": str(uuid.uuid4())}

    refused = office_client.post("/problems/add/", data)
    office_client.post(f"/problems/add/?project={project.pk}", data)

    assert refused.context["form"].errors == {"project": ["叫“河道治理”的项目不止一个，请改填项目代码。"]}
    assert Problem.objects.get().project == project


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("河道", "没有叫“河道”的项目。请填全名，相近的有：河道治理。"),
        ("机场", "没有叫“机场”的项目，或不是本单位的项目。请核对名称后再填。"),
    ],
)
def test_a_project_that_is_not_found_is_asked_for_again(office_client, project, typed, message):
    data = {"project": typed, "text": "缺资金", "kind": "funds", "form_key": str(uuid.uuid4())}

    response = office_client.post("/problems/add/", data)

    assert (response.status_code, response.context["form"].errors["project"]) == (400, [message])


def test_a_reporter_is_offered_the_own_projects_and_raises_for_no_other(client, reporter, project):
    factories.project("别家的项目", unit=factories.unit())
    client.force_login(reporter)
    data = {"project": "别家的项目", "text": "缺资金", "kind": "funds", "form_key": str(uuid.uuid4())}

    assert client.get("/problems/add/").context["names"] == ["河道治理"]
    assert client.post("/problems/add/", data).status_code == 400
    assert Problem.objects.count() == 0


def test_extra_fields_of_the_form_are_not_taken(client, reporter, project):
    client.force_login(reporter)
    data = {"project": "河道治理", "text": "缺资金", "kind": "funds", "form_key": str(uuid.uuid4())}

    client.post(
        "/problems/add/", data | {"state": "closed", "deadline": "2030-01-01", "source": "meeting", "unit": "1"}
    )

    raised = Problem.objects.get()
    assert (raised.state, raised.deadline, raised.source) == ("raised", dt.date(2024, 5, 27), "unit")


def test_projects_are_suggested_by_their_initials(office_client, project):
    factories.project("大桥")

    assert suggested(office_client, "hdzl") == ["河道治理"]
    assert office_client.get("/problems/add/projects/?project=hdzl").status_code == 404


@pytest.mark.parametrize("role", ["leader", "auditor", "sysadmin"])
def test_who_may_not_raise_finds_no_form(client, in_may, role):
    client.force_login(factories.user(role))

    assert [client.get(path).status_code for path in ("/problems/add/", "/problems/add/projects/")] == [404, 404]


# On a project's page and its card of the week


def test_open_problems_stay_with_their_project_until_they_are_closed(office, project):
    first = factories.problem(project, raised_on=dt.date(2024, 3, 1))
    second = factories.problem(project, "closing")
    factories.problem(project, "closed")
    other = factories.problem(factories.project(unit=project.unit))

    found = problems.open_by_project([project.pk, other.project_id], office, dt.date(2024, 5, 20))

    assert {key: [row.problem for row in rows] for key, rows in found.items()} == {
        project.pk: [first, second],
        other.project_id: [other],
    }
    assert found[project.pk][0].clock.words == "逾期 73 天"


@pytest.mark.parametrize("count", [1, 15])
def test_open_problems_of_many_projects_take_one_query(office, unit, count, django_assert_num_queries):
    pks = [factories.problem(factories.project(unit=unit)).project_id for _ in range(count)]

    with django_assert_num_queries(1):
        assert len(problems.open_by_project(pks, office, dt.date(2024, 5, 20))) == count


def test_a_projects_page_shows_its_open_problems_and_leads_to_the_closed(client, reporter, problem):
    factories.problem(problem.project, "closed")
    client.force_login(reporter)

    text = client.get(f"/projects/{problem.project_id}/").content.decode()

    assert page_of(problem) in text
    assert "已销号 1 个" in text
    assert f"/problems/add/?project={problem.project_id}" in text
