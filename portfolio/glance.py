"""The county at a glance: what a leader takes in within ten seconds, for the overview and the screen of the hall.

Made of the same standings as the leaders' pages, so that each figure equals the rows that it leads to.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F

from portfolio import dispatch, progress
from portfolio.leader_pages import LeaderBoard
from portfolio.models import WeeklyDispatch
from portfolio.progress import Light, Rate
from portfolio.standings import CHOICES, Standing
from portfolio.weeks import Week

CONCERNS, MOVERS = 8, 5
FULL = Decimal(100)


@dataclass(frozen=True)
class Concern:
    """A project that needs the leader, with all that speaks for it. `request` is what its unit last asked for."""

    standing: Standing
    request: str

    @property
    def is_red(self):
        return self.standing.light == Light.RED

    @property
    def urgency(self):
        """Sorts the most urgent first: more reasons, then the longest overdue problem, then the furthest behind."""
        overdue = self.standing.overdue
        reasons = self.is_red + bool(overdue) + bool(self.request)
        behind = self.standing.judgement.deviation
        return (
            -reasons,
            not overdue,
            overdue[0].deadline.toordinal() if overdue else 0,
            not self.is_red,
            behind is None,
            behind or 0,
            self.standing.plan.pk,
        )


@dataclass(frozen=True)
class Mover:
    """What a plan brought in a week: 万元 since its report before."""

    standing: Standing
    brought: Decimal


class Glance:
    """The counted plans of `year` on `day`. Read it inside `as_of.reading` for a past day."""

    def __init__(self, county, year, day):
        self.county, self.year, self.day = county, year, day
        self.board = LeaderBoard(county, year, day)

    @property
    def rows(self):
        return self.board.standings.rows

    @property
    def all(self):
        return self.board.everything

    @property
    def week(self):
        return self.board.week

    # Money against the calendar

    @property
    def expected(self):
        return self.board.expected

    @property
    def months(self):
        return progress.months_elapsed(self.year, self.day)

    @cached_property
    def deviation(self):
        return self.board.deviation(self.all)

    @property
    def scale(self):
        """What the bar's whole length stands for, in percent: it grows with what is done beyond the plan."""
        return max(FULL, self.all.completed or 0, self.expected)

    @property
    def done_length(self):
        return self._length(self.all.completed or 0)

    @property
    def expected_length(self):
        return self._length(self.expected)

    def _length(self, percent):
        """As the page's drawing wants it, of a bar 1,000 long."""
        return f"{percent * 1000 / self.scale:.1f}"

    @cached_property
    def last_reported_week(self):
        """The number of the latest week that the figures hold reports of; None before the first."""
        return max((row.plan.reported_week for row in self.rows if row.plan.reported_week), default=None)

    # Starts, 入统, reports

    @cached_property
    def starts(self):
        return progress.start_rates(row.plan for row in self.rows)

    @cached_property
    def not_started(self):
        return self.starts.due.whole - self.starts.due.part

    @cached_property
    def registration(self):
        asked = [row for row in self.rows if CHOICES["to-register"].holds(row)]
        threshold = self.board.thresholds.registration_from
        done = sum(CHOICES["registered"].holds(row) for row in asked)
        return Rate(f"已开工且总投资 {threshold:g} 万元及以上", done, len(asked))

    @cached_property
    def registered_late(self):
        return sum(CHOICES["register-late"].holds(row) for row in self.rows)

    @property
    def reports(self):
        return Rate("本周应报", self.all.reported, self.all.due)

    # What moved

    @cached_property
    def last_week(self):
        """The latest week that is over; None where it is not of the year."""
        week = Week.of(self.day)
        week = week if week.sunday == self.day else week.previous
        return week if week.year == self.year else None

    @cached_property
    def movers(self):
        """Who brought most in the last week; a first report of the year brings months, and is left out."""
        if self.last_week is None:
            return []
        reports = WeeklyDispatch.objects.published().of_week(self.last_week).filter(county=self.county)
        known = dispatch.with_previous(reports).filter(previous_ytd__isnull=False, ytd_investment__isnull=False)
        of_plan = {row.plan.pk: row for row in self.rows}
        found = [
            Mover(of_plan[plan], ytd - before)
            for plan, ytd, before in known.order_by("plan").values_list("plan", "ytd_investment", "previous_ytd")
            if plan in of_plan and ytd > before
        ]
        return sorted(found, key=lambda mover: -mover.brought)[:MOVERS]

    # What needs the leader

    @cached_property
    def requests(self):
        """{plan pk: what its unit asks for in its latest report}."""
        latest = WeeklyDispatch.objects.published().filter(county=self.county, year=self.year)
        asking = latest.filter(week=F("plan__reported_week")).exclude(needs_help="").order_by("plan")
        counted = {row.plan.pk for row in self.rows}
        return {plan: words for plan, words in asking.values_list("plan", "needs_help") if plan in counted}

    @cached_property
    def all_concerns(self):
        found = [Concern(row, self.requests.get(row.plan.pk, "")) for row in self.rows]
        found = [each for each in found if each.is_red or each.standing.overdue or each.request]
        return sorted(found, key=lambda concern: concern.urgency)

    @property
    def concerns(self):
        return self.all_concerns[:CONCERNS]

    @property
    def red(self):
        return dict(self.all.lights)[Light.RED]
