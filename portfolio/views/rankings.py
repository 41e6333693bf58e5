"""Rankings (红黑榜) on screen, on paper, and as a file."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.exporting.rankings import rankings_ledger
from portfolio.ranking_weights import PARTS
from portfolio.rankings import GROUPINGS, Rankings
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

read_plan = require_right(Right.READ_PLAN)


def _rankings(request, asked):
    return Rankings(asked.county, asked.year, asked.day, request.GET.get("by", ""))


@read_plan
def rankings(request):
    asked = Asked(request)
    template = "print" if "print" in request.GET else "page"
    with asked.reading():
        context = asked.context(
            "progress",
            rankings=_rankings(request, asked),
            groupings=GROUPINGS.items(),
            parts=[label for label, _ in PARTS.values()],
        )
        return render(request, f"portfolio/rankings/{template}.html", context)


@require_GET
@read_plan
def rankings_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = rankings_ledger(_rankings(request, asked))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)
