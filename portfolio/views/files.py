"""Files that a page hands out."""

import io
import re

from django.http import FileResponse

from portfolio.exporting import ledger

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def file_name(words, ending):
    """What a download is called: words that somebody typed, without what no file name and no header takes."""
    return f"{NOT_IN_NAMES.sub('_', words)}.{ending}"


def xlsx_response(sheet, day):
    """A ledger (portfolio.exporting.ledger) as an .xlsx named after its day."""
    out = io.BytesIO()
    ledger.write(sheet, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=sheet.file_name(day), content_type=XLSX)
