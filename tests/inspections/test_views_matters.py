"""The pages of monthly follow-through: what they show, to whom, and what they refuse."""

import datetime as dt
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from inspections.actions import matters as actions
from inspections.actions import meetings
from inspections.models import Matter, Meeting
from tests import factories
from tests.inspections import matter_factories as made

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)
ROLES = ("office", "own", "other", "leader", "inspector", "auditor", "sysadmin")


class Scene:
    """An issued meeting of April with an overdue matter of one unit, and a meeting of May that is being prepared."""

    def __init__(self):
        self.county = factories.clock(2024, 5, 20, 12)
        self.unit = factories.unit("水利局", short_name="水利")
        self.users = {role: factories.user(role) for role in ("office", "leader", "inspector", "auditor", "sysadmin")}
        self.users["own"] = factories.user("reporter", unit=self.unit)
        self.users["other"] = factories.user("reporter", unit=factories.unit("交通局"))
        self.project = factories.project("河道治理", unit=self.unit)
        self.april = made.meeting(held_on=dt.date(2024, 4, 10), title="四月会议")
        self.late = made.matter(
            self.april, self.unit, text="完成征地，联系 13812345678", project=self.project, person="张工"
        )
        self.may = made.meeting("open", TODAY, title="五月会议")
        self.draft = made.matter(self.may, self.unit, text="秘而未发")


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def opened(client, scene):
    """Opens an address as a role; gives the response."""

    def open_(role, address, **data):
        client.force_login(scene.users[role])
        return client.post(address, data) if data else client.get(address)

    return open_


def step_data(matter, **values):
    return {"version": matter.row_version, "form_key": str(uuid.uuid4()), **values}


def lines(*rows, **more):
    """The POST of lines typed into a meeting."""
    data = {"form_key": str(uuid.uuid4()), "rows": str(len(rows)), **more}
    for place, row in enumerate(rows):
        names = ("text", "unit", "person", "leader", "deadline", "project", "problem")
        data |= {f"m{place}-{name}": row.get(name, "") for name in names}
    return data


# Who may open what


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_what_was_issued(role, opened, scene):
    addresses = ["monthly/", f"monthly/{scene.april.pk}/", f"monthly/{scene.april.pk}/minutes/", "matters/"]
    addresses += ["matters/export/", f"matters/{scene.late.pk}/"]

    assert [opened(role, f"/inspections/{address}").status_code for address in addresses] == [200] * 6


@pytest.mark.parametrize("role", ROLES)
def test_what_is_being_prepared_is_the_offices(role, opened, scene):
    pk = scene.may.pk
    addresses = [f"monthly/{pk}/", f"monthly/{pk}/minutes/", f"monthly/{pk}/edit/", f"matters/{scene.draft.pk}/"]
    addresses.append("monthly/new/")

    statuses = {opened(role, f"/inspections/{address}").status_code for address in addresses}

    assert statuses == ({200} if role == "office" else {404})
    if role != "office":
        for address in ("monthly/", "matters/?scope=all&state=all"):
            assert "秘而未发" not in opened(role, f"/inspections/{address}").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_only_office_and_unit_answer(role, opened, scene):
    response = opened(role, f"/inspections/matters/{scene.late.pk}/answer/", **step_data(scene.late, text="已签"))

    scene.late.refresh_from_db()
    assert scene.late.events.count() == (role in {"office", "own"})
    assert response.status_code == {"office": 302, "own": 302, "auditor": 403}.get(role, 404)


@pytest.mark.parametrize("role", ROLES[1:])
def test_only_the_office_runs_meetings(role, opened, scene):
    pk, matter = scene.may.pk, scene.draft
    posts = [
        (f"monthly/{pk}/matters/", lines({"text": "一", "unit": "水利局"})),
        (f"monthly/{pk}/issue/", {"version": 1}),
        (f"monthly/{pk}/edit/", {"version": 1, "title": "改"}),
        (f"matters/{matter.pk}/remove/", {"version": 1}),
        (f"matters/{scene.late.pk}/close/", step_data(scene.late, text="已核对")),
    ]

    statuses = [opened(role, f"/inspections/{address}", **data).status_code for address, data in posts]

    assert set(statuses) <= {403, 404}
    assert (Matter.objects.count(), Meeting.objects.get(pk=pk).state) == (2, "open")


def test_foreign_objects_are_not_found(client, scene):
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    addresses = [f"monthly/{scene.april.pk}/", f"matters/{scene.late.pk}/", f"monthly/{scene.may.pk}/edit/"]

    assert [client.get(f"/inspections/{address}").status_code for address in addresses] == [404] * 3


def test_phones_are_for_the_unit_and_the_office(opened, scene):
    address = f"/inspections/matters/{scene.late.pk}/"

    shown = {role: "13812345678" in opened(role, address).content.decode() for role in ROLES}

    assert shown == {role: role in {"office", "own"} for role in ROLES}


def test_pages_of_projects_and_problems_show_what_was_decided_of_them(client, scene):
    problem = factories.problem(scene.project)
    Matter.objects.filter(pk=scene.late.pk).update(problem=problem)
    Matter.objects.filter(pk=scene.draft.pk).update(problem=problem, project=scene.project)
    client.force_login(scene.users["other"])

    for what, row in (("project", scene.project), ("problem", problem)):
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(f"/inspections/matters/about/{what}/{row.pk}/", headers=headers)
            assert [one.matter for one in response.context["matter_rows"]] == [scene.late]
            assert "13812345678" not in response.content.decode()
    assert client.get(f"/inspections/matters/about/plan/{scene.project.pk}/").status_code == 404


def test_matters_of_a_foreign_project_are_not_found(client, scene):
    client.force_login(factories.user("office", county=factories.county("140430", "邻县")))

    assert client.get(f"/inspections/matters/about/project/{scene.project.pk}/").status_code == 404


# A meeting


def test_the_latest_meeting_comes_first_and_its_matters_are_told_by_unit(opened, scene):
    context = opened("office", "/inspections/monthly/").context

    assert context["meetings"] == [scene.may, scene.april]
    told = [
        (label, [(group.name, group.open, group.overdue) for group in groups])
        for _, label, groups in context["tallies"]
    ]
    assert told == [("责任单位", [("水利局", 1, 1)]), ("牵头领导", [("未明确", 1, 1)])]


def test_an_agenda_opens_with_the_last_matters(opened, scene):
    response = opened("office", f"/inspections/monthly/{scene.may.pk}/")

    assert response.context["opening_words"] == "共 1 项：已办结 0 项，正在办理 0 项，逾期未办结 1 项"


def test_a_meeting_is_prepared_and_opened(opened, scene):
    data = {"form_key": uuid.uuid4(), "title": "六月会议", "held_on": "2024-06-10", "chair": "主持人"}

    response = opened("office", "/inspections/monthly/new/", **data)

    meeting = Meeting.objects.get(title="六月会议")
    assert response.url == f"/inspections/monthly/{meeting.pk}/"


def test_lines_are_kept_and_empty_ones_left_out(opened, scene):
    rows = [
        {"text": "一", "unit": "水利局", "deadline": "2024-06-01", "project": "河道治理"},
        {"deadline": "2024-05-27"},
        {"text": "二", "unit": "水利"},
    ]

    response = opened("office", f"/inspections/monthly/{scene.may.pk}/matters/", **lines(*rows))

    assert response.status_code == 302
    kept = scene.may.matters.exclude(pk=scene.draft.pk).order_by("seq")
    assert [(one.text, one.unit, one.deadline, one.project) for one in kept] == [
        ("一", scene.unit, dt.date(2024, 6, 1), scene.project),
        ("二", scene.unit, dt.date(2024, 5, 27), None),
    ]


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"text": "一", "unit": "没有"}, "unit", "没有叫“没有”的单位。请从提示中选择。"),
        ({"text": "一", "unit": "局"}, "unit", "没有叫“局”的单位。请填全名，如：交通局、水利局。"),
        ({"text": "一"}, "unit", "请填写“责任单位”。"),
        ({"unit": "水利局"}, "text", "请填写“议定事项”。"),
        (
            {"text": "一", "unit": "水利局", "project": "河道"},
            "project",
            "没有叫“河道”的项目。请填全名，相近的有：河道治理。",
        ),
        (
            {"text": "一", "unit": "水利局", "deadline": "2024-05-19"},
            "__all__",
            "办结时限应在 2024-05-20 到 2025-05-20 之间，请改填这之间的日期。",
        ),
    ],
)
def test_a_line_that_cannot_be_kept_says_why_and_stays(row, field, sentence, opened, scene):
    good = {"text": "好的", "unit": "水利局"}

    response = opened("office", f"/inspections/monthly/{scene.may.pk}/matters/", **lines(good, row))

    shown = response.context["typing"].rows
    assert (response.status_code, shown[1].errors[field], shown[0]["text"].value()) == (400, [sentence], "好的")
    assert scene.may.matters.count() == 1


def test_the_same_lines_are_kept_once(opened, scene):
    data = lines({"text": "一", "unit": "水利局"})

    for _ in range(2):
        opened("office", f"/inspections/monthly/{scene.may.pk}/matters/", **data)

    assert scene.may.matters.count() == 2


def test_lines_typed_while_the_minutes_were_issued_are_shown_for_copying(opened, scene):
    scene.may.state = "closed"
    scene.may.save()

    data = lines({"text": "写了半天", "unit": "水利局"})
    response = opened("office", f"/inspections/monthly/{scene.may.pk}/matters/", **data)

    assert (response.status_code, "写了半天" in response.content.decode()) == (409, True)


def test_chosen_problems_fill_the_lines(opened, scene):
    problem = factories.problem(scene.project, "assigned", text="缺资金")

    address = f"/inspections/monthly/{scene.may.pk}/?problem={problem.pk}"
    response = opened("office", address)

    row = response.context["typing"].rows[0]
    assert [row[name].value() for name in ("text", "unit", "project")] == ["缺资金", "水利局", "河道治理"]


def test_overdue_problems_are_proposed_until_a_matter_follows_them(opened, scene):
    problem = factories.problem(scene.project, "assigned", deadline=dt.date(2024, 5, 19))
    address = f"/inspections/monthly/{scene.may.pk}/"

    assert list(opened("office", address).context["proposed"]) == [problem]
    Matter.objects.filter(pk=scene.draft.pk).update(problem=problem)
    assert list(opened("office", address).context["proposed"]) == []


def test_a_stale_meeting_is_not_issued(opened, scene):
    response = opened("office", f"/inspections/monthly/{scene.may.pk}/issue/", version=7)

    scene.may.refresh_from_db()
    assert (response.status_code, scene.may.state) == (409, "open")


def test_a_stale_edit_keeps_what_was_typed(opened, scene):
    Meeting.objects.filter(pk=scene.may.pk).update(row_version=2, place="一楼")
    data = {"version": 1, "form_key": uuid.uuid4(), "title": "五月会议", "held_on": "2024-05-20", "chair": "主持人"}

    response = opened("office", f"/inspections/monthly/{scene.may.pk}/edit/", **data, place="二楼")

    form = response.context["form"]
    assert (response.status_code, form["place"].value(), form["version"].value()) == (409, "二楼", 2)
    assert form["place"].help_text == "现在保存的是：一楼"


def test_project_names_are_suggested_as_they_are_typed(client, scene):
    client.force_login(scene.users["office"])

    response = client.get("/inspections/monthly/projects/?m3-project=hdzl", headers={"HX-Request": "true"})

    assert response.context["names"] == ["河道治理"]


# Matters


def test_a_reporter_sees_the_own_matters_first_and_answers_in_one_line(opened, scene):
    made.matter(scene.april)
    page = opened("own", "/inspections/matters/")
    row, key = page.context["own_rows"][0]

    data = {"version": row.matter.row_version, "form_key": key, "text": "还差一户", "back": "/inspections/matters/"}
    response = opened("own", f"/inspections/matters/{row.matter.pk}/answer/", **data)

    assert ([one.matter for one, _ in page.context["own_rows"]], response.url) == (
        [scene.late],
        "/inspections/matters/",
    )
    assert scene.late.events.get().text == "还差一户"


def test_a_stale_step_keeps_what_was_typed(opened, scene):
    Matter.objects.filter(pk=scene.late.pk).update(row_version=2)

    response = opened("own", f"/inspections/matters/{scene.late.pk}/answer/", **step_data(scene.late, text="还差一户"))

    form = response.context["open_form"]
    assert (response.status_code, form["text"].value(), form["version"].value()) == (409, "还差一户", 2)


def test_a_step_that_is_no_longer_open_shows_the_words_for_copying(opened, scene):
    Matter.objects.filter(pk=scene.late.pk).update(state="done", settled_on=TODAY)

    response = opened("own", f"/inspections/matters/{scene.late.pk}/answer/", **step_data(scene.late, text="还差一户"))

    assert (response.status_code, ("text", "还差一户") in response.context["typed"]) == (400, True)


def test_the_list_of_a_past_day_shows_how_matters_stood_then(opened, scene):
    matters = [actions.decide(by=scene.users["office"], meeting=scene.may, values={"text": "甲", "unit": scene.unit})]
    meetings.issue(by=scene.users["office"], meeting=scene.may, version=1)
    factories.clock(2024, 5, 29, 9)
    actions.close(by=scene.users["office"], matter=matters[0], version=1, text="已核对")

    then = opened("own", "/inspections/matters/?as_of=2024-05-28&state=all")
    page = opened("own", f"/inspections/matters/{matters[0].pk}/?as_of=2024-05-28")

    shown = [(row.matter.text, row.clock.words) for row in then.context["rows"] if row.matter.text == "甲"]
    assert (shown, then.context["own_rows"], page.context["forms"]) == ([("甲", "逾期 1 天")], [], [])
    assert [event.kind for event in page.context["events"]] == ["decided"]


def test_an_unknown_step_is_not_found(opened, scene):
    assert opened("office", f"/inspections/matters/{scene.late.pk}/undo/", version=1).status_code == 404


def test_removing_twice_does_nothing_more(opened, scene):
    address = f"/inspections/matters/{scene.draft.pk}/remove/"

    first, second = (opened("office", address, version=1).url for _ in range(2))

    assert (first, second) == (f"/inspections/monthly/{scene.may.pk}/", "/inspections/monthly/")


@pytest.mark.parametrize("is_foreign", [True, False])
def test_removing_what_the_county_never_had_is_not_found_and_noted(is_foreign, opened, scene):
    near = factories.county("140430", "沁县")
    foreign = made.matter(made.meeting("open", TODAY, county=near), factories.unit(county=near))
    pk = foreign.pk if is_foreign else 987654

    response = opened("office", f"/inspections/matters/{pk}/remove/", version=1)

    assert (response.status_code, Matter.objects.filter(pk=foreign.pk).exists()) == (404, True)
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


@pytest.mark.parametrize("key", ["", "x"])
def test_lines_without_a_forms_key_come_back_with_words_and_a_key(key, opened, scene):
    data = lines({"text": "清理便道", "unit": "水利局"}, form_key=key)

    response = opened("office", f"/inspections/monthly/{scene.may.pk}/matters/", **data)

    typing = response.context["typing"]
    told = [str(message) for message in response.context["messages"]]
    assert (response.status_code, told) == (
        400,
        ["这张表单不完整，没有保存。您填写的内容还在，请核对后再保存一次。"],
    )
    assert (typing.rows[0]["text"].value(), bool(uuid.UUID(str(typing.form_key)))) == ("清理便道", True)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", ["甲", "乙"]),
        ("?state=overdue", ["甲"]),
        ("?state=done", ["丙"]),
        ("?state=all&sort=decided", ["乙", "甲", "丙"]),
        ("?q=水利", ["甲"]),
        ("?q=hdzl", ["甲"]),
        ("?state=nonsense&sort=nonsense&page=nonsense", ["甲", "乙"]),
    ],
)
def test_the_list_is_narrowed_and_ordered(query, texts, opened, scene):
    Matter.objects.all().delete()
    made.matter(scene.april, scene.unit, text="甲", project=scene.project)
    made.matter(unit=factories.unit("住建局"), text="乙", deadline=dt.date(2024, 6, 1))
    made.matter(scene.april, factories.unit("教育局"), text="丙", state="done")

    response = opened("office", f"/inspections/matters/{query}")

    assert [row.matter.text for row in response.context["rows"]] == texts


def test_a_filter_counts_what_the_others_leave(opened, scene):
    made.matter(scene.april, scene.users["other"].unit, deadline=dt.date(2024, 6, 1))

    listing = opened("office", f"/inspections/matters/?unit={scene.unit.pk}").context["listing"]

    units = dict(listing.filters[0:1])[listing.filters[0][0]]
    assert [(option.title, option.count, option.is_chosen) for option in units] == [
        ("交通局", 1, False),
        ("水利局", 1, True),
    ]
    assert [(tab.title, tab.count) for tab in listing.tabs][:2] == [("未办结", 1), ("逾期", 1)]
    assert listing.words == "未办结；责任单位：水利局"


def test_the_file_has_the_rows_of_the_page(opened, scene):
    response = opened("office", "/inspections/matters/export/")

    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[3][:6] == (1, "完成征地，联系 138****5678", "水利局", "张工", None, "河道治理")
    assert rows[3][10:12] == ("办理中", "逾期 33 天")


@pytest.mark.parametrize("address", ["matters/", "matters/export/", "monthly/"])
def test_a_list_takes_as_many_queries_however_many_rows(address, opened, scene, client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert opened("office", f"/inspections/{address}").status_code == 200
        return len(found)

    opened("office", f"/inspections/{address}")
    few = queries()
    for _ in range(4):
        made.event(made.matter(made.meeting(), leader=factories.leader(), project=factories.project()))

    assert queries() == few


def test_a_meeting_takes_as_many_queries_however_many_matters(opened, scene):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert opened("office", f"/inspections/monthly/{scene.may.pk}/").status_code == 200
        return len(found)

    queries()
    few = queries()
    for _ in range(3):
        made.event(made.matter(scene.april, leader=factories.leader()))
        made.matter(scene.may, leader=factories.leader(), project=factories.project())

    assert queries() == few
