"""The one line on top of every page: all places in sight, whatever stands beside them."""

import pytest

from tests import factories

WIDTHS = (1440, 1320, 1180, 1024, 960, 901, 390)
CUT_OFF = "place => place.scrollWidth - place.clientWidth"


@pytest.mark.parametrize("role", ["office", "leader"])
def test_no_place_is_cut_off_beside_a_full_bell_at_any_width(role, page_as):
    factories.clock(2024, 5, 31, 10)
    page = page_as(role, unread_notices=100)

    hidden = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/progress/")
        hidden[width] = page.eval_on_selector(".places", CUT_OFF)

    assert hidden == dict.fromkeys(WIDTHS, 0)
