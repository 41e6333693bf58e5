"""Lists under a query string: the page asked for or the nearest there is, and the addresses of other choices."""

import pytest
from django.http import QueryDict

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


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, "year=2024&unit=7"),
        ({"unit": 8}, "year=2024&unit=8"),
        ({"unit": None}, "year=2024"),
        ({"unit": "", "sort": "name"}, "year=2024&sort=name"),
    ],
)
def test_a_changed_choice_keeps_the_others_and_begins_at_the_first_page(changes, query):
    numbers = Numbers(1)
    numbers.params = QueryDict("year=2024&unit=7&page=3&print=1")

    assert numbers.query(**changes) == query
