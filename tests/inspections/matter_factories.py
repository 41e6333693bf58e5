"""Plain factories of meetings and matters: rows as they lie in the database, without what their actions do."""

import datetime as dt
from itertools import count

from django.utils import timezone

from inspections.models import Matter, MatterEvent, Meeting
from inspections.models.meetings import SETTLED
from tests import factories

_numbers = count(1)
HELD_ON = dt.date(2024, 5, 10)


def meeting(state="closed", held_on=HELD_ON, **fields):
    """A meeting of 10 May 2024 whose minutes are issued."""
    fields.setdefault("county", factories.county())
    fields.setdefault("title", f"月落实会议{next(_numbers)}")
    fields.setdefault("chair", "主持人")
    if state == "closed":
        fields.setdefault("closed_at", timezone.make_aware(dt.datetime.combine(held_on, dt.time(17))))
    return Meeting.objects.create(state=state, held_on=held_on, year=held_on.year, month=held_on.month, **fields)


def matter(meeting_=None, unit=None, state="open", **fields):
    """A matter of an issued meeting, due a week after it."""
    if "stop" not in fields:
        meeting_ = meeting_ or meeting()
        fields.setdefault("decided_on", meeting_.held_on)
    fields.setdefault("decided_on", HELD_ON)
    fields.setdefault("deadline", fields["decided_on"] + dt.timedelta(days=7))
    fields.setdefault("original_deadline", fields["deadline"])
    fields.setdefault("text", f"事项{next(_numbers)}")
    if state in SETTLED:
        fields.setdefault("settled_on", fields["deadline"])
    unit = unit or factories.unit()
    return Matter.objects.create(county=unit.county, meeting=meeting_, unit=unit, state=state, **fields)


def event(matter_, kind="answered", text="正在办理。", *at):
    moment = timezone.make_aware(dt.datetime(*(at or (2024, 5, 15, 9))))
    return MatterEvent.objects.create(matter=matter_, kind=kind, text=text, at=moment)
