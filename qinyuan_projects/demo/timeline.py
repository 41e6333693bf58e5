"""What happens when in the demo's year, and who does it."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from portfolio import permit_kinds
from portfolio.models import AnnualPlan
from qinyuan_projects.demo import people
from qinyuan_projects.demo.generation import YEAR


@dataclass(frozen=True)
class Event:
    """Something that happens at a moment of business time (naive, local); `run` takes no argument."""

    at: dt.datetime
    run: object


# Days off of the year's spring besides weekends: Spring Festival, 清明 and 劳动节.
DAYS_OFF = (((2, 9), 9), ((4, 4), 3), ((5, 1), 5))  # (first day, how many)
OFF = frozenset(
    dt.date(YEAR, *first) + dt.timedelta(days=number) for first, count in DAYS_OFF for number in range(count)
)


def workday(day, step=-1):
    """`day`, or where nobody works on it the last day before (`step` 1: the first after) on which they do."""
    while day.weekday() >= 5 or day in OFF:
        day += dt.timedelta(days=step)
    return day


def at(month, day, hour=10, minute=0):
    return dt.datetime(YEAR, month, day, hour, minute)


class Actors:
    """The demo's accounts and plans by their names. Only the reporters' own two units have accounts of their own."""

    def __init__(self, county):
        self.county = county

    @cached_property
    def accounts(self):
        return {user.username: user for user in User.objects.filter(county=self.county)}

    @property
    def office(self):
        return self.accounts["office"]

    @cached_property
    def permit_kinds(self):
        return list(permit_kinds.in_use(self.county))

    def today(self):
        """The county's day, as far as the clock has been moved."""
        self.county.refresh_from_db()
        return self.county.business_today()

    def of_unit(self, unit, turn=0):
        """Who writes for a unit, given by its name: its reporters in `turn`, else the office in its place."""
        if unit == people.UNIT_OF_REPORTERS:
            return self.accounts["reporter2" if turn % 3 == 0 else "reporter"]
        return self.accounts["reporter3" if unit == people.UNIT_OF_THIRD_REPORTER else "office2"]

    def plans(self, names, year=YEAR):
        """{project name: its plan of the year}"""
        plans = AnnualPlan.objects.filter(county=self.county, year=year, project__name__in=list(names))
        return {plan.project.name: plan for plan in plans.select_related("project__unit").order_by("pk")}

    def plan(self, name):
        return self.plans([name])[name]
