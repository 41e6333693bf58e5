"""Rows of projects (portfolio.project_rows) under a query string: filters with their counts, and pages."""

from collections import Counter
from functools import cached_property

from portfolio.lists import Option, Paged
from portfolio.search import search_terms

LONGEST_SEARCH = 100
NOBODY = "none"


def unit_of(unit):
    """(token, title) of a unit that may be missing."""
    return (str(unit.pk), str(unit)) if unit else (NOBODY, "未明确")


def choice_of(choice):
    return choice.value, choice.label


class RowListing(Paged):
    """`facets` is {key of the query string: (label, row → (token, title))}; what is unknown in `params` is ignored.

    `sorts` is {token: (title, row → what it is put in order by)} beside the order of the plan table.
    """

    def __init__(self, rows, params, facets, sorts=None):
        self.everything, self.params, self._facets, self._sorts = rows, params, facets, sorts or {}
        self.sort = params.get("sort") if params.get("sort") in self._sorts else ""
        known = {key: {tell(row)[0] for row in rows} for key, (_, tell) in facets.items()}
        self.chosen = {key: params[key] for key in facets if params.get(key) in known[key]}
        self.search = params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        self.is_whole = "print" in params

    @cached_property
    def found(self):
        found = [row for row in self.everything if self._fits(row)]
        return sorted(found, key=self._sorts[self.sort][1]) if self.sort else found

    @property
    def projects(self):
        """How many projects the found rows belong to."""
        return len({row.project.pk for row in self.found})

    def _fits(self, row, but=None):
        asked = [(self._facets[key][1], token) for key, token in self.chosen.items() if key != but]
        return all(tell(row)[0] == token for tell, token in asked) and all(
            term in row.project.search_key for term in search_terms(self.search)
        )

    @cached_property
    def facets(self):
        """[(key, label, [Option])]: each option's count is of what the other filters leave."""
        return [(key, label, self._options(key, tell)) for key, (label, tell) in self._facets.items()]

    def _options(self, key, tell):
        counts = Counter(tell(row) for row in self.everything if self._fits(row, but=key))
        ordered = sorted(counts, key=lambda option: (-counts[option], option))
        return [Option(token, title, counts[token, title], token == self.chosen.get(key)) for token, title in ordered]

    @property
    def sorts(self):
        """[(token, title, is it chosen)] of the orders besides that of the plan table."""
        return [(token, title, token == self.sort) for token, (title, _) in self._sorts.items()]

    @property
    def is_narrowed(self):
        return bool(self.chosen or self.search)

    @property
    def words(self):
        """The filters in words: 责任单位：交通局；有缺口"""
        chosen = [
            f"{label}：{option.title}" for _, label, options in self.facets for option in options if option.is_chosen
        ]
        if self.search:
            chosen.append(f"项目：{self.search}")
        return "；".join(chosen) or "全部"

    @property
    def rows(self):
        """The rows of this page; all of them on paper."""
        return self.found if self.is_whole else self.shown
