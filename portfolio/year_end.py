"""The forecast of a county's year on a day, as its pages show it: by the rule that the back-test found best.

Kept for as long as the data stand still; the back-test, which is of weeks that are over, until the next week is.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from threading import Lock

from django.core.cache import cache

from portfolio.as_of import reading
from portfolio.back_test import back_tests, best_rules
from portfolio.forecast import OWN, RULES, Forecast, Total, snapshot
from portfolio.weeks import Week

A_WEEK = 7 * 24 * 3600  # seconds
_testing = Lock()


@dataclass(frozen=True)
class YearEnd:
    """`lines`: a `Forecast` of each plan that has reported, by the rule `rule`; `path`: [(day, Total)] of the county by
    `county_rule`, from the day itself through the ends of the months to the year's; `ends`: {rule: the county's 万元}.

    `silent` plans have not reported, and are in none of these.
    """

    year: int
    day: dt.date
    tests: list
    rule: str
    county_rule: str
    lines: list[Forecast]
    path: list
    ends: dict
    silent: int
    still: frozenset  # plans that are paused or finished

    @property
    def total(self) -> Total:
        return self.path[-1][1]

    @property
    def is_own(self):
        return self.rule == OWN

    @property
    def rule_label(self):
        return RULES[self.rule]

    @property
    def is_county_own(self):
        return self.county_rule == OWN

    @property
    def county_rule_label(self):
        return RULES[self.county_rule]

    @property
    def naive_ends(self):
        """[(rule's name, 万元)] of the rules that the county does not go by."""
        return [(RULES[rule], amount) for rule, amount in self.ends.items() if rule != self.county_rule]

    @property
    def labels(self):
        return list(RULES.values())

    @property
    def tested(self):
        return [test for test in self.tests if test.origins]

    @cached_property
    def missing(self):
        """Those that will miss their year's plan."""
        return [line for line in self.lines if line.shortfall]

    def of(self, plan_pk):
        """The `Forecast` of a plan; None where it has not reported or does not count."""
        return next((line for line in self.lines if line.pk == plan_pk), None)


def year_end(county, year, day):
    """The kept `YearEnd` of the plans that count on `day`."""
    key = f"year-end:{county.pk}:{county.data_version}:{county.business_today()}:{year}:{day}"
    return cache.get_or_set(key, lambda: _read(county, year, day))


def _read(county, year, day):
    tests = _tests(county, year, day)
    with reading(county, day if day < county.business_today() else None):
        known = snapshot(county, year, day)
    end = dt.date(year, 12, 31)
    rule, county_rule = best_rules(tests)
    lines = known.forecasts(end, rule)
    return YearEnd(
        year=year,
        day=known.day,
        tests=tests,
        rule=rule,
        county_rule=county_rule,
        lines=lines,
        path=_path(known, county_rule),
        ends={rule: known.total(known.forecasts(end, rule), end, rule).middle for rule in RULES},
        silent=len(known.courses) - len(lines),
        still=frozenset(course.pk for course in known.courses if course.stands_still),
    )


def _tests(county, year, day):
    """As of the last Sunday, so that the days of a week share it: what is known of a past day does not change.

    One at a time: whoever asks meanwhile waits for the answer instead of working it out once more.
    """
    week = Week.of(day)
    sunday = week.sunday if week.sunday <= day else week.previous.sunday
    with _testing:
        key = f"back-tests:{county.pk}:{year}:{sunday}"
        return cache.get_or_set(key, lambda: back_tests(county, year, sunday), timeout=A_WEEK)


def _path(known, rule):
    days = [known.day, *(day for day in _month_ends(known.year) if day > known.day)]
    return [(day, _on(known, day, rule)) for day in days]


def _on(known, day, rule):
    if day > known.day:
        return known.total(known.forecasts(day, rule), day, rule)
    # By our own rule nothing is still to come on the day itself: what was reported, whichever rule goes on from there.
    return known.total(known.forecasts(day), day)


def _month_ends(year):
    return [dt.date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13)]


def share_of_plan(forecast):
    """In percent; None without a plan. Of a Forecast or a Total."""
    return forecast.middle * 100 / Decimal(forecast.planned) if forecast.planned else None
