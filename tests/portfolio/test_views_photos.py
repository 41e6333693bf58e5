"""Photos over the web and in the store: who may add, see and delete them, once each, and what shows as used before."""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from portfolio.actions import dispatch as actions
from portfolio.actions import photos as photo_actions
from portfolio.models import Photo, WeeklyDispatch
from portfolio.weeks import Week
from tests import factories
from tests.portfolio.test_photos import jpeg

pytestmark = pytest.mark.django_db
WEEK = Week(2024, 22)


@pytest.fixture
def unit(county):
    factories.clock(2024, 5, 31, 10)
    return factories.unit()


@pytest.fixture
def plan(unit):
    return factories.plan_under_way(unit, project__name="甲项目")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def signed_in(client, reporter):
    client.force_login(reporter)
    return client


def send(client, plan, seed=1, key=None, week="2024-W22"):
    file = SimpleUploadedFile("现场\u202e../../照片.jpg", jpeg(factories.picture(seed=seed)), content_type="text/html")
    return client.post(f"/dispatch/plans/{plan.pk}/{week}/photos/", {"photo": file, "upload_key": key or uuid.uuid4()})


def files(settings):
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_photo_begins_a_draft_that_can_be_typed_on(signed_in, reporter, plan):
    response = send(signed_in, plan)

    report = WeeklyDispatch.objects.get(plan=plan)
    assert (response.status_code, report.state, report.row_version) == (200, "draft", 0)
    assert actions.save(by=reporter, plan=plan, week=WEEK, values={"progress": "主体"}, version=0).row_version == 1


def test_photo_joins_a_report_that_has_text_already(signed_in, reporter, plan):
    actions.save(by=reporter, plan=plan, week=WEEK, values={"progress": "主体"}, version=0)

    send(signed_in, plan)

    report = WeeklyDispatch.objects.get(plan=plan)
    assert (report.progress, report.row_version, report.photos.count()) == ("主体", 1, 1)


def test_photo_is_stored_under_a_name_of_our_own(signed_in, plan, settings):
    send(signed_in, plan)

    names = [path.name for path in files(settings)]
    assert len(names) == 2
    assert all(len(name) == 36 + 6 * ("-small" in name) and name.endswith(".jpg") for name in names)


def test_same_upload_twice_is_one_photo(signed_in, plan, settings):
    key = uuid.uuid4()

    first, second = send(signed_in, plan, key=key), send(signed_in, plan, key=key)

    assert first.json()["pk"] == second.json()["pk"]
    assert (Photo.objects.count(), len(files(settings))) == (1, 2)


def test_photo_used_in_an_earlier_week_of_another_project_is_noticed(signed_in, unit, plan):
    other = factories.plan_under_way(unit, project__name="乙项目")
    send(signed_in, other, week="2024-W21")

    answer = send(signed_in, plan).json()

    assert answer["warnings"] == ["有照片与“乙项目”2024年第21周的照片相同或极相似。"]


def test_another_photo_is_not_taken_for_it(signed_in, unit, plan):
    send(signed_in, factories.plan_under_way(unit), week="2024-W21")

    assert send(signed_in, plan, seed=2).json()["warnings"] == []


def test_tenth_photo_is_refused(signed_in, plan, settings):
    for seed in range(9):
        send(signed_in, plan, seed=seed)

    response = send(signed_in, plan, seed=10)

    assert (response.status_code, response.json()) == (422, {"error": "每个项目每周最多 9 张照片，请先删去一张。"})
    assert (Photo.objects.count(), len(files(settings))) == (9, 18)


def test_what_is_no_photo_is_explained(signed_in, plan):
    file = SimpleUploadedFile("a.jpg", b"<html>", content_type="image/jpeg")

    response = signed_in.post(
        f"/dispatch/plans/{plan.pk}/2024-W22/photos/", {"photo": file, "upload_key": uuid.uuid4()}
    )

    assert (response.status_code, response.json()) == (
        422,
        {"error": "这不是能识别的照片。请用 JPG、PNG 或 WEBP 格式。"},
    )


def test_failed_transaction_leaves_no_file(signed_in, reporter, plan, settings, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(Photo, "save", fail)
    file = SimpleUploadedFile("a.jpg", jpeg(factories.picture()))

    with pytest.raises(DatabaseError):
        photo_actions.add(by=reporter, plan=plan, week=WEEK, upload=file, upload_key=uuid.uuid4())

    assert files(settings) == []


def test_submitted_report_takes_no_more_photos(signed_in, plan):
    factories.report(plan, 22, state="reported")

    assert send(signed_in, plan).json() == {"error": "这一项已报送，要加照片请先撤回。"}


def test_locked_week_takes_no_photo(signed_in, plan, office):
    actions.lock_week(by=office, county=plan.county, week=WEEK)

    assert send(signed_in, plan).status_code == 422


def test_other_units_cannot_add_photos(client, plan):
    client.force_login(factories.user("reporter", unit=factories.unit()))

    assert send(client, plan).status_code == 404
    assert Photo.objects.count() == 0


@pytest.mark.parametrize("week", ["2024-W99", "22", "2025-W01"])
def test_week_that_is_none_of_the_plans_is_not_there(signed_in, plan, week):
    assert send(signed_in, plan, week=week).status_code == 404


@pytest.mark.parametrize("path", ["", "thumbnail/"])
def test_photo_is_served_as_a_jpeg_and_nothing_else(signed_in, plan, path):
    pk = send(signed_in, plan).json()["pk"]

    response = signed_in.get(f"/dispatch/photos/{pk}/{path}")

    assert (response.headers["Content-Type"], response.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("path", ["", "thumbnail/"])
def test_photo_of_a_draft_is_for_its_unit_and_the_office_until_it_is_reported(client, signed_in, plan, office, path):
    pk = send(signed_in, plan).json()["pk"]
    stranger = factories.user("reporter", unit=factories.unit())

    def status(user):
        client.force_login(user)
        return client.get(f"/dispatch/photos/{pk}/{path}").status_code

    assert (status(stranger), status(office)) == (404, 200)
    WeeklyDispatch.objects.update(state="reported")
    assert status(stranger) == 200


def test_photo_is_deleted_with_its_files(signed_in, plan, settings, django_capture_on_commit_callbacks):
    pk = send(signed_in, plan).json()["pk"]

    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post("/dispatch/", {"do": f"delete_photo:{plan.pk}:{pk}"}, headers={"Accept": "application/json"})

    assert (Photo.objects.count(), files(settings)) == (0, [])


def test_photo_of_a_submitted_report_stays(signed_in, plan):
    pk = send(signed_in, plan).json()["pk"]
    WeeklyDispatch.objects.update(state="reported")

    answer = signed_in.post(
        "/dispatch/", {"do": f"delete_photo:{plan.pk}:{pk}"}, headers={"Accept": "application/json"}
    ).json()

    assert answer["cards"][str(plan.pk)]["refused"] == "这一项已报送，要删照片请先撤回。"
    assert Photo.objects.count() == 1


def test_photo_of_another_plan_is_not_there_to_delete(signed_in, unit, plan):
    other = factories.plan_under_way(unit)
    pk = send(signed_in, other).json()["pk"]
    send(signed_in, plan, seed=2)

    assert signed_in.post("/dispatch/", {"do": f"delete_photo:{plan.pk}:{pk}"}).status_code == 404
    assert Photo.objects.count() == 2


def test_files_that_come_with_the_pages_form_are_kept_too(signed_in, plan):
    file = SimpleUploadedFile("a.jpg", jpeg(factories.picture()))

    signed_in.post("/dispatch/", {"do": "save", f"p{plan.pk}-version": 0, f"p{plan.pk}-photo": file})

    assert Photo.objects.get().dispatch.plan == plan
