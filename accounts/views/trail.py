from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import audit, exporting
from accounts.access import require_right
from accounts.forms.trail import TrailForm
from accounts.models import AuditEntry
from accounts.roles import Right

PAGE_SIZE = 50


@require_safe
@require_right(Right.READ_AUDIT)
def audit_trail(request):
    form = TrailForm(request.GET, auditor=request.user)
    before = entry_before(request)
    entries = form.entries().older_than(before) if before else form.entries()
    found = list(entries[: PAGE_SIZE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "entries": found[:PAGE_SIZE],
        "more": len(found) > PAGE_SIZE,
        "query": query.urlencode(),
        "first_page": before is None,
        "export_limit": exporting.LIMIT,
        "nav": "audit",
    }
    return render(request, "accounts/audit_trail.html", context)


def entry_before(request):
    """The entry that ended the page before; an unknown number starts at the newest again."""
    number = request.GET.get("before", "")
    if not (number.isascii() and number.isdigit()):
        return None
    return AuditEntry.objects.visible_to(request.user).filter(pk=number).first()


@require_safe
@require_right(Right.READ_AUDIT)
def audit_export(request):
    """The one reading of the trail that is itself noted: a copy leaves the house."""
    form = TrailForm(request.GET, auditor=request.user)
    entries = form.entries()
    audit.record("导出审计日志", actor=request.user, detail={"筛选": request.GET.urlencode()} if request.GET else None)
    name = f"审计日志_{timezone.localtime():%Y%m%d_%H%M}.csv"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return StreamingHttpResponse(exporting.csv_lines(entries), content_type="text/csv; charset=utf-8", headers=headers)
