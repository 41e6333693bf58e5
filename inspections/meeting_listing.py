"""The list of meetings (月落实会议) of a year or of all, as an account may read it, with how their matters stand."""

from functools import cached_property

from django.db.models import Count, Q

from inspections.models import Meeting
from inspections.models.meetings import SETTLED, MatterState
from portfolio.sent import whole_number


class MeetingListing:
    """`params` is a QueryDict; a year that is none is ignored. `today` is the day that deadlines are counted at."""

    def __init__(self, user, params, today):
        self.user, self.today = user, today
        self.year = whole_number(params.get("year", "")) or None

    @cached_property
    def all(self):
        """The meetings of every year, the latest first, with `total`, `done` and `overdue` of their matters."""
        is_open = Q(matters__isnull=False) & ~Q(matters__state__in=SETTLED)
        rows = Meeting.objects.readable_by(self.user).annotate(
            total=Count("matters"),
            done=Count("matters", filter=Q(matters__state=MatterState.DONE)),
            overdue=Count("matters", filter=is_open & Q(matters__deadline__lt=self.today)),
        )
        return list(rows.order_by("-held_on", "-pk"))

    @property
    def rows(self):
        return [row for row in self.all if self.year in {None, row.year}]

    @property
    def years(self):
        return sorted({row.year for row in self.all}, reverse=True)

    @property
    def words(self):
        return f"{self.year}年" if self.year else "全部年度"
