"""一月一落实: the meetings, one meeting's agenda and minutes, and the matters typed into it in one go."""

from django.contrib import messages
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.models import Unit
from accounts.refusals import typed_fields
from accounts.roles import Right, has_right
from inspections import matters, minutes
from inspections.actions import matters as matter_actions
from inspections.actions import meetings as actions
from inspections.actions.matters import Refused
from inspections.escalation import Escalation
from inspections.exporting.meetings import ledger
from inspections.forms.keys import KeysForm
from inspections.forms.matters import MatterRows, MeetingForm
from inspections.meeting_listing import MeetingListing
from inspections.models import Matter, Meeting
from inspections.models.meetings import SETTLED
from portfolio import as_of
from portfolio.actions import changes
from portfolio.forms.problems import suggestions
from portfolio.models import Problem, Project
from portfolio.sent import whole_number
from portfolio.views.files import file_name, xlsx_response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STALE = "您打开这一页之后，他人已修改了这次会议。您填写的内容还在，没有保存：请核对后再提交。"
MOST_PROPOSED = 30
TALLIES = {"unit": "责任单位", "leader": "牵头领导"}


@require_GET
@require_right(Right.READ_PLAN)
def meeting_list(request):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        listing = _listing(request, choice)
        open_rows = matters.rows_of(Matter.objects.visible_to(request.user).open(), listing.today)
        context = {
            "nav": "inspections",
            "as_of_choice": choice,
            "today": listing.today,
            "listing": listing,
            "meetings": listing.rows,
            "tally": matters.tally(open_rows),
            "tallies": [(by, label, matters.tallies(open_rows, by)) for by, label in TALLIES.items()],
            "own": [] if choice.day else matters.of_unit(request.user, listing.today),
            "may_run": choice.day is None and has_right(request.user, Right.RUN_MEETINGS),
        }
        return render(request, "inspections/monthly/meeting_list.html", context)


def _choice(request):
    return as_of.AsOfChoice(request.GET, request.user.county.business_today())


def _listing(request, choice):
    return MeetingListing(request.user, request.GET, choice.day or choice.today)


@require_GET
@require_right(Right.READ_PLAN)
def meeting_export(request):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        listing = _listing(request, choice)
        return xlsx_response(ledger(listing), listing.today)


# One meeting


def _meeting(request, pk):
    return get_object_or_404(Meeting.objects.readable_by(request.user).select_related("county"), pk=pk)


def _own_meeting(request, pk):
    return get_object_or_404(Meeting.objects.manageable_by(request.user).select_related("county"), pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def meeting_detail(request, pk):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        meeting = _meeting(request, pk)
        return _show(request, meeting, None if choice.day else _empty_rows(request, meeting), choice=choice)


def _empty_rows(request, meeting):
    """The lines to type matters into, the first of them filled from `?problem=` keys; None where nobody types."""
    if meeting.state == Meeting.State.CLOSED or not has_right(request.user, Right.RUN_MEETINGS):
        return None
    keys = [key for text in request.GET.getlist("problem") if (key := whole_number(text))][:MOST_PROPOSED]
    chosen = Problem.objects.visible_to(request.user).filter(pk__in=keys).select_related("project", "unit")
    return MatterRows(meeting, problems=list(chosen.order_by("deadline", "pk")))


def _show(request, meeting, typing, *, status=200, choice=None):
    """`choice` for the page that can be asked for a past day; a form that comes back is of today."""
    choice = choice or as_of.AsOfChoice(QueryDict(), meeting.county.business_today())
    today = choice.day or choice.today
    opening = matters.opening(meeting, today, choice.end)
    context = {
        "nav": "inspections",
        "as_of_choice": choice,
        "today": today,
        "meeting": meeting,
        "opening": opening,
        "opening_words": matters.told(opening),
        "rows": matters.rows_of(meeting.matters.order_by("seq", "pk"), today, choice.end),
        "typing": typing,
        "may_run": has_right(request.user, Right.RUN_MEETINGS),
        "is_closed": meeting.state == Meeting.State.CLOSED,
    }
    if typing is not None:
        context["units"] = Unit.objects.filter(county=meeting.county, is_active=True).order_by("name")
        context["discard_form"] = KeysForm(row=meeting)
        context["proposed"] = _proposed(meeting, today)
        context["rises"] = Escalation(meeting.county, today).by_matter()
    return render(request, "inspections/monthly/meeting_detail.html", context, status=status)


def _proposed(meeting, today):
    """Overdue problems that no open matter follows yet: what a meeting usually has to decide on."""
    followed = Matter.objects.filter(county=meeting.county, problem__isnull=False).exclude(state__in=SETTLED)
    overdue = Problem.objects.filter(county=meeting.county).overdue(today)
    rows = overdue.exclude(pk__in=followed.values("problem")).select_related("project", "unit")
    return rows.order_by("deadline", "pk")[:MOST_PROPOSED]


@require_right(Right.RUN_MEETINGS)
def meeting_new(request):
    county = request.user.county
    form = MeetingForm(request.POST if request.method == "POST" else None, today=county.business_today())
    if form.is_bound and form.is_valid():
        try:
            meeting = actions.create(by=request.user, values=form.values, form_key=form.cleaned_data["form_key"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已建立会议，请填写议定事项。")
            return redirect("inspections:meeting-detail", meeting.pk)
    context = {"nav": "inspections", "form": form}
    return render(request, "inspections/monthly/meeting_form.html", context, status=400 if form.is_bound else 200)


@require_right(Right.RUN_MEETINGS)
def meeting_edit(request, pk):
    meeting = _own_meeting(request, pk)
    form = MeetingForm(request.POST if request.method == "POST" else None, meeting=meeting)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            version, key = form.cleaned_data["version"], form.cleaned_data["form_key"]
            actions.edit(by=request.user, meeting=meeting, version=version, values=form.values, form_key=key)
            messages.success(request, "已保存。")
            return redirect("inspections:meeting-detail", meeting.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
        except changes.StaleRow as stale:
            form.renew(stale.current)
            form.add_error(None, STALE)
            status = 409
    context = {"nav": "inspections", "form": form, "meeting": meeting}
    return render(request, "inspections/monthly/meeting_form.html", context, status=status)


@require_POST
@require_right(Right.RUN_MEETINGS)
def meeting_issue(request, pk):
    meeting = _own_meeting(request, pk)
    try:
        actions.issue(by=request.user, meeting=meeting, version=whole_number(request.POST.get("version", "")) or 0)
    except Refused as refused:
        messages.error(request, str(refused))
    except changes.StaleRow:
        messages.error(request, "您打开这一页之后，他人已修改了这次会议，没有印发。请核对下面的内容后再印发。")
        return _show(request, _own_meeting(request, pk), _empty_rows(request, meeting), status=409)
    else:
        messages.success(request, "已印发纪要，事项已交办到各责任单位。")
    return redirect("inspections:meeting-detail", pk)


@require_POST
@require_right(Right.RUN_MEETINGS)
def meeting_discard(request, pk):
    sent = KeysForm(request.POST)
    if sent.is_valid() and actions.has_discarded(request.user, sent.cleaned_data["form_key"]):
        messages.success(request, "这次会议已经删去。")
        return redirect("inspections:meetings")
    meeting = _own_meeting(request, pk)
    if not sent.is_valid():
        messages.error(request, "没有删去。请刷新后再试。")
        return redirect("inspections:meeting-detail", pk)
    try:
        actions.discard(by=request.user, meeting=meeting, **sent.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("inspections:meeting-detail", pk)
    except changes.StaleRow:
        messages.error(request, "您打开这一页之后，他人已修改了这次会议，没有删去。请核对下面的内容后再删。")
        return _show(request, _own_meeting(request, pk), _empty_rows(request, meeting), status=409)
    messages.success(request, f"已删去“{meeting}”。")
    return redirect("inspections:meetings")


# Its matters


@require_POST
@require_right(Right.RUN_MEETINGS)
def meeting_matters(request, pk):
    """Keep the lines that were typed; what can't be kept shows all of them again, as typed."""
    meeting = _own_meeting(request, pk)
    typing = MatterRows(meeting, request.POST)
    if not typing.has_key:
        messages.error(request, "这张表单不完整，没有保存。您填写的内容还在，请核对后再保存一次。")
    if typing.is_valid() and typing.filled:
        try:
            rows = [row.said for row in typing.filled]
            kept = matter_actions.decide_all(by=request.user, meeting=meeting, rows=rows, form_key=typing.form_key)
        except Refused as refused:
            if meeting.state == Meeting.State.CLOSED:
                return _closed_meanwhile(request, meeting, refused)
            typing.refuse(refused.errors)
        else:
            messages.success(request, f"已保存 {len(kept)} 项议定事项。")
            return redirect("inspections:meeting-detail", pk)
    elif typing.is_valid():
        messages.error(request, "没有填写议定事项，没有保存。")
    return _show(request, meeting, typing, status=400)


def _closed_meanwhile(request, meeting, refused):
    """Issued while somebody was typing: the words are shown for copying."""
    context = {"nav": "inspections", "meeting": meeting, "why": str(refused), "typed": typed_fields(request)}
    return render(request, "inspections/monthly/meeting_closed.html", context, status=409)


@require_POST
@require_right(Right.RUN_MEETINGS)
def matter_remove(request, pk):
    matter = Matter.objects.manageable_by(request.user).filter(pk=pk).select_related("meeting").first()
    if matter is None:
        if not matter_actions.is_removed(request.user, pk):
            raise Http404
        messages.success(request, "这一项已经删去。")
        return redirect("inspections:meetings")
    try:
        version = whole_number(request.POST.get("version", "")) or 0
        meeting = matter_actions.remove(by=request.user, matter=matter, version=version)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("inspections:matter-detail", pk)
    except changes.StaleRow:
        messages.error(request, "您打开这一页之后，他人已修改了这一项，没有删去。请核对后再删。")
        return redirect("inspections:matter-detail", pk)
    messages.success(request, "已删去一项。")
    return redirect("inspections:meeting-detail", meeting.pk)


@require_GET
@require_right(Right.RUN_MEETINGS)
def project_names(request):
    """Options for a project field as it is typed in; no page of its own. The field's name is its line's."""
    if not request.htmx:
        raise Http404
    typed = next((text for name, text in request.GET.items() if name.endswith("project")), "")
    names = suggestions(Project.objects.visible_to(request.user), typed[:200])
    return render(request, "portfolio/problems/_project_options.html", {"names": names})


@require_GET
@require_right(Right.READ_PLAN)
def meeting_minutes(request, pk):
    """The minutes (会议纪要) as .docx, in the official layout; before they are issued, as a draft."""
    meeting = _meeting(request, pk)
    file = minutes.document(meeting, meeting.county.business_today())
    name = file_name(minutes.title(meeting), "docx")
    return FileResponse(file, as_attachment=True, filename=name, content_type=DOCX)
