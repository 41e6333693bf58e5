"""What lists under a query string share: choices that count what they would leave, and pages."""

from dataclasses import dataclass
from functools import cached_property

from portfolio.sent import whole_number

PAGE_SIZE = 50
MOMENTARY = ("page", "print")  # what is never kept in another address of the same list


@dataclass(frozen=True)
class Option:
    """A choice with its count: an option of a filter, or a tab, whose `query` is its query string."""

    token: str
    title: str
    count: int
    is_chosen: bool
    query: str = ""


class Queried:
    """Base of a list under a query string: its `params` is a QueryDict."""

    @property
    def kept_params(self):
        """What every address of the list keeps of it, as a QueryDict of its own."""
        params = self.params.copy()
        for momentary in MOMENTARY:
            params.pop(momentary, None)
        return params

    def query(self, **changes):
        """The query string with changes; None and nothing drop a key. Any change goes back to the first page."""
        params = self.kept_params
        for key, value in changes.items():
            params.pop(key, None)
            if value not in (None, ""):
                params[key] = str(value)
        return params.urlencode()


class Paged(Queried):
    """Base of a list in pages; `found` is all that the filters let through, in order."""

    @cached_property
    def pages(self):
        return max(1, -(-len(self.found) // PAGE_SIZE))

    @cached_property
    def page(self):
        """The page that is asked for, or the nearest there is."""
        return max(1, min(whole_number(self.params.get("page", "")) or 1, self.pages))

    @property
    def previous_page(self):
        return self.page - 1

    @property
    def next_page(self):
        return self.page + 1

    @property
    def shown(self):
        """What stands on this page."""
        return self.found[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]
