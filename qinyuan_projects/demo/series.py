"""The weekly reports of one project, from January's figures to those of the plan table at the end of May."""

import csv
import functools
import random
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from portfolio.models.dispatch import NoChange
from qinyuan_projects.demo import progress
from qinyuan_projects.demo.defects import Kind, of
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.kinds import FOLDER
from qinyuan_projects.demo.rows import BUILDING, IN_OPERATION

LAST_WEEK = 22
FESTIVAL = (6, 7)  # the weeks of 10–17 February 2024
OUTDOOR = frozenset({"road", "pipe", "field", "solar"})
MOST_IN_A_WEEK = 0.2  # of the year's plan
QUIET = 0.12  # the share of weeks in which nothing moves, for no great reason
HUNDRED = Decimal(100)
STATED, FINISHED, BEFORE_START = "stated", "finished", "planned"  # kinds of words beside those of the works


@dataclass
class Answers:
    """What one report says; names as in the model."""

    ytd_investment: Decimal | None
    works_percent: Decimal | None
    progress: str
    next_plan: str
    no_change: str = ""
    problem: str = ""
    problem_kind: str = ""
    needs_help: str = ""


@functools.cache
def words_of(kind, says):
    """Phrases of `kind` (of works, `finished`, …) for the "week" or the "next" one; {n}, {m}, {k} are quantities."""
    phrases = defaultdict(list)
    with (FOLDER / "周调度用语.tsv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            phrases[line["works"], line["says"]].append(line["words"])
    return phrases[kind, says]


def series(row, january, *, first, last, invested):
    """{week: Answers} for the weeks `first` … `last`: `row` as it stands in May, `january` as it stood then.

    `invested` is the year's investment by the last week, None where nobody has put a figure to the project.
    """
    return _Series(row, january, first, last, invested).reports()


class _Series:
    def __init__(self, row, january, first, last, invested):
        self.row, self.january, self.invested = row, january, invested
        self.weeks = range(first, last + 1)
        self.rng = random.Random(f"{SEED} weeks {row.name}")
        self.stuck = of(row.name, Kind.STUCK)
        self.begin = self._begin()
        self.works = row.works or STATED
        self.tail = ""

    def _begin(self):
        """The week in which the works begin, 1 when they began before; None while they have not."""
        if self.row.stage not in (BUILDING, IN_OPERATION):
            return None
        if self.january.stage == BUILDING:
            return 1
        started = self.row.start.first_day if self.row.start else None
        return max(started.isocalendar().week, 1) if started and started.year == YEAR else 1

    def _end(self):
        """The last week in which something moves."""
        if self.stuck:
            return self.stuck.first - 1
        finish = self.row.finish.first_day if self.row.stage == IN_OPERATION and self.row.finish else None
        if finish and finish.year == YEAR:
            return min(finish.replace(day=20).isocalendar().week, self.weeks[-1])
        return self.weeks[-1]

    def reports(self):
        percents = self._percents()
        moving = self._moving(percents)
        money = self._money(percents, moving)
        return self._told(percents, money, moving)

    # Figures

    def _weights(self):
        """{week: how much is done in it}, in any unit."""
        end, found, still = self._end(), {}, 0
        for week in self.weeks:
            season = 0 if week in FESTIVAL else 0.2 if week == 8 else 0.5 if week < 10 else 1.1
            if week < 10 and self.works in OUTDOOR:
                season *= 0.5
            drawn, luck = self.rng.lognormvariate(0, 0.35), self.rng.random()
            is_on = self.begin is not None and self.begin <= week <= end and (luck >= QUIET or still)
            found[week] = season * drawn if is_on else 0
            still = 0 if is_on else still + 1
        if self.begin is not None and not any(found.values()):
            found[max(min(end, self.weeks[-1]), self.weeks[0])] = 1
        return found

    def _percents(self):
        """{week: works percent}; None before the works begin."""
        if self.begin is None or self.row.percent is None:
            return dict.fromkeys(self.weeks)
        finish = Decimal(self.row.percent)
        start = Decimal(self.january.percent or (finish - 4 if self.weeks[0] > 1 and self.begin == 1 else 0))
        if not self.row.works:
            start = finish - 24  # of the projects that the report names only the end is known
        step = Decimal(1) if finish - start >= 16 else Decimal("0.5") if finish - start >= 6 else Decimal("0.2")
        weights, done, found = self._weights(), 0, {}
        whole = sum(weights.values())
        for week, weight in weights.items():
            done += weight
            share = Decimal(min(done / whole, 1))
            reached = finish if done >= whole * 0.9999 else start + (finish - start) * share // step * step
            found[week] = reached if week >= self.begin else None
        return found

    def _moving(self, percents):
        """The weeks in which something moves. Finished projects still settle their accounts now and then."""
        moving, before, finished = set(), Decimal(self.january.percent or 0), []
        for week in self.weeks:
            percent = percents[week]
            if percent is None:
                continue
            if percent == HUNDRED and week not in FESTIVAL:
                finished.append(week)
            if percent > before:
                moving.add(week)
            before = percent
        return moving | set(self.rng.sample(finished, min(len(finished), max(len(finished) // 3, 7 - len(moving)))))

    def _money(self, percents, moving):
        """{week: year-to-date investment}, in whole 万元 until the last one."""
        if not self.invested:
            return dict.fromkeys(self.weeks, self.invested)
        parts = {week: self._effort(percents, week) * self.rng.uniform(0.6, 1.4) for week in sorted(moving)}
        if not parts:
            parts = {self.weeks[0]: 1}
        self._level(parts)
        unit = Decimal(1) if self.invested > 100 else Decimal("0.1")
        done, found = self._before_its_first_report(parts), {}
        whole = done + sum(parts.values())
        for week in self.weeks:
            done += parts.get(week, 0)
            is_all = done >= whole * 0.9999
            found[week] = self.invested if is_all else (self.invested * Decimal(done / whole)) // unit * unit
        return found

    def _before_its_first_report(self, parts):
        """What was done of a project that came into the plan later in the year, in the unit of `parts`."""
        weeks = self.weeks[0] - (self.begin or self.weeks[0])
        return sum(parts.values()) * max(weeks, 0) / len(self.weeks)

    def _level(self, parts):
        """No week brings more than a fifth of the year's plan, unless there are too few weeks for that."""
        for _ in range(8):
            most = MOST_IN_A_WEEK * float(self.row.planned / self.invested) * sum(parts.values()) if parts else 0
            parts.update({week: min(part, most) for week, part in parts.items()})

    def _effort(self, percents, week):
        grown = percents[week] - (percents.get(week - 1) or Decimal(self.january.percent or 0))
        return min(max(float(grown), 0.5), 3)

    # Words

    def _told(self, percents, money, moving):
        reports, words = {}, ""
        written = self._weeks_with_new_words(moving)
        for week in self.weeks:
            kind = self._kind(percents[week])
            if week in written:
                words = self.row.progress if week == max(written) else self._words(kind, percents[week])
            reports[week] = Answers(
                ytd_investment=money[week],
                works_percent=percents[week],
                progress=words,
                next_plan=self.rng.choice(words_of(kind, "next")),
                no_change="" if week in written else self._reason(kind, week),
            )
        return reports

    def _weeks_with_new_words(self, moving):
        """Where something moves, and before the start every other week: permits go on."""
        before_start = [week for week in self.weeks if self.begin is None or week < self.begin]
        told = {week for week in before_start if week not in FESTIVAL and self.rng.random() < 0.45}
        return {self.weeks[0], *told, *moving}

    def _kind(self, percent):
        if self.works == STATED:
            return STATED
        if percent is None:
            return BEFORE_START
        return FINISHED if percent >= HUNDRED else self.works

    def _words(self, kind, percent):
        self.tail = self.rng.choice([words for words in words_of(kind, "week") if words != self.tail])
        n, m, k = self.rng.randint(30, 480), self.rng.randint(200, 3600), self.rng.randint(2, 9)
        tail = self.tail.format(n=n, m=m, k=k)
        if kind in (STATED, BEFORE_START):
            return f"{tail}。"
        base = self.rng.choice(progress.of_finished(self.works)) if kind == FINISHED else self._step(percent)
        return f"{base.removesuffix('。')}，本周{tail}。"

    def _step(self, percent):
        return progress.steps_at(self.works, percent)

    def _reason(self, kind, week):
        if week in FESTIVAL:
            return NoChange.HOLIDAY
        if self.stuck and week in self.stuck.weeks:
            return self.stuck.reason
        if kind in (FINISHED, BEFORE_START):
            return NoChange.DONE if kind == FINISHED else NoChange.PERMIT
        if week < 10:
            return NoChange.WINTER
        return self.rng.choice((NoChange.WEATHER, NoChange.SUPPLY, NoChange.FUNDS))
