"""A check on its page: begun, saved, handed in, refused; its photos; and whom it is closed to."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from inspections.actions import checks as actions
from inspections.actions import pictures
from inspections.checklists import Question
from inspections.models import SitePhoto, SupervisionCheck
from portfolio.models import Problem
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db
QUESTIONS = (
    Question("safety", "安全是否到位", measure="立即整改"),
    Question("problems", "问题是否整改", known_by="overdue_problems"),
)
NOT_INSPECTORS = ("leader", "reporter", "auditor", "sysadmin")


@pytest.fixture(autouse=True)
def county(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(county):
    return factories.user("inspector")


@pytest.fixture
def client(inspector):
    return signed_in(inspector)


@pytest.fixture
def plan(county):
    return factories.plan_under_way(factories.unit("水利局"), project__name="河道治理")


@pytest.fixture
def draft(inspector, plan):
    looks.checklist(questions=QUESTIONS)
    return actions.start(by=inspector, plan=plan)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(name, *args):
    return reverse(f"inspections:{name}", args=args)


def filled(draft, do="hand_in", **changed):
    return {
        "version": draft.row_version,
        "form_key": str(uuid.uuid4()),
        "words": "正常",
        "do": do,
        "safety-answer": "no",
        "safety-words": "临边无防护",
        "safety-measure": "加装防护栏",
        "safety-deadline": "2024-05-27",
        "problems-answer": "yes",
        **changed,
    }


def send(client, draft, do="hand_in", **changed):
    return client.post(address("check-edit", draft.pk), filled(draft, do, **changed))


# Beginning


def test_a_check_is_begun_from_a_project(client, plan):
    page = client.get(address("check-new"), {"plan": plan.pk})

    begun = client.post(address("check-new"), {"plan": plan.pk})

    check = SupervisionCheck.objects.get()
    assert (page.status_code, page.context["look"]) == (200, "progress")
    assert (begun.status_code, begun["Location"]) == (302, address("check-edit", check.pk))


def test_looking_at_a_project_begins_nothing(client, plan):
    client.get(address("check-new"), {"plan": plan.pk})

    assert not SupervisionCheck.objects.exists()


@pytest.mark.parametrize(("query", "found"), [("hedao", ["河道治理"]), ("没有", []), ("", [])])
def test_a_project_is_found_by_name(client, plan, query, found):
    response = client.get(address("check-new"), {"q": query})

    assert [row.project.name for row in response.context["plans"]] == found


@pytest.mark.parametrize("sent", ["x", "999999", ""])
def test_a_plan_that_is_not_there_is_not_begun(client, sent):
    assert client.post(address("check-new"), {"plan": sent}).status_code == 404


# Filling in


def test_what_the_register_knows_is_filled_in(client, draft):
    form = client.get(address("check-edit", draft.pk)).context["form"]

    safety, problems = form.questions
    assert (safety.initial["answer"], safety.initial["measure"], safety.initial["deadline"]) == (
        "",
        "立即整改",
        dt.date(2024, 5, 27),
    )
    assert (problems.initial["answer"], problems.line.known.words) == ("yes", "没有逾期的问题")


def test_a_draft_is_saved_and_goes_on(client, draft):
    response = send(client, draft, "save", **{"problems-answer": ""})

    draft.refresh_from_db()
    form = client.get(address("check-edit", draft.pk)).context["form"]
    assert (response.status_code, response["Location"]) == (302, address("check-edit", draft.pk))
    assert (draft.state, [question.initial["answer"] for question in form.questions]) == ("draft", ["no", "yes"])


def test_handing_in_shows_the_check_and_makes_the_problem(client, draft):
    response = send(client, draft)

    page = client.get(response["Location"])
    assert response["Location"] == address("check-detail", draft.pk)
    assert [str(message) for message in page.context["messages"]] == ["督导已提交，1 个“否”已登记为问题。"]
    assert Problem.objects.get().measure == "加装防护栏"


def test_sending_it_twice_changes_nothing(client, draft):
    data = filled(draft)

    answers = [client.post(address("check-edit", draft.pk), data)["Location"] for _ in range(2)]

    assert (answers, Problem.objects.count()) == ([address("check-detail", draft.pk)] * 2, 1)


@pytest.mark.parametrize(
    ("changed", "key", "why"),
    [
        ({"problems-answer": ""}, "problems", "请选择“是”“否”或“不涉及”。"),
        ({"safety-measure": ""}, "safety", "选“否”的，请填写措施和整改时限。"),
        (
            {"safety-deadline": "2024-05-19"},
            "safety",
            "整改时限应在 2024-05-20 到 2025-05-20 之间，请改填这之间的日期。",
        ),
        ({"safety-deadline": "昨天"}, "safety", "“整改时限”不是日期，请写成 2024-05-31 这样的年月日。"),
        ({"safety-answer": "maybe"}, "safety", None),
        ({"safety-words": "a" * 100_000}, "safety", None),
    ],
)
def test_what_can_not_be_handed_in_stays_filled_in_and_says_where(client, draft, changed, key, why):
    response = send(client, draft, **changed)

    form = response.context["form"]
    assert response.status_code == 400
    assert [item.key for _, item in form.faulty] == [key]
    errors = next(question for question in form.questions if question.prefix == key).errors
    assert why is None or [text for texts in errors.values() for text in texts] == [why]
    assert (Problem.objects.count(), form.whole["words"].value()) == (0, "正常")


def test_a_stale_page_is_told_and_keeps_what_was_typed(client, draft, inspector):
    data = filled(draft, "save", words="后来的")
    actions.save(by=inspector, check=draft, version=1, words="先保存的", given={})

    response = client.post(address("check-edit", draft.pk), data)

    draft.refresh_from_db()
    whole = response.context["form"].whole
    assert (response.status_code, whole["words"].value(), whole["version"].value()) == (409, "后来的", 2)
    assert draft.words == "先保存的"


def test_a_draft_is_thrown_away(client, draft):
    response = send(client, draft, "discard")

    assert (response["Location"], SupervisionCheck.objects.count()) == (address("check-new"), 0)


def test_a_handed_in_check_is_opened_to_read_only(client, draft):
    send(client, draft)

    opened, again = client.get(address("check-edit", draft.pk)), send(client, draft, words="改")

    draft.refresh_from_db()
    assert opened["Location"] == again["Location"] == address("check-detail", draft.pk)
    assert draft.words == "正常"


# Photos


def photo_sent(client, draft, seed=0, key=None):
    data = {"photo": looks.photo_file(seed), "upload_key": str(key or uuid.uuid4())}
    return client.post(address("check-photo-add", draft.pk), data)


def test_a_photo_is_added_and_shown(client, draft):
    response = photo_sent(client, draft)

    photo = SitePhoto.objects.get()
    assert address("site-photo", photo.pk) in response.json()["html"]
    for name in ("site-photo", "site-photo-small"):
        shown = client.get(address(name, photo.pk))
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert shown.getvalue()[:2] == b"\xff\xd8"


def test_the_same_upload_is_kept_once(client, draft):
    key = uuid.uuid4()

    for _ in range(2):
        photo_sent(client, draft, key=key)

    assert SitePhoto.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"upload_key": "x"}])
def test_an_upload_without_a_photo_is_told(client, draft, data):
    response = client.post(address("check-photo-add", draft.pk), data)

    assert (response.status_code, response.json()) == (422, {"error": "没有收到照片，请重选。"})


def test_what_is_no_photo_is_told(client, draft):
    file = looks.photo_file()
    file.file.seek(0)
    file.file.truncate(30)

    response = client.post(address("check-photo-add", draft.pk), {"photo": file, "upload_key": str(uuid.uuid4())})

    assert (response.status_code, set(response.json()), SitePhoto.objects.count()) == (422, {"error"}, 0)


def test_files_come_with_the_form_where_there_are_no_scripts(client, draft):
    data = filled(draft, "save")
    for _ in range(2):
        client.post(address("check-edit", draft.pk), data | {"photo": [looks.photo_file(1), looks.photo_file(2)]})

    assert draft.photos.count() == 2


def test_a_photo_is_taken_away_from_a_draft_only(client, draft, inspector):
    photo_sent(client, draft)
    photo_sent(client, draft, seed=1)
    first, second = draft.photos.all()

    send(client, draft, f"delete_photo:{first.pk}")
    draft.refresh_from_db()
    send(client, draft)
    send(client, draft, f"delete_photo:{second.pk}")

    assert list(draft.photos.all()) == [second]
    assert photo_sent(client, draft, seed=2).status_code == 404


def test_too_many_photos_are_refused(client, draft, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 0)

    assert photo_sent(client, draft).json() == {"error": "每次最多 0 张照片，请先删去一张。"}


# Whom it is closed to


@pytest.mark.parametrize("role", NOT_INSPECTORS)
def test_who_may_not_check_finds_no_such_page(role, plan, draft):
    stranger = signed_in(factories.user(role))

    answers = [
        stranger.get(address("check-new")),
        stranger.get(address("check-edit", draft.pk)),
        stranger.post(address("check-new"), {"plan": plan.pk}),
        send(stranger, draft),
        photo_sent(stranger, draft),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    draft.refresh_from_db()
    assert (draft.row_version, draft.photos.count()) == (1, 0)


@pytest.mark.parametrize("role", ["office", "inspector", *NOT_INSPECTORS])
def test_a_draft_and_its_photos_are_nobody_elses(role, client, draft):
    photo_sent(client, draft)
    photo, stranger = SitePhoto.objects.get(), signed_in(factories.user(role))

    answers = [
        stranger.get(address("check-detail", draft.pk)),
        stranger.get(address("check-edit", draft.pk)),
        stranger.get(address("site-photo", photo.pk)),
        stranger.get(address("site-photo-small", photo.pk)),
        send(stranger, draft, f"delete_photo:{photo.pk}"),
        photo_sent(stranger, draft, seed=1),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert list(draft.photos.all()) == [photo]
    assert AuditEntry.objects.filter(outcome="refused").exists()


@pytest.mark.parametrize("role", ["reporter", "leader", "auditor"])
def test_the_photos_of_a_handed_in_check_are_everybodys(role, client, draft):
    photo_sent(client, draft)
    send(client, draft)

    answer = signed_in(factories.user(role)).get(address("site-photo", SitePhoto.objects.get().pk))

    assert answer.status_code == 200


def test_another_county_sees_no_photo(client, draft):
    photo_sent(client, draft)
    send(client, draft)
    other = factories.user("office", county=factories.county("140423", "襄垣县"))

    answer = signed_in(other).get(address("site-photo", SitePhoto.objects.get().pk))

    assert answer.status_code == 404


def test_what_was_typed_is_markup_on_no_page(client, draft):
    send(
        client,
        draft,
        words="<i class=typed>",
        **{"safety-words": "<i class=typed>", "safety-measure": "<i class=typed>"},
    )

    pages = [client.get(address("check-detail", draft.pk)), client.get(address("look", "progress"))]

    assert ["<i class=typed>" in page.content.decode() for page in pages] == [False, False]


@pytest.mark.parametrize(("who", "sees"), [("office", True), ("unit", True), ("leader", False), ("reporter", False)])
def test_phones_are_masked_outside_the_unit_and_the_office(who, sees, client, draft, plan):
    send(
        client, draft, words="联系13812345678", **{"safety-words": "联系13812345678", "safety-measure": "找13812345678"}
    )
    reader = factories.user("reporter", unit=plan.project.unit) if who == "unit" else factories.user(who)

    pages = [
        signed_in(reader).get(path).content.decode()
        for path in (address("check-detail", draft.pk), address("look", "progress"))
    ]

    assert ["13812345678" in page for page in pages] == [sees, False]


def test_a_problem_leads_to_the_check_that_found_it(client, draft):
    send(client, draft)

    page = client.get(reverse("portfolio:problem-detail", args=[Problem.objects.get().pk])).content.decode()

    assert address("check-detail", draft.pk) in page
