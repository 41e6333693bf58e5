"""Local exceptions to the working-day calendar (工作日调整), which the weekly deadlines follow."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from portfolio import working_days
from portfolio.actions import calendar_days
from portfolio.forms.calendar_days import CalendarDayForm
from portfolio.models import CalendarDay
from portfolio.views.base_data import KINDS


@require_right(Right.READ_PLAN)
def calendar_day_list(request):
    county = request.user.county
    form = CalendarDayForm(request.POST if request.method == "POST" else None, county=county)
    if form.is_bound:
        insist_on(Right.EDIT_REGISTER, request)
        if form.is_valid() and _added(request, form):
            return redirect("portfolio:calendar-days")
    today = county.business_today()
    context = {
        "nav": "base-data",
        "kinds": KINDS.values(),
        "days": CalendarDay.objects.visible_to(request.user).order_by("-day"),
        "form": form,
        "may_edit": has_right(request.user, Right.EDIT_REGISTER),
        "unknown_years": [
            year for year in (today.year, today.year + 1) if not working_days.is_known(today.replace(year, 1, 1))
        ],
    }
    return render(request, "portfolio/base_data/calendar.html", context, status=400 if form.is_bound else 200)


def _added(request, form):
    try:
        day = calendar_days.add(by=request.user, day=form.instance)
    except calendar_days.Taken:
        form.add_error("day", f"{form.instance.day:%Y-%m-%d} 已经有调整，请先删除原来的。")
        return False
    messages.success(request, f"已保存：{day}。截止时间遇到这一天的，随之调整。")
    return True


@require_POST
@require_right(Right.EDIT_REGISTER)
def calendar_day_delete(request, pk):
    day = get_object_or_404(CalendarDay.objects.visible_to(request.user).select_related("county"), pk=pk)
    calendar_days.remove(by=request.user, day=day)
    messages.success(request, f"已删除：{day}。")
    return redirect("portfolio:calendar-days")
