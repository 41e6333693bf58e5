"""The six ones as a file: the same query string as the page, all its pages."""

import io

from django.http import FileResponse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.exporting import ledger
from portfolio.exporting.six_ones_sheet import ledger_of
from portfolio.six_ones_listing import VIEWS, SixOnesListing
from portfolio.views.exporting import CONTENT_TYPES


@require_GET
@require_right(Right.READ_PLAN)
def six_ones_export(request):
    listing = SixOnesListing(request.user.county, request.GET)
    table = ledger_of(listing)
    out = io.BytesIO()
    ledger.write(table, out)
    out.seek(0)
    rows = f"{listing.words or '全部项目'}，{listing.tally.count} 个项目"
    audit.record(
        "导出",
        actor=request.user,
        summary=f"{listing.year}年六个一（{VIEWS[listing.view]}）：{rows}",
        detail={"query": listing.query()[:2000], "count": listing.tally.count},
    )
    name = table.file_name(listing.as_of or request.user.county.business_today())
    return FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPES["xlsx"])
