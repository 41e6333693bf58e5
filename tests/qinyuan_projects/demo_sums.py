"""What must add up in the demo county: the reconciliation of its plan, and the rows of its leaders."""

import datetime as dt

from accounts.models import County
from portfolio.adjustments import Adjustments, Line
from portfolio.as_of import reading
from portfolio.leader_pages import LeaderBoard


def reconciled(county, year, day):
    """{line: how many projects} of a reconciliation that agrees with the plan table of that day."""
    with reading(county, None if day == county.business_today() else day):
        found = Adjustments(county, year, day)
        assert found.current == found.table
    return {total.line: total.amounts.count for total in found.totals}


def assert_plan_and_leaders_add_up():
    county = County.objects.get()
    today = county.business_today()

    unchanged = {Line.OPENING: 274, Line.ADDED: 0, Line.REMOVED: 0, Line.ENDED: 0, Line.ADJUSTED: 0}
    assert reconciled(county, 2024, dt.date(2024, 2, 1)) == unchanged
    assert reconciled(county, 2024, dt.date(2024, 3, 31)) == unchanged | {Line.ADDED: 1, Line.REMOVED: -1}
    assert reconciled(county, 2024, today) == unchanged | {Line.ADDED: 2, Line.REMOVED: -1}
    assert reconciled(county, 2023, today) == unchanged | {Line.OPENING: 40}
    board = LeaderBoard(county, 2024, today)
    assert (board.everything.count, board.everything.planned) == (275, 2_016_400)
    assert_rows_add_up(board)


def assert_rows_add_up(board):
    for name in ("count", "total", "planned", "ytd", "due", "reported", "deputy_for"):
        assert (name, getattr(board.everything, name)) == (name, sum(getattr(row, name) for row in board.rows))
    for place, (light, count) in enumerate(board.everything.lights):
        assert (light, count) == (light, sum(row.lights[place][1] for row in board.rows))
