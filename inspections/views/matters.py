"""Matters that are followed (交办事项): the list, the own unit's to answer in one line, one matter with its steps."""

import uuid

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.models import Unit
from accounts.roles import Right, has_right
from inspections import matter_steps, matters
from inspections.actions import matters as actions
from inspections.escalation import Escalation
from inspections.exporting.matters import ledger
from inspections.forms.matters import FORMS
from inspections.matter_listing import MatterListing
from inspections.matter_steps import Verb
from inspections.models import Matter
from portfolio import as_of
from portfolio.actions import changes
from portfolio.models import Problem, Project
from portfolio.sent import way_back
from portfolio.views import steps
from portfolio.views.files import xlsx_response

DONE = {
    Verb.ANSWER: "已反馈。",
    Verb.ASK_CLOSING: "已申请办结，等待项目办核验。",
    Verb.CLOSE: "已办结。",
    Verb.SEND_BACK: "已退回办理。",
    Verb.EXTEND: "已延期。",
    Verb.DROP: "已记为不再办理。",
    Verb.REOPEN: "已恢复办理。",
    Verb.REVOKE: "已撤销。",
    Verb.EDIT: "已保存。",
}
MODELS = {"project": Project, "problem": Problem}
STALE = "您打开这一页之后，他人已办理了这一项（见下面的经过）。您填写的内容还在，没有保存：请核对后再提交。"


@require_GET
@require_right(Right.READ_PLAN)
def matter_list(request):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        listing = _listing(request, choice)
        is_print = "print" in request.GET
        to_answer = [] if is_print else listing.to_answer
        context = {
            "nav": "inspections",
            "as_of_choice": choice,
            "listing": listing,
            "rows": listing.found if is_print else [row for row in listing.shown if row not in to_answer],
            "is_print": is_print,
            "own_rows": [(row, uuid.uuid4()) for row in to_answer],
        }
        return render(request, "inspections/matters/matter_list.html", context)


def _choice(request):
    return as_of.AsOfChoice(request.GET, request.user.county.business_today())


def _listing(request, choice):
    day, is_past = choice.day or choice.today, choice.day is not None
    return MatterListing(request.user, request.GET, day, is_past=is_past)


@require_GET
@require_right(Right.READ_PLAN)
def matter_export(request):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        listing = _listing(request, choice)
        return xlsx_response(ledger(listing), listing.today)


# On the pages of projects and problems


@require_GET
@require_right(Right.READ_PLAN)
def matters_about(request, what, pk):
    """The matters about a project or problem, for its page; on its own for a browser without scripts."""
    if what not in MODELS:
        raise Http404
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        about = get_object_or_404(MODELS[what].objects.visible_to(request.user), pk=pk)
        found = Matter.objects.readable_by(request.user).in_force().filter(**{what: about})
        rows = sorted(matters.rows_of(found, choice.day or choice.today, choice.end), key=matters.urgency)
        context = {"nav": "inspections", "as_of_choice": choice, "about": about, "matter_rows": rows}
        name = "_matters_about.html" if request.htmx else "matters_about.html"
        return render(request, f"inspections/matters/{name}", context)


# One matter


def _matter(request, pk):
    stored = Matter.objects.readable_by(request.user).select_related(*matters.ALONG, "county", "problem__project")
    return get_object_or_404(stored, pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def matter_detail(request, pk):
    choice = _choice(request)
    with as_of.reading(request.user.county, choice.day):
        matter = _matter(request, pk)
        forms = [] if choice.day else _forms(request.user, matter)
        return _show(request, matter, forms, choice=choice)


def _forms(user, matter):
    """An unbound form for each step that this account may take now."""
    verbs = matter_steps.open_to(
        matter,
        may_answer=Matter.objects.answerable_by(user).filter(pk=matter.pk).exists(),
        may_manage=Matter.objects.manageable_by(user).filter(pk=matter.pk).exists(),
    )
    return [FORMS[verb](matter=matter) for verb in verbs]


def _show(request, matter, forms, *, choice, status=200, **more):
    today = choice.day or choice.today
    events = matter.events.select_related("by__unit")
    context = {
        "nav": "inspections",
        "as_of_choice": choice,
        "today": today,
        "matter": matter,
        "row": matters.rows_of([matter], today, choice.end)[0],
        "events": events.filter(at__lte=choice.end) if choice.day else events,
        "forms": forms,
        "open_form": next((form for form in forms if form.is_bound), forms[0] if forms else None),
        "waiting_for": matter_steps.waiting_for(matter),
        "rise": None if choice.day else _rise(request.user, matter, today),
        "sees_phones": Matter.objects.answerable_by(request.user).filter(pk=matter.pk).exists(),
        "may_manage": choice.day is None and Matter.objects.manageable_by(request.user).filter(pk=matter.pk).exists(),
        "units": Unit.objects.filter(county=matter.county, is_active=True).order_by("name"),
        "may_remove": matter.meeting is not None and matter_steps.is_being_written(matter),
        **more,
    }
    return render(request, "inspections/matters/matter_detail.html", context, status=status)


def _rise(user, matter, today):
    """Its `escalation.Rise`, for who issues letters; None while it is not overdue."""
    if not has_right(user, Right.ISSUE_LETTERS):
        return None
    return Escalation(matter.county, today).by_matter().get(matter.pk)


@require_POST
@require_right(Right.READ_PLAN)
def matter_step(request, pk, verb):
    """Take one step; what can't be taken shows the matter's page with the form as it was filled."""
    matter = _matter(request, pk)
    verb = steps.known(Verb, verb)
    steps.insist(request, matter, verb, "这一项")
    form = FORMS[verb](request.POST, matter=matter)
    if not form.is_valid():
        return _again(request, pk, form, 400)
    try:
        getattr(actions, verb.value)(by=request.user, matter=matter, **form.values())
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return _again(request, pk, form, 400)
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_error(None, STALE)
        return _again(request, pk, form, 409)
    messages.success(request, f"“{matter}”：{DONE[verb]}")
    return redirect(way_back(request.POST.get("back", ""), reverse("inspections:matter-detail", args=[pk])))


def _again(request, pk, form, status):
    """The page with the bound form in its place, or above the others when the step is no longer open."""
    matter = _matter(request, pk)
    forms, lost = steps.with_sent(request, _forms(request.user, matter), form)
    choice = as_of.AsOfChoice(QueryDict(), matter.county.business_today())
    return _show(request, matter, forms, choice=choice, status=status, **lost)
