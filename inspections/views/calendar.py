"""The calendar, and its files."""

import io

from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from inspections.calendar_page import CalendarPage
from inspections.exporting.calendar import ledger
from inspections.exporting.ics import ics_file
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

ICS = "text/calendar; charset=utf-8"


def _page(request, asked):
    return CalendarPage(request.user, request.GET, asked.day)


@require_GET
@require_right(Right.READ_PLAN)
def calendar(request):
    asked = Asked(request)
    with asked.reading():
        context = asked.context("inspections", page=_page(request, asked))
        return render(request, "inspections/calendar/calendar.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def calendar_export(request):
    asked = Asked(request)
    with asked.reading():
        return xlsx_response(ledger(_page(request, asked)), asked.day)


@require_GET
@require_right(Right.READ_PLAN)
def calendar_file(request):
    asked, county = Asked(request), request.user.county
    with asked.reading():
        page = _page(request, asked)
        file = ics_file(page.events, county, county.business_now(), request.build_absolute_uri)
    name = f"重大项目日历-{page.since}至{page.until}.ics"
    return FileResponse(io.BytesIO(file), as_attachment=True, filename=name, content_type=ICS)
