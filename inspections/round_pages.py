"""What a round's page and a stop's page show somebody: the route, and of the scores what this account may see."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from accounts.models import Unit
from accounts.roles import Right, has_right
from inspections import matters, rounds
from inspections.models import Finding, Judge, ScoreSheet, SitePhoto, Stop
from inspections.models.rounds import RoundState


@dataclass(frozen=True)
class RouteRow:
    """A stop of the route. `result` is None where the scores are not for this account; `own` is the account's sheet."""

    stop: Stop
    strengths: int
    defects: int
    photos: int
    result: rounds.StopResult | None
    own: ScoreSheet | None

    @property
    def own_total(self):
        return rounds.total_of(self.own) if self.own else None


class RoundPage:
    """A round as an account sees it."""

    def __init__(self, user, round_):
        self.user, self.round = user, round_

    @cached_property
    def sees_all(self):
        return rounds.sees_all_scores(self.user, self.round)

    @property
    def runs_round(self):
        return has_right(self.user, Right.RUN_ROUNDS)

    @cached_property
    def result(self):
        """All of it; what a page shows of it is asked of `rows` and `sees_all`."""
        return rounds.results(self.round)

    @cached_property
    def judge(self):
        """The account's seat while the round is open, or None."""
        return next((judge for judge in self.result.judges if judge.user_id == self.user.pk and self._may_score), None)

    @property
    def _may_score(self):
        return self.round.state == RoundState.OPEN and has_right(self.user, Right.SCORE_STOPS)

    @cached_property
    def rows(self):
        """`RouteRow`s in order of the road."""
        found = Counter(Finding.objects.filter(stop__round=self.round).values_list("stop", "kind"))
        photos = Counter(SitePhoto.objects.filter(stop__round=self.round).values_list("stop", flat=True))
        return [self._row(each, found, photos) for each in self.result.route]

    def _row(self, result, found, photos):
        pk = result.stop.pk
        return RouteRow(
            stop=result.stop,
            strengths=found[pk, Finding.Kind.STRENGTH],
            defects=found[pk, Finding.Kind.DEFECT],
            photos=photos[pk],
            result=result if self.sees_all else None,
            own=next((mark.sheet for mark in result.marks if mark.judge.user_id == self.user.pk), None),
        )

    @property
    def left(self):
        """How many stops the account has still to score."""
        return sum(row.own is None for row in self.rows) if self.judge else 0

    @property
    def is_default_sheet(self):
        return rounds.is_default(self.result.criteria)

    @property
    def weights(self):
        return sum(criterion.weight for criterion in self.result.criteria)


@dataclass(frozen=True)
class SheetRow:
    """What one judge gave a stop: `points` are [(criterion, Decimal)]. One not `counts` was dropped."""

    judge: Judge
    points: list
    total: Decimal
    words: str
    counts: bool


class StopPage:
    """A stop as an account sees it: `sheets` are all, or until the round is closed the own one."""

    def __init__(self, user, stop):
        self.user, self.stop = user, stop

    @cached_property
    def sees_all(self):
        return rounds.sees_all_scores(self.user, self.stop.round)

    @cached_property
    def _result(self):
        return rounds.results(self.stop.round)

    @property
    def criteria(self):
        return self._result.criteria

    @cached_property
    def result(self):
        """The stop's `StopResult` for who sees it, else None."""
        return next(row for row in self._result.route if row.stop == self.stop) if self.sees_all else None

    @cached_property
    def sheets(self):
        marks = next(row for row in self._result.route if row.stop == self.stop).scored
        return [self._sheet(mark) for mark in marks if self.sees_all or mark.judge.user_id == self.user.pk]

    def _sheet(self, mark):
        points = rounds.points_of(mark.sheet)
        given = [(criterion, points.get(criterion.pk)) for criterion in self.criteria]
        # Being dropped tells of the others' scores.
        counts = mark.counts or not self.sees_all
        return SheetRow(mark.judge, given, mark.total, mark.sheet.words, counts)

    @cached_property
    def may_note(self):
        """Whether the account writes findings and keeps photos here now."""
        if self.stop.round.state != RoundState.OPEN:
            return False
        return self.runs_round or self.may_score

    @property
    def runs_round(self):
        return has_right(self.user, Right.RUN_ROUNDS)

    @cached_property
    def may_score(self):
        return rounds.judge_of(self.user, self.stop.round) is not None

    @cached_property
    def findings(self):
        return list(self.stop.findings.select_related("by__unit", "problem__unit"))

    @property
    def strengths(self):
        return [each for each in self.findings if each.kind == Finding.Kind.STRENGTH]

    @property
    def defects(self):
        return [each for each in self.findings if each.kind == Finding.Kind.DEFECT]

    @property
    def may_assign(self):
        """Whether the account assigns matters on the spot now."""
        return self.stop.round.state == RoundState.OPEN and has_right(self.user, Right.RUN_MEETINGS)

    @cached_property
    def matters(self):
        """`matters.Row`s of what was assigned here."""
        return matters.rows_of(self.stop.matters.order_by("seq", "pk"), self.stop.round.county.business_today())

    @property
    def units(self):
        """Whom a matter can be assigned to."""
        return Unit.objects.filter(county=self.stop.round.county_id, is_active=True).order_by("name")

    @cached_property
    def photos(self):
        return list(self.stop.photos.select_related("uploaded_by"))
