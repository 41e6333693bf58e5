"""One row of a demo plan table, as its author knows it before any spelling."""

import copy
import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portfolio.models.register import Category, Nature, Registration, Stage
from portfolio.partial_dates import PartialDate, Precision

INDUSTRIAL, INFRASTRUCTURE = Category.INDUSTRIAL.label, Category.INFRASTRUCTURE.label
RESERVE, PLANNED, BUILDING, IN_OPERATION = (stage.label for stage in Stage)
REGISTERED, NOT_REGISTERED = Registration.DONE.label, Registration.NOT_YET.label
CONTINUED = Nature.CONTINUED.label


@dataclass
class DemoRow:
    """Labels as they are written; money in 万元; `start` is the planned one before the project has started."""

    name: str
    category: str
    sector: str = ""
    industry: str = ""
    nature: str = ""
    stage: str = ""
    level: str = ""
    town: str = ""
    address: str = ""
    start: PartialDate | None = None
    finish: PartialDate | None = None
    progress: str = ""
    percent: int | None = None
    content: str = ""
    total: Decimal | None = None
    planned: Decimal | None = None
    before: Decimal | None = None
    target: str = ""
    unit: str = ""
    leader: str = ""
    builder: str = ""
    registration: str = ""
    code: str = ""
    source: str = ""
    remark: str = ""
    works: str = ""
    parts: list = field(default_factory=list)  # sub-items: listed below, not counted

    def but(self, **changes):
        return replace(copy.deepcopy(self), **changes)


def month(year, number):
    return PartialDate(dt.date(year, number, 1), Precision.MONTH)
