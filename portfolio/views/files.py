"""Files that a page hands out."""

import io

from django.http import FileResponse

from portfolio.exporting import ledger

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(sheet, day):
    """A ledger (portfolio.exporting.ledger) as an .xlsx named after its day."""
    out = io.BytesIO()
    ledger.write(sheet, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=sheet.file_name(day), content_type=XLSX)
