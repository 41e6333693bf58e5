"""The year's plan reconciled (计划调整): the page, its print and its .xlsx."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.adjustments import Adjustments
from portfolio.exporting.adjustments import adjustments_ledger
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response


@require_right(Right.READ_PLAN)
def adjustments(request):
    asked = Asked(request)
    template = "adjustments_print" if "print" in request.GET else "adjustments"
    with asked.reading():
        found = Adjustments(asked.county, asked.year, asked.day)
        context = asked.context("plan", adjustments=found)
        return render(request, f"portfolio/{template}.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def adjustments_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = adjustments_ledger(Adjustments(asked.county, asked.year, asked.day))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)
