"""Reading matters (议定事项): how each stands on a day, what a meeting opens with, tallies by unit and leader.

Pure reading; days are passed in and counted in calendar days. Only matters in force count (minutes issued, or assigned
on the spot); 逾期 is open past the deadline, and one that waits to be checked may be overdue too.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.db.models import Max

from accounts.roles import Right, has_right
from inspections.models import Matter, MatterEvent, Meeting
from inspections.models.meetings import SETTLED, MatterState
from portfolio.privacy import mask_phones
from portfolio.problem_clock import SHAPES, SOON, Level

NEWS = (
    MatterEvent.Kind.ANSWERED,
    MatterEvent.Kind.CLOSING_ASKED,
    MatterEvent.Kind.SENT_BACK,
    MatterEvent.Kind.DONE,
    MatterEvent.Kind.DROPPED,
    MatterEvent.Kind.REVOKED,
    MatterEvent.Kind.REOPENED,
)
UNDONE = frozenset({MatterState.DROPPED, MatterState.REVOKED})  # settled, and yet not done
ALONG = ("unit", "leader", "project", "problem", "meeting", "stop__round", "stop__plan__project")


@dataclass(frozen=True)
class Clock:
    """`days_left` is 0 on the last day and negative after it; of a settled matter, on the day it was settled."""

    state: str
    due_on: dt.date
    days_left: int

    @property
    def is_settled(self):
        return self.state in SETTLED

    @property
    def is_overdue(self):
        return self.days_left < 0 and not self.is_settled

    @property
    def level(self):
        if self.is_settled:
            return Level.DONE
        if self.is_overdue:
            return Level.LATE
        return Level.SOON if self.days_left <= SOON else Level.FINE

    @property
    def shape(self):
        return SHAPES[self.level]

    @property
    def words(self):
        """`还剩 3 天`, `今天到期`, `逾期 5 天`, `待核验，逾期 5 天`, `按时办结`, `逾期 2 天办结`; a state of UNDONE."""
        if self.state in UNDONE:
            return MatterState(self.state).label
        if self.state == MatterState.DONE:
            return "按时办结" if self.days_left >= 0 else f"逾期 {-self.days_left} 天办结"
        if self.days_left < 0:
            left = f"逾期 {-self.days_left} 天"
        else:
            left = f"还剩 {self.days_left} 天" if self.days_left else "今天到期"
        return f"待核验，{left}" if self.state == MatterState.CLOSING else left


def clock(matter, today):
    return Clock(matter.state, matter.deadline, (matter.deadline - (matter.settled_on or today)).days)


@dataclass(frozen=True)
class Row:
    """A matter as pages and files show it; `latest` is its last answer, request or check, if any.

    `rise` is its `escalation.Rise`, where it is overdue and the reader issues letters.
    """

    matter: Matter
    clock: Clock
    latest: MatterEvent | None = None
    rise: object | None = None

    @property
    def latest_words(self):
        """What was said last, for everybody's eyes: phones are masked."""
        return mask_phones(self.latest.text) if self.latest else ""


def rows_of(matters, today, until=None):
    """The `Row`s of a queryset or list of matters, in its order; `until` leaves out what was said after that moment."""
    if hasattr(matters, "select_related"):
        matters = matters.select_related(*ALONG)
    matters = list(matters)
    news = latest_news([matter.pk for matter in matters], until)
    return [Row(matter, clock(matter, today), news.get(matter.pk)) for matter in matters]


def latest_news(matter_ids, until=None):
    """{matter id: its last answer, closing request or check}; `until` leaves out what came after that moment."""
    events = MatterEvent.objects.filter(matter__in=list(matter_ids), kind__in=NEWS)
    if until is not None:
        events = events.filter(at__lte=until)
    last = events.order_by().values("matter").annotate(last=Max("pk")).values("last")
    return {event.matter_id: event for event in MatterEvent.objects.filter(pk__in=last)}


def urgency(row):
    """A sort key: overdue first, the longest first; then by deadline; the settled last, the latest first."""
    if row.clock.is_settled:
        return 1, -row.matter.settled_on.toordinal(), row.matter.pk
    return 0, row.matter.deadline.toordinal(), row.matter.pk


# Which ones


def of_unit(user, today):
    """A reporter's own unit's open matters as `Row`s, the most urgent first; [] for who answers for none."""
    if user.unit_id is None or not has_right(user, Right.ANSWER_MATTERS):
        return []
    return rows_of(Matter.objects.answerable_by(user).open().order_by("deadline", "pk"), today)


# What a meeting opens with


def meeting_before(meeting):
    """The county's last issued meeting before this one, or None."""
    issued = Meeting.objects.filter(county=meeting.county_id).issued().exclude(pk=meeting.pk)
    return issued.filter(held_on__lte=meeting.held_on).order_by("-held_on", "-pk").first()


def carried_over(meeting, today, until=None):
    """The `Row`s of the matters decided before: all of the last meeting, then what is still open of older ones.

    Matters assigned on the spot count as older ones once they were in force before the meeting. Revoked ones are gone.
    """
    last = meeting_before(meeting)
    before = Matter.objects.filter(county=meeting.county_id, decided_on__lte=meeting.held_on).in_force()
    before = before.exclude(state=MatterState.REVOKED)
    before = before.exclude(meeting=meeting.pk) if meeting.pk else before
    of_last = before.filter(meeting=last).order_by("seq", "pk") if last else before.none()
    older = before.open().exclude(pk__in=of_last.values("pk")).order_by("deadline", "pk")
    return rows_of(of_last, today, until) + rows_of(older, today, until)


@dataclass(frozen=True)
class Opening:
    """A line of 上次议定事项落实情况 as the minutes keep it: words only, so that they read the same forever.

    `group` is done, open or overdue; `standing` the clock's words; `said` the last answer.
    """

    pk: int
    origin: str
    text: str
    unit: str
    deadline: str
    group: str
    standing: str
    shape: str
    said: str


GROUPS = {"overdue": "逾期未办结", "open": "正在办理", "done": "已办结"}


def group_of(row):
    if row.clock.is_settled:
        return "done"
    return "overdue" if row.clock.is_overdue else "open"


def opening(meeting, today, until=None):
    """The `Opening`s of a meeting: as frozen when its minutes were issued, else as things stand `today`."""
    if meeting.state == Meeting.State.CLOSED:
        return [Opening(**kept) for kept in meeting.opening]
    return [_opening(row) for row in carried_over(meeting, today, until)]


def frozen(openings):
    """For `Meeting.opening`."""
    return [asdict(one) for one in openings]


def _opening(row):
    matter = row.matter
    return Opening(
        pk=matter.pk,
        origin=matter.origin,
        text=matter.text,
        unit=str(matter.unit),
        deadline=str(matter.deadline),
        group=group_of(row),
        standing=row.clock.words,
        shape=row.clock.shape,
        said=row.latest_words,
    )


def told(openings):
    """`共 8 项：已办结 5 项，正在办理 2 项，逾期未办结 1 项` of `Opening`s; "" of none."""
    if not openings:
        return ""
    counts = {group: sum(one.group == group for one in openings) for group in reversed(GROUPS)}
    return f"共 {len(openings)} 项：" + "，".join(f"{GROUPS[group]} {count} 项" for group, count in counts.items())


# Tallies


@dataclass
class Tally:
    """How many matters of one unit or leader stand how. `dropped` are not in `total`; `rate` is of `total`.

    Revoked ones are counted nowhere.
    """

    name: str
    key: int | None = None
    done: int = 0
    late_done: int = 0
    open: int = 0
    overdue: int = 0
    dropped: int = 0
    rows: list = field(default_factory=list)

    @property
    def total(self):
        return self.done + self.open

    @property
    def rate(self):
        """Percent done, a float; None of nothing."""
        return 100 * self.done / self.total if self.total else None

    def add(self, row):
        if row.matter.state == MatterState.REVOKED:
            return
        self.rows.append(row)
        if row.matter.state == MatterState.DROPPED:
            self.dropped += 1
        elif row.clock.is_settled:
            self.done += 1
            self.late_done += row.clock.days_left < 0
        else:
            self.open += 1
            self.overdue += row.clock.is_overdue


def tally(rows, name="合计"):
    """One `Tally` of all rows; `open` counts the overdue too."""
    total = Tally(name)
    for row in rows:
        total.add(row)
    return total


def tallies(rows, by="unit"):
    """`Tally`s by "unit" or "leader", the most overdue first, then the most open; nobody last."""
    found = defaultdict(list)
    for row in rows:
        found[getattr(row.matter, by)].append(row)
    groups = []
    for one, own in found.items():
        group = tally(own, str(one) if one else "未明确")
        group.key = one.pk if one else None
        groups.append(group)
    return sorted(groups, key=lambda group: (group.key is None, -group.overdue, -group.open, group.name))
