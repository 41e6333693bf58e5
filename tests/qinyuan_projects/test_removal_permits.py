"""Taking the demo out again: its permits go with history and files; the kinds and the county's own permits stay."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from portfolio import permit_files, permit_kinds
from portfolio.actions import permits
from portfolio.models import ChangeSet
from portfolio.models.permits import Permit, PermitKind
from portfolio.permit_entries import PermitEntry, values_of
from qinyuan_projects.demo import removal
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    county = factories.clock(2024, 5, 31, 10)
    PermitKind.objects.bulk_create(permit_kinds.default_rows(county))


def granted(project):
    file = permit_files.prepare(SimpleUploadedFile("批文.pdf", b"%PDF-1.4 %%EOF"))
    entry = PermitEntry(PermitKind.objects.first(), values_of(None) | {"state": "granted"}, file=file)
    permits.save(by=factories.user("office"), project=project, entries=[entry])
    return project.permits.get()


def test_permits_of_the_demo_leave_nothing_but_the_kinds(django_capture_on_commit_callbacks):
    permit = granted(factories.project(is_demo=True))

    with django_capture_on_commit_callbacks(execute=True):
        removal.remove()

    left = [Permit, Permit.history.model, ChangeSet]
    assert {model.__name__ for model in left if model.objects.exists()} == set()
    assert (PermitKind.objects.count(), default_storage.exists(permit.file.name)) == (14, False)


def test_permits_of_other_projects_stay(django_capture_on_commit_callbacks):
    kept = granted(factories.project())

    with django_capture_on_commit_callbacks(execute=True):
        removal.remove()

    assert (Permit.objects.get(), default_storage.exists(kept.file.name)) == (kept, True)
