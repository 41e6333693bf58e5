"""The watch over data quality (`/dispatch/quality/`): reports that the reviewer should look at again, with reasons."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.exporting.quality import quality_ledger
from portfolio.quality_listing import QualityListing
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

review = require_right(Right.REVIEW_DISPATCH)


def _listing(request, asked):
    return QualityListing(asked.county, asked.year, request.GET, asked.choice.day)


@require_GET
@review
def quality(request):
    asked = Asked(request)
    with asked.reading():
        context = asked.context("dispatch", listing=_listing(request, asked))
        return render(request, "portfolio/quality.html", context)


@require_GET
@review
def quality_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = quality_ledger(_listing(request, asked), asked.day)
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)
