"""Storing the lights of weeks that are past, for those that were never locked."""

from django.db import transaction

from portfolio import week_lights
from portfolio.actions import changes
from portfolio.models import ChangeSet, WeekLight


@transaction.atomic
def record_lights(*, county, weeks, by=None):
    """How many weeks were stored of `weeks`; one that has not ended, or is stored already, is left alone."""
    changes.take_turn(county.pk)
    found = [lights for week in weeks if (lights := week_lights.unrecorded(county, week))]
    if found:
        summary = f"记录 {len(found)} 周的亮灯，最近为第 {found[-1][0].week} 周"
        changes.begin(ChangeSet.Kind.DISPATCH, county=county, by=by, summary=summary)
        WeekLight.objects.bulk_create([light for lights in found for light in lights], batch_size=changes.BATCH)
    return len(found)
