"""Problems per unit and per leader: open, overdue, closed, and how many days closing took."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from portfolio.problem_facets import FACET_TOKENS, NOBODY


@dataclass(frozen=True)
class Tally:
    """`median_days`: from raising to closing, the middle one of the closed problems; None where none is closed.

    `queries` are the query strings of the list that lead to the counted rows: {"all", "open", "overdue", "closed"}.
    """

    token: str
    title: str
    open: int
    overdue: int
    closed: int
    median_days: float | None
    queries: dict

    @property
    def total(self):
        return self.open + self.closed


def tallies(listing, key):
    """([Tally], their sum) of the listing's problems in any state by its facet `key`; most overdue first."""
    groups = defaultdict(list)
    for entry in listing.in_any_state:
        groups[FACET_TOKENS[key](entry)].append(entry)
    rows = [
        _tally(listing, entries, token, listing.title(key, token), {key: token}) for token, entries in groups.items()
    ]
    rows.sort(key=lambda row: (row.token == NOBODY, -row.overdue, -row.open, row.title))
    return rows, _tally(listing, listing.in_any_state, "", "合计", {})


def _tally(listing, entries, token, title, narrowing):
    days = [(entry.closed_on - entry.raised_on).days for entry in entries if not entry.is_open]
    return Tally(
        token=token,
        title=title,
        open=sum(entry.is_open for entry in entries),
        overdue=sum(entry.is_overdue(listing.today) for entry in entries),
        closed=len(days),
        median_days=median(days) if days else None,
        queries={
            state: listing.query(by=None, state=state, **narrowing) for state in ("all", "open", "overdue", "closed")
        },
    )
