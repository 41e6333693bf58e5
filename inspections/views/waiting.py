"""A line for the page that a reporter starts from."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from inspections.waiting import Waiting


@require_GET
@require_right(Right.READ_PLAN)
def waiting(request):
    """What of supervision waits for the account; no answer at all when nothing does."""
    found = Waiting(request.user, request.user.county.business_today())
    if not found.first:
        return HttpResponse(status=204)
    return render(request, "inspections/home/_waiting.html", {"waiting": found})
