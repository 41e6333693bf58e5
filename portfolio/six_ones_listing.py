"""One look at the matrix of the six ones: the plan table's rows, filters, order and address, and filters of its own.

Page, print and export all go through `SixOnesListing`, so they can't show different rows.
"""

import copy
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.core.cache import cache

from portfolio import plan_rows, reporting
from portfolio.as_of import reading
from portfolio.facets import BLANK, Facet
from portfolio.listing import Chip, PlanListing
from portfolio.lists import Option
from portfolio.plan_fields import BY_KEY
from portfolio.six_ones import facts
from portfolio.six_ones.rules import DEFAULTS_NOTE, OFFICE, RULES, Key, Standing
from portfolio.weeks import Week

VIEWS = {"matrix": "按项目", "gaps": "缺项清单", "leaders": "按包联领导", "units": "按责任单位"}
OFFICE_TOKEN = "office"
TITLES = {
    "whole": {"yes": "六个一齐全", "no": "有缺项"},
    "week": {"missing": "应报未报", "reported": "已报", "none": "不需报送"},
}
OWN_FACETS = (
    Facet("missing", "缺哪一项", (), in_bar=True),
    Facet("whole", "齐全", (), in_bar=True),
    Facet("week", "本周报送", (), in_bar=True),
    Facet("by", "由谁补齐", ()),
    Facet("stands", "已有哪一项", ()),
    Facet("needs", "应有哪一项", ()),
)
# Numbers lead to their rows by these two; nobody picks them from a list.
NOT_OFFERED = frozenset({"stands", "needs"})
GAPS_SORT = "-gaps"
# Beside what is in place, how the project runs: the plan table's own columns.
JUDGED = ("light", "completion", "deviation", "reported")
JUDGED_COLUMNS = tuple(BY_KEY[key] for key in JUDGED)


@dataclass
class Tally:
    """How many rows, how many of them whole; for each of the six how many need it and how many have it."""

    count: int = 0
    whole: int = 0
    needs: Counter = field(default_factory=Counter)
    stands: Counter = field(default_factory=Counter)

    def add(self, six):
        self.count += 1
        self.whole += six.is_whole
        self.stands.update(six.keys(Standing.STANDS))
        self.needs.update(one.key for one in six.ones if one.standing != Standing.NOT_NEEDED)


@dataclass
class Account:
    """What one leader or unit answers for, or all of them; the queries lead to the rows that a number counts."""

    title: str
    tally: Tally
    query: str
    whole_query: str
    cells: list
    is_blank: bool = False


@dataclass(frozen=True)
class AccountCell:
    """One of the six in an account: how many have it, of how many that need it."""

    key: str
    have: int
    due: int
    have_query: str
    due_query: str
    missing_query: str

    @property
    def lacking(self):
        return self.due - self.have


@dataclass
class Supplier:
    """Who must supply something: `items` are (SixOnes, {One: [Gap]}) by project."""

    token: str
    name: str
    items: list = field(default_factory=list)

    @property
    def count(self):
        return sum(len(gaps) for _, ones in self.items for gaps in ones.values())


def supplier_token(gap):
    return OFFICE_TOKEN if gap.unit is None else str(gap.unit)


def tokens_of(six):
    """{own facet key: the tokens under which this row is found}."""
    missing, stands = six.keys(Standing.MISSING), six.keys(Standing.STANDS)
    return {
        "missing": missing,
        "stands": stands,
        "needs": missing | stands,
        "whole": {"yes" if six.is_whole else "no"},
        "by": {supplier_token(gap) for _, gap in six.gaps},
    }


class SixOnesListing(PlanListing):
    """`view` is one of VIEWS; `judged` the SixOnes of every plan of the year."""

    can_compare = False
    defaults_note = DEFAULTS_NOTE

    def __init__(self, county, params):
        super().__init__(county, params)
        self.view = params.get("view") if params.get("view") in VIEWS else "matrix"
        self.most_gaps_first = params.get("sort") == GAPS_SORT
        asked = {facet.key: frozenset(params.getlist(facet.key)) - {""} for facet in OWN_FACETS}
        self.own_chosen = {key: values for key, values in asked.items() if values}

    @cached_property
    def judged(self):
        return facts.of_year(self.county, self.year, self.as_of)

    @cached_property
    def _tokens(self):
        return {pk: tokens_of(six) | {"week": {self._week_token(six)}} for pk, six in self.judged.items()}

    def _week_token(self, six):
        if self.year == self.week.year and six.facts.reported_week == self.week.number:
            return "reported"
        return "missing" if six.facts.plan in self._due else "none"

    @property
    def week(self):
        return Week.of(self.day)

    @cached_property
    def _due(self):
        """pks of the plans that have to report for the week of the day; none in another year's table."""
        if self.year != self.week.year:
            return frozenset()
        key = f"six-ones-due:{self.county.pk}:{self.county.data_version}:{self.as_of}:{self.day}"
        return cache.get_or_set(key, self._read_due)

    def _read_due(self):
        with reading(self.county, self.as_of):
            return reporting.due_on(self.county, self.week, self.day)

    def _passes(self, pk, but=None):
        """Whether a row has a chosen value in each own facet, `but` one."""
        return all(self._tokens[pk][key] & values for key, values in self.own_chosen.items() if key != but)

    @cached_property
    def whole_index(self):
        """The plan table's index, not narrowed by the own facets."""
        return self.searched()

    @cached_property
    def index(self):
        """Narrowed by the own facets first, so that the plan table's facets count under them."""
        narrowed = copy.copy(self.whole_index)
        narrowed.entries = [entry for entry in self.whole_index.entries if self._passes(entry.pk)]
        return narrowed

    @cached_property
    def entries(self):
        entries = super().entries
        if not self.most_gaps_first:
            return entries
        groups = {token: place for place, token in enumerate(dict.fromkeys(map(self._group_of, entries)))}
        return sorted(entries, key=lambda entry: (groups[self._group_of(entry)], -len(self.judged[entry.pk].gaps)))

    def _group_of(self, entry):
        return None if self.grouping == "none" else entry.tokens[self.grouping]

    # Filters

    @cached_property
    def facets(self):
        return self._own_facets() + super().facets

    def _own_facets(self):
        return [
            (facet, self._options(facet.key), len(self.own_chosen.get(facet.key, ())))
            for facet in OWN_FACETS
            if facet.key not in NOT_OFFERED
        ]

    def _options(self, key):
        under_others = [entry.pk for entry in self.whole_index.narrowed(self.chosen) if self._passes(entry.pk, key)]
        counts = Counter(token for pk in under_others for token in self._tokens[pk][key])
        chosen = self.own_chosen.get(key, frozenset())
        return [
            Option(token, title, counts[token], token in chosen)
            for token, title in self._titles(key).items()
            if counts[token] or token in chosen
        ]

    def _titles(self, key):
        """{token: title} of an own facet, in its order."""
        if key in TITLES:
            return TITLES[key]
        if key == "by":
            return self._suppliers
        return dict(Key.choices)

    @cached_property
    def _suppliers(self):
        names = {supplier_token(gap): gap.supplier for six in self.judged.values() for _, gap in six.gaps}
        names.pop(OFFICE_TOKEN, None)
        return {OFFICE_TOKEN: OFFICE, **dict(sorted(names.items(), key=lambda item: item[1]))}

    @cached_property
    def chips(self):
        return super().chips + [
            Chip(facet.label, self._titles(facet.key).get(token, token), self._without(facet.key, token))
            for facet in OWN_FACETS
            for token in self.params.getlist(facet.key)
            if token
        ]

    def _without(self, key, token):
        rest = [other for other in self.params.getlist(key) if other != token]
        return self.query(**{key: rest or None})

    @property
    def cleared_query(self):
        query = super().cleared_query
        return f"{query}&view={self.view}" if self.view != "matrix" else query

    # What the page says

    @cached_property
    def tally(self):
        return self._tally(self.entries)

    @property
    def gaps_in_rows(self):
        """How much is missing in all rows, whoever must supply it."""
        return sum(len(self.judged[entry.pk].gaps) for entry in self.entries)

    def matrix_groups(self, entries=None, cell=plan_rows.text):
        """The listing's groups with the rows of this page, or of the given entries, in JUDGED_COLUMNS."""
        return self.groups(self.rows(entries, JUDGED_COLUMNS, cell))

    def _tally(self, entries):
        tally = Tally()
        for entry in entries:
            tally.add(self.judged[entry.pk])
        return tally

    @property
    def heads(self):
        """[(key, label, rule in words, how many have it, how many need it)] of the six columns."""
        return [(key, key.label, RULES[key], self.tally.stands[key], self.tally.needs[key]) for key in Key]

    @property
    def judged_heads(self):
        """[(PlanField, what its head sorts by next, "ascending", "descending" or "" as it sorts now)]."""
        return [
            (
                column,
                f"-{key}" if self.sort == key else key,
                {key: "ascending", f"-{key}": "descending"}.get(self.sort, ""),
            )
            for key, column in zip(JUDGED, JUDGED_COLUMNS, strict=True)
        ]

    @cached_property
    def whole_by_group(self):
        """{title of a group: how many of its rows are whole}."""
        if self.grouping == "none":
            return {}
        whole = Counter(entry.tokens[self.grouping] for entry in self.entries if self.judged[entry.pk].is_whole)
        return {self.index.title(self.grouping, token): count for token, count in whole.items()}

    def accounts(self, key):
        """[Account] of each value of a facet (`leader`, `unit`) that has rows, in the facet's order, 未填 last."""
        members = {}
        for entry in self.entries:
            members.setdefault(entry.tokens[key], []).append(entry)
        titles = self.index.titles[key]
        return [
            self._account({key: token}, titles[token][0], self._tally(members[token]), is_blank=token == BLANK)
            for token in sorted(members, key=lambda token: titles[token][1])
        ]

    @property
    def total_account(self):
        return self._account({}, "合计", self.tally)

    def _account(self, within, title, tally, is_blank=False):
        def leading(**own):
            return self.query(view=None, sort=None, **within, **own)

        cells = [
            AccountCell(
                key,
                tally.stands[key],
                tally.needs[key],
                leading(stands=key),
                leading(needs=key),
                leading(missing=key),
            )
            for key in Key
        ]
        return Account(title, tally, leading(), leading(whole="yes"), cells, is_blank)

    @cached_property
    def suppliers(self):
        """[Supplier] of what is missing in these rows, the office first, then who owes most."""
        found = {}
        for entry in self.entries:
            six = self.judged[entry.pk]
            for token, ones in self._gaps_by_supplier(six).items():
                name = next(iter(ones.values()))[0].supplier
                found.setdefault(token, Supplier(token, name)).items.append((six, ones))
        return sorted(found.values(), key=lambda each: (each.token != OFFICE_TOKEN, -each.count, each.name))

    def _gaps_by_supplier(self, six):
        """{token: {One: [Gap]}}, only what was asked for: of the chosen ones, by the chosen suppliers."""
        keys, wanted = self.own_chosen.get("missing"), self.own_chosen.get("by")
        found = {}
        for one, gap in six.gaps:
            token = supplier_token(gap)
            if (keys is None or one.key in keys) and (wanted is None or token in wanted):
                found.setdefault(token, {}).setdefault(one, []).append(gap)
        return found

    @cached_property
    def gap_count(self):
        return sum(supplier.count for supplier in self.suppliers)
