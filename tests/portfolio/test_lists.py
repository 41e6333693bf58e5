"""Pages of a list under a query string: the page asked for, or the nearest there is."""

import pytest

from portfolio.lists import PAGE_SIZE, Paged


class Numbers(Paged):
    def __init__(self, count, page=None):
        self.found = list(range(count))
        self.params = {} if page is None else {"page": page}


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (PAGE_SIZE, 1), (PAGE_SIZE + 1, 2)])
def test_a_page_is_full_before_the_next_begins(count, pages):
    assert Numbers(count).pages == pages


@pytest.mark.parametrize(
    ("asked", "page"), [(None, 1), ("0", 1), ("1", 1), ("2", 2), ("3", 2), ("-1", 1), ("x", 1), ("9" * 30, 1)]
)
def test_the_page_asked_for_or_the_nearest_is_shown(asked, page):
    assert Numbers(PAGE_SIZE + 1, asked).page == page


def test_the_last_page_shows_the_rest_and_leads_back():
    last = Numbers(PAGE_SIZE + 1, "2")

    assert (last.shown, last.previous_page, last.next_page) == ([PAGE_SIZE], 1, 3)
