"""Quarterly inspections (一季一观摩): the list, a round with its route, opening and closing it, and its result."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections import rounds
from inspections.actions import matters
from inspections.actions import rounds as actions
from inspections.exporting.rounds import result_ledger, round_ledger
from inspections.forms.rounds import CloseForm, ReopenForm, StepForm
from inspections.models import Round
from inspections.models.rounds import RoundState
from inspections.round_listing import RoundListing
from inspections.round_pages import RoundPage
from portfolio.actions import changes
from portfolio.views.files import xlsx_response

STALE = "您打开这一页之后，他人已修改了这次观摩。您填写的内容还在，没有保存：请核对后再提交。"


# The list


@require_GET
@require_right(Right.READ_PLAN)
def round_list(request):
    context = {
        "nav": "inspections",
        "listing": RoundListing(request.user, request.GET),
        "may_run": has_right(request.user, Right.RUN_ROUNDS),
        "to_score": Round.objects.scored_by(request.user),
    }
    return render(request, "inspections/rounds/round_list.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def round_list_export(request):
    day = request.user.county.business_today()
    return xlsx_response(round_ledger(RoundListing(request.user, request.GET), day), day)


# One round


def round_of(user, pk):
    return get_object_or_404(Round.objects.visible_to(user).select_related("county"), pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def round_detail(request, pk):
    return show(request, round_of(request.user, pk))


def show(request, round_, form=None, recall=None, status=200):
    """`form`: the opening or closing that was refused; `recall` the taking back."""
    runs = has_right(request.user, Right.RUN_ROUNDS)
    may_run = runs and round_.state != RoundState.CLOSED
    context = {
        "nav": "inspections",
        "round": round_,
        "page": RoundPage(request.user, round_),
        "may_run": may_run,
        "form": form or _next_form(round_, may_run),
        "recall": recall or (_way_back(round_) if runs else None),
    }
    return render(request, "inspections/rounds/round_detail.html", context, status=status)


def _next_form(round_, may_run):
    """What can be done with the round as a whole: open it, then close it."""
    if not may_run:
        return None
    return (StepForm if round_.state == RoundState.PLANNED else CloseForm)(round_=round_)


def _way_back(round_):
    """What takes back the last thing done with the round; a round in preparation is deleted on a page of its own."""
    if round_.state == RoundState.PLANNED:
        return None
    return (ReopenForm if round_.state == RoundState.CLOSED else StepForm)(round_=round_)


@require_POST
@require_right(Right.RUN_ROUNDS)
def round_open(request, pk):
    return take(request, pk, StepForm, actions.open_, "观摩已开始，评委可以评分。")


@require_POST
@require_right(Right.RUN_ROUNDS)
def round_close(request, pk):
    return take(request, pk, CloseForm, actions.close, "观摩已结束，结果已公布。")


def take(request, pk, form_class, action, done, place="form"):
    """One step of the round as a whole; where it is refused, `place` says which form of the page it was."""
    round_ = round_of(request.user, pk)
    form = form_class(request.POST, round_=round_)
    if status := status_of(form, action, by=request.user, round_=round_):
        return show(request, round_of(request.user, pk), status=status, **{place: form})
    messages.success(request, done)
    return redirect("inspections:round", pk)


def status_of(form, action, **more):
    """0 once the action has been taken; else the status of the page that shows the form with what stands against it."""
    if not form.is_valid():
        return 400
    try:
        action(**more, **form.values())
    except (actions.Refused, matters.Refused) as refused:
        form.add_errors(refused.errors)
        return 400
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_errors({None: getattr(form, "stale", STALE)})
        return 409
    return 0


# The result


@require_GET
@require_right(Right.READ_PLAN)
def round_result(request, pk):
    round_ = round_of(request.user, pk)
    if not rounds.sees_all_scores(request.user, round_):
        return _not_yet(request, round_)
    context = {
        "nav": "inspections",
        "round": round_,
        "result": rounds.results(round_),
        "is_default": rounds.is_default(round_.criteria.all()),
    }
    return render(request, "inspections/rounds/round_result.html", context)


def _not_yet(request, round_):
    messages.info(request, "评分结果在观摩结束后公布。")
    return redirect("inspections:round", round_.pk)


@require_GET
@require_right(Right.READ_PLAN)
def round_export(request, pk):
    round_ = round_of(request.user, pk)
    if not rounds.sees_all_scores(request.user, round_):
        return _not_yet(request, round_)
    return xlsx_response(result_ledger(rounds.results(round_)), round_.ends_on)
