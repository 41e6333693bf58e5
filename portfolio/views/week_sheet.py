"""Reporting a week by Excel (表格填报): download the unit's sheet, upload it, look at what would be saved, save it."""

import io

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import insist_on
from accounts.models import Unit
from accounts.roles import Right, has_right
from portfolio import reporting
from portfolio.exporting import dispatch_sheet
from portfolio.exporting.plan_sheet import NOT_IN_FILE_NAMES
from portfolio.forms.week_sheet import SheetForm
from portfolio.importing import week_sheet, week_sheet_saving
from portfolio.importing.refusals import NotNow, Refused
from portfolio.models import WeeklyDispatch
from portfolio.sent import whole_number
from portfolio.views.county_week import asked_week, week_url
from portfolio.views.week_files import XLSX, answer, note_export

EXPLAIN = "explain-"
NAMED = 5


def _may_report(request):
    """Reporters for their unit, the office for any."""
    insist_on(
        Right.REVIEW_DISPATCH if has_right(request.user, Right.REVIEW_DISPATCH) else Right.REPORT_DISPATCH, request
    )


@require_GET
def sheet_file(request, year, week):
    _may_report(request)
    week, unit = asked_week(year, week), _asked_unit(request)
    plans = list(_plans(request, week, unit))
    out = io.BytesIO()
    title = f"{request.user.county.name}{week.label}周调度填报表（{unit}）"
    dispatch_sheet.write(dispatch_sheet.sheet_rows(plans, week), title=title, week=week, out=out)
    note_export(request, f"{week.label}周调度填报表（{unit}），{len(plans)} 个项目")
    return answer(out, f"{week}周调度填报表_{NOT_IN_FILE_NAMES.sub('', str(unit))}.xlsx", XLSX)


def _asked_unit(request):
    """The reporter's own unit; the office names one."""
    if not has_right(request.user, Right.REVIEW_DISPATCH):
        if request.user.unit is None:
            raise Http404
        return request.user.unit
    pk = whole_number(request.GET.get("unit", ""))
    return get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)


def _plans(request, week, unit):
    """Keys of the unit's plans that have to report, and of others that have begun to."""
    due = reporting.plans_due(request.user.county, week).filter(project__unit=unit)
    begun = WeeklyDispatch.objects.of_week(week).filter(county=request.user.county, plan__project__unit=unit)
    return {*due.values_list("pk", flat=True), *begun.values_list("plan", flat=True)}


def week_sheet_page(request, year, week):
    """The page with the two files; a POST brings one (`file`), or the preview's answer (`rows`)."""
    _may_report(request)
    week = asked_week(year, week)
    if request.method == "POST" and "rows" in request.POST:
        return _apply(request, week)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_bound and form.is_valid():
        try:
            _refuse_closed(request, week)
            preview = week_sheet.read(form.cleaned_data["file"].read(), by=request.user, week=week)
        except (Refused, NotNow) as refusal:
            form.add_error("file", str(refusal))
        else:
            return _show_preview(request, week, preview)
    return render(request, "portfolio/county_week/sheet.html", _context(request, week, form), status=_status(form))


def _status(form):
    return 422 if form.errors else 200


def _context(request, week, form):
    reviews = has_right(request.user, Right.REVIEW_DISPATCH)
    due = reporting.plans_due(request.user.county, week)
    units = Unit.objects.visible_to(request.user).filter(pk__in=due.values("project__unit")) if reviews else ()
    return {
        "nav": "dispatch",
        "week": week,
        "form": form,
        "reviews": reviews,
        "units": units,
        "is_locked": reporting.is_locked(request.user.county, week),
    }


def _refuse_closed(request, week):
    county = request.user.county
    if week > reporting.this_week(county):
        raise NotNow(f"{week.label}还没有开始，请到那一周再填报。")
    if reporting.is_locked(county, week):
        raise NotNow(f"{week.label}已锁定，不能再填报。确需更正，请与项目办联系重开这一周。")


def _show_preview(request, week, preview):
    rows = week_sheet_saving.pack(preview, by=request.user, week=week) if not preview.errors else ""
    context = {"nav": "dispatch", "week": week, "preview": preview, "rows": rows, "explain": EXPLAIN}
    status = 422 if preview.errors else 200
    return render(request, "portfolio/county_week/sheet_preview.html", context, status=status)


def _apply(request, week):
    back = redirect("portfolio:week-sheet", week.year, week.number)
    try:
        rows = week_sheet_saving.unpack(request.POST["rows"], by=request.user, week=week)
        outcome = week_sheet_saving.apply(
            rows,
            by=request.user,
            county=request.user.county,
            week=week,
            explanations=_explanations(request),
            submits="submit" in request.POST,
        )
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return back
    _tell(request, rows, outcome)
    if has_right(request.user, Right.REVIEW_DISPATCH):
        return redirect(week_url(week))
    return redirect(f"{reverse('portfolio:dispatch')}?week={week}")


def _explanations(request):
    return {
        pk: text
        for name, text in request.POST.items()
        if name.startswith(EXPLAIN) and (pk := whole_number(name.removeprefix(EXPLAIN))) is not None
    }


def _tell(request, rows, outcome):
    if outcome is None:
        messages.success(request, f"已存为草稿 {len(rows)} 项，还没有报送。")
        return
    if outcome.submitted:
        messages.success(request, f"已报送 {len(outcome.submitted)} 项。")
    if not outcome.is_complete:
        waiting = len({*outcome.incomplete, *outcome.unexplained, *outcome.refused})
        words = "；".join(
            part
            for part in (
                f"{len(outcome.incomplete)} 项有必填的内容没填" if outcome.incomplete else "",
                f"{len(outcome.unexplained)} 项的提示没有说明" if outcome.unexplained else "",
                f"{len(outcome.refused)} 项刚被他人修改过" if outcome.refused else "",
            )
            if part
        )
        messages.warning(request, f"{waiting} 项存为草稿，没有报送：{words}。请在填报页补充后报送，或补在表中再上传。")
