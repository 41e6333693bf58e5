"""四看: the four boards at a glance, and the list of one look."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections.charts.looks import missing_chart
from inspections.charts.outcomes import outcome_chart
from inspections.exporting.looks import ledger
from inspections.look_listing import SORTS, LookListing, lacking
from inspections.looks import LookBoard, boards
from inspections.models import Look
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response


def known_look(token):
    try:
        return Look(token)
    except ValueError:
        raise Http404 from None


def _may_check(request, asked):
    return not asked.is_past and has_right(request.user, Right.CHECK_SITES)


@require_GET
@require_right(Right.READ_PLAN)
def four_looks(request):
    asked = Asked(request)
    with asked.reading():
        found = boards(asked.county, asked.year, asked.day)
        context = asked.context(
            "inspections",
            boards=found,
            checks=sum(board.checks for board in found),
            checked=sum(board.checked for board in found),
            total=sum(board.total for board in found),
            open_problems=sum(board.open_problems for board in found),
            overdue_problems=sum(board.overdue_problems for board in found),
            may_check=_may_check(request, asked),
        )
        return render(request, "inspections/looks/four_looks.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def look(request, look):
    asked, look = Asked(request), known_look(look)
    with asked.reading():
        listing = _listing(request, asked, look)
        context = asked.context(
            "inspections",
            look=look,
            looks=Look,
            board=listing.board,
            listing=listing,
            rows=[(row, lacking(row, listing.board.questions)) for row in listing.rows],
            sorts=SORTS.items(),
            charts=_charts(listing.board, _kept(asked)),
            may_check=_may_check(request, asked),
        )
        return render(request, "inspections/looks/look.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def look_export(request, look):
    asked, look = Asked(request), known_look(look)
    with asked.reading():
        return xlsx_response(ledger(_listing(request, asked, look)), asked.day)


def _charts(board, kept):
    of_look = [outcome_chart(board, kept)] if board.look == Look.EFFECT else []
    return [*of_look, missing_chart(board, kept)]


def _listing(request, asked, look):
    return LookListing(LookBoard(asked.county, look, asked.year, asked.day), request.GET)


def _kept(asked):
    return {"year": asked.year, **({"as_of": str(asked.choice.day)} if asked.is_past else {})}
