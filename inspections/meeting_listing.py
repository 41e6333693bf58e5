"""The list of meetings (月落实会议) of a year or of all, as an account may read it, with how their matters stand."""

from collections import defaultdict
from functools import cached_property

from inspections.models import Matter, Meeting
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
        rows = list(Meeting.objects.readable_by(self.user).order_by("-held_on", "-pk"))
        # Counted here: PostgreSQL groups by a key only in a table, and in the past a meeting is none.
        of_meeting = defaultdict(list)
        for matter in Matter.objects.filter(meeting__in=[row.pk for row in rows]):
            of_meeting[matter.meeting_id].append(matter)
        for row in rows:
            found = of_meeting[row.pk]
            row.total = len(found)
            row.done = sum(matter.state == MatterState.DONE for matter in found)
            row.overdue = sum(matter.state not in SETTLED and matter.deadline < self.today for matter in found)
        return rows

    @property
    def rows(self):
        return [row for row in self.all if self.year in {None, row.year}]

    @property
    def years(self):
        return sorted({row.year for row in self.all}, reverse=True)

    @property
    def words(self):
        return f"{self.year}年" if self.year else "全部年度"
