"""前期手续: the matrix of projects and permits, one kind for many projects, and the permits of one project."""

import re

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import note_refusal, require_right
from accounts.roles import Right, has_right
from portfolio import permit_files, permit_history, permits
from portfolio.actions import changes
from portfolio.actions import permits as actions
from portfolio.exporting.permits import ledger
from portfolio.forms.permits import BulkPermitForm, ProjectPermitsForm
from portfolio.models import Project
from portfolio.models.permits import Permit
from portfolio.permit_listing import SORTS, PermitListing
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

CHOSEN = re.compile(r"(\d{1,12})=(|\d{1,12}:\d{1,9})", re.ASCII)
MOST_CHOSEN = 1000
STALE = "您打开这一页之后，他人已修改了同一项手续。您填写的内容还在，没有保存：请对照下面的“最近改动”核对后再保存。"
STALE_MANY = "您打开这一页之后，“{row}”已被他人修改。本次一项都没有保存，请核对后再提交。"


# The matrix


def _listing(request, asked):
    return PermitListing(permits.PermitMatrix(asked.county, asked.year, asked.day), request.GET)


@require_GET
@require_right(Right.READ_PLAN)
def permit_matrix(request):
    return _matrix_page(request)


def _matrix_page(request, bulk=None, chosen=(), status=200):
    asked = Asked(request)
    with asked.reading():
        listing = _listing(request, asked)
        writable = set() if asked.is_past or not listing.kind else _writable(request.user)
        context = asked.context(
            "inspections",
            listing=listing,
            sorts=SORTS.items(),
            bulk=bulk or (BulkPermitForm(kind=listing.kind) if writable else None),
            table=_table(listing, asked, writable, chosen),
            own_unit=request.user.unit_id if has_right(request.user, Right.READY_OWN_PROJECTS) else None,
            may_set_kinds=has_right(request.user, Right.EDIT_REGISTER),
        )
        return render(request, "portfolio/permits/matrix.html", context, status=status)


def _writable(user):
    return set(Project.objects.readied_by(user).values_list("pk", flat=True))


def _table(listing, asked, writable, chosen):
    name = "_permit_column" if listing.kind else "_permit_matrix"
    context = {
        "listing": listing,
        "at": f"?as_of={asked.choice.day}" if asked.is_past else "",
        "writable": writable,
        "chosen": frozenset(chosen),
    }
    # Jinja2 hands back plain text; everything in it was escaped by its environment.
    return mark_safe(render_to_string(f"portfolio/{name}.html", context, using="rows"))


@require_GET
@require_right(Right.READ_PLAN)
def permit_export(request):
    asked = Asked(request)
    with asked.reading():
        return xlsx_response(ledger(_listing(request, asked), asked.year, asked.day), asked.day)


@require_POST
@require_right(Right.READ_PLAN)
def permit_bulk(request):
    """Set the kind of `?kind=` for the chosen rows (project=pk:version); what can't be shows the list again."""
    asked = Asked(request)
    listing = _listing(request, asked)
    if listing.kind is None:
        raise Http404
    chosen = [found for text in request.POST.getlist("row")[:MOST_CHOSEN] if (found := CHOSEN.fullmatch(text))]
    seen = {int(found[1]): found[2] for found in chosen}
    form = BulkPermitForm(request.POST, kind=listing.kind)
    if form.is_valid() and not seen:
        form.add_error(None, "还没有选择项目。请先在表中勾选。")
    if form.is_valid() and (answer := _set_many(request, listing.kind, seen, form)):
        return answer
    return _matrix_page(request, form, seen, status=400)


def _set_many(request, kind, seen, form):
    """The answer, or None when the form has got an error instead."""
    key = form.cleaned_data["form_key"]
    try:
        done = actions.set_many(by=request.user, kind=kind, seen=seen, values=form.values, form_key=key)
    except Project.DoesNotExist:
        note_refusal(request, "不是本单位的项目")
        raise Http404 from None
    except actions.Refused as refused:
        names = Project.objects.in_bulk({pk for pk, _, _ in refused.errors})
        for (pk, _, _), why in refused.errors.items():
            form.add_error(None, f"{names[pk]}：{why}")
        return None
    except changes.StaleRow as stale:
        row = stale.current.project if isinstance(stale.current, Permit) else stale.current
        form.add_error(None, STALE_MANY.format(row=row))
        return _matrix_page(request, form, seen, status=409)
    messages.success(request, f"已保存。{done.summary}。" if done else "内容没有变化，或已经保存过，没有重复保存。")
    return redirect(f"{_matrix_path(request)}?{request.GET.urlencode()}")


def _matrix_path(request):
    return request.path.removesuffix("set/")


# One project's permits


@require_right(Right.READ_PLAN)
def project_permits(request, pk):
    asked = Asked(request)
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("county", "unit"), pk=pk)
    may_write = not asked.is_past and Project.objects.readied_by(request.user).filter(pk=pk).exists()
    if request.method == "POST":
        return _save(request, asked, project) if may_write else _refused(request)
    with asked.reading():
        cells = permits.of_project(project, asked.day)
        form = ProjectPermitsForm(cells) if may_write else None
        return _project_page(request, asked, project, cells, form)


def _refused(request):
    note_refusal(request, "不是本单位的项目，或是过去的日期")
    raise Http404


def _project_page(request, asked, project, cells, form, status=200):
    context = asked.context(
        "inspections",
        project=project,
        cells=cells,
        tally=permits.Tally.of(cells),
        alarms=permits.urgent(cells),
        form=form,
        changes=permit_history.latest(project, asked.choice.end),
        sees_phones=Project.objects.readied_by(request.user).filter(pk=project.pk).exists(),
    )
    return render(request, "portfolio/permits/project.html", context, status=status)


def _save(request, asked, project):
    cells = permits.of_project(project, asked.day)
    form = ProjectPermitsForm(cells, request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            done = actions.save(
                by=request.user, project=project, entries=form.entries, form_key=form.key.cleaned_data["form_key"]
            )
        except actions.Refused as refused:
            form.add_errors(refused.errors)
        except changes.StaleRow:
            status = 409
            form.faults.append(STALE)
            form.renew()
        else:
            messages.success(request, f"已保存。{done.summary}。" if done else "内容没有变化，或已经保存过。")
            return redirect("portfolio:project-permits", project.pk)
    return _project_page(request, asked, project, cells, form, status)


@require_safe
@require_right(Right.READ_PLAN)
def permit_file(request, pk):
    """The approval, always as a download: its type is that of what we stored, its name that which it came with."""
    permit = get_object_or_404(Permit.objects.visible_to(request.user).exclude(file=""), pk=pk)
    try:
        file = permit.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = permit_files.type_of(permit.file.name)
    response = FileResponse(file, as_attachment=True, filename=permit.file_name, content_type=kind)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
