"""The boards, the list of a look with its filters and file, the list of questions, and a project's checks."""

import datetime as dt
import io
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from inspections.checklists import Question
from inspections.models import Checklist, Look
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db
QUESTIONS = (Question("safety", "安全是否到位"), Question("quality", "质量是否合格"))
ROLES = ("office", "leader", "inspector", "auditor", "sysadmin", "reporter")
DEADLINE = dt.date(2024, 5, 27)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(county):
    return factories.user("inspector", name="督查员甲")


@pytest.fixture
def scene(inspector):
    """Two projects of one unit: one checked, with a "no"; one not."""
    unit = factories.unit("水利局")
    checked = factories.plan_under_way(unit, seq=1, project__name="河道治理")
    factories.plan_under_way(unit, seq=2, project__name="水库加固")
    problem = factories.problem(checked.project, "assigned", deadline=DEADLINE)
    said = {"safety": {"answer": "no", "problem": problem}, "quality": "yes"}
    return looks.check(checked, inspector, looks.checklist(questions=QUESTIONS), said)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def open_as(user, name, *args, **params):
    return signed_in(user).get(reverse(f"inspections:{name}", args=args), params)


def names(response):
    return [row.project.name for row, _ in response.context["rows"]]


# Who may open what


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "args"), [("looks", ()), ("look", ("effect",)), ("look-export", ("effect",)), ("checklist", ("reserve",))]
)
def test_everybody_signed_in_reads_the_boards(role, name, args, county):
    assert open_as(factories.user(role), name, *args).status_code == 200


@pytest.mark.parametrize("name", ["look", "look-export", "checklist"])
def test_a_look_that_there_is_not_is_not_found(name, inspector):
    assert open_as(inspector, name, "nonsense").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_a_check_that_was_handed_in_is_read_by_everybody(role, scene):
    response = open_as(factories.user(role), "check-detail", scene.pk)

    assert (response.status_code, response.context["check"]) == (200, scene)


def test_nothing_of_another_county_is_there(scene):
    other = factories.user("office", county=factories.county("140423", "襄垣县"))

    answers = {
        name: open_as(other, name, pk).status_code
        for name, pk in (("check-detail", scene.pk), ("project-checks", scene.plan.project_id))
    }

    assert answers == {"check-detail": 404, "project-checks": 404}
    assert open_as(other, "look", "progress").context["board"].rows == []


def test_who_may_not_check_is_offered_no_check(scene):
    offered = {role: open_as(factories.user(role), "look", "progress").context["may_check"] for role in ROLES}

    assert offered == dict.fromkeys(ROLES, False) | {"office": True, "inspector": True}


# The list


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, ["河道治理", "水库加固"]),
        ({"state": "never"}, ["水库加固"]),
        ({"lack": "safety"}, ["河道治理"]),
        ({"q": "shuiku"}, ["水库加固"]),
        ({"unit": "none"}, []),
        ({"sort": "oldest"}, ["水库加固", "河道治理"]),
        ({"state": "x", "lack": "y", "sort": "z"}, ["河道治理", "水库加固"]),
    ],
)
def test_the_list_is_narrowed_and_ordered_by_its_address(params, found, scene, inspector):
    assert names(open_as(inspector, "look", "progress", **params)) == found


def test_each_filter_counts_what_the_others_leave(scene, inspector):
    listing = open_as(inspector, "look", "progress", q="hedao").context["listing"]

    assert [option.count for option in listing.states] == [0, 1, 0, 0]
    assert [(option.title, option.count) for option in listing.units] == [("水利局", 1)]
    assert listing.words == "含“hedao”"


def test_a_past_day_shows_what_was_known_then(scene, inspector):
    response = open_as(inspector, "look", "progress", as_of="2024-05-19")

    assert (response.context["board"].checked, response.context["may_check"]) == (0, False)


def test_an_empty_look_says_what_to_do(inspector):
    said = open_as(inspector, "look", "reserve").content.decode()

    assert "2024年计划里没有谋划项目。" in said


def test_the_file_holds_the_rows_of_the_page(scene, inspector):
    response = open_as(inspector, "look-export", "progress", state="open")

    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == ["河道治理", "合计 1 个项目"]
    assert rows[0][5:] == ("正在整改", "2024-05-20", "督查员甲", 1, 1, 1, 0, "安全是否到位")
    assert sheet["A2"].value == "截至 2024-05-20；正在整改；第 1 版（自 2024-01-01 起）"


def test_what_people_typed_is_no_formula_in_the_file(inspector):
    factories.plan_under_way(project__name="=1+1")

    sheet = load_workbook(io.BytesIO(open_as(inspector, "look-export", "progress").getvalue())).active

    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")


def test_the_list_asks_the_same_number_of_queries_for_one_project_and_for_three(inspector):
    checklist, client = looks.checklist(questions=QUESTIONS), signed_in(inspector)
    address = reverse("inspections:look", args=["progress"])

    def checked():
        plan = factories.plan_under_way()
        problem = factories.problem(plan.project)
        looks.check(plan, inspector, checklist, {"safety": {"answer": "no", "problem": problem}})

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    checked()
    queries()
    of_one = queries()
    checked()
    checked()

    assert queries() == of_one


# The questions


def version(questions, **more):
    data = {"since": "2024-05-20", "words": "常务会议要求", "form_key": str(uuid.uuid4())}
    for place in range(1, len(QUESTIONS) + 4):
        data |= {f"q{place}-place": place, f"q{place}-kind": "other", f"q{place}-days": 7}
    for place, (key, question) in enumerate(questions, 1):
        data |= {f"q{place}-key": key, f"q{place}-question": question}
    return data | more


def test_the_office_sets_the_next_version(scene):
    client = signed_in(factories.user("office"))
    data = version([("safety", "安全是否到位"), ("quality", ""), ("", "有无欠薪")], **{"q3-place": 1, "q1-place": 2})

    response = client.post(reverse("inspections:checklist", args=["progress"]), data)

    row = Checklist.objects.get(version=2)
    assert (response.status_code, list(row.items.values_list("question", flat=True))) == (
        302,
        ["有无欠薪", "安全是否到位"],
    )


@pytest.mark.parametrize("role", ["leader", "inspector", "reporter", "sysadmin", "auditor"])
def test_nobody_else_sets_the_questions(role, scene):
    client = signed_in(factories.user(role))

    response = client.post(reverse("inspections:checklist", args=["progress"]), version([("", "有无欠薪")]))

    assert (response.status_code in {403, 404}, Checklist.objects.count()) == (True, 1)
    assert AuditEntry.objects.filter(outcome="refused").exists()


def test_questions_that_can_not_follow_are_shown_again(scene):
    client = signed_in(factories.user("office"))

    response = client.post(reverse("inspections:checklist", args=["progress"]), version([], since="2024-05-19"))

    assert response.status_code == 400
    assert response.context["form"].version.errors == {
        "__all__": ["清单应有 1 到 20 项，现在是 0 项，请增减后再保存。"],
        "since": ["新版不能追溯执行，请填写 2024-05-20 或以后的日期。"],
    }


# A project's page


def test_a_project_tells_its_checks_and_drafts_only_to_their_inspector(scene, inspector):
    draft = looks.check(scene.plan, inspector, scene.checklist, state="draft", day=dt.date(2024, 5, 19))

    told = {
        user.role: list(open_as(user, "project-checks", scene.plan.project_id).context["checks"])
        for user in (inspector, factories.user("office"))
    }

    assert told == {"inspector": [scene, draft], "office": [scene]}


def test_the_fragment_has_no_page_around_it(scene, inspector):
    address = reverse("inspections:project-checks", args=[scene.plan.project_id])

    fragment, page = (
        signed_in(inspector).get(address, headers=headers).content.decode() for headers in ({"HX-Request": "true"}, {})
    )

    assert ("<html" in fragment, "<html" in page) == (False, True)
    assert ("1 项正在整改" in fragment, "1 项正在整改" in page) == (True, True)


def test_the_looks_follow_the_stages():
    assert [look.stage.label for look in Look] == ["谋划", "计划新开工", "在建", "开工见效"]


def test_page_of_effects_shows_figures_and_other_looks_do_not(inspector):
    plan = factories.plan(project__name="糖厂", project__stage="in_operation")
    factories.outcome(plan.project)

    pages = {look: open_as(inspector, "look", look) for look in ("effect", "progress")}
    glance = open_as(inspector, "looks").content.decode()

    told = "承诺 100 万吨/年，实际 60 万吨/年（截至 2024-05-31），达产率 60.0%，未达到"
    assert [told in page.content.decode() for page in pages.values()] == [True, False]
    assert [[chart.key for chart in page.context["charts"]] for page in pages.values()] == [
        ["outcomes", "missing-effect"],
        ["missing-progress"],
    ]
    assert glance.count("未达到 <b>1</b> 项") == 1
