"""The plan table's columns: how wide each stands on the screen and on paper."""

import pytest
from django.http import QueryDict

from portfolio.listing import PlanListing
from portfolio.tables import PlanTable

pytestmark = pytest.mark.django_db


def widths(county, query):
    return PlanTable(PlanListing(county, QueryDict(query))).widths


def test_long_text_gives_way_on_the_screen_and_not_on_paper(county):
    query = "cols=name,content"

    assert [widths(county, query), widths(county, f"{query}&print=1")] == [[174, 158], [174, 235]]


def test_the_usual_columns_but_the_last_stand_side_by_side_on_a_usual_screen(county):
    *usual, _ = widths(county, "")

    assert sum(usual) <= 1368
