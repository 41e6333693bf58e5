"""The report of the demo's first quarter, issued when its inspection had been scored and followed up."""

import datetime as dt

from inspections.actions import reports
from inspections.documents import fonts
from inspections.models import ReportKind
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

LAST_DAY = dt.date(YEAR, 3, 31)


def events(actors):
    yield Event(at(4, 8, 16), lambda: _issue(actors))


def _issue(actors):
    """Without a typeface for its PDF no report can be issued, but the rest of the demo can be shown."""
    try:
        fonts.chosen()
    except fonts.NoFont:
        return
    reports.issue(by=actors.office, kind=ReportKind.QUARTERLY, year=YEAR, period=1, as_of=LAST_DAY)
