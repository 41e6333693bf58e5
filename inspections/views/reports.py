"""Reports (季报、月报、包联专报): what has been issued, issuing one after looking at it, and its files."""

import io

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections import report_checks, reports
from inspections.actions import reports as actions
from inspections.exporting.report_list import list_ledger
from inspections.forms.reports import ChoiceForm, IssueForm
from inspections.models import IssuedReport
from inspections.report_listing import ReportListing, label_of
from inspections.reports import imprint, period, readiness
from portfolio.actions import changes
from portfolio.views.files import XLSX, xlsx_response

STALE = "您打开这一页之后，他人已签发了这期报告的第 {} 版。请先看过那一版，再决定是否更正。"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": XLSX,
}


@require_GET
@require_right(Right.READ_PLAN)
def report_list(request):
    may_issue = has_right(request.user, Right.ISSUE_REPORTS)
    today = request.user.county.business_today()
    context = {
        "nav": "inspections",
        "listing": ReportListing(request.user, request.GET),
        "current": [period.latest(kind, today) for kind in ("quarterly", "monthly")] if may_issue else [],
    }
    return render(request, "inspections/reports/report_list.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def report_list_export(request):
    day = request.user.county.business_today()
    return xlsx_response(list_ledger(ReportListing(request.user, request.GET), day), day)


# One that has been issued


@require_GET
@require_right(Right.READ_PLAN)
def report_detail(request, pk):
    report = _report(request.user, pk)
    if not report_checks.is_as_issued(report):
        return _changed(request, report, "内容")
    versions = IssuedReport.objects.filter(
        county=report.county, kind=report.kind, year=report.year, period=report.period, leader=report.leader
    )
    context = {
        "nav": "inspections",
        "report": report,
        "content": report.content,
        "imprint": imprint.of_report(report),
        "versions": versions.defer("content").order_by("-version"),
        "may_issue": has_right(request.user, Right.ISSUE_REPORTS),
    }
    return render(request, "inspections/reports/report_detail.html", context)


def _report(user, pk):
    found = IssuedReport.objects.visible_to(user).select_related("county", "leader", "issued_by")
    return get_object_or_404(found, pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def report_file(request, pk, ending):
    if ending not in TYPES:
        raise Http404
    report = _report(request.user, pk)
    try:
        content = getattr(report, ending).open("rb").read()
    except FileNotFoundError as error:
        raise Http404 from error
    if not report_checks.is_file_as_issued(report, ending, content):
        return _changed(request, report, f"{ending} 文件")
    name = f"{label_of(report)}_第{report.version}版_{report.as_of:%Y%m%d}.{ending}"
    file = io.BytesIO(content)
    return FileResponse(file, as_attachment=ending != "pdf", filename=name, content_type=TYPES[ending])


def _changed(request, report, what):
    """Something behind the application's back has changed what was issued: it is not shown as if it were."""
    context = {"nav": "inspections", "report": report, "label": label_of(report), "what": what}
    return render(request, "inspections/reports/report_changed.html", context, status=409)


# A new one, or a correction


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.ISSUE_REPORTS)
def report_new(request):
    """Which report, in the query string; looked at on screen; then issued by POST to the same address."""
    county = request.user.county
    choice = ChoiceForm(request.GET or None, county=county, initial=_usual(county))
    if not choice.is_valid():
        return render(request, "inspections/reports/report_new.html", {"nav": "inspections", "choice": choice})
    last = actions.latest({"county": county, **choice.about})
    version = last.version if last else 0
    form = IssueForm(request.POST if request.method == "POST" else None, version=version)
    if form.is_bound and form.is_valid() and (report := _issued(request, choice, form)):
        messages.success(request, f"已签发{report.content['title']}第 {report.version} 版。")
        return redirect("inspections:report", report.pk)
    status = 200 if not form.is_bound else 409 if form.has_error(NON_FIELD_ERRORS, "stale") else 400
    return render(request, "inspections/reports/report_new.html", _preview(county, choice, form, last), status=status)


def _usual(county):
    today = county.business_today()
    return {"kind": "quarterly", "year": today.year, "period": period.latest("quarterly", today).number}


def _issued(request, choice, form):
    try:
        return actions.issue(by=request.user, as_of=choice.day, **choice.about, **form.cleaned_data)
    except actions.Refused as refused:
        form.add_error(None, str(refused))
    except changes.StaleRow as stale:
        form.add_error(None, form.stale(STALE.format(stale.current.version)))
        form.renew(stale.current.version)
    return None


def _preview(county, choice, form, last):
    content = reports.kept_content(county, choice.period, choice.day, choice.cleaned_data["leader"])
    return {
        "nav": "inspections",
        "choice": choice,
        "form": form,
        "last": last,
        "obstacles": readiness.obstacles(county, choice.period, choice.day, county.business_today()),
        "gaps": list(readiness.gaps(county, choice.period, choice.day)),
        "content": content,
        "imprint": imprint.preview(content),
    }
