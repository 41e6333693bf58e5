"""Rankings (红黑榜): units, townships and leaders' portfolios of a year on a day, by a score that opens to its parts.

A part is 0–100 and tells its numerator and denominator; the score is the weighted mean of the parts that have cases.
Silence never pays: a project whose reports were due and that never reported counts as nothing done and as no green
light, and who never reported at all has no score from problems either. Read it inside `as_of.reading`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from accounts.models import Unit
from portfolio import progress
from portfolio.figures import percent, wan
from portfolio.models import AnnualPlan, Leader, Problem, Town
from portfolio.progress import Bucket, Light
from portfolio.ranking_weights import PARTS, weights_on
from portfolio.standings import YearStandings
from portfolio.year_reporting import Arrival, YearReporting

GROUPINGS = {"unit": "责任单位", "town": "乡镇", "leader": "包联领导"}
LIGHT_POINTS = {Light.GREEN: Decimal(1), Light.YELLOW: Decimal("0.5"), Light.RED: Decimal(0)}
FULL = Decimal(100)
TENTH = Decimal("0.1")
NEVER_HEARD = (None, "从未报送，不计入")
LONGEST_LIST = 3
LAST_SHARE = 4  # the black list looks at the last quarter


@dataclass(frozen=True)
class Part:
    """`points` is 0–100, or None where there is nothing to judge; `words` tell its parts."""

    key: str
    weight: Decimal
    points: Decimal | None
    words: str

    @property
    def label(self):
        return PARTS[self.key][0]


@dataclass
class Row:
    """A unit, township or leader by its `key`; `token` is the plan table's for it. `place` is None for who is not
    ranked; `completed` is percent.
    """

    key: int
    title: str
    token: str
    count: int
    parts: list
    completed: Decimal | None
    deviation: Decimal | None
    is_behind: bool
    place: int | None = None

    @cached_property
    def score(self):
        """One decimal place, as it is shown and compared; None where no part can be judged."""
        judged = [part for part in self.parts if part.points is not None and part.weight]
        if not judged:
            return None
        total = sum(part.points * part.weight for part in judged)
        return (total / sum(part.weight for part in judged)).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Move:
    """A row as it stands, and as it would under other weights."""

    before: Row
    after: Row

    @property
    def words(self):
        """升 2 位; nothing for who keeps the place."""
        old, new = self.before.place, self.after.place
        if old is None or new is None:
            return "参与排名" if old is None else "不再参与排名"
        return "" if old == new else f"升 {old - new} 位" if new < old else f"降 {new - old} 位"


class Rankings:
    """`rows` by place, `unranked` apart; `red` and `black` are the two lists. `by` is a key of GROUPINGS.

    `weights` are those in force on the day unless others are given.
    """

    def __init__(self, county, year, day, by="unit", weights=None):
        self.county, self.year, self.day = county, year, day
        self.by = by if by in GROUPINGS else "unit"
        self.weights = weights or weights_on(county, day)
        self.standings = YearStandings(county, year, day)

    @property
    def grouping(self):
        return GROUPINGS[self.by]

    @cached_property
    def expected(self):
        return self.standings.thresholds.expected_of_sums(self.year, self.day)

    @cached_property
    def rows(self):
        rows = [row for row in self._all if self._is_ranked(row)]
        rows.sort(key=lambda row: (-row.score, row.title, row.token))
        for row in rows:
            row.place = 1 + sum(other.score > row.score for other in rows)
        return rows

    @cached_property
    def unranked(self):
        return [row for row in self._all if not self._is_ranked(row)]

    @property
    def red(self):
        """The first three places, without who is behind and who has no completion to praise."""
        return [
            row for row in self.rows if row.place <= LONGEST_LIST and row.completed is not None and not row.is_behind
        ]

    @property
    def black(self):
        """The last quarter, three at most, and of them only who is behind; ties share their lot."""
        last = min(LONGEST_LIST, -(-len(self.rows) // LAST_SHARE))
        below = [sum(other.score < row.score for other in self.rows) for row in self.rows]
        return [row for row, count in zip(self.rows, below, strict=True) if count < last and row.is_behind]

    def moves(self, weights):
        """[Move] to where other weights would put the rows; who is ranked by neither is left out."""
        other = Rankings(self.county, self.year, self.day, self.by, weights)
        before = {row.key: row for row in [*self.rows, *self.unranked]}
        moves = [Move(before[row.key], row) for row in [*other.rows, *other.unranked]]
        return [move for move in moves if move.before.place or move.after.place]

    def _is_ranked(self, row):
        return row.count >= self.weights.least_projects and row.score is not None

    @cached_property
    def _all(self):
        groups = defaultdict(list)
        for standing in self.standings.rows:
            groups[self._group_of(standing.plan)].append(standing)
        return [self._row(key, *named, groups[key]) for key, named in self._names.items() if key in groups]

    def _group_of(self, plan):
        return plan.leader_id if self.by == "leader" else getattr(plan.project, f"{self.by}_id")

    @cached_property
    def _names(self):
        """{pk: (name, the plan table's token)}, in the order of the base data."""
        model = {"unit": Unit, "town": Town, "leader": Leader}[self.by]
        rows = model.objects.filter(county=self.county)
        return {row.pk: (row.name, row.code if self.by == "town" else str(row.pk)) for row in rows}

    def _row(self, key, title, token, standings):
        silent = [row for row in standings if self._is_silent(row.plan)]
        heard = [row for row in standings if not self._is_silent(row.plan)]
        planned = sum((row.plan.planned_investment or 0 for row in standings), Decimal(0))
        reported = [row.plan.ytd_investment for row in standings if row.plan.ytd_investment is not None]
        ytd = sum(reported, Decimal(0)) if reported or silent else None
        completed = progress.completion(ytd, planned)
        judged = [
            self._completion(ytd, planned, completed, len(silent)),
            _lights(heard, silent),
            self._share("按时报送", self._punctual, key, "期"),
            NEVER_HEARD if silent and not reported else self._share("按期销号", self._settled, key, "件"),
        ]
        parts = [
            Part(name, Decimal(self.weights.of_part(name)), *found) for name, found in zip(PARTS, judged, strict=True)
        ]
        deviation = progress.deviation(completed, self.expected)
        return Row(key, title, token, len(standings), parts, completed, deviation, self._is_behind(completed))

    def _is_silent(self, plan):
        """Reports of it were due, and none has ever come."""
        return plan.ytd_investment is None and plan.pk in self._once_due

    def _completion(self, ytd, planned, completed, silent):
        if completed is None or not self.expected:
            return None, "没有可比的计划投资和完成投资"
        share = f"完成 {wan(ytd)} 万元 ÷ 计划 {wan(planned)} 万元 = {percent(completed)}"
        note = f"；{silent} 个项目从未报送，完成计 0" if silent else ""
        points = min(FULL, completed * FULL / self.expected)
        return points, f"{share}，÷ 序时进度 {percent(self.expected)}，最高计 100 分{note}"

    def _is_behind(self, completed):
        """Behind by what makes a plan yellow; a value on the border is not."""
        rule = self.standings.thresholds
        if completed is None or progress.months_elapsed(self.year, self.day) < rule.grace_months:
            return False
        if rule.by_ratio:
            return completed < self.expected * rule.yellow_ratio / FULL
        return completed - self.expected < -rule.yellow_points

    def _share(self, name, counts, key, measure):
        good, whole = counts[key]
        points = progress.ratio(good, whole)
        return points, f"{name} {good} {measure} ÷ 应{name[2:]} {whole} {measure}" if whole else f"没有应{name[2:]}的"

    # Discipline of the year

    @cached_property
    def _groups(self):
        """{plan pk: key of its group}, of every plan of the year, so that what once was due is counted."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year).select_related("project")
        return {plan.pk: self._group_of(plan) for plan in plans}

    @cached_property
    def _reporting(self):
        return YearReporting(self.county, self.year, self.day)

    @cached_property
    def _once_due(self):
        """Keys of the plans that had to report in any week whose deadline had passed."""
        return frozenset().union(*(self._reporting.due(number) for number in self._reporting.weeks_due))

    @cached_property
    def _punctual(self):
        """{group: [reports in time, reports due]} of the year's weeks whose deadline had passed."""
        counts = defaultdict(lambda: [0, 0])
        read = self._reporting
        for number in read.weeks_due:
            for plan in read.due(number):
                count = counts[self._groups.get(plan)]
                count[0] += read.arrival(plan, number) == Arrival.IN_TIME
                count[1] += 1
        return counts

    @cached_property
    def _settled(self):
        """{group: [closed by the deadline, closed or past the deadline]} of problems whose deadline is in the year."""
        counts = defaultdict(lambda: [0, 0])
        problems = Problem.objects.filter(county=self.county, deadline__year=self.year).select_related("project")
        leaders = self._leader_of_project if self.by == "leader" else {}
        for problem in problems:
            if problem.closed_on or problem.deadline < self.day:
                count = counts[self._group_of_problem(problem, leaders)]
                count[0] += problem.closed_on is not None and problem.closed_on <= problem.deadline
                count[1] += 1
        return counts

    @cached_property
    def _leader_of_project(self):
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year)
        return dict(plans.values_list("project", "leader"))

    def _group_of_problem(self, problem, leaders):
        """A problem is its responsible unit's, its project's township's, its project's leader's."""
        if self.by == "leader":
            return leaders.get(problem.project_id)
        return problem.project.town_id if self.by == "town" else problem.unit_id or problem.project.unit_id


def _lights(heard, silent):
    counts = Counter(row.light for row in heard)
    unheard = sum(row.light in LIGHT_POINTS or row.judgement.bucket == Bucket.NOT_REPORTED for row in silent)
    whole = sum(counts[light] for light in LIGHT_POINTS) + unheard
    if not whole:
        return None, "没有亮绿灯、黄灯或红灯的项目"
    earned = sum(counts[light] * points for light, points in LIGHT_POINTS.items())
    told = "、".join(f"{light.colour}灯 {counts[light]}" for light in LIGHT_POINTS)
    counted = "黄灯计半个"
    if unheard:
        told, counted = f"{told}、从未报送 {unheard}", f"{counted}，从未报送计 0"
    return progress.ratio(earned, whole), f"{told}（{counted}），共 {earned.normalize():f} ÷ {whole} 个"
