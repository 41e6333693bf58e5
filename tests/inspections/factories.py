"""Plain factories of the four looks: valid rows with nothing surprising."""

import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inspections import checklists
from inspections.models import CheckAnswer, Checklist, ChecklistItem, SupervisionCheck
from tests import factories

MADE_AT = timezone.make_aware(dt.datetime(2024, 1, 1, 9))
TODAY = dt.date(2024, 5, 20)


def checklist(look="progress", questions=None, version=1, since=dt.date(2024, 1, 1), **fields):
    """A stored version; with the default questions unless some are given."""
    fields.setdefault("county", factories.county())
    row = Checklist.objects.create(look=look, version=version, since=since, made_at=MADE_AT, words="年初制定", **fields)
    questions = checklists.DEFAULTS[row.look] if questions is None else questions
    ChecklistItem.objects.bulk_create(checklists.items_of(row, questions))
    return row


def check(plan, inspector, checklist_, answers=None, *, state="done", day=TODAY, **fields):
    """A check with `answers` {question key: answer, or {field of CheckAnswer: value}}."""
    if state == "done":
        fields.setdefault("submitted_at", timezone.make_aware(dt.datetime.combine(day, dt.time(15))))
    row = SupervisionCheck.objects.create(
        county=plan.county, plan=plan, checklist=checklist_, inspector=inspector, state=state, day=day, **fields
    )
    items = {item.key: item for item in checklist_.items.all()}
    for key, said in (answers or {}).items():
        values = said if isinstance(said, dict) else {"answer": said}
        CheckAnswer.objects.create(visit=row, item=items[key], **values)
    return row


def photo_file(seed=0, name="x.jpg"):
    file = io.BytesIO()
    factories.picture(seed=seed).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")
