"""The list of problems as .xlsx: the same query string as the page, all its pages."""

import io

from django.http import FileResponse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio import as_of
from portfolio.exporting import problems_workbook
from portfolio.exporting.problems_sheet import ProblemSheet
from portfolio.problem_listing import ProblemListing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@require_right(Right.READ_PLAN)
def problem_export(request):
    county = request.user.county
    today = county.business_today()
    day = as_of.asked_day(request.GET, today)
    out = io.BytesIO()
    with as_of.reading(county, day):
        listing = ProblemListing(request.user, request.GET, day or today, is_past=day is not None)
        sheet = ProblemSheet(listing)
        problems_workbook.write(sheet, out)
    out.seek(0)
    audit.record(
        "导出",
        actor=request.user,
        summary=f"问题清单（.xlsx）：{listing.words}，{len(listing.found)} 个问题",
        detail={"query": listing.query()[:2000], "count": len(listing.found)},
    )
    return FileResponse(out, as_attachment=True, filename=sheet.file_name, content_type=XLSX)
