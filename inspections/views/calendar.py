"""The calendar, and its file."""

import io

from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from inspections.calendar_page import CalendarPage
from inspections.exporting.ics import ics_file


def _page(request):
    return CalendarPage(request.user, request.GET, request.user.county.business_today())


@require_GET
@require_right(Right.READ_PLAN)
def calendar(request):
    return render(request, "inspections/calendar/calendar.html", {"nav": "inspections", "page": _page(request)})


@require_GET
@require_right(Right.READ_PLAN)
def calendar_file(request):
    page, county = _page(request), request.user.county
    file = ics_file(page.events, county, county.business_now(), request.build_absolute_uri)
    name = f"重大项目日历-{page.since}至{page.until}.ics"
    return FileResponse(
        io.BytesIO(file), as_attachment=True, filename=name, content_type="text/calendar; charset=utf-8"
    )
