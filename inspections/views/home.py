"""督导观摩: the first page of the room."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections.home import Home
from portfolio.views.asked import Asked


@require_GET
@require_right(Right.READ_PLAN)
def home(request):
    asked = Asked(request)
    writes = not asked.is_past
    with asked.reading():
        context = asked.context(
            "inspections",
            home=Home(request.user, asked.day),
            shows_own=writes,
            may_check=writes and has_right(request.user, Right.CHECK_SITES),
            may_run=writes and has_right(request.user, Right.RUN_ROUNDS),
        )
        return render(request, "inspections/home/home.html", context)
