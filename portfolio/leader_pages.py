"""What the leaders' pages show: a row for each leader, and all that one leader answers for."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from portfolio import dispatch, own_lights, progress
from portfolio.as_of import end_of_day
from portfolio.handovers import read_handovers
from portfolio.models import Leader, Milestone, Visit, WeeklyDispatch
from portfolio.money import exact_sum
from portfolio.own_lights import Pair
from portfolio.progress import Light
from portfolio.standings import CHOICES, Standing, YearStandings

NEXT_NODES = 2
NOBODY, ALL = "none", "all"
HELP = "help"
TITLES = {NOBODY: "未明确包联领导", ALL: "合计"}
REST = {NOBODY: "portfolio:leader-none", ALL: "portfolio:leader-all"}
LEGEND = (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)


@dataclass
class Portfolio:
    """The counted plans of a leader, of nobody, or of all, with the open problems; money in 万元, exact to the cent."""

    key: str
    title: str
    standings: list
    problems: list
    post: str = ""
    leader: Leader | None = None
    deputy_for: int = 0
    last_visit: object = None

    @property
    def path(self):
        return reverse("portfolio:leader-detail", args=[self.leader.pk]) if self.leader else reverse(REST[self.key])

    @property
    def plan_filter(self):
        """Narrows the plan table to these projects."""
        return {NOBODY: "&leader=-", ALL: ""}.get(self.key, f"&leader={self.key}")

    @property
    def problem_filter(self):
        """Narrows the list of problems to these."""
        return {NOBODY: "&leader=none", ALL: ""}.get(self.key, f"&leader={self.key}")

    @property
    def count(self):
        return len(self.standings)

    @cached_property
    def total(self):
        return exact_sum(row.project.total_investment for row in self.standings)

    @cached_property
    def planned(self):
        return exact_sum(row.plan.planned_investment for row in self.standings)

    @cached_property
    def ytd(self):
        return exact_sum(row.plan.ytd_investment for row in self.standings)

    @cached_property
    def is_reported(self):
        return any(row.plan.ytd_investment is not None for row in self.standings)

    @cached_property
    def without_plan(self):
        return sum(row.plan.planned_investment is None for row in self.standings)

    @cached_property
    def without_report(self):
        """Plans with money to spend of which nothing has been reported this year: they add nothing to `ytd`."""
        return sum(bool(row.plan.planned_investment) and row.plan.ytd_investment is None for row in self.standings)

    @cached_property
    def completed(self):
        """None without a plan, and while nobody has reported: not known is not zero."""
        return progress.completion(self.ytd, self.planned) if self.is_reported else None

    @cached_property
    def lights(self):
        """[(Light, count)] in the order of the legend."""
        counts = Counter(row.light for row in self.standings)
        return [(light, counts[light]) for light in LEGEND]

    @cached_property
    def overdue(self):
        return [problem for problem in self.problems if problem.is_overdue]

    @cached_property
    def due(self):
        return sum(row.has_to_report for row in self.standings)

    @cached_property
    def missing(self):
        return sum(row.is_missing for row in self.standings)

    @property
    def reported(self):
        return self.due - self.missing


def _by_light(light):
    return lambda row: dict(row.lights)[light]


# What the table can be sorted by; a row that has no such value is None and comes last either way.
SORTS = {
    "name": lambda row: row.title,
    "count": lambda row: row.count,
    "deputy": lambda row: row.deputy_for,
    "total": lambda row: row.total,
    "planned": lambda row: row.planned,
    "ytd": lambda row: row.ytd if row.is_reported else None,
    "completed": lambda row: row.completed,
    "green": _by_light(Light.GREEN),
    "yellow": _by_light(Light.YELLOW),
    "red": _by_light(Light.RED),
    "grey": _by_light(Light.GREY),
    "problems": lambda row: len(row.problems),
    "overdue": lambda row: len(row.overdue),
    "missing": lambda row: row.missing,
    "visit": lambda row: row.last_visit,
}


def in_order(rows, sort):
    """`rows` by a key of SORTS, `-key` from the greatest; as they are for anything else."""
    value = SORTS.get(sort.removeprefix("-"))
    if value is None:
        return rows
    known = [row for row in rows if value(row) is not None]
    known.sort(key=value, reverse=sort.startswith("-"))
    return known + [row for row in rows if value(row) is None]


class LeaderBoard:
    """A row for each leader in office or with projects, then one for the projects that nobody answers for, and sums."""

    def __init__(self, county, year, day, sort=""):
        self.county, self.year, self.day = county, year, day
        self.sort = sort if sort.removeprefix("-") in SORTS else ""
        self.standings = YearStandings(county, year, day)

    @property
    def week(self):
        return self.standings.week

    @property
    def thresholds(self):
        return self.standings.thresholds

    @cached_property
    def expected(self):
        """The yardstick of a portfolio of many plans."""
        return self.thresholds.expected_of_sums(self.year, self.day)

    def deviation(self, portfolio):
        return progress.deviation(portfolio.completed, self.expected)

    @cached_property
    def everything(self):
        rows = self.standings.rows
        return Portfolio(
            ALL,
            TITLES[ALL],
            rows,
            self.standings.problems,
            deputy_for=sum(row.plan.deputy_leader_id is not None for row in rows),
            last_visit=max(self._last_visits.values(), default=None),
        )

    @cached_property
    def nobody(self):
        return Portfolio(NOBODY, TITLES[NOBODY], self._plans_of[None], self._problems_of[None])

    @cached_property
    def leaders(self):
        found = [self.of_leader(leader) for leader in Leader.objects.filter(county=self.county)]
        return in_order([row for row in found if row.leader.is_active or row.count or row.deputy_for], self.sort)

    @property
    def rows(self):
        """As on paper: leaders, then what nobody answers for, so that the rows add up to the sums."""
        return [*self.leaders, *([self.nobody] if self.nobody.count or self.nobody.problems else [])]

    def of_leader(self, leader):
        return Portfolio(
            str(leader.pk),
            leader.name,
            self._plans_of[leader.pk],
            self._problems_of[leader.pk],
            post=leader.post,
            leader=leader,
            deputy_for=self._deputies[leader.pk],
            last_visit=self._last_visits.get(leader.pk),
        )

    @cached_property
    def _plans_of(self):
        found = defaultdict(list)
        for row in self.standings.rows:
            found[row.plan.leader_id].append(row)
        return found

    @cached_property
    def _problems_of(self):
        found = defaultdict(list)
        for problem in self.standings.problems:
            found[problem.leader_id].append(problem)
        return found

    @cached_property
    def _deputies(self):
        return Counter(row.plan.deputy_leader_id for row in self.standings.rows)

    @cached_property
    def _last_visits(self):
        visits = Visit.objects.known_at(end_of_day(self.day)).filter(county=self.county).order_by("day")
        return dict(visits.values_list("leader", "day"))


@dataclass
class Card:
    """One project on a leader's page: how it stands, its next milestones, its last published report or None.

    `lights` sets the responsible person's own judgement beside the rule's light.
    """

    standing: Standing
    nodes: list
    report: WeeklyDispatch | None
    lights: Pair

    @property
    def needs_help(self):
        """What the unit asked for in its last report."""
        return self.report.needs_help if self.report else ""

    @property
    def is_stuck(self):
        """It is red, has a problem past its deadline, or waits for somebody's help."""
        return self.standing.light == Light.RED or bool(self.standing.overdue) or bool(self.needs_help)


class LeaderPage:
    """One row of the board, opened: `portfolio` is one of the board's.

    `light` narrows the projects shown to those of a light, `only` to one of `standings.CHOICES` or to `HELP`: those
    whose unit asks for help. What is neither is ignored.
    """

    def __init__(self, board, portfolio, light="", only=""):
        self.board, self.portfolio = board, portfolio
        self.light = Light(light) if light in Light.values else None
        self.only = only if only in CHOICES or only == HELP else ""

    @property
    def only_label(self):
        return "请求协调" if self.only == HELP else CHOICES[self.only].label

    @property
    def leader(self):
        return self.portfolio.leader

    @property
    def title(self):
        return "全县项目" if self.portfolio.key == ALL else self.portfolio.title

    @property
    def is_whole(self):
        return self.light is None and not self.only

    @property
    def deviation(self):
        return self.board.deviation(self.portfolio)

    @cached_property
    def cards(self):
        """The worst lights first, as listed in the plan table within one light."""
        rows = [row for row in self.portfolio.standings if self.light in (None, row.light)]
        if self.only in CHOICES:
            rows = [row for row in rows if CHOICES[self.only].holds(row)]
        rows.sort(key=lambda row: row.light.severity)
        plans = [row.plan for row in rows]
        nodes, reports = next_nodes(plans, self.board.day), dispatch.latest(plans, self.board.year)
        own = own_lights.latest(self.board.county, self.board.year, self.board.day)
        cards = [
            Card(
                standing=row,
                nodes=nodes[row.plan.pk],
                report=reports.get(row.plan.pk),
                lights=own_lights.pair(row.plan, row.judgement, own.get(row.plan.pk), self.board.day),
            )
            for row in rows
        ]
        return [card for card in cards if card.needs_help] if self.only == HELP else cards

    @cached_property
    def deputy_rows(self):
        if self.leader is None:
            return []
        return [row for row in self.board.standings.rows if row.plan.deputy_leader_id == self.leader.pk]

    @property
    def stuck(self):
        return [card for card in self.cards if card.is_stuck]

    @cached_property
    def visits(self):
        """The year's visits, latest first."""
        if self.leader is None:
            return []
        known = Visit.objects.known_at(end_of_day(self.board.day))
        visits = known.filter(leader=self.leader, day__year=self.board.year)
        return list(visits.select_related("project", "noted_by"))

    @cached_property
    def handovers(self):
        return [] if self.leader is None else read_handovers(self.leader, self.board.year, self.board.day)


def next_nodes(plans, day):
    """{plan pk: [its next milestones not done by `day`]}, the earliest first; each knows whether it `is_overdue`."""
    found = defaultdict(list)
    open_ = Milestone.objects.filter(plan__in=plans).filter(Q(done_on__isnull=True) | Q(done_on__gt=day))
    for node in open_.order_by("due", "seq", "pk"):
        if len(found[node.plan_id]) < NEXT_NODES:
            node.is_overdue = node.due < day
            found[node.plan_id].append(node)
    return found
