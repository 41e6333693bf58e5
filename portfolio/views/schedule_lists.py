"""The county's milestones: overdue, due within 30 days, and plans without any; as a page, on paper, as .xlsx."""

import io

from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require_right
from accounts.roles import Right
from portfolio.as_of import AsOfChoice, reading
from portfolio.exporting import ledger
from portfolio.exporting.schedule_ledger import due_ledger
from portfolio.schedule_lists import CountySchedules
from portfolio.schedules import Period
from portfolio.views.exporting import CONTENT_TYPES
from portfolio.views.projects import asked_year

# Rows of a list on the page; the file holds them all.
MOST_SHOWN = 300


def _schedules(request, choice):
    day = choice.day or choice.today
    return CountySchedules(request.user.county, asked_year(request) or day.year, day, request.GET)


@require_GET
@require_right(Right.READ_PLAN)
def schedule_list(request):
    county = request.user.county
    choice = AsOfChoice(request.GET, county.business_today())
    with reading(county, choice.day):
        schedules = _schedules(request, choice)
        context = {
            "nav": "six-ones",
            "schedules": schedules,
            "as_of_choice": choice,
            "query": request.GET.urlencode(),
            "most_shown": MOST_SHOWN,
            "periods": Period,
        }
        return render(request, "portfolio/schedule/list.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def schedule_export(request):
    county = request.user.county
    choice = AsOfChoice(request.GET, county.business_today())
    with reading(county, choice.day):
        schedules = _schedules(request, choice)
        sheet = due_ledger(schedules)
    out = io.BytesIO()
    ledger.write(sheet, out)
    out.seek(0)
    audit.record("导出", actor=request.user, summary=f"工期节点提醒（.xlsx）：{sheet.scope}，{len(sheet.rows)} 个节点")
    name = sheet.file_name(schedules.day)
    return FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPES["xlsx"])
