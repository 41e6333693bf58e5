"""The plan table as a file (导出): the same query string as the page, all its pages."""

import io

from django.http import FileResponse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio import layouts
from portfolio.exporting import csv_table, workbook
from portfolio.exporting.plan_sheet import PlanSheet, columns_without_groups
from portfolio.listing import PlanListing

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_GET
@require_right(Right.READ_PLAN)
def plan_export(request):
    """`format=xlsx` (also when it is anything unknown) or `format=csv`."""
    listing = PlanListing(request.user.county, request.GET, layouts.current(request).columns)
    extension = "csv" if request.GET.get("format") == "csv" else "xlsx"
    sheet = PlanSheet(listing, columns_without_groups(listing) if extension == "csv" else listing.columns)
    out = io.BytesIO()
    _WRITERS[extension](sheet, out)
    out.seek(0)
    _note(request, sheet, extension)
    return FileResponse(
        out, as_attachment=True, filename=sheet.file_name(extension), content_type=CONTENT_TYPES[extension]
    )


def _write_csv(sheet, out):
    text = io.TextIOWrapper(out, csv_table.ENCODING, newline="")
    csv_table.write(sheet, text)
    text.detach()


_WRITERS = {"xlsx": workbook.write, "csv": _write_csv}


def _note(request, sheet, extension):
    """Who took which rows out of the house. It reads the register, so its data version stays."""
    listing = sheet.listing
    table = f"{listing.year}年计划表{f'截至{listing.as_of}' if listing.as_of else ''}（.{extension}）"
    audit.record(
        "导出",
        actor=request.user,
        summary=f"{table}：{listing.words or '全部项目'}，{listing.sums.count} 个项目",
        detail={"query": listing.query()[:2000], "count": listing.sums.count},
    )
