"""A small county year to report on: three plans of two units, with reports of the weeks around the quarter's end."""

import datetime as dt

from inspections import reports
from tests import factories

DAY = dt.date(2024, 5, 31)


def county():
    return factories.clock(2024, 5, 31, 10)


def plans(number=3, unit=None, **fields):
    """Plans under way of a year's 1,000 万元 each, half of it done by the latest report of week 20."""
    found = []
    for place in range(number):
        plan = factories.plan_under_way(
            unit or factories.unit(),
            seq=place + 1,
            project__category="industry",
            ytd_investment="500.10",
            reported_week=20,
            reported_on=dt.date(2024, 5, 19),
            **fields,
        )
        factories.report(plan, 13, ytd_investment="200.05")
        factories.report(plan, 20, ytd_investment="500.10")
        found.append(plan)
    return found


def quarterly(day=DAY, quarter=2):
    return reports.quarterly_content(factories.county(), 2024, quarter, day)


def block(content, section, kind="table", place=0):
    """The first (or `place`) block of that type in a section."""
    found = next(each for each in content["sections"] if each["key"] == section)
    return [each for each in found["blocks"] if each["type"] == kind][place]


def fact(content, label):
    items = block(content, "headline", "facts")["items"]
    return next((item["value"], item["of"]) for item in items if item["label"] == label)
