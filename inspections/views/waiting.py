"""A line for the page that a reporter starts from."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from inspections.waiting import Waiting


@require_GET
@require_right(Right.READ_PLAN)
def waiting(request):
    """What of supervision waits for the account; nothing at all when nothing does."""
    context = {"waiting": Waiting(request.user, request.user.county.business_today())}
    return render(request, "inspections/home/_waiting.html", context)
