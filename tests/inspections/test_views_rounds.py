"""The pages of quarterly inspections: who sees which scores, who may write, and what a refused form keeps."""

import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from inspections.models import Finding, Round, ScoreSheet
from inspections.rounds import Line, lines_of
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import round_factories as made

pytestmark = pytest.mark.django_db
ROLES = ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"]


@pytest.fixture(autouse=True)
def at_noon(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.clock(2024, 5, 30, 12)


@pytest.fixture
def judge(at_noon):
    return factories.user("inspector", name="督查员甲")


@pytest.fixture
def running(judge):
    """An open round of three stops; the first is scored 80 by 督查员甲 and 60 by 督查员乙."""
    row = made.round_("open", title="二季度观摩")
    seats = [made.judge(row, judge), made.judge(row, factories.user("leader", name="县领导乙"))]
    stops = [made.stop(row, name) for name in ("河道治理", "学校提升", "光伏电站")]
    made.sheet(seats[0], stops[0], "50", "30")
    made.sheet(seats[1], stops[0], "40", "20")
    return row


@pytest.fixture
def as_(client):
    def as_(role_or_user):
        user = factories.user(role_or_user) if isinstance(role_or_user, str) else role_or_user
        client.force_login(user)
        return client

    return as_


def address(row, page=""):
    return f"/inspections/quarterly/{row.pk}/{page}"


def at_stop(stop, page=""):
    return f"/inspections/quarterly/stops/{stop.pk}/{page}"


def sent(row, **fields):
    return {"version": row.row_version, "form_key": str(uuid.uuid4()), **fields}


def points_sent(stop, *values, version=0, **fields):
    keys = [f"c{criterion.pk}" for criterion in stop.round.criteria.all()]
    form = {"version": version, "form_key": str(uuid.uuid4()), "words": "", **fields}
    return form | dict(zip(keys, values, strict=True))


# Reading


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_rounds_routes_and_stops(role, as_, running):
    client = as_(role)

    for path in ("/inspections/quarterly/", address(running), at_stop(running.stops.first())):
        assert (path, client.get(path).status_code) == (path, 200)


def test_a_round_of_another_county_is_not_found(as_, running):
    client = as_(factories.user("office", county=factories.county("140430", "邻县")))
    stop = running.stops.first()

    paths = [address(running, page) for page in ("", "edit/", "stops/", "judges/", "criteria/", "result/", "score/")]
    paths += [address(running, "result/export/"), at_stop(stop), at_stop(stop, "score/")]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert running.title not in client.get("/inspections/quarterly/").text


@pytest.mark.parametrize(("role", "seen"), [("office", True), ("inspector", False), ("auditor", False)])
def test_scores_are_the_offices_while_the_round_is_open(role, seen, as_, running):
    client = as_(role)

    texts = [client.get(path).text for path in (address(running), at_stop(running.stops.first()))]

    assert ["70.00" in text for text in texts] == [seen, seen]
    assert client.get(address(running, "result/")).status_code == (200 if seen else 302)
    assert client.get(address(running, "result/export/")).status_code == (200 if seen else 302)


def test_a_judge_sees_the_own_scores_alone_until_closing(as_, judge, running):
    client = as_(judge)

    route, stop = (client.get(path).text for path in (address(running), at_stop(running.stops.first())))

    assert "80.0 分，修改" in route
    assert ("80.0" in stop, "60.0" in stop, "70.00" in stop) == (True, False, False)


def test_a_judge_is_not_told_that_the_own_score_is_dropped(as_, judge, running):
    stop = running.stops.first()
    for points in ("40", "41", "42"):
        made.sheet(made.judge(running), stop, points, "20")

    seen = {
        who: [row.counts for row in as_(user).get(at_stop(stop)).context["page"].sheets]
        for who, user in {"judge": judge, "office": "office"}.items()
    }

    assert seen == {"judge": [True], "office": [False, False, True, True, True]}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_the_result_of_a_closed_round(role, as_, running):
    Round.objects.update(state="closed")

    page = as_(role).get(address(running, "result/"))

    assert page.status_code == 200
    assert [row.score for row in page.context["result"].ranked] == [70]


def test_the_result_is_exported_with_its_numbers(as_, running):
    Round.objects.update(state="closed")

    response = as_("reporter").get(address(running, "result/export/"))

    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[1], row[6], row[7], row[9]) for row in rows] == [
        (1, "河道治理", 70, 45, 80),
        (None, "学校提升", "没有评分", None, None),
        (None, "光伏电站", "没有评分", None, None),
    ]


def test_the_export_names_the_judges_that_were_dropped(as_, running):
    stop = running.stops.first()
    for points in ("41", "42", "43"):
        made.sheet(made.judge(running), stop, points, "20")

    response = as_("office").get(address(running, "result/export/"))

    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    header, first = list(sheet.iter_rows(min_row=3, max_row=4, values_only=True))
    assert (header[-1], first[-1]) == ("去掉的评委", "督查员甲、县领导乙")


def test_the_list_is_narrowed_and_exported(as_, running):
    made.round_("closed", year=2023, title="去年观摩")
    client = as_("leader")

    page = client.get("/inspections/quarterly/?year=2023&state=closed")
    export = client.get("/inspections/quarterly/export/?year=2023")
    odd = client.get("/inspections/quarterly/?year=x&state=nothing")

    assert [str(row) for row in page.context["listing"].rows] == ["去年观摩"]
    assert load_workbook(io.BytesIO(export.getvalue())).active["C4"].value == "去年观摩"
    assert len(odd.context["listing"].rows) == 2


def test_an_empty_list_says_what_to_do(as_):
    assert "先筹备一轮" in as_("office").get("/inspections/quarterly/").text
    assert "没有符合条件的观摩" in as_("office").get("/inspections/quarterly/?state=open").text


@pytest.mark.parametrize("role", ["office", "inspector"])
def test_pages_ask_no_more_for_more_stops(role, as_, running):
    client = as_(role)
    pages = ["/inspections/quarterly/", address(running), at_stop(running.stops.first())]
    few = [queries_of(client, page) for page in pages]

    for _ in range(3):
        stop = made.stop(running)
        Finding.objects.create(stop=stop, kind="strength", text="好", at="2024-05-30T10:00+08:00")
        for seat in running.judges.all():
            made.sheet(seat, stop, "1", "1")
        made.round_()

    assert [queries_of(client, page) for page in pages] == few


def queries_of(client, page):
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)


@pytest.mark.parametrize(("role", "seen"), [("office", True), ("leader", False), ("reporter", False)])
def test_phones_in_words_are_the_offices(role, seen, as_, running):
    Round.objects.update(words="联系人 13812345678", state="closed")
    stop = running.stops.first()
    running.stops.update(look_at="13812345678", presenter="张 13812345678")
    stop.sheets.update(words="问 13812345678")
    Finding.objects.create(stop=stop, kind="strength", text="找 13812345678", at="2024-05-30T10:00+08:00")
    client = as_(role)

    texts = [client.get(path).text for path in (address(running), at_stop(stop))]

    assert ["13812345678" in text for text in texts] == [seen, seen]


# Organising


@pytest.mark.parametrize("page", ["edit/", "stops/", "judges/", "criteria/"])
@pytest.mark.parametrize("role", ROLES[1:])
def test_only_the_office_organises(role, page, as_, running):
    client = as_(role)

    assert client.get(address(running, page)).status_code == 404
    assert client.post(address(running, page), sent(running)).status_code in {403, 404}
    running.refresh_from_db()
    assert running.row_version == 1


@pytest.mark.parametrize("step", ["open/", "close/"])
@pytest.mark.parametrize("role", ROLES[1:])
def test_only_the_office_opens_and_closes(step, role, as_, running):
    assert as_(role).post(address(running, step), sent(running)).status_code in {403, 404}
    assert as_("office").get(address(running, step)).status_code == 405


def test_a_round_is_prepared_from_the_page(as_):
    client = as_("office")
    form = {
        "version": 1,
        "form_key": str(uuid.uuid4()),
        "title": "二季度观摩",
        "year": 2024,
        "quarter": 2,
        "starts_on": "2024-05-28",
        "ends_on": "2024-05-31",
        "words": "",
        "drops_extremes": "on",
    }

    responses = [client.post("/inspections/quarterly/new/", form) for _ in range(2)]

    row = Round.objects.get()
    assert [response["Location"] for response in responses] == [address(row)] * 2
    refused = client.post("/inspections/quarterly/new/", form | {"ends_on": "2024-05-27", "form_key": uuid.uuid4()})
    assert (refused.status_code, refused.context["form"]["ends_on"].value()) == (400, "2024-05-27")


def test_a_plan_is_found_and_put_on_the_route_with_what_was_typed(as_, running):
    stop = running.stops.first()
    tiny = factories.plan(project__name="村庄整治", planned_investment=50)
    tiny.project.refresh_keys([])
    tiny.project.save()
    client = as_("office")
    found = client.get(address(running, "stops/") + "?q=cz", headers={"HX-Request": "true"})
    form = sent(running, do=f"add:{tiny.pk}", plan=[row.plan_id for row in running.stops.all()])

    response = client.post(address(running, "stops/"), form | {f"p{stop.plan_id}-look_at": "看堤防"})

    assert [str(plan.project) for plan in found.context["found"]] == ["村庄整治"]
    assert response["Location"] == address(running, "stops/")
    route = list(running.stops.all())
    assert ([row.plan for row in route][-1], route[0].look_at) == (tiny, "看堤防")


@pytest.mark.parametrize(
    ("do", "order"),
    [("up:1", [1, 0, 2]), ("down:1", [0, 2, 1]), ("remove:1", [0, 2]), ("up:0", [0, 1, 2]), ("up:x", [0, 1, 2])],
)
def test_stops_are_moved_and_removed(do, order, as_, running):
    plans = [stop.plan_id for stop in running.stops.all()]
    verb, _, place = do.partition(":")
    pk = plans[int(place)] if place.isdigit() else place

    as_("office").post(address(running, "stops/"), sent(running, do=f"{verb}:{pk}", plan=plans))

    assert list(running.stops.values_list("plan", flat=True)) == [plans[at] for at in order]


def test_typed_places_order_the_route(as_, running):
    plans = [stop.plan_id for stop in running.stops.all()]
    places = {f"p{plan}-place": place for plan, place in zip(plans, (3, 1, 2), strict=True)}

    as_("office").post(address(running, "stops/"), sent(running, plan=plans, do="save", **places))

    assert list(running.stops.values_list("plan", flat=True)) == [plans[1], plans[2], plans[0]]


def test_a_stale_route_keeps_what_was_typed_and_shows_what_was_added(as_, running):
    stop = running.stops.first()
    form = sent(running, plan=[row.plan_id for row in running.stops.all()], **{f"p{stop.plan_id}-look_at": "看堤防"})
    made.stop(running, "后加的")
    Round.objects.update(row_version=2)

    response = as_("office").post(address(running, "stops/"), form)

    rows = response.context["form"].rows
    assert (response.status_code, len(rows), rows[0]["look_at"].value()) == (409, 4, "看堤防")
    stop.refresh_from_db()
    assert stop.look_at == ""


def test_a_sheet_is_set_row_by_row(as_):
    row = made.round_("planned")
    form = {"c1-place": 2, "c1-name": "进度", "c1-weight": 55, "c2-place": 1, "c2-name": "质量", "c2-weight": 45}
    client = as_("office")

    wrong = client.post(address(row, "criteria/"), sent(row, **form | {"c2-weight": 44}))
    client.post(address(row, "criteria/"), sent(row, **form))

    assert (wrong.status_code, "合计 99 分" in wrong.text) == (400, True)
    assert lines_of(row.criteria.all()) == (Line("质量", 45), Line("进度", 55))


def test_judges_are_chosen_from_accounts_that_may_score(as_):
    row = made.round_("planned")
    inspector, reporter = factories.user("inspector"), factories.user("reporter")
    client = as_("office")

    refused = client.post(address(row, "judges/"), sent(row, users=[reporter.pk]))
    client.post(address(row, "judges/"), sent(row, users=[inspector.pk]))

    assert refused.status_code == 400
    assert [judge.user for judge in row.judges.all()] == [inspector]


def test_a_round_is_not_closed_while_a_stop_has_no_score_and_the_page_says_which(as_, running):
    response = as_("office").post(address(running, "close/"), sent(running, accepts_missing="on"))

    assert response.status_code == 400
    assert "还有 2 个观摩点没有任何评分：“学校提升”、“光伏电站”。" in response.text
    running.refresh_from_db()
    assert running.state == "open"


def test_a_stale_closing_is_refused(as_, running):
    form = sent(running)
    Round.objects.update(row_version=2)

    assert as_("office").post(address(running, "close/"), form).status_code == 409


def test_what_is_closed_leads_back_to_the_round(as_):
    row = made.round_("closed")
    client = as_("office")

    for page in ("edit/", "stops/", "judges/", "criteria/"):
        assert client.get(address(row, page))["Location"] == address(row)


# Scoring


def test_scoring_leads_from_stop_to_stop(as_, judge, running):
    _, second, third = running.stops.all()
    client = as_(judge)

    start = client.get(address(running, "score/"))
    first_saved = client.post(at_stop(second, "score/"), points_sent(second, "５０．５", "30"))
    second_saved = client.post(at_stop(third, "score/"), points_sent(third, "60", "40"))

    assert start["Location"] == at_stop(second, "score/")
    assert first_saved["Location"] == at_stop(third, "score/")
    assert second_saved["Location"] == address(running, "score/")
    assert client.get(address(running, "score/"))["Location"] == address(running)
    assert list(ScoreSheet.objects.get(stop=second).points.values()) == ["50.5", "30.0"]


def test_a_refused_score_keeps_what_was_typed(as_, judge, running):
    stop = running.stops.last()

    page = as_(judge).post(at_stop(stop, "score/"), points_sent(stop, "61", "abc", words="不错"))

    fields = [field.value() for _, field in page.context["form"].lines]
    assert (page.status_code, fields, page.context["form"]["words"].value()) == (400, ["61", "abc"], "不错")
    assert not stop.sheets.exists()


def test_a_stale_sheet_is_told_and_kept(as_, judge, running):
    stop = running.stops.first()

    page = as_(judge).post(at_stop(stop, "score/"), points_sent(stop, "1", "2", version=0))

    assert (page.status_code, page.context["form"]["version"].value()) == (409, 1)
    assert ("您在另一处" in page.text, "现在保存的是：50" in page.text) == (True, True)
    assert list(stop.sheets.get(judge__user=judge).points.values()) == ["50", "30"]


@pytest.mark.parametrize("role", ROLES)
def test_who_is_not_on_the_round_has_no_scoring_page(role, as_, running):
    client, stop = as_(role), running.stops.last()

    responses = [client.get(address(running, "score/")), client.get(at_stop(stop, "score/"))]
    responses.append(client.post(at_stop(stop, "score/"), points_sent(stop, "1", "1")))

    assert {response.status_code for response in responses} <= {403, 404}
    assert not stop.sheets.exists()


def test_a_judge_of_another_round_has_no_scoring_page_here(as_, running):
    other = made.round_("open")
    stranger = factories.user("inspector")
    made.judge(other, stranger)
    stop = running.stops.last()

    response = as_(stranger).post(at_stop(stop, "score/"), points_sent(stop, "1", "1"))

    assert (response.status_code, stop.sheets.count()) == (404, 0)
    assert AuditEntry.objects.filter(action="越权操作", actor=stranger).count() == 1


def test_a_round_that_was_closed_meanwhile_takes_no_score_and_says_so(as_, judge, running):
    stop = running.stops.last()
    Round.objects.update(state="closed")
    client = as_(judge)

    page = client.post(at_stop(stop, "score/"), points_sent(stop, "1", "1"))

    assert (page.status_code, "这次观摩已经结束" in page.text, stop.sheets.count()) == (400, True, 0)
    assert client.get(at_stop(stop, "score/"))["Location"] == address(running)
    assert client.get(address(running, "score/"))["Location"] == address(running)


# Findings and photos


def test_a_judge_notes_a_defect_from_the_phone(as_, judge, running):
    stop = running.stops.first()
    form = {
        "form_key": str(uuid.uuid4()),
        "kind": "defect",
        "text": "临边无防护",
        "problem_kind": "safety",
        "measure": "加装",
        "deadline": "2024-06-06",
    }
    client = as_(judge)

    client.post(at_stop(stop, "findings/"), form)
    client.post(at_stop(stop, "findings/"), form)

    found = stop.findings.get()
    assert (found.problem.text, found.problem.kind, str(found.problem.deadline)) == (
        "临边无防护",
        "safety",
        "2024-06-06",
    )


def test_a_refused_finding_keeps_what_was_typed(as_, judge, running):
    stop = running.stops.first()
    form = {"form_key": str(uuid.uuid4()), "kind": "defect", "text": "临边无防护", "measure": "加装", "deadline": ""}

    page = as_(judge).post(at_stop(stop, "findings/"), form)

    assert (page.status_code, page.context["form"]["text"].value()) == (400, "临边无防护")
    assert page.context["form"].errors == {"deadline": ["请填写整改时限。"]}


@pytest.mark.parametrize("role", ["inspector", "leader", "reporter", "auditor", "sysadmin"])
def test_who_is_not_on_the_round_notes_nothing(role, as_, running):
    stop = running.stops.first()
    form = {"form_key": str(uuid.uuid4()), "kind": "strength", "text": "好"}
    client = as_(role)
    photo = {"photo": looks.photo_file(), "upload_key": str(uuid.uuid4())}

    codes = [client.post(at_stop(stop, "findings/"), form).status_code]
    codes += [client.post(at_stop(stop, page), photo).status_code for page in ("photos/", "photos/add/")]

    assert set(codes) <= {403, 404}
    assert (stop.findings.count(), stop.photos.count()) == (0, 0)


def test_a_strength_is_dropped_from_the_page(as_, judge, running):
    found = Finding.objects.create(
        stop=running.stops.first(), kind="strength", text="好", by=judge, at="2024-05-30T10:00+08:00"
    )

    as_(judge).post(f"/inspections/quarterly/findings/{found.pk}/drop/")

    assert not Finding.objects.exists()


def test_photos_are_added_by_script_and_without_and_taken_off(as_, judge, running):
    stop, client = running.stops.first(), as_(judge)
    client.post(at_stop(stop, "photos/"), {"photo": looks.photo_file()})
    answer = client.post(at_stop(stop, "photos/add/"), {"photo": looks.photo_file(1), "upload_key": str(uuid.uuid4())})
    first, second = stop.photos.all()

    client.post(at_stop(stop, "photos/"), {"do": f"delete_photo:{first.pk}"})

    assert set(answer.json()) == {"html"}
    assert list(stop.photos.all()) == [second]


def test_what_is_no_photo_is_told(as_, judge, running):
    stop, client = running.stops.first(), as_(judge)
    wrong = looks.photo_file()
    wrong.file.truncate(40)

    answer = client.post(at_stop(stop, "photos/add/"), {"photo": wrong, "upload_key": str(uuid.uuid4())})
    nothing = client.post(at_stop(stop, "photos/add/"), {"upload_key": "x"})

    assert (answer.status_code, set(answer.json())) == (422, {"error"})
    assert nothing.json() == {"error": "没有收到照片，请重选。"}


# Matters


def matter_sent(**fields):
    form = {"form_key": str(uuid.uuid4()), "text": "三日内加装护栏", "unit": "水利局", "person": "", "leader": ""}
    return form | {"deadline": "2024-06-06", **fields}


@pytest.fixture
def water(at_noon):
    return factories.unit("水利局")


def test_the_office_assigns_a_matter_on_the_spot_once(as_, running, water):
    stop, client, form = running.stops.first(), as_("office"), matter_sent()

    for _ in range(2):
        client.post(at_stop(stop, "matters/"), form)

    matter = stop.matters.get()
    assert (matter.text, matter.unit, matter.project) == ("三日内加装护栏", water, stop.plan.project)
    assert "三日内加装护栏" in client.get(at_stop(stop)).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"unit": "没有的单位"}, "没有叫“没有的单位”的单位。请从提示中选择。"),
        ({"text": ""}, "请填写“交办事项”。"),
        ({"deadline": "2024-05-29"}, "办结时限应在 2024-05-30"),
    ],
)
def test_a_matter_that_cannot_be_assigned_stays_typed(fields, told, as_, running, water):
    stop, form = running.stops.first(), matter_sent(person="王主任", **fields)

    page = as_("office").post(at_stop(stop, "matters/"), form)

    assert (page.status_code, told in page.text, stop.matters.count()) == (400, True, 0)
    assert page.context["matter_form"]["person"].value() == "王主任"


@pytest.mark.parametrize("role", ROLES[1:])
def test_only_the_office_assigns_on_the_spot(role, as_, running, water):
    stop = running.stops.first()

    assert as_(role).post(at_stop(stop, "matters/"), matter_sent()).status_code in {403, 404}
    assert stop.matters.count() == 0
