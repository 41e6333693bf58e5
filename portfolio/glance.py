"""The county at a glance: what a leader takes in within ten seconds, for the overview and the screen of the hall.

Made of the same standings as the leaders' pages, so that each figure equals the rows that it leads to.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F

from portfolio import dispatch, progress
from portfolio.leader_pages import LeaderBoard
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.progress import Bucket, Light, Rate
from portfolio.standings import CHOICES, Standing
from portfolio.weeks import Week

CONCERNS, MOVERS = 8, 4
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
    """How far a plan was ahead (+) or behind (−) before last week and is now, in percentage points."""

    standing: Standing
    before: Decimal
    after: Decimal

    @property
    def change(self):
        return self.after - self.before

    @property
    def is_fall(self):
        return self.change < 0


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

    @property
    def factor(self):
        """Of the year's plan that the county asks for; 1 unless a rule says otherwise."""
        return self.board.thresholds.year_factor

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

    @property
    def moved_since(self):
        """The Sunday before last week; None where last week is not of the year."""
        return self.last_week and self.last_week.previous.sunday

    @cached_property
    def _moved(self):
        """A `Mover` for each plan that stands otherwise than before last week; the first report of a year is no move.

        By the plans as they are now, so that only reports and the calendar move them.
        """
        if self.last_week is None:
            return []
        judged = [row for row in self.rows if row.judgement.deviation is not None]
        before = self._deviations([row.plan for row in judged])
        found = [Mover(row, before[row.plan.pk], row.judgement.deviation) for row in judged if row.plan.pk in before]
        return [mover for mover in found if mover.before is not None and round(mover.change, 1)]

    def _deviations(self, plans):
        """{plan pk: deviation before last week} of those that had reported by then."""
        reports = dispatch.latest_before(plans, self.last_week)
        of_year = AnnualPlan.objects.filter(county=self.county, year=self.year)
        annotated = progress.annotated(of_year, self.year, self.moved_since, self.board.thresholds)
        expected = dict(annotated.order_by().values_list("pk", "expected"))
        return {
            plan.pk: progress.deviation(
                progress.completion(reports[plan.pk].ytd_investment, plan.planned_investment), expected[plan.pk]
            )
            for plan in plans
            if plan.pk in reports
        }

    @property
    def falls(self):
        """Who fell back most, the furthest first."""
        return sorted((mover for mover in self._moved if mover.is_fall), key=lambda mover: mover.change)[:MOVERS]

    @property
    def rises(self):
        return sorted((mover for mover in self._moved if not mover.is_fall), key=lambda mover: -mover.change)[:MOVERS]

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

    @cached_property
    def grey(self):
        """[(Bucket, how many)]: why plans have no light, of the reasons there are."""
        counts = Counter(row.judgement.bucket for row in self.rows)
        return [(bucket, counts[bucket]) for bucket in Bucket if bucket.light == Light.GREY and counts[bucket]]

    @property
    def red(self):
        return dict(self.all.lights)[Light.RED]
