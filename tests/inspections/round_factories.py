"""Plain factories of quarterly inspections: rounds as they lie in the database, without what their actions do."""

import datetime as dt
from itertools import count

from django.utils import timezone

from inspections.models import Criterion, Judge, Round, ScoreSheet, Stop
from inspections.rounds import DEFAULT_CRITERIA, Line
from tests import factories

_numbers = count(1)
TWO = (Line("进度", 60), Line("质量", 40))


def round_(state="open", criteria=TWO, **fields):
    """A round of the second quarter of 2024, two criteria of 60 and 40."""
    fields.setdefault("county", factories.county())
    fields = {
        "year": 2024,
        "quarter": 2,
        "title": f"二季度观摩{next(_numbers)}",
        "starts_on": dt.date(2024, 5, 28),
        "ends_on": dt.date(2024, 5, 31),
        **fields,
    }
    row = Round.objects.create(state=state, **fields)
    Criterion.objects.bulk_create(
        Criterion(round=row, seq=seq, name=line.name, weight=line.weight, hint=line.hint)
        for seq, line in enumerate(criteria, 1)
    )
    return row


def default_round(**fields):
    return round_(criteria=DEFAULT_CRITERIA, **fields)


def stop(row, name=None, **fields):
    """A stop at the end of the route, at a project of its own unless a `plan` is given."""
    fields.setdefault("plan", None)
    plan = fields.pop("plan") or factories.plan(project__name=name or f"观摩项目{next(_numbers)}")
    return Stop.objects.create(round=row, plan=plan, seq=row.stops.count() + 1, **fields)


def judge(row, user=None):
    return Judge.objects.create(round=row, user=user or factories.user("inspector"))


def sheet(judge_, stop_, *points, **fields):
    """A score sheet with `points` as texts, in the order of the criteria."""
    keys = [str(pk) for pk in stop_.round.criteria.values_list("pk", flat=True)]
    fields.setdefault("scored_at", timezone.make_aware(dt.datetime(2024, 5, 30, 11)))
    return ScoreSheet.objects.create(judge=judge_, stop=stop_, points=dict(zip(keys, points, strict=True)), **fields)
