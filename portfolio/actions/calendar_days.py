"""Writing a county's exceptions to the working-day calendar (工作日调整). Deadlines that hang on a day move with it."""

from django.db import IntegrityError, transaction

from portfolio.actions import changes
from portfolio.models import ChangeSet


class Taken(Exception):
    """The day has an entry already."""


def add(*, by, day):
    """Store a new CalendarDay; `Taken` when the day is there already, whoever was quicker."""
    try:
        with transaction.atomic():
            day.save(force_insert=True)
            _begin(by, day, "新增工作日调整")
    except IntegrityError:
        raise Taken from None
    return day


@transaction.atomic
def remove(*, by, day):
    """Delete one; a second time nothing happens."""
    deleted, _ = type(day).objects.filter(pk=day.pk).delete()
    if deleted:
        _begin(by, day, "删除工作日调整")
    return bool(deleted)


def _begin(by, day, verb):
    changes.begin(ChangeSet.Kind.DETAILS, county=day.county, by=by, summary=f"{verb}：{day}，{day.note}")
