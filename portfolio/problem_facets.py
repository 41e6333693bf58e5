"""What the list of problems is narrowed by: the states of its tabs, and filters by value (facets)."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from portfolio.models.problems import ProblemState

NOBODY = "none"
COMPLEXITIES = {"ordinary": "一般", "complex": "重大复杂"}


class Entry(NamedTuple):
    """The columns of a problem that states, filters and order look at."""

    pk: int
    state: str
    kind: str
    is_complex: bool
    source: str
    unit_id: int | None
    leader_id: int | None
    town_id: int | None
    project_id: int
    project_unit_id: int | None
    raised_on: dt.date
    deadline: dt.date
    asked_deadline: dt.date | None
    closed_on: dt.date | None

    @property
    def is_open(self):
        return self.state != ProblemState.CLOSED

    def is_overdue(self, today):
        return self.is_open and self.deadline < today


COLUMNS = ("pk", "state", "kind", "is_complex", "source", "unit", "leader", "project__town", "project")
COLUMNS += ("project__unit", "raised_on", "deadline", "asked_deadline", "closed_on")

# What the tabs above the list ask for: {token: (label, test of an entry and today)}.
STATES = {
    "open": ("未销号", lambda entry, today: entry.is_open),
    "overdue": ("逾期", lambda entry, today: entry.is_overdue(today)),
    "raised": ("待交办", lambda entry, today: entry.state == ProblemState.RAISED),
    "assigned": ("办理中", lambda entry, today: entry.state == ProblemState.ASSIGNED),
    "extension": ("申请延期", lambda entry, today: entry.asked_deadline is not None),
    "closing": ("申请销号", lambda entry, today: entry.state == ProblemState.CLOSING),
    "closed": ("已销号", lambda entry, today: not entry.is_open),
    "all": ("全部", lambda entry, today: True),
}


@dataclass(frozen=True)
class Facet:
    """A filter by value: its key in the query string, its label, and the token of an entry."""

    key: str
    label: str
    token: object


def _key_or_nobody(pk):
    return NOBODY if pk is None else str(pk)


FACETS = (
    Facet("kind", "类型", lambda entry: entry.kind),
    Facet("complexity", "难度", lambda entry: "complex" if entry.is_complex else "ordinary"),
    Facet("unit", "责任单位", lambda entry: _key_or_nobody(entry.unit_id)),
    Facet("leader", "包联领导", lambda entry: _key_or_nobody(entry.leader_id)),
    Facet("town", "乡镇", lambda entry: _key_or_nobody(entry.town_id)),
    Facet("source", "来源", lambda entry: entry.source),
    Facet("year", "提出年度", lambda entry: str(entry.raised_on.year)),
)
FACET_TOKENS = {facet.key: facet.token for facet in FACETS}
