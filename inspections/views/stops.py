"""A stop of a quarterly inspection (观摩点): its scores, what was found and assigned there, and its photos."""

import uuid

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from accounts.access import note_refusal, require_right
from accounts.roles import Right
from inspections import project_stops as stops_of_project
from inspections.actions import matters as matter_actions
from inspections.actions import pictures
from inspections.actions import scoring as actions
from inspections.actions.rounds import Refused
from inspections.forms.scoring import FindingForm, SpotMatterForm
from inspections.models import Finding, SitePhoto, Stop
from inspections.round_pages import StopPage
from inspections.views.rounds import status_of
from portfolio.models import Project
from portfolio.photos import NotAPhoto
from portfolio.sent import whole_number
from portfolio.views.asked import Asked

REFUSALS = (NotAPhoto, pictures.Refused, Refused)
LATEST = 4  # of a project, on its page


@require_GET
@require_right(Right.READ_PLAN)
def stop_detail(request, pk):
    stops = Stop.objects.filter(round__county=request.user.county_id)
    return _show(request, get_object_or_404(_whole(stops), pk=pk))


def _whole(stops):
    return stops.select_related(
        "round__county", "plan__project__unit", "plan__project__town", "plan__leader", "plan__county"
    )


def _show(request, stop, form=None, matter_form=None, status=200):
    """`form` and `matter_form`: what was refused."""
    today = stop.round.county.business_today()
    page = StopPage(request.user, stop)
    context = {
        "nav": "inspections",
        "stop": stop,
        "plan": stop.plan,
        "page": page,
        "today": today,
        "form": form or (FindingForm(today=today) if page.may_note else None),
        "matter_form": matter_form or (SpotMatterForm(stop=stop, today=today) if page.may_assign else None),
        "units": page.units if page.may_assign else [],
        "most_photos": pictures.MOST,
    }
    return render(request, "inspections/rounds/stop_detail.html", context, status=status)


@require_GET
@require_right(Right.READ_PLAN)
def project_stops(request, pk):
    """A project's stops, for its page the last ones; on its own all, and for a browser without scripts."""
    asked = Asked(request)
    with asked.reading():
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        found = stops_of_project.of_project(project, request.user, asked.choice.end)
        context = asked.context("inspections", project=project, project_stops=found[: LATEST if request.htmx else None])
        name = "_project_stops.html" if request.htmx else "project_stops.html"
        return render(request, f"inspections/rounds/{name}", context)


def _noted_by(request, pk):
    """The stop, for who writes there while its round is open; a closed one is refused by the actions, in words."""
    stop = _whole(actions.stops_noted_by(request.user)).filter(pk=pk).first()
    if stop is None:
        note_refusal(request, "不是这次观摩的评委")
        raise Http404
    return stop


# Findings


@require_POST
@require_right(Right.READ_PLAN)
def finding_add(request, pk):
    stop = _noted_by(request, pk)
    form = FindingForm(request.POST, today=stop.round.county.business_today())
    if status := status_of(form, actions.add_finding, by=request.user, stop=stop):
        return _show(request, stop, form, status=status)
    is_defect = form.cleaned_data["kind"] == Finding.Kind.DEFECT
    messages.success(request, "问题已登记，列入问题清单。" if is_defect else "亮点已记下。")
    return redirect("inspections:stop", pk)


@require_POST
@require_right(Right.READ_PLAN)
def finding_drop(request, pk):
    finding = get_object_or_404(Finding.objects.filter(stop__round__county=request.user.county_id), pk=pk)
    _noted_by(request, finding.stop_id)
    try:
        actions.drop_finding(by=request.user, finding=finding)
        messages.success(request, "已删去。")
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("inspections:stop", finding.stop_id)


# Matters


@require_POST
@require_right(Right.RUN_MEETINGS)
def matter_assign(request, pk):
    stop = _noted_by(request, pk)
    form = SpotMatterForm(request.POST, stop=stop, today=stop.round.county.business_today())
    if status := status_of(form, matter_actions.assign_on_spot, by=request.user, stop=stop):
        return _show(request, stop, matter_form=form, status=status)
    messages.success(request, "已现场交办，责任单位可以看到。")
    return redirect("inspections:stop", pk)


# Photos


@require_POST
@require_right(Right.READ_PLAN)
def stop_photos(request, pk):
    """What a browser without scripts sends: new files, or `do` delete_photo:<pk>."""
    stop = _noted_by(request, pk)
    verb, _, photo = request.POST.get("do", "").partition(":")
    if verb == "delete_photo":
        _delete(request, stop, whole_number(photo))
        return redirect("inspections:stop", pk)
    form_key = _uuid(request.POST.get("form_key", "")) or uuid.uuid4()
    for place, upload in enumerate(request.FILES.getlist("photo")[: pictures.MOST]):
        key = uuid.uuid5(form_key, f"{place} {upload.size} {upload.name}")
        try:
            actions.add_photo(by=request.user, stop=stop, upload=upload, upload_key=key)
        except REFUSALS as refused:
            messages.warning(request, f"照片“{upload.name[:60]}”没有保存：{refused}")
    return redirect("inspections:stop", pk)


def _delete(request, stop, pk):
    photo = SitePhoto.objects.filter(stop=stop, pk=pk).first()
    if photo is None:
        return
    try:
        actions.delete_photo(by=request.user, photo=photo)
    except Refused as refused:
        messages.warning(request, str(refused))


@require_POST
@require_right(Right.READ_PLAN)
def stop_photo_add(request, pk):
    """Answers the page's script: the photo as it is shown, or why it was not kept."""
    stop = _noted_by(request, pk)
    upload, key = request.FILES.get("photo"), _uuid(request.POST.get("upload_key", ""))
    if upload is None or key is None:
        return JsonResponse({"error": "没有收到照片，请重选。"}, status=422)
    try:
        photo = actions.add_photo(by=request.user, stop=stop, upload=upload, upload_key=key)
    except REFUSALS as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    html = render_to_string("inspections/looks/_site_photo.html", {"photo": photo, "may_delete": True}, request)
    return JsonResponse({"html": html})


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
