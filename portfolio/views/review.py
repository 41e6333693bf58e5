"""What the project office does with a week: accept many reports, return one, lock the week, open it again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require_right
from accounts.roles import Right
from portfolio.actions import changes, dispatch
from portfolio.county_week import CountyWeek
from portfolio.dispatch import latest_before
from portfolio.forms.review import ReopenForm, ReturnForm, versions_of
from portfolio.models import WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.review_queue import ReviewItem
from portfolio.views.county_week import asked_week, week_url

NAMED = 5
STALE = "您打开这一页之后，这份报送有改动（{by}，现在是“{state}”）。请核对现在的内容；仍要退回的，请再点一次“退回”。"

office_only = require_right(Right.REVIEW_DISPATCH)


@require_POST
@office_only
def accept_reports(request, year, week):
    week = asked_week(year, week)
    versions = versions_of(request.POST.getlist("report"))
    if not versions:
        messages.warning(request, "没有勾选要审核的项目。请先勾选，再点“审核通过”。")
        return redirect(week_url(week, tab="review"))
    try:
        accepted, moved = dispatch.accept(by=request.user, county=request.user.county, week=week, versions=versions)
    except dispatch.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(week_url(week, tab="review"))
    if accepted:
        messages.success(request, f"已审核通过 {len(accepted)} 项。")
    if moved:
        messages.warning(request, _moved_words(moved))
        return redirect(week_url(week, tab="review", moved=",".join(str(report.pk) for report in moved)))
    return redirect(week_url(week, tab="review"))


def _moved_words(moved):
    names = "、".join(f"“{report.plan.project}”（现在是{report.get_state_display()}）" for report in moved[:NAMED])
    more = "等" if len(moved) > NAMED else ""
    return f"有 {len(moved)} 项在您打开页面之后有改动，没有审核：{names}{more}。请按现在的内容重新核对。"


@office_only
def report_return(request, year, week, pk):
    """The report beside the one before, and the reason for which it goes back."""
    week = asked_week(year, week)
    reports = WeeklyDispatch.objects.visible_to(request.user).of_week(week)
    reports = reports.select_related("plan__project__unit", "plan__leader", "submitted_by", "saved_by", "county")
    report = get_object_or_404(reports, pk=pk)
    form = ReturnForm(request.POST if request.method == "POST" else None, initial={"version": report.row_version})
    status = 200
    if form.is_bound:
        status = _send_back(request, form, report)
        if status == 302:
            return redirect(week_url(week, tab="review"))
    item = ReviewItem(report, latest_before([report.plan_id], week).get(report.plan_id))
    context = {"nav": "dispatch", "week": week, "form": form, "item": item}
    return render(request, "portfolio/county_week/return.html", context, status=status)


def _send_back(request, form, report):
    """302 when it is done, else the status of the page that says why not."""
    if not form.is_valid():
        return 400
    reason = form.cleaned_data["reason"]
    try:
        dispatch.send_back(by=request.user, report=report, reason=reason, version=form.cleaned_data["version"])
    except changes.StaleRow as stale:
        if (stale.current.state, stale.current.return_reason) != (ReportState.RETURNED, reason):
            form.data = form.data.copy()
            form.data["version"] = stale.current.row_version
            by = report.submitted_by or report.saved_by or "他人"
            form.add_error(None, STALE.format(by=by, state=stale.current.get_state_display()))
            return 409
    except dispatch.Refused as refusal:
        form.add_error(None, str(refusal))
        return 409
    messages.success(request, f"已退回“{report.plan.project}”，填报员下次打开填报页时首先看到。")
    return 302


@office_only
def week_lock(request, year, week):
    """Says what will be closed, then closes it."""
    seen = CountyWeek(request.user.county, asked_week(year, week), request.user)
    if request.method == "POST":
        try:
            dispatch.lock_week(by=request.user, county=seen.county, week=seen.week)
        except dispatch.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{seen.week.label}已锁定，不能再填报、退回和审核。")
        return redirect(week_url(seen.week))
    if seen.is_locked or seen.is_future:
        raise Http404
    context = {"nav": "dispatch", "week": seen.week, "seen": seen, "counts": seen.counts}
    return render(request, "portfolio/county_week/lock.html", context)


@office_only
def week_reopen(request, year, week):
    week = asked_week(year, week)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        county, reason = request.user.county, form.cleaned_data["reason"]
        dispatch.reopen_week(by=request.user, county=county, week=week, reason=reason)
        messages.success(request, f"{week.label}已重开，可以更正了。更正完请再次锁定。")
        return redirect(week_url(week))
    seen = CountyWeek(request.user.county, week, request.user)
    if not seen.is_locked and not form.is_bound:
        raise Http404
    context = {"nav": "dispatch", "week": week, "seen": seen, "form": form}
    return render(request, "portfolio/county_week/reopen.html", context, status=400 if form.is_bound else 200)
