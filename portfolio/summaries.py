"""Sums of a year's plan by category, stage, township …: the same rows, the same exact sums as in the plan table."""

from dataclasses import dataclass

from django.http import QueryDict

from portfolio import facets
from portfolio.listing import PlanListing
from portfolio.models import AnnualPlan


@dataclass(frozen=True)
class GroupSums:
    """One value of a facet with its rows' sums; `query` leads to these rows in the plan table."""

    token: str
    title: str
    sums: facets.Sums
    query: str

    @property
    def is_blank(self):
        return self.token == facets.BLANK


def added(groups):
    """The sums of several groups as one."""
    result = facets.Sums()
    for group in groups:
        for name in vars(result):
            setattr(result, name, getattr(result, name) + getattr(group.sums, name))
    return result


class PlanSummary:
    """What a county plans for a year. An unknown `year` (or none) means this year, or the latest that has a plan.

    `as_of` is a past day; read it inside `as_of.reading` then.
    """

    def __init__(self, county, year=None, as_of=None):
        params = QueryDict(mutable=True)
        params["year"] = str(year or "")
        params["as_of"] = str(as_of or "")
        self._as_of = as_of
        self._listing = PlanListing(county, params)
        self.county = county
        self.year = self._listing.year
        self.years = self._listing.years
        self.sums = self._listing.sums

    def by(self, key):
        """A `GroupSums` for each value of the facet that has rows, in the facet's order, 未填 last."""
        groups = {}
        for entry in self._listing.entries:
            groups.setdefault(entry.tokens[key], facets.Sums()).add(entry)
        titles = self._listing.index.titles[key]
        return [
            GroupSums(token, titles[token][0], groups[token], self.query(key, [token]))
            for token in sorted(groups, key=lambda token: titles[token][1])
        ]

    def query(self, key, tokens):
        """The query string of the plan table that shows the rows with these values."""
        query = QueryDict(mutable=True)
        query["year"] = self.year
        if self._as_of:
            query["as_of"] = self._as_of
        query.setlist(key, tokens)
        return query.urlencode()

    def largest(self, count):
        """The plans with the largest total investment, with their projects."""
        known = [entry for entry in self._listing.entries if entry.total is not None]
        return self._plans(sorted(known, key=lambda entry: -entry.total)[:count])

    def without_total(self, count):
        """The first `count` plans whose total investment nobody has filled in; `sums.missing_total` counts all."""
        return self._plans([entry for entry in self._listing.entries if entry.total is None][:count])

    def _plans(self, entries):
        plans = AnnualPlan.objects.filter(county=self.county).with_project().in_bulk([entry.pk for entry in entries])
        return [plans[entry.pk] for entry in entries]
