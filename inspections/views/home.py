"""督导观摩: the first page of the room."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections.home import Home


@require_GET
@require_right(Right.READ_PLAN)
def home(request):
    context = {
        "nav": "inspections",
        "home": Home(request.user, request.user.county.business_today()),
        "may_check": has_right(request.user, Right.CHECK_SITES),
        "may_run": has_right(request.user, Right.RUN_ROUNDS),
    }
    return render(request, "inspections/home/home.html", context)
