"""Photos of checks and stops: what is kept, once, how re-used ones are told, and what goes with a deletion."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections.actions import pictures as actions
from inspections.models import Round, SitePhoto, Stop
from portfolio.photos import NotAPhoto
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(stored_apart):
    return factories.user("inspector")


@pytest.fixture
def visit(inspector):
    plan = factories.plan_under_way(project__name="河道治理")
    return looks.check(plan, inspector, looks.checklist(), state="draft")


def add(by, seed=0, **owner):
    return actions.add(by=by, upload=looks.photo_file(seed), upload_key=uuid.uuid4(), **owner)


def test_a_photo_of_a_check_is_kept_under_a_name_of_its_own(inspector, visit):
    photo = add(inspector, check_visit=visit, caption=" 大门 ")

    assert (photo.check_visit, photo.stop, photo.uploaded_by, photo.caption) == (visit, None, inspector, "大门")
    assert photo.file.storage.exists(photo.file.name)
    assert (photo.width, photo.height, photo.seen_before) == (160, 120, "")
    assert AuditEntry.objects.get().action == "上传现场照片"


def test_a_photo_of_a_stop_is_kept(inspector, visit):
    day = dt.date(2024, 5, 20)
    round_ = Round.objects.create(
        county=visit.county, year=2024, quarter=2, title="二季度观摩", starts_on=day, ends_on=day
    )
    stop = Stop.objects.create(round=round_, plan=visit.plan, seq=1)

    photo = add(inspector, stop=stop)

    assert (photo.check_visit, photo.stop, photo.county) == (None, stop, visit.county)


def test_the_same_upload_twice_is_kept_once(inspector, visit):
    key = uuid.uuid4()

    first, second = (
        actions.add(by=inspector, upload=looks.photo_file(), upload_key=key, check_visit=visit) for _ in range(2)
    )

    assert (first, list(SitePhoto.objects.all())) == (second, [first])


def test_a_photo_used_for_another_check_is_told(inspector, visit):
    add(inspector, check_visit=visit)
    other = looks.check(factories.plan_under_way(), inspector, visit.checklist, state="draft")

    again, new = add(inspector, check_visit=other), add(inspector, seed=1, check_visit=other)

    assert (again.seen_before, new.seen_before) == ("与河道治理（2024-05-20）的照片相同或极相似", "")


def test_what_is_no_photo_is_refused_and_leaves_no_file(inspector, visit, tmp_path):
    file = looks.photo_file()
    file.file.seek(0)
    file.file.truncate(40)

    with pytest.raises(NotAPhoto):
        actions.add(by=inspector, upload=file, upload_key=uuid.uuid4(), check_visit=visit)

    assert not SitePhoto.objects.exists()
    assert list(tmp_path.rglob("*.jpg")) == []


def test_no_more_than_the_most_are_taken(inspector, visit, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    add(inspector, check_visit=visit)

    with pytest.raises(actions.Refused) as refused:
        add(inspector, seed=1, check_visit=visit)

    assert str(refused.value) == "每次最多 1 张照片，请先删去一张。"


def test_what_the_owner_refuses_leaves_no_file(inspector, visit, tmp_path):
    def refuse(owner):
        raise actions.Refused("已提交")

    with pytest.raises(actions.Refused):
        actions.add(by=inspector, upload=looks.photo_file(), upload_key=uuid.uuid4(), check_visit=visit, refuse=refuse)

    assert list(tmp_path.rglob("*.jpg")) == []


def test_a_deleted_photo_takes_its_files_along(inspector, visit, tmp_path, django_capture_on_commit_callbacks):
    photo = add(inspector, check_visit=visit)

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(by=inspector, photo=photo)

    assert not SitePhoto.objects.exists()
    assert list(tmp_path.rglob("*.jpg")) == []
