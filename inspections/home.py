"""The first page of the room 督导观摩: what the account has to do, and where every part of supervision stands today."""

from collections import Counter
from functools import cached_property

from django.db.models import Q

from accounts.roles import Right, Role, has_right
from inspections import letter_steps, looks, matters
from inspections.escalation import Escalation
from inspections.models import Judge, Letter, Matter, Meeting, Round, ScoreSheet, Stop, SupervisionCheck
from inspections.models.letters import LetterState
from inspections.models.meetings import MatterState
from portfolio import factors
from portfolio.factors import FactorState
from portfolio.permits import PermitMatrix

MOST_ROWS = 5
MOST_RISES = 10


class Home:
    """`today` is the county's business day; the year is that of the day."""

    def __init__(self, user, today):
        self.user, self.today = user, today
        self.county, self.year = user.county, today.year

    # What concerns the account

    @cached_property
    def drafts(self):
        """The own checks that have not been handed in."""
        drafts = SupervisionCheck.objects.writable_by(self.user).select_related("plan__project", "checklist")
        return list(drafts.order_by("-day", "-pk"))

    @cached_property
    def to_score(self):
        return list(Round.objects.scored_by(self.user))

    @cached_property
    def own_matters(self):
        """Open `matters.Row`s: of a reporter's unit, of what a leader leads, or waiting for the office's check."""
        found = Matter.objects.readable_by(self.user).open().order_by("deadline", "pk")
        if has_right(self.user, Right.RUN_MEETINGS):
            found = found.filter(state=MatterState.CLOSING)
        elif self.user.role == Role.LEADER:
            found = found.filter(leader__user=self.user)
        elif has_right(self.user, Right.ANSWER_MATTERS) and self.user.unit_id:
            found = found.filter(unit=self.user.unit_id)
        else:
            return []
        return matters.rows_of(found, self.today)

    @cached_property
    def own_letters(self):
        """(Letter, its clock): open ones to the reporter's unit, or what the office has to judge or to decide."""
        if has_right(self.user, Right.ISSUE_LETTERS):
            asked = Q(state__in=letter_steps.UNANSWERED, asked_deadline__isnull=False)
            found = Letter.objects.readable_by(self.user).filter(Q(state=LetterState.ANSWERED) | asked)
        else:
            found = Letter.objects.answerable_by(self.user).open()
        found = found.select_related("unit").order_by("deadline", "pk")
        return [(letter, letter_steps.clock(letter, self.today)) for letter in found]

    @cached_property
    def rises(self):
        """The `escalation.Rise`s that need a letter now (应升级督办), for who issues letters."""
        return Escalation(self.county, self.today).needed() if has_right(self.user, Right.ISSUE_LETTERS) else []

    @property
    def first_rises(self):
        return self.rises[:MOST_RISES]

    @property
    def has_own(self):
        return any((self.drafts, self.to_score, self.own_matters, self.own_letters))

    @property
    def first_matters(self):
        return self.own_matters[:MOST_ROWS]

    @property
    def first_letters(self):
        return self.own_letters[:MOST_ROWS]

    # Where everything stands

    @property
    def quarter(self):
        return (self.today.month + 2) // 3

    @property
    def period(self):
        """`2024年第二季度`."""
        return Round(year=self.year, quarter=self.quarter).period

    @cached_property
    def rounds(self):
        """This quarter's rounds, the latest first, with counts of stops, judges and score sheets, due and given."""
        of_quarter = Round.objects.visible_to(self.user).filter(year=self.year, quarter=self.quarter)
        rows = list(of_quarter)
        keys = [row.pk for row in rows]
        # Counted here: PostgreSQL groups by a key only in a table, and in the past a round is none.
        stops = Counter(Stop.objects.filter(round__in=keys).values_list("round", flat=True))
        judges = Counter(Judge.objects.filter(round__in=keys).values_list("round", flat=True))
        sheets = Counter(ScoreSheet.objects.filter(stop__round__in=keys).values_list("stop__round", flat=True))
        for row in rows:
            row.stop_count, row.judge_count, row.sheet_count = stops[row.pk], judges[row.pk], sheets[row.pk]
            row.sheets_due = row.stop_count * row.judge_count
        return rows

    @cached_property
    def boards(self):
        return looks.boards(self.county, self.year, self.today)

    @cached_property
    def meeting(self):
        """The last meeting whose minutes are issued, or None."""
        return Meeting.objects.visible_to(self.user).issued().first()

    @cached_property
    def matters(self):
        """(open, overdue)"""
        found = Matter.objects.filter(county=self.county)
        return found.open().count(), found.overdue(self.today).count()

    @cached_property
    def letters(self):
        """(open, overdue)"""
        found = Letter.objects.filter(county=self.county)
        return found.open().count(), found.overdue(self.today).count()

    @cached_property
    def permits(self):
        return PermitMatrix(self.county, self.year, self.today)

    @cached_property
    def factors(self):
        """(with a gap that still has time, overdue) of what projects need, or None where nobody has told."""
        states = Counter(row.state for row in factors.of_county(self.county, self.year, self.today))
        return (states[FactorState.GAP], states[FactorState.OVERDUE]) if states else None
