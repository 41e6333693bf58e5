"""The list of all matters (交办事项) under a query string: state, filters with their counts, order, pages.

One query reads what the account may see, another its news; the rest is worked out in memory, so that each filter
counts what the others leave.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from accounts.roles import Right, Role, has_right
from inspections import matters
from inspections.escalation import Escalation
from inspections.models import Matter
from inspections.models.meetings import MatterState
from portfolio.as_of import end_of_day
from portfolio.lists import Option, Paged
from portfolio.models import Leader
from portfolio.search import name_key, search_terms
from portfolio.sent import whole_number

LONGEST_SEARCH = 100
OWN, ALL = "own", "all"
NOBODY = "none"
RISING = "rising"
SORTS = {"deadline": "办结时限", "decided": "议定日期", "unit": "责任单位", "leader": "牵头领导", "rise": "督办"}

# What the tabs above the list ask for: {token: (label, test of a row)}.
STATES = {
    "open": ("未办结", lambda row: not row.clock.is_settled),
    "overdue": ("逾期", lambda row: row.clock.is_overdue),
    RISING: ("应升级督办", lambda row: row.rise is not None and row.rise.needed is not None),
    "closing": ("申请办结", lambda row: row.matter.state == MatterState.CLOSING),
    "done": ("已办结", lambda row: row.matter.state == MatterState.DONE),
    "dropped": ("不再办理", lambda row: row.matter.state == MatterState.DROPPED),
    "revoked": ("已撤销", lambda row: row.matter.state == MatterState.REVOKED),
    "all": ("全部", lambda row: True),
}


@dataclass(frozen=True)
class Filter:
    """A filter by value: its key in the query string, its label, and (token, title) of a row."""

    key: str
    label: str
    named: object


def _one(row):
    return (NOBODY, "未明确") if row is None else (str(row.pk), str(row))


def _origin(row):
    """Meetings and rounds may have the same number, so the token tells which it is."""
    matter = row.matter
    if matter.meeting is not None:
        return f"m{matter.meeting_id}", str(matter.meeting)
    return f"r{matter.stop.round_id}", str(matter.stop.round)


FILTERS = (
    Filter("unit", "责任单位", lambda row: _one(row.matter.unit)),
    Filter("leader", "牵头领导", lambda row: _one(row.matter.leader)),
    Filter("origin", "出自", _origin),
    Filter("year", "议定年度", lambda row: (str(row.matter.decided_on.year), f"{row.matter.decided_on.year}年")),
)


def _rising(row):
    """The gravest letter first."""
    return -row.rise.rank if row.rise else 0, matters.urgency(row)


_ORDERS = {"deadline": matters.urgency, "rise": _rising}
FILTER_KEYS = {"q", "state", "scope", "project", *(one.key for one in FILTERS)}


class MatterListing(Paged):
    """`params` is a QueryDict; what is unknown or malformed in it is ignored. `today` is the day that clocks stand at.

    `is_past`: `today` is an earlier day, and the listing is used inside `as_of.reading`.

    Who asks for nothing in particular sees the own matters first: a reporter the unit's, a leader those led.
    """

    def __init__(self, user, params, today, *, is_past=False):
        self.user, self.params, self.today, self.is_past = user, params, today, is_past
        self.issues = has_right(user, Right.ISSUE_LETTERS) and not is_past
        self.states = {token: one for token, one in STATES.items() if self.issues or token != RISING}
        self.state = params.get("state") if params.get("state") in self.states else "open"
        self.sort = params.get("sort") if params.get("sort") in SORTS else "deadline"
        self.search = params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        self.project_id = whole_number(params.get("project", ""))
        self.chosen = {one.key: params[one.key] for one in FILTERS if params.get(one.key)}
        self.scope = self._scope()

    # Own matters

    @cached_property
    def own_leader(self):
        return Leader.objects.filter(user=self.user).first() if self.user.role == Role.LEADER else None

    @property
    def answers(self):
        """Whether the account answers for a unit's matters."""
        return has_right(self.user, Right.ANSWER_MATTERS) and self.user.unit_id is not None

    @property
    def own_label(self):
        """What the own matters are called; empty for who has none."""
        if self.answers:
            return "本单位"
        return "我牵头的" if self.own_leader else ""

    def _scope(self):
        asked = self.params.get("scope")
        if asked in {OWN, ALL}:
            return asked if self.own_label else ALL
        is_bare = not any(self.params.get(key) for key in FILTER_KEYS)
        return OWN if is_bare and self.answers else ALL

    def _is_own(self, matter):
        return matter.unit_id == self.user.unit_id if self.answers else matter.leader_id == self.own_leader.pk

    # Narrowing

    @cached_property
    def rows(self):
        """What search, project and scope let through, in any state, in the asked order."""
        stored = Matter.objects.readable_by(self.user).in_force()
        if self.project_id:
            stored = stored.filter(project=self.project_id)
        until = end_of_day(self.today) if self.is_past else None
        rows = matters.rows_of(stored.order_by(*self._order(), "deadline", "pk"), self.today, until)
        rows = [row for row in rows if self._has_words(row) and (self.scope == ALL or self._is_own(row.matter))]
        rows = [replace(row, rise=self.rises.get(row.matter.pk)) for row in rows] if self.rises else rows
        return sorted(rows, key=_ORDERS[self.sort]) if self.sort in _ORDERS else rows

    @cached_property
    def rises(self):
        """{matter's key: its `escalation.Rise`}, today, for who issues letters."""
        return Escalation(self.user.county, self.today).by_matter() if self.issues else {}

    def _order(self):
        return {"decided": ["-decided_on"], "unit": ["unit__name"], "leader": ["leader__rank", "leader__name"]}.get(
            self.sort, []
        )

    def _has_words(self, row):
        matter = row.matter
        said = name_key(f"{matter.text} {matter.person} {matter.unit}")
        said += matter.project.search_key if matter.project else ""
        return all(term in said for term in search_terms(self.search))

    def _fits(self, row, without=None):
        return all(one.key == without or self._is_chosen(one, row) for one in FILTERS if one.key in self.chosen)

    def _is_chosen(self, one, row):
        return one.named(row)[0] == self.chosen[one.key]

    @cached_property
    def in_any_state(self):
        return [row for row in self.rows if self._fits(row)]

    @cached_property
    def found(self):
        return [row for row in self.in_any_state if STATES[self.state][1](row)]

    # Counts and choices

    @property
    def tally(self):
        return matters.tally(self.in_any_state)

    @cached_property
    def tabs(self):
        return [
            Option(token, label, sum(map(test, self.in_any_state)), token == self.state, query=self.query(state=token))
            for token, (label, test) in self.states.items()
        ]

    @cached_property
    def filters(self):
        """[(Filter, its options)]; an option counts what the other filters and the state let through."""
        in_state = [row for row in self.rows if STATES[self.state][1](row)]
        return [(one, self._options(one, in_state)) for one in FILTERS]

    def _options(self, one, in_state):
        counts = Counter(one.named(row) for row in in_state if self._fits(row, without=one.key))
        chosen = self.chosen.get(one.key)
        if chosen is not None and chosen not in {token for token, _ in counts}:
            counts[chosen, self._title(one, chosen)] = 0
        options = [Option(token, title, count, token == chosen) for (token, title), count in counts.items()]
        return sorted(options, key=lambda option: (-option.count, option.title))

    def _title(self, one, token):
        return next((title for row in self.rows for key, title in [one.named(row)] if key == token), token[:20])

    # Pages

    @property
    def to_answer(self):
        """The own unit's open matters that wait for its answer, for whoever answers; in the list's order."""
        if self.is_past or self.scope != OWN or not self.answers:
            return []
        return [row for row in self.shown if row.matter.state == MatterState.OPEN]

    # Query strings and words

    @property
    def kept_params(self):
        params = super().kept_params
        if self.own_label:
            params["scope"] = self.scope
        return params

    @property
    def cleared_query(self):
        """Every filter taken off, the own unit's included; the day stays."""
        return f"scope=all&as_of={self.today}" if self.is_past else "scope=all"

    @property
    def is_narrowed(self):
        return bool(self.chosen or self.search or self.project_id)

    @property
    def words(self):
        """The filter in words, for paper and files: `未办结；本单位；责任单位：水利局`."""
        told = [STATES[self.state][0], self.own_label if self.scope == OWN else ""]
        told += [f"搜索：{self.search}" if self.search else "", "一个项目" if self.project_id else ""]
        told += [f"{one.label}：{self._title(one, self.chosen[one.key])}" for one in FILTERS if one.key in self.chosen]
        return "；".join(part for part in told if part)
