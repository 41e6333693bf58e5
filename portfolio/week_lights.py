"""Lights week by week (亮灯变化): how many of each at the end of each week, and which projects moved.

What a week's end showed is stored once it is past (`WeekLight`), with the version of the rules that judged it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from portfolio.as_of import reading
from portfolio.models import LightRule, WeekLight
from portfolio.progress import Bucket, Light
from portfolio.standings import YearStandings
from portfolio.weeks import Week

BACK = 4  # weeks: what "last period" means unless another week is asked for
ORDER = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
REASON_LENGTH = WeekLight._meta.get_field("reason").max_length


def judged(county, week):
    """Unsaved `WeekLight`s of all counted plans, as known at the end of the week's Sunday, which must be past."""
    with reading(county, week.sunday):
        standings = YearStandings(county, week.year, week.sunday)
        return [
            WeekLight(
                county=county,
                plan_id=row.plan.pk,
                year=week.year,
                week=week.number,
                bucket=row.judgement.bucket,
                reason=row.judgement.reason[:REASON_LENGTH],
                rule_version=standings.thresholds.version,
            )
            for row in standings.rows
        ]


def unrecorded(county, week):
    """`judged`, unless the week has not ended yet or its lights are stored."""
    is_over = week.sunday < county.business_today()
    if not is_over or WeekLight.objects.filter(county=county, year=week.year, week=week.number).exists():
        return []
    return judged(county, week)


@dataclass(frozen=True)
class WeekCounts:
    """How many plans of each light there were at the end of a week; `is_now` tells the day that the page shows."""

    week: Week
    counts: Counter
    versions: tuple
    is_now: bool = False

    def of(self, light):
        return self.counts[light]

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def label(self):
        return "现在" if self.is_now else f"第{self.week.number}周"


@dataclass
class Move:
    """One cell of the movement matrix: from a light (None: was not in the plan) to a light."""

    before: Light | None
    after: Light
    standings: list = field(default_factory=list)

    @property
    def key(self):
        return f"{self.before or 'new'}-{self.after}"

    @property
    def count(self):
        return len(self.standings)

    @property
    def words(self):
        return f"{self.before.colour if self.before else '新列入'}→{self.after.colour}"

    @property
    def turn(self):
        """变好, 变差, or "" where it is neither."""
        return {"state-good": "变好", "state-bad": "变差"}.get(self.style, "")

    @property
    def style(self):
        """The stylesheet's class: better, worse, or neither. Grey is no judgement: many are finished."""
        if not self.count or self.before in {None, Light.GREY, self.after} or self.after == Light.GREY:
            return ""
        return "state-bad" if self.after.severity < self.before.severity else "state-good"


def _span(numbers):
    return f"第{numbers[0]}周" if len(numbers) == 1 else f"第{numbers[0]}–{numbers[-1]}周"


class LightHistory:
    """The year's lights up to `standings.day`: weeks that are stored, then the day itself. Two queries and its rows."""

    def __init__(self, standings, since=None):
        """`since` is the Week that the movement is counted from; None or one without lights: four weeks back."""
        self.standings = standings
        self._asked = since

    @cached_property
    def _stored(self):
        """{week number: {plan pk: Light}} of weeks that had ended by the day."""
        found = defaultdict(dict)
        for number, plan, bucket in self._records.values_list("week", "plan", "bucket"):
            found[number][plan] = Bucket(bucket).light
        return found

    @property
    def _records(self):
        county, year = self.standings.county, self.standings.year
        return WeekLight.objects.filter(county=county, year=year, week__lt=self._first_open).order_by("week", "pk")

    @property
    def _first_open(self):
        """The first week that had not ended by the day; past every week of a year that is over."""
        week = Week.of(self.standings.day)
        return week.number if week.year == self.standings.year else 54 if week.year > self.standings.year else 0

    @cached_property
    def _versions(self):
        found = defaultdict(set)
        for number, version in self._records.order_by().values_list("week", "rule_version").distinct():
            found[number].add(version)
        return found

    @property
    def rules(self):
        """[(weeks, rules)] in words: by which versions the stored weeks were judged, oldest first."""
        return [(_span(run), "和".join(map(self._named, versions))) for versions, run in self._runs]

    @property
    def _runs(self):
        """[(versions, [week number])] of stored weeks that follow each other and were judged by the same versions."""
        numbers = groupby(sorted(self._stored), key=lambda number: tuple(sorted(self._versions[number])))
        return [(versions, list(run)) for versions, run in numbers]

    def _named(self, version):
        since = self._since_of.get(version)
        return f"第 {version} 版（自 {since} 起）" if since else f"第 {version} 版" if version else "默认规则"

    @cached_property
    def _since_of(self):
        """{version: the day it began to hold}"""
        return dict(LightRule.objects.filter(county=self.standings.county).values_list("version", "since"))

    @cached_property
    def weeks(self):
        """[WeekCounts], oldest first; the last is the day itself."""
        stored = [
            WeekCounts(
                Week(self.standings.year, number), Counter(lights.values()), tuple(sorted(self._versions[number]))
            )
            for number, lights in sorted(self._stored.items())
        ]
        now = Counter(row.light for row in self.standings.rows)
        return [*stored, WeekCounts(self.standings.week, now, (self.standings.thresholds.version,), is_now=True)]

    @property
    def now(self):
        """[(Light, count)] of the day."""
        return [(light, self.weeks[-1].of(light)) for light in ORDER]

    @cached_property
    def since(self):
        """The Week whose end the movement is counted from; None while no week is stored."""
        numbers = sorted(self._stored)
        if not numbers:
            return None
        asked = self._asked.number if self._asked and self._asked.year == self.standings.year else None
        back = [number for number in numbers if number <= self._first_open - BACK]
        number = asked if asked in self._stored else back[-1] if back else numbers[0]
        return Week(self.standings.year, number)

    @property
    def offered(self):
        """Weeks that the movement can be counted from, latest first."""
        return [Week(self.standings.year, number) for number in sorted(self._stored, reverse=True)]

    @cached_property
    def moves(self):
        """{(before, after): Move} of all cells, empty ones too."""
        then = self._stored[self.since.number] if self.since else {}
        cells = {(before, after): Move(before, after) for before in (*ORDER, None) for after in ORDER}
        for row in self.standings.rows:
            cells[then.get(row.plan.pk), row.light].standings.append(row)
        return cells

    @property
    def matrix(self):
        """[(label, [Move], sum)], a row for each light before; 新列入 only where there is one."""
        rows = [(before, [self.moves[before, after] for after in ORDER]) for before in (*ORDER, None)]
        return [(before, cells, total) for before, cells in rows if (total := sum(c.count for c in cells)) or before]

    @property
    def totals(self):
        return [sum(self.moves[before, after].count for before in (*ORDER, None)) for after in ORDER]

    def move(self, key):
        """The Move of a key such as `green-red`; None for any other text."""
        return next((move for move in self.moves.values() if move.key == key), None)
