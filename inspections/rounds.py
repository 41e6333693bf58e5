"""A quarterly inspection (季观摩) as it is read: its scoring sheet, how its stops rank, and what is still to be scored.

Pure reading. Points are Decimals of one place, at most the weight of their criterion; a judge's total is of 100.
No public source gives a scoring sheet: the default one is ours, and says so (默认值，非官方).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import User
from accounts.roles import RIGHTS, Right, has_right
from inspections.models import Criterion, Judge, Round, ScoreSheet, Stop
from inspections.models.rounds import RoundState
from portfolio.models import AnnualPlan
from portfolio.models.register import STATES_IN_PLAN

FULL = 100
MOST_CRITERIA = 12
FEWEST_TO_DROP = 5  # judges of a stop; with fewer, every score counts
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A line of a scoring sheet before it is stored: `weight` is the most that it can bring."""

    name: str
    weight: int
    hint: str = ""


DEFAULT_CRITERIA = (
    Line("形象进度", 25, "对照工期计划和年度目标，看现场实际进展"),
    Line("投资完成", 20, "对照年度计划投资和序时进度"),
    Line("质量安全", 20, "工程质量、安全生产、文明施工和环保"),
    Line("要素保障", 15, "手续、用地、资金等是否落实，问题是否及时解决"),
    Line("质效带动", 20, "项目质量，对产业、就业、税收和群众生活的带动"),
)


def lines_of(criteria):
    """The `Line`s of stored criteria."""
    return tuple(Line(each.name, each.weight, each.hint) for each in criteria)


def is_default(criteria):
    return lines_of(criteria) == DEFAULT_CRITERIA


def lines_for_next(county):
    """What a new round is scored by: as the county's last one was, else by the default."""
    last = Round.objects.filter(county=county).order_by("-year", "-quarter", "-pk").first()
    return (lines_of(last.criteria.all()) if last else ()) or DEFAULT_CRITERIA


def of_quarter(county, year, quarter):
    """The rounds that the quarter's report tells of, in order of their days: all that have a stop, open or not."""
    found = Round.objects.filter(county=county, year=year, quarter=quarter, stops__isnull=False)
    return found.distinct().order_by("starts_on", "pk")


# Scores


def average(values):
    """Decimal of two places, half up; None of nothing."""
    values = list(values)
    return (sum(values) / Decimal(len(values))).quantize(HUNDREDTH, ROUND_HALF_UP) if values else None


def dropped(totals, drops_extremes):
    """The keys of `totals` {key: Decimal} that don't count: one highest and one lowest, from five on."""
    if not drops_extremes or len(totals) < FEWEST_TO_DROP:
        return ()
    ranked = sorted(totals, key=totals.get)
    return ranked[-1], ranked[0]


def points_of(sheet):
    """{criterion pk: Decimal} of a score sheet."""
    return {int(key): Decimal(str(value)) for key, value in sheet.points.items()}


def total_of(sheet):
    return sum(points_of(sheet).values(), Decimal("0.0"))


@dataclass(frozen=True)
class Mark:
    """What a judge gave a stop. `total` is None where nothing has been given; one not `counts` was dropped."""

    judge: Judge
    sheet: ScoreSheet | None = None
    total: Decimal | None = None
    counts: bool = True


@dataclass
class StopResult:
    """A stop with its scores. `score` (of 100) and `place` are None until somebody has scored it.

    `by_criterion` are [(criterion, average points or None)] over the marks that count, so they add up to the score but
    for rounding. Stops with the same score share their place; the next one's leaves room for them (1, 1, 3).
    """

    stop: Stop
    marks: list
    by_criterion: list
    score: Decimal | None
    place: int | None = None
    is_tied: bool = False

    @property
    def missing(self):
        """The judges who have not scored it."""
        return [mark.judge for mark in self.marks if mark.total is None]

    @property
    def scored(self):
        return [mark for mark in self.marks if mark.total is not None]

    @property
    def counted(self):
        return [mark for mark in self.scored if mark.counts]

    @property
    def dropped(self):
        return [mark for mark in self.scored if not mark.counts]


@dataclass
class Results:
    """A round's result. `rows` are in order of the ranking, those without a score last; `route` as it is driven."""

    round: Round
    criteria: list
    judges: list
    route: list = field(default_factory=list)

    @property
    def rows(self):
        return sorted(self.route, key=lambda row: (row.place is None, row.place, row.stop.seq, row.stop.pk))

    @property
    def ranked(self):
        return [row for row in self.rows if row.place is not None]

    @property
    def unscored(self):
        """The stops that nobody has scored, in order of the route. No report is issued while there is one."""
        return [row.stop for row in self.route if row.place is None]

    @property
    def waiting(self):
        """[(judge, the stops that this judge has not scored)] of those who have some left."""
        left = [(judge, [row.stop for row in self.route if judge in row.missing]) for judge in self.judges]
        return [(judge, stops) for judge, stops in left if stops]

    @property
    def is_complete(self):
        return bool(self.route) and not self.waiting

    @property
    def average(self):
        return average(row.score for row in self.ranked)

    @property
    def drops(self):
        """Whether any score was dropped."""
        return any(row.dropped for row in self.route)

    @property
    def rule(self):
        """How a score comes about, in words."""
        if not self.round.drops_extremes:
            return "得分为各评委总分的平均分"
        extremes = f"评委满 {FEWEST_TO_DROP} 人时去掉一个最高分和一个最低分，不满的全部计入"
        return f"{extremes}，得分为计入的评委总分的平均分"


def results(round_):
    """The `Results` of a round, in four queries however many stops and judges there are."""
    return results_of([round_])[round_.pk]


def results_of(found):
    """{round's key: `Results`} of rounds, in four queries however many there are."""
    keys = [round_.pk for round_ in found]
    criteria = _by_round(Criterion.objects.filter(round__in=keys))
    judges = _by_round(Judge.objects.filter(round__in=keys).select_related("user__unit"))
    stops = Stop.objects.filter(round__in=keys)
    stops = _by_round(stops.select_related("plan__project__unit", "plan__project__town", "plan__leader"))
    sheets = defaultdict(dict)
    for sheet in ScoreSheet.objects.filter(stop__round__in=keys):
        sheets[sheet.stop_id][sheet.judge_id] = sheet
    return {each.pk: _result(each, criteria[each.pk], judges[each.pk], stops[each.pk], sheets) for each in found}


def _by_round(rows):
    found = defaultdict(list)
    for row in rows:
        found[row.round_id].append(row)
    return found


def _result(round_, criteria, judges, stops, sheets):
    route = [_stop_result(round_, stop, criteria, judges, sheets[stop.pk]) for stop in stops]
    _give_places(route)
    return Results(round_, criteria, judges, route)


def _stop_result(round_, stop, criteria, judges, sheets):
    totals = {judge: total_of(sheet) for judge, sheet in sheets.items()}
    out = dropped(totals, round_.drops_extremes)
    marks = [Mark(judge, sheets.get(judge.pk), totals.get(judge.pk), counts=judge.pk not in out) for judge in judges]
    counted = [points_of(sheet) for judge, sheet in sheets.items() if judge not in out]
    by_criterion = [
        (criterion, average(points.get(criterion.pk, Decimal(0)) for points in counted)) for criterion in criteria
    ]
    score = average(total for judge, total in totals.items() if judge not in out)
    return StopResult(stop, marks, by_criterion, score)


def _give_places(route):
    scores = sorted((row.score for row in route if row.score is not None), reverse=True)
    for row in route:
        if row.score is not None:
            row.place = scores.index(row.score) + 1
            row.is_tied = scores.count(row.score) > 1


# Who sees and does what


def sees_all_scores(user, round_):
    """Until the round is closed the scores are the office's and, each their own, the judges'."""
    return round_.state == RoundState.CLOSED or has_right(user, Right.RUN_ROUNDS)


def judge_of(user, round_):
    """The user's seat on the open round, or None."""
    if not Round.objects.scored_by(user).filter(pk=round_.pk).exists():
        return None
    return round_.judges.get(user=user)


def next_to_score(judge, after=None):
    """The judge's next stop without a score: behind the stop `after` on the route, else from its beginning."""
    left = list(judge.round.stops.exclude(sheets__judge=judge).select_related("plan__project"))
    later = [stop for stop in left if after is not None and (stop.seq, stop.pk) > (after.seq, after.pk)]
    return (later or left or [None])[0]


def accounts_to_judge(county):
    """The accounts that can be made judges."""
    return User.objects.filter(county=county, is_active=True, role__in=RIGHTS[Right.SCORE_STOPS])


def plans_to_visit(round_):
    """The plans that can be put on the route, however small: sub-items of a bundle too."""
    plans = AnnualPlan.objects.filter(county=round_.county_id, state__in=STATES_IN_PLAN)
    return plans.of_year(round_.year)


def why_not_opened(round_):
    """What an inspection still lacks before it can be opened, as sentences."""
    weights = sum(round_.criteria.values_list("weight", flat=True))
    lacks = [
        ("还没有观摩点，请先安排路线。", not round_.stops.exists()),
        ("还没有评委，请先选定评委。", not round_.judges.exists()),
        (f"各评分项满分合计 {weights} 分，应为 {FULL} 分，请先修改评分标准。", weights != FULL),
    ]
    return [sentence for sentence, lacking in lacks if lacking]
