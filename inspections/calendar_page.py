"""The calendar under a query string: which days, what of it, in weeks from Monday to Sunday."""

import calendar as months
import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Unit
from accounts.roles import Role
from inspections.calendar import Kind, Span, events
from portfolio.lists import Option
from portfolio.models import Leader
from portfolio.sent import whole_number

AHEAD = dt.timedelta(days=30)
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day of the grid; one outside the days asked for only fills its week up."""

    day: dt.date
    events: list
    is_asked: bool
    is_today: bool


class CalendarPage:
    """`params` is a QueryDict; what is unknown in it is ignored. Without a `month`: today and the next 30 days.

    Who asks for no unit and no leader sees first what concerns the own unit （填报员） or the own projects （县领导）.
    """

    def __init__(self, user, params, today):
        self.user, self.params, self.today = user, params, today
        self.month = self._month(params.get("month", ""))
        self.since, self.until = self._days()
        self.kind = params.get("kind") if params.get("kind") in Kind.values else ""
        self.unit, self.leader = self._whose()

    @staticmethod
    def _month(text):
        found = MONTH.fullmatch(text)
        return dt.date(int(found[1]), int(found[2]), 1) if found else None

    def _days(self):
        if self.month is None:
            return self.today, self.today + AHEAD
        return self.month, self.next_month - ONE_DAY

    @property
    def next_month(self):
        first = (self.month or self.today).replace(day=1)
        return first + dt.timedelta(days=months.monthrange(first.year, first.month)[1])

    @property
    def previous_month(self):
        return ((self.month or self.today).replace(day=1) - ONE_DAY).replace(day=1)

    def _whose(self):
        """The Unit and the Leader whose events are shown; None for any."""
        if "unit" in self.params or "leader" in self.params:
            return self._named(Unit, "unit"), self._named(Leader, "leader")
        if self.user.role == Role.REPORTER:
            return self.user.unit, None
        if self.user.role == Role.LEADER:
            return None, Leader.objects.filter(user=self.user).first()
        return None, None

    def _named(self, model, key):
        pk = whole_number(self.params.get(key, ""))
        return model.objects.filter(county=self.user.county_id, pk=pk).first() if pk else None

    # Events

    @cached_property
    def all_events(self):
        return events(Span(self.user, self.today.year, self.since, self.until))

    @cached_property
    def of_whom(self):
        return [event for event in self.all_events if event.concerns(self.unit, self.leader)]

    @cached_property
    def events(self):
        return [event for event in self.of_whom if not self.kind or event.kind == self.kind]

    @cached_property
    def weeks(self):
        """[[Day]] from the Monday before the first day to the Sunday after the last."""
        found = defaultdict(list)
        for event in self.events:
            for day in event.days:
                found[day].append((event, event.is_late(self.today)))
        monday = self.since - dt.timedelta(days=self.since.weekday())
        count = (self.until - monday).days // 7 + 1
        days = [monday + dt.timedelta(days=number) for number in range(7 * count)]
        grid = [self._day(day, found[day]) for day in days]
        return [grid[start : start + 7] for start in range(0, len(grid), 7)]

    def _day(self, day, events_of_day):
        is_asked = self.since <= day <= self.until
        return Day(day, events_of_day if is_asked else [], is_asked, day == self.today)

    # Choices

    @cached_property
    def kinds(self):
        counts = Counter(event.kind for event in self.of_whom)
        return [Option(kind.value, kind.label, counts[kind], kind == self.kind) for kind in Kind]

    @cached_property
    def units(self):
        return self._options("units", self.unit)

    @cached_property
    def leaders(self):
        return self._options("leaders", self.leader)

    def _options(self, name, chosen):
        counts = Counter(row for event in self.all_events for row in getattr(event, name))
        if chosen is not None:
            counts.setdefault(chosen, 0)
        return [Option(str(row.pk), str(row), counts[row], row == chosen) for row in sorted(counts, key=str)]

    @property
    def title(self):
        return f"{self.month.year}年{self.month.month}月" if self.month else "今后 30 天"

    @property
    def words(self):
        """What is shown, for print and the file's name."""
        chosen = [one.title for one in (*self.units, *self.leaders, *self.kinds) if one.is_chosen]
        return "，".join(chosen) or "全县"

    def query(self, **changes):
        """The query string with some keys changed; an empty month or kind drops its key."""
        params = self.params.copy()
        for key, value in changes.items():
            params.pop(key, None)
            if value:
                params[key] = value
        return params.urlencode()
