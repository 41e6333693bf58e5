"""报送: which unit reported in time, late or not at all, week by week; on screen and as a file."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.charts.reporting import map_charts, weeks_chart
from portfolio.exporting.reporting_map import reporting_ledger
from portfolio.reporting_map import ReportingMap
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

# By the token in `?weeks=`: how many of the last weeks are shown. More than half a year is too dense for a phone.
SPANS = {"": ("近 26 周", 26), "8": ("近 8 周", 8), "all": ("全年", None)}
LONGEST_WORDS = 40

read_plan = require_right(Right.READ_PLAN)


def _span(request):
    return request.GET.get("weeks") if request.GET.get("weeks") in SPANS else ""


def _map(request, asked):
    """`?q=` and `?gaps=1` narrow the units."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    latest = SPANS[_span(request)][1]
    return ReportingMap(asked.county, asked.year, asked.day, latest, words, request.GET.get("gaps") == "1")


@read_plan
def reporting_map(request):
    asked = Asked(request)
    with asked.reading():
        found = _map(request, asked)
        context = asked.context(
            "progress",
            found=found,
            span=_span(request),
            spans=[(token, label) for token, (label, _) in SPANS.items()],
            charts=[weeks_chart(found), *map_charts(found, asked.kept, asked.is_past)] if found.lines else [],
        )
        return render(request, "portfolio/progress/reporting_map.html", context)


@require_GET
@read_plan
def reporting_map_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = reporting_ledger(_map(request, asked))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)
