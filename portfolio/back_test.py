"""How well the forecast (portfolio.forecast) would have done in past weeks, for projects and for the county's sum.

Each origin is read as it was known on its Sunday: later reports, corrections and plans are not in it.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.as_of import reading
from portfolio.forecast import OWN, PACE_WEEKS, RULES, snapshot
from portfolio.weeks import Week

HORIZONS = (4, 8, 12, 16)  # weeks ahead
ENOUGH_ORIGINS = 3  # weeks to start from, below which a horizon does not say which rule is best


@dataclass
class Trial:
    """Of each rule, the errors of the middle, in percent of the plan; of ours, whether P10–P90 held what came."""

    misses: dict = field(default_factory=lambda: {rule: [] for rule in RULES})
    held: list = field(default_factory=list)

    def add(self, rule, forecast, actual):
        """`forecast` is of one plan or a sum, and knows its planned investment."""
        self.misses[rule].append(abs(forecast.middle - actual) * 100 / forecast.planned)
        if rule == OWN and forecast.low is not None:
            self.held.append(forecast.low <= actual <= forecast.high)

    @property
    def cases(self):
        return len(self.misses[OWN])

    @property
    def errors(self):
        """{rule: mean error in percent of the plan}; empty without cases."""
        return {rule: sum(found) / len(found) for rule, found in self.misses.items() if found}

    @property
    def covered(self):
        """In percent of the cases that had a range; 80 is right. None without any."""
        return Decimal(sum(self.held)) * 100 / len(self.held) if self.held else None

    @property
    def best(self):
        """The rule to show: ours until there is something to compare, and only where it is better than both others."""
        errors = self.errors
        return min(RULES, key=lambda rule: (errors[rule], rule == OWN)) if errors else OWN

    @property
    def best_label(self):
        return RULES[self.best]

    @property
    def is_own_best(self):
        return self.best == OWN

    @property
    def lines(self):
        """[(rule's name, its error, whether it is the best)]."""
        errors, best = self.errors, self.best
        return [(label, errors.get(rule), rule == best) for rule, label in RULES.items()]


@dataclass
class BackTest:
    """Forecasts `horizon` weeks ahead, made in the weeks numbered `origins`."""

    horizon: int
    origins: list = field(default_factory=list)
    projects: Trial = field(default_factory=Trial)
    county: Trial = field(default_factory=Trial)

    @property
    def parts(self):
        return [("各项目", self.projects), ("全县合计", self.county)]

    @property
    def is_enough(self):
        return len(self.origins) >= ENOUGH_ORIGINS

    def replay(self, then, happened, end):
        """`then` is the Snapshot of an origin, `happened` {plan: what it had reported by the day `end`}."""
        self.origins.append(then.week)
        for rule in RULES:
            known = [line for line in then.forecasts(end, rule) if line.planned and happened.get(line.pk) is not None]
            for line in known:
                self.projects.add(rule, line, happened[line.pk])
            if known:
                self.county.add(rule, then.total(known, end, rule), sum(happened[line.pk] for line in known))


def back_tests(county, year, day, horizons=HORIZONS):
    """A `BackTest` for each horizon: from every past week, against what was reported by a later one that is over."""
    with reading(county, day if day < county.business_today() else None):
        now = snapshot(county, year, day)
    tests = [BackTest(horizon) for horizon in horizons]
    is_told = any(course.reports for course in now.courses)
    for number in range(PACE_WEEKS, now.closed_week - min(horizons) + 1) if is_told else ():
        with reading(county, Week(year, number).sunday):
            then = snapshot(county, year, Week(year, number).sunday)
        for test in tests:
            if (later := number + test.horizon) <= now.closed_week:
                happened = {course.pk: course.ytd(later) for course in now.courses}
                test.replay(then, happened, Week(year, later).sunday)
    return tests


def best_rules(tests):
    """(for projects, for the county): the best at the longest horizon that was tried often enough; ours before that."""
    tried = [test for test in tests if test.is_enough]
    farthest = max(tried, key=lambda test: test.horizon, default=BackTest(0))
    return farthest.projects.best, farthest.county.best
