"""Writing permits: one project's form, one kind for many projects, and approvals' files."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from accounts.models import AuditEntry
from portfolio import permit_files, permit_kinds
from portfolio.actions import changes, permits
from portfolio.models import ChangeSet, Project
from portfolio.models.permits import Permit, PermitKind
from portfolio.permit_entries import PermitEntry, token_of, values_of
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def kind():
    county = factories.clock(2024, 5, 31, 10)
    PermitKind.objects.bulk_create(permit_kinds.default_rows(county))
    return PermitKind.objects.get(code="land")


@pytest.fixture
def office():
    return factories.user("office")


@pytest.fixture
def project():
    return factories.project("大桥", unit=factories.unit("交通局"))


def entry(kind, permit=None, **given):
    more = {name: given.pop(name) for name in ("file", "drop_file", "seen") if name in given}
    return PermitEntry(kind, values_of(permit) | given, **{"seen": token_of(permit), **more})


def save(by, project, *entries, **more):
    return permits.save(by=by, project=project, entries=entries, **more)


def stored(kind, project):
    return Permit.objects.get(kind=kind, project=project)


def upload(content=PDF, name="批文.pdf"):
    return permit_files.prepare(SimpleUploadedFile(name, content))


# One project's permits


def test_a_permit_is_written_with_history_and_audit(office, project, kind):
    save(office, project, entry(kind, state="granted", granted_on=TODAY, number="沁自然资〔2024〕5号"))

    permit = stored(kind, project)
    assert (permit.number, permit.row_version, permit.history.count()) == ("沁自然资〔2024〕5号", 1, 1)
    assert AuditEntry.objects.latest("pk").summary == "大桥：手续 用地 未填→办结"


def test_what_was_left_as_it_is_is_not_written(office, project, kind):
    save(office, project, entry(kind, state="asked"))

    again = save(office, project, entry(kind, stored(kind, project)), entry(PermitKind.objects.get(code="soil")))

    assert (again, Permit.objects.count(), ChangeSet.objects.count()) == (None, 1, 1)


def test_the_same_form_twice_writes_once(office, project, kind):
    key = uuid.uuid4()
    for _ in range(2):
        save(office, project, entry(kind, state="asked"), form_key=key)

    assert (Permit.objects.get().row_version, ChangeSet.objects.count()) == (1, 1)


def test_a_row_that_someone_else_changed_is_not_overwritten(office, project, kind):
    save(office, project, entry(kind, state="asked"))
    seen = stored(kind, project)
    save(office, project, entry(kind, seen, note="已报件"))

    with pytest.raises(changes.StaleRow):
        save(office, project, entry(kind, seen, state="granted"))

    assert (stored(kind, project).state, stored(kind, project).note) == ("asked", "已报件")


def test_what_someone_else_changed_and_this_writer_left_alone_stays(office, project, kind):
    save(office, project, entry(kind, state="asked"))
    seen, soil = stored(kind, project), PermitKind.objects.get(code="soil")
    save(office, project, entry(kind, seen, note="已报件"))

    save(office, project, entry(kind, seen), entry(soil, state="asked"))

    assert (stored(kind, project).note, stored(soil, project).state) == ("已报件", "asked")


def test_a_permit_goes_back_to_unfilled_and_its_history_stays(office, project, kind):
    save(office, project, entry(kind, state="not_asked"))

    save(office, project, entry(kind, stored(kind, project), state=""))

    assert Permit.objects.count() == 0
    assert [record.history_type for record in Permit.history.order_by("history_id")] == ["+", "-"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "", "number": "5号"}, "state"),
        ({"state": "asked", "granted_on": TODAY}, "granted_on"),
        ({"state": "not_needed", "due_on": TODAY}, "due_on"),
        ({"state": "not_asked", "number": "5号"}, "number"),
        ({"state": "promised"}, "state"),
        ({"state": "granted", "granted_on": TODAY + DAY}, "granted_on"),
        ({"state": "granted", "asked_on": TODAY, "granted_on": TODAY - DAY}, "granted_on"),
        ({"state": "granted", "granted_on": TODAY, "valid_until": TODAY - DAY}, "valid_until"),
        ({"state": "asked", "asked_on": TODAY, "due_on": TODAY - DAY}, "due_on"),
    ],
)
def test_what_contradicts_itself_is_refused(office, project, kind, given, field):
    with pytest.raises(permits.Refused) as refusal:
        save(office, project, entry(kind, **given))

    assert refusal.value.errors.keys() == {(project.pk, kind.pk, field)}
    assert Permit.objects.count() == 0


@pytest.mark.parametrize(
    "given",
    [
        {"state": "granted", "granted_on": TODAY, "asked_on": TODAY, "valid_until": TODAY},
        {"state": "not_asked", "due_on": TODAY - DAY},
        {"state": "asked", "asked_on": TODAY, "due_on": TODAY},
    ],
)
def test_days_on_the_boundary_are_taken(office, project, kind, given):
    assert save(office, project, entry(kind, **given))


def test_reporter_writes_the_own_units_projects_only(project, kind):
    own = factories.user("reporter", unit=project.unit)
    other = factories.user("reporter", unit=factories.unit())

    save(own, project, entry(kind, state="asked"))

    with pytest.raises(Project.DoesNotExist):
        save(other, project, entry(kind, stored(kind, project), state="granted"))
    assert stored(kind, project).state == "asked"


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_other_roles_write_no_permit(role, project, kind):
    with pytest.raises(Project.DoesNotExist):
        save(factories.user(role), project, entry(kind, state="asked"))


# Approvals


def test_an_approval_is_kept_under_a_name_of_our_own(office, project, kind):
    save(office, project, entry(kind, state="granted", file=upload(name="../../批 文\u202efdp.exe")))

    permit = stored(kind, project)
    assert permit.file_name == "批 文fdp.pdf"
    assert (permit.file.read(), permit.file.name[:8], len(permit.file.name)) == (PDF, "permits/", 52)


def test_replaced_and_removed_approvals_leave_no_file(office, project, kind, django_capture_on_commit_callbacks):
    save(office, project, entry(kind, state="granted", file=upload()))
    first = stored(kind, project)

    with django_capture_on_commit_callbacks(execute=True):
        save(office, project, entry(kind, first, file=upload(PDF + b"\n%%EOF")))
        second = stored(kind, project)
        save(office, project, entry(kind, second, drop_file=True))

    assert [default_storage.exists(permit.file.name) for permit in (first, second)] == [False, False]
    assert (stored(kind, project).file.name, stored(kind, project).file_name) == ("", "")


def test_an_approval_goes_when_its_write_fails(office, project, kind, monkeypatch):
    kept = []
    monkeypatch.setattr(changes, "create", lambda change_set, rows: kept.extend(rows) or 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        save(office, project, entry(kind, state="granted", file=upload()))

    assert [default_storage.exists(permit.file.name) for permit in kept] == [False]


def test_a_permit_with_an_approval_is_not_unfilled(office, project, kind):
    save(office, project, entry(kind, state="granted", file=upload()))

    with pytest.raises(permits.Refused):
        save(office, project, entry(kind, stored(kind, project), state=""))


def test_a_picture_is_made_anew_whatever_it_is_called():
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "white")
    exif = picture.getexif()
    exif[0x010E] = "where it was taken"
    picture.save(out, "PNG", exif=exif)

    kept = upload(out.getvalue(), "批文.pdf")

    assert (kept.ending, kept.name, b"where it was taken" in kept.content) == (".jpg", "批文.jpg", False)
    assert Image.open(io.BytesIO(kept.content)).format == "JPEG"


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"", PDF[:20], b"GIF89a" + PDF])
def test_what_is_neither_pdf_nor_picture_is_refused(content):
    with pytest.raises(permit_files.NotAnApproval):
        upload(content)


@pytest.mark.parametrize(("size", "is_kept"), [(10 * 1024 * 1024, True), (10 * 1024 * 1024 + 1, False)])
def test_an_approval_has_at_most_ten_megabytes(size, is_kept):
    content = PDF + b" " * (size - len(PDF) - 6) + b"%%EOF\n"

    try:
        upload(content)
    except permit_files.NotAnApproval:
        assert not is_kept
    else:
        assert is_kept


# One kind for many projects


def test_one_kind_is_set_for_many_projects_at_once(office, project, kind):
    other = factories.project("水库")
    save(office, other, entry(kind, state="asked", asked_on=TODAY - DAY, note="已报件"))
    seen = {project.pk: "", other.pk: token_of(stored(kind, other))}

    permits.set_many(by=office, kind=kind, seen=seen, values={"state": "granted", "granted_on": TODAY})

    assert [(row.state, row.granted_on, row.asked_on, row.note) for row in Permit.objects.order_by("project")] == [
        ("granted", TODAY, None, ""),
        ("granted", TODAY, TODAY - DAY, "已报件"),
    ]
    assert AuditEntry.objects.latest("pk").summary == "手续“建设用地批准”：2 个项目改为办结"


def test_many_are_set_all_or_none(office, project, kind):
    other = factories.project("水库")
    save(office, other, entry(kind, state="asked", asked_on=TODAY))
    seen = {project.pk: "", other.pk: token_of(stored(kind, other))}

    with pytest.raises(permits.Refused) as refusal:
        permits.set_many(by=office, kind=kind, seen=seen, values={"state": "granted", "granted_on": TODAY - DAY})

    assert refusal.value.errors.keys() == {(other.pk, kind.pk, "granted_on")}
    assert Permit.objects.count() == 1


def test_many_with_a_foreign_project_among_them_are_refused(project, kind):
    reporter, foreign = factories.user("reporter", unit=project.unit), factories.project(unit=factories.unit())

    with pytest.raises(Project.DoesNotExist):
        permits.set_many(by=reporter, kind=kind, seen={project.pk: "", foreign.pk: ""}, values={"state": "asked"})

    assert Permit.objects.count() == 0


def test_default_kinds_are_loaded_once(office, kind):
    PermitKind.objects.all().delete()
    first = permits.load_default_kinds(by=office, county=kind.county)

    assert (first.summary, permits.load_default_kinds(by=office, county=kind.county)) == (
        "采用系统自带的 14 种手续（默认值，非官方）",
        None,
    )
    assert PermitKind.objects.count() == 14
