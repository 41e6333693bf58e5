"""The list of problems (问题清单) under a query string: state, filters with their counts, order, pages.

One query reads a few columns of every problem that the search lets through; states, filters and counts are worked out
from these in memory, so each filter shows what the others leave.
"""

import datetime as dt
from collections import Counter
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery

from accounts.models import Unit
from accounts.roles import Role
from portfolio import problems
from portfolio.as_of import end_of_day
from portfolio.lists import Option, Paged
from portfolio.models import AnnualPlan, Leader, Problem, Project, Town
from portfolio.models.problems import ProblemKind
from portfolio.problem_facets import COLUMNS, COMPLEXITIES, FACET_TOKENS, FACETS, NOBODY, STATES, Entry
from portfolio.search import search_terms
from portfolio.sent import whole_number

BATCH = 500
LONGEST_SEARCH = 100
OWN, ALL = "own", "all"


SORTS = {
    "deadline": "办结时限",
    "raised": "提出日期",
    "unit": "责任单位",
    "project": "项目",
}
FILTER_KEYS = {"q", "state", "scope", "project", "since", "until", "by", *(facet.key for facet in FACETS)}


class ProblemListing(Paged):
    """`params` is a QueryDict; what is unknown or malformed in it is ignored. `today` is the day that clocks stand at.

    A reporter who asks for nothing in particular sees the own unit's problems. `is_past`: `today` is an earlier day,
    and the listing is used inside `as_of.reading`.
    """

    def __init__(self, user, params, today, *, is_past=False):
        self.user = user
        self.county = user.county
        self.params = params
        self.today = today
        self.is_past = is_past
        self.state = params.get("state") if params.get("state") in STATES else "open"
        self.sort = params.get("sort") if params.get("sort") in SORTS else "deadline"
        self.search = params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        self.since, self.until = _day(params.get("since", "")), _day(params.get("until", ""))
        self.project_id = whole_number(params.get("project", ""))
        self.scope = self._scope()
        self.chosen = {facet.key: params[facet.key] for facet in FACETS if params.get(facet.key)}

    # Own problems

    @cached_property
    def own_leader(self):
        """The leader whose account this is, if it is one's."""
        return Leader.objects.filter(user=self.user).first() if self.user.role == Role.LEADER else None

    @property
    def _reports(self):
        return self.user.role == Role.REPORTER and self.user.unit_id is not None

    @property
    def own_label(self):
        """What the own problems are called; empty for who has none."""
        if self._reports:
            return "本单位"
        return "我包联的" if self.own_leader else ""

    def _scope(self):
        asked = self.params.get("scope")
        if asked in {OWN, ALL}:
            return asked if self.own_label else ALL
        is_bare = not any(self.params.get(key) for key in FILTER_KEYS)
        return OWN if is_bare and self._reports else ALL

    def _is_own(self, entry):
        if self._reports:
            return self.user.unit_id in {entry.unit_id, entry.project_unit_id}
        return entry.leader_id == self.own_leader.pk

    # Reading and narrowing

    @cached_property
    def entries(self):
        """What search, days, project and scope let through, in the asked order."""
        leader = AnnualPlan.objects.filter(project=OuterRef("project"), year=self.today.year).values("leader")[:1]
        rows = Problem.objects.filter(self._conditions()).annotate(leader=Subquery(leader))
        entries = [Entry(*values) for values in rows.order_by(*self._order()).values_list(*COLUMNS)]
        if self.sort == "deadline":
            entries.sort(key=self._urgency)
        return [entry for entry in entries if self._is_own(entry)] if self.scope == OWN else entries

    def _conditions(self):
        condition = Q(county=self.county)
        for term in search_terms(self.search):
            condition &= (
                Q(text__icontains=term)
                | Q(measure__icontains=term)
                | Q(person__icontains=term)
                | Q(unit__name__icontains=term)
                | Q(project__search_key__contains=term)
            )
        if self.project_id:
            condition &= Q(project=self.project_id)
        if self.since:
            condition &= Q(raised_on__gte=self.since)
        return condition & Q(raised_on__lte=self.until) if self.until else condition

    def _order(self):
        return {
            "deadline": ("deadline", "pk"),
            "raised": ("-raised_on", "-pk"),
            "unit": ("unit__name", "deadline", "pk"),
            "project": ("project__name_pinyin", "deadline", "pk"),
        }[self.sort]

    @staticmethod
    def _urgency(entry):
        """Open ones by their deadline, so that the overdue come first; then the closed, the latest first."""
        if entry.is_open:
            return 0, entry.deadline.toordinal(), entry.pk
        return 1, -entry.closed_on.toordinal(), entry.pk

    def _fits(self, entry, without=None):
        return not self.chosen or all(
            FACET_TOKENS[key](entry) == token for key, token in self.chosen.items() if key != without
        )

    @cached_property
    def in_any_state(self):
        """What the filters let through, whatever its state: the tallies by unit and leader are of these."""
        return [entry for entry in self.entries if self._fits(entry)]

    @cached_property
    def _in_state(self):
        """Those of the asked state, whatever the filters by value say."""
        test = STATES[self.state][1]
        return [entry for entry in self.entries if test(entry, self.today)]

    @cached_property
    def found(self):
        return [entry for entry in self._in_state if self._fits(entry)]

    @property
    def open_count(self):
        return sum(entry.is_open for entry in self.in_any_state)

    @property
    def overdue_count(self):
        return sum(entry.is_overdue(self.today) for entry in self.in_any_state)

    @property
    def unit_count(self):
        """How many units have an open problem."""
        return len({entry.unit_id for entry in self.in_any_state if entry.is_open} - {None})

    # Choices

    @cached_property
    def tabs(self):
        return [
            Option(
                token,
                label,
                sum(test(entry, self.today) for entry in self.in_any_state),
                token == self.state,
                self.query(state=token),
            )
            for token, (label, test) in STATES.items()
        ]

    @cached_property
    def facets(self):
        """[(Facet, its options)]; an option counts what the other filters and the state let through."""
        return [(facet, self._options(facet)) for facet in FACETS]

    def _options(self, facet):
        counts = Counter(facet.token(entry) for entry in self._in_state if self._fits(entry, without=facet.key))
        chosen = self.chosen.get(facet.key)
        if chosen is not None:
            counts.setdefault(chosen, 0)
        titled = [
            Option(token, self.title(facet.key, token), count, token == chosen) for token, count in counts.items()
        ]
        return sorted(titled, key=lambda option: (-option.count, option.title))

    def title(self, key, token):
        return self._titles[key].get(token, "未定" if token == NOBODY else token[:20])

    @cached_property
    def _titles(self):
        return {
            "kind": dict(ProblemKind.choices),
            "complexity": COMPLEXITIES,
            "source": dict(Problem.Source.choices),
            "year": {token: f"{token}年" for token in {str(entry.raised_on.year) for entry in self.entries}},
            "unit": self._names(Unit, {entry.unit_id for entry in self.entries}),
            "leader": self._names(Leader, {entry.leader_id for entry in self.entries}),
            "town": self._names(Town, {entry.town_id for entry in self.entries}),
        }

    def _names(self, model, pks):
        rows = model.objects.filter(county=self.county, pk__in=pks - {None}) if pks - {None} else []
        return {str(row.pk): row.name for row in rows}

    @cached_property
    def project(self):
        """The project that the list is narrowed to, or None."""
        return Project.objects.visible_to(self.user).filter(pk=self.project_id).first() if self.project_id else None

    # Pages

    def rows(self):
        """The rows of this page."""
        return self._read(self.shown)

    def all_rows(self):
        return self._read(self.found)

    def _read(self, entries):
        """Rows of the entries, in batches: no database takes any number of parameters."""
        return [
            row for start in range(0, len(entries), BATCH) for row in self._read_batch(entries[start : start + BATCH])
        ]

    def _read_batch(self, entries):
        stored = Problem.objects.filter(county=self.county, pk__in=[entry.pk for entry in entries])
        by_pk = {row.pk: row for row in stored.select_related("project", "project__town", "unit")}
        news = problems.latest_news(by_pk, end_of_day(self.today) if self.is_past else None)
        return [
            problems.row_of(
                by_pk[entry.pk],
                self.user,
                self.today,
                leader="" if entry.leader_id is None else self.title("leader", str(entry.leader_id)),
                latest=news.get(entry.pk),
            )
            for entry in entries
        ]

    # Query strings and words

    @property
    def kept_params(self):
        params = super().kept_params
        if self.own_label:
            params["scope"] = self.scope
        return params

    @property
    def cleared_query(self):
        """Every filter taken off, the own unit's included."""
        kept = {key: self.params[key] for key in ("as_of", "sort") if self.params.get(key)}
        bare = self.params.copy()
        bare.clear()
        bare.update({"scope": ALL, **kept})
        return bare.urlencode()

    @property
    def is_narrowed(self):
        return bool(self.chosen or self.search or self.since or self.until or self.project_id)

    @property
    def words(self):
        """The filter in words, for paper and files: `未销号；本单位；类型：用地`."""
        told = [STATES[self.state][0], self.own_label if self.scope == OWN else ""]
        told += [f"搜索：{self.search}" if self.search else "", f"项目：{self.project}" if self.project else ""]
        told += [f"{facet.label}：{self.title(facet.key, token)}" for facet, token in self._asked()]
        told += [f"{self.since} 起提出" if self.since else "", f"{self.until} 止提出" if self.until else ""]
        return "；".join(part for part in told if part)

    def _asked(self):
        return [(facet, self.chosen[facet.key]) for facet in FACETS if facet.key in self.chosen]


def _day(text):
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
