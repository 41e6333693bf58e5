"""The import of a plan table: upload, columns, preview, result and withdrawal. One address a batch, by its state."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import require_right
from accounts.roles import Right
from portfolio.forms.importing import ColumnsForm, UploadForm
from portfolio.importing import progress, service, worker
from portfolio.importing.marking import annotated_workbook
from portfolio.importing.refusals import NotNow, Refused
from portfolio.importing.template_workbook import blank_workbook
from portfolio.models import ImportBatch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = 50
State = ImportBatch.State
OPEN_STATES = {State.READING, State.MAPPING, State.PREVIEW, State.REFUSED}


def _batch(request, pk):
    batches = ImportBatch.objects.visible_to(request.user).select_related("county", "by", "change_set__undone_by")
    return get_object_or_404(batches, pk=pk)


@require_right(Right.IMPORT_PLAN)
def import_list(request):
    """Past imports, and the form that starts one."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return redirect("portfolio:import-detail", _received(request, form).pk)
    else:
        form = UploadForm(initial={"year": request.user.county.business_today().year})
    batches = ImportBatch.objects.visible_to(request.user).select_related("by", "change_set__undone_by")[:LISTED]
    context = {"form": form, "batches": batches, "nav": "plan"}
    return render(request, "portfolio/import/list.html", context, status=422 if form.errors else 200)


def _received(request, form):
    upload = form.cleaned_data["file"]
    batch = service.receive(
        upload.read(),
        file_name=upload.name,
        county=request.user.county,
        year=form.cleaned_data["year"],
        by=request.user,
    )
    if batch.state == State.READING:
        worker.read(batch)
    return batch


@require_right(Right.IMPORT_PLAN)
def import_detail(request, pk):
    batch = _batch(request, pk)
    if request.method == "POST":
        return _step(request, batch)
    under_way = progress.read(batch)
    if batch.state in {State.READING, State.APPLYING} or (under_way and batch.state == State.PREVIEW):
        return _progress_page(request, batch, under_way)
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _page(request, batch)


def _page(request, batch, form=None):
    asks_columns = batch.state == State.MAPPING or (
        "columns" in request.GET and batch.state in OPEN_STATES and "sheets" in batch.report
    )
    if asks_columns or form:
        form = form or ColumnsForm(batch=batch)
        context = {"batch": batch, "report": batch.report, "form": form, "nav": "plan"}
        return render(request, "portfolio/import/columns.html", context, status=422 if form.errors else 200)
    context = {"batch": batch, "report": batch.report, "nav": "plan", "can_cancel": batch.state in OPEN_STATES}
    template = "result" if batch.state in {State.APPLIED, State.WITHDRAWN, State.CANCELLED} else "preview"
    return render(request, f"portfolio/import/{template}.html", context)


def _progress_page(request, batch, under_way):
    """Refreshes itself: by htmx, and by a header where there is no JavaScript."""
    stalled = under_way is None or under_way["stalled"]
    context = {"batch": batch, "under_way": under_way, "stalled": stalled, "nav": "plan"}
    if request.htmx:
        return render(request, "portfolio/import/_progress.html", context)
    response = render(request, "portfolio/import/progress.html", context)
    if not stalled:
        response["Refresh"] = "5"
    return response


def _step(request, batch):
    steps = {"columns": _columns, "apply": _apply, "cancel": _cancel, "retry": _retry}
    step = steps.get(request.POST.get("step"))
    if step is None:
        raise Http404
    try:
        return step(request, batch) or redirect("portfolio:import-detail", batch.pk)
    except NotNow as reason:
        messages.error(request, str(reason))
        return redirect("portfolio:import-detail", batch.pk)


def _columns(request, batch):
    if batch.state not in OPEN_STATES or "sheets" not in batch.report:
        raise NotNow(service.why_not(batch))
    form = ColumnsForm(request.POST, batch=batch)
    if not form.is_valid():
        return _page(request, batch, form)
    service.choose_columns(batch, options=form.options(), remembered=form.answers())
    worker.read(batch)
    return None


def _apply(request, batch):
    under_way = progress.read(batch)
    if batch.state == State.PREVIEW and under_way and not under_way["stalled"]:
        return
    worker.apply(batch, by=request.user)


def _cancel(request, batch):
    service.cancel(batch, by=request.user)
    messages.info(request, "已放弃这次导入，没有写入任何数据。")
    return redirect("portfolio:import-list")


def _retry(request, batch):
    """For a reading or writing whose process died: nothing was written, so it starts again from the file."""
    under_way = progress.read(batch)
    if under_way and not under_way["stalled"]:
        return
    if batch.state == State.PREVIEW:
        progress.clear(batch)
    elif batch.state in {State.READING, State.APPLYING}:
        service.start_over(batch)
        worker.read(batch)


@require_right(Right.IMPORT_PLAN)
def import_withdraw(request, pk):
    batch = _batch(request, pk)
    if request.method == "POST":
        try:
            service.withdraw(batch, by=request.user)
            messages.success(request, "已撤回这次导入，计划表恢复到导入之前。")
        except NotNow as reason:
            messages.error(request, str(reason))
        return redirect("portfolio:import-detail", batch.pk)
    return render(request, "portfolio/import/withdraw.html", {"batch": batch, "report": batch.report, "nav": "plan"})


@require_right(Right.IMPORT_PLAN)
@require_GET
def import_marked_file(request, pk):
    """The user's own workbook with the bad cells marked."""
    batch = _batch(request, pk)
    if not batch.file or "sheets" not in batch.report:
        raise Http404
    try:
        content = annotated_workbook(batch)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("portfolio:import-detail", batch.pk)
    stem = batch.file_name.rpartition(".")[0] or batch.file_name
    return _download(content, f"{stem}（标注）.xlsx")


@require_right(Right.IMPORT_PLAN)
@require_GET
def import_template(request):
    return _download(
        blank_workbook(request.user.county, request.user.county.business_today().year), "计划表空白模板.xlsx"
    )


def _download(content, name):
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
