"""The calendar (日历): what falls due or is held from one day to another, as far as an account may read it.

Pure reading in a number of queries that grows with the weeks, never with the rows. Deadlines are of what is still
open: what has been done, answered or closed is no longer due.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils import timezone

from inspections.models import Letter, Matter, Meeting, Round
from inspections.models.letters import LetterState
from portfolio import reporting
from portfolio.models import AnnualPlan, Milestone, Problem
from portfolio.models.register import STATES_IN_PLAN
from portfolio.permits import PermitMatrix
from portfolio.privacy import mask_phones
from portfolio.weeks import Week

LONGEST = 40


class Kind(models.TextChoices):
    """In the order in which the events of a day are shown."""

    WEEK = "week", "周报截止"
    MEETING = "meeting", "会议"
    ROUND = "round", "观摩"
    MILESTONE = "milestone", "工期节点"
    PERMIT = "permit", "手续"
    PROBLEM = "problem", "问题"
    MATTER = "matter", "交办事项"
    LETTER = "letter", "督办文书"

    @property
    def is_deadline(self):
        """Its day passes and somebody is late; the others are held on their day."""
        return self not in {Kind.WEEK, Kind.MEETING, Kind.ROUND}


@dataclass(frozen=True)
class Event:
    """`key` never changes for the same thing. `until` is the last day of several; `at` the moment of a timed one.

    `units` and `leaders` (Unit, Leader) are those it concerns; with neither it concerns the whole county.
    """

    kind: Kind
    key: str
    day: dt.date
    title: str
    address: str
    until: dt.date | None = None
    at: dt.datetime | None = None
    units: tuple = ()
    leaders: tuple = ()

    @property
    def last_day(self):
        return self.until or self.day

    @property
    def days(self):
        return [self.day + dt.timedelta(days=number) for number in range((self.last_day - self.day).days + 1)]

    @property
    def order(self):
        return self.day, list(Kind).index(self.kind), self.title, self.key

    def concerns(self, unit=None, leader=None):
        """Whether it is of the unit and of the leader; None asks for any."""
        if not self.units and not self.leaders:
            return True
        return (unit is None or unit in self.units) and (leader is None or leader in self.leaders)

    def is_late(self, today):
        return self.kind.is_deadline and self.day < today


@dataclass(frozen=True)
class Span:
    """From `since` to `until`, both included, for `user`; the plan is that of `year`."""

    user: object
    year: int
    since: dt.date
    until: dt.date

    @property
    def range(self):
        return self.since, self.until


def events(span):
    """The `Event`s of a `Span`, in the order of their days."""
    leaders = _leaders(span)
    of_span = (_weeks, _meetings, _rounds, _milestones, _permits)
    of_projects = (_problems, _matters, _letters)
    found = [event for read in of_span for event in read(span)]
    found += [event for read in of_projects for event in read(span, leaders)]
    return sorted(found, key=lambda event: event.order)


def _leaders(span):
    """{project: its leader in the plan of the year}."""
    plans = AnnualPlan.objects.visible_to(span.user).filter(year=span.year, leader__isnull=False)
    return {plan.project_id: plan.leader for plan in plans.select_related("leader").order_by("pk")}


def _weeks(span):
    """A week may fall due in the week after it, where its Friday is a day off."""
    week, last = Week.of(span.since).shifted(-2), Week.of(span.until)
    while week <= last:
        due = reporting.due_at(span.user.county, week)
        day = timezone.localtime(due).date()
        if span.since <= day <= span.until:
            yield Event(Kind.WEEK, f"week-{week}", day, f"{week.label}周报", _week_page(week), at=due)
        week = week.next


def _week_page(week):
    return reverse("portfolio:county-week", args=[week.year, week.number])


def _meetings(span):
    for meeting in Meeting.objects.readable_by(span.user).filter(held_on__range=span.range):
        address = reverse("inspections:meeting-detail", args=[meeting.pk])
        yield Event(Kind.MEETING, f"meeting-{meeting.pk}", meeting.held_on, meeting.title, address)


def _rounds(span):
    for round_ in Round.objects.visible_to(span.user).filter(starts_on__lte=span.until, ends_on__gte=span.since):
        address = reverse("inspections:round", args=[round_.pk])
        yield Event(Kind.ROUND, f"round-{round_.pk}", round_.starts_on, round_.title, address, until=round_.ends_on)


def _milestones(span):
    nodes = Milestone.objects.visible_to(span.user).filter(
        due__range=span.range, done_on__isnull=True, plan__year=span.year, plan__state__in=STATES_IN_PLAN
    )
    for node in nodes.select_related("unit", "plan__leader", "plan__project__unit"):
        plan = node.plan
        yield Event(
            Kind.MILESTONE,
            f"milestone-{node.pk}",
            node.due,
            f"{plan.project}：{node.name}",
            reverse("portfolio:schedule", args=[plan.pk]),
            units=_some(node.unit, plan.project.unit),
            leaders=_some(plan.leader),
        )


def _permits(span):
    """Granted ones on the last day that they hold, others on the day by which they are to be granted."""
    for row in PermitMatrix(span.user.county, span.year, span.since).rows:
        for cell in row.cells:
            due = cell.permit.due_on if cell.is_needed and not cell.is_done else None
            for day, what, words in ((cell.lapses_on, "lapses", "到期"), (due, "due", "应办结")):
                if day and span.since <= day <= span.until:
                    yield Event(
                        Kind.PERMIT,
                        f"permit-{cell.permit.pk}-{what}",
                        day,
                        f"{row.project}：{cell.kind}{words}",
                        reverse("portfolio:project-permits", args=[row.project.pk]),
                        units=_some(row.project.unit),
                        leaders=_some(row.plan.leader),
                    )


def _problems(span, leaders):
    problems = Problem.objects.visible_to(span.user).open().filter(deadline__range=span.range)
    for problem in problems.select_related("unit", "project__unit"):
        yield Event(
            Kind.PROBLEM,
            f"problem-{problem.pk}",
            problem.deadline,
            f"{problem.project}：{short(problem.text)}",
            reverse("portfolio:problem-detail", args=[problem.pk]),
            units=_some(problem.unit, problem.project.unit),
            leaders=_some(leaders.get(problem.project_id)),
        )


def _matters(span, leaders):
    matters = Matter.objects.readable_by(span.user).open().filter(deadline__range=span.range)
    for matter in matters.select_related("unit", "leader"):
        yield Event(
            Kind.MATTER,
            f"matter-{matter.pk}",
            matter.deadline,
            short(matter.text),
            reverse("inspections:matter-detail", args=[matter.pk]),
            units=_some(matter.unit),
            leaders=_some(matter.leader, leaders.get(matter.project_id)),
        )


def _letters(span, leaders):
    letters = Letter.objects.readable_by(span.user).open().exclude(state=LetterState.ANSWERED)
    for letter in letters.filter(deadline__range=span.range).select_related("unit", "plan", "problem", "matter"):
        project = getattr(letter.about, "project_id", None)
        yield Event(
            Kind.LETTER,
            f"letter-{letter.pk}",
            letter.deadline,
            f"{letter.document_number} {short(letter.title)}",
            reverse("inspections:letter-detail", args=[letter.pk]),
            units=_some(letter.unit),
            leaders=_some(leaders.get(project)),
        )


def _some(*rows):
    """Those that there are, each once."""
    return tuple(dict.fromkeys(row for row in rows if row is not None))


def short(text):
    """For everybody's eyes: phones are masked before the text is cut, or half a number would slip through."""
    text = mask_phones(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
