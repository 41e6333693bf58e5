"""Files of a week: the ledger as .xlsx, the bulletin as .docx."""

import io

from django.http import FileResponse
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.county_week import CountyWeek
from portfolio.dispatch_bulletin import Bulletin
from portfolio.dispatch_ledger import Ledger
from portfolio.exporting import bulletin_docx, workbook
from portfolio.exporting.dispatch_ledger import LedgerSheet
from portfolio.views.county_week import asked_unit, asked_week

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
@require_right(Right.READ_PLAN)
def ledger_file(request, year, week):
    seen = CountyWeek(request.user.county, asked_week(year, week), request.user)
    sheet = LedgerSheet(Ledger(seen, first_unit=seen.own_unit, only_unit=asked_unit(request, seen)))
    out = io.BytesIO()
    workbook.write(sheet, out)
    note_export(request, f"{seen.week.label}周调度台账（.xlsx），{sheet.ledger.sums.count} 个项目")
    return answer(out, sheet.file_name("xlsx"), XLSX)


@require_GET
@require_right(Right.READ_PLAN)
def bulletin_file(request, year, week):
    bulletin = Bulletin(Ledger(CountyWeek(request.user.county, asked_week(year, week))))
    out = io.BytesIO()
    bulletin_docx.write(bulletin, out)
    note_export(request, f"{bulletin.week.label}周调度通报（.docx）")
    return answer(out, f"{bulletin.title}_{bulletin.week}.docx", DOCX)


def note_export(request, summary):
    """Who took what out of the house."""
    audit.record("导出", actor=request.user, summary=summary)


def answer(out, name, content_type):
    """The written file `out` as a download."""
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=content_type)
