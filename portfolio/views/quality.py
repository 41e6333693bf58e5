"""The watch over data quality (`/dispatch/quality/`): reports that the reviewer should look at again, with reasons."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from portfolio.quality_listing import QualityListing


@require_GET
@require_right(Right.REVIEW_DISPATCH)
def quality(request):
    listing = QualityListing(request.user.county, request.GET)
    return render(request, "portfolio/quality.html", {"nav": "dispatch", "listing": listing})
