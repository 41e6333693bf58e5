"""The weekly entry (周调度填报): a unit's week on one page. What is sent to it: portfolio.views.dispatch_saving."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.access import note_refusal
from accounts.models import Unit
from accounts.roles import Right, has_right
from portfolio import no_change, reporting
from portfolio.cards import entry_of, units_of_week
from portfolio.forms.dispatch import Order, ReportForm
from portfolio.models.dispatch import NoChange
from portfolio.sent import whole_number
from portfolio.views.county_week import FIRST_YEAR
from portfolio.views.dispatch_saving import Sent
from portfolio.weeks import Week


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch_entry(request):
    user = request.user
    if not (has_right(user, Right.REPORT_DISPATCH) or has_right(user, Right.REVIEW_DISPATCH)):
        return _elsewhere(request)
    week = asked_week(request)
    unit = _asked_unit(request)
    if unit is None:
        return _show_without_unit(request, week)
    if request.method == "POST":
        return _take(request, week, unit)
    return _show(request, week, unit)


def _elsewhere(request):
    """Who reports nothing reads the county's week."""
    if request.method == "POST":
        note_refusal(request, f"没有“{Right.REPORT_DISPATCH.label}”的权限")
    week = reporting.this_week(request.user.county)
    return redirect("portfolio:county-week", week.year, week.number)


def asked_week(request):
    """`?week=2024-W21`; the current week without it, or for one that has not begun."""
    this_week = reporting.this_week(request.user.county)
    try:
        week = Week.parse(request.GET.get("week", ""))
    except ValueError:
        return this_week
    return min(week, this_week) if week.year >= FIRST_YEAR else this_week


def _asked_unit(request):
    """The reporter's own unit; for the project office the one it names in `?unit=`; else None."""
    if not has_right(request.user, Right.REVIEW_DISPATCH):
        return request.user.unit
    pk = whole_number(request.GET.get("unit", ""))
    return pk and get_object_or_404(Unit.objects.visible_to(request.user).select_related("county"), pk=pk)


def _show_without_unit(request, week):
    if not has_right(request.user, Right.REVIEW_DISPATCH):
        return render(request, "portfolio/dispatch/entry_no_unit.html", {"nav": "dispatch"})
    context = {"nav": "dispatch", "week": week, "units": units_of_week(request.user.county, week)}
    return render(request, "portfolio/dispatch/entry_units.html", context)


def _show(request, week, unit, tried=None, status=200):
    """The page. `tried` are {plan pk: Card} of an attempt whose typed text and messages it shows again."""
    entry = entry_of(request.user, unit, week)
    for card in entry.cards:
        if before := (tried or {}).get(card.pk):
            card.lacking, card.refused, card.conflict = before.lacking, before.refused, before.conflict
            card.form = before.form if card.is_open else None
        if card.is_open and card.form is None:
            card.form = ReportForm(card=card)
    context = {"nav": "dispatch", "entry": entry, "reasons": NoChange.choices, "nothing_new": no_change.BEGINNING}
    return render(request, "portfolio/dispatch/entry.html", context, status=status)


def _take(request, week, unit):
    try:
        order = Order.read(request.POST.get("do", ""))
    except ValueError as error:
        raise BadRequest from error
    sent = Sent(request, week, unit, order)
    sent.carry_out()
    if request.headers.get("Accept") == "application/json":
        return _answer(request, sent)
    if sent.is_clean:
        messages.success(request, sent.message)
        return redirect(f"{reverse('portfolio:dispatch')}?{urlencode(_address(request))}")
    return _show(request, week, unit, tried=sent.cards, status=409 if sent.is_stale else 422)


def _address(request):
    return {key: request.GET[key] for key in ("week", "unit") if key in request.GET}


def _answer(request, sent):
    """What the page's script puts in its places; whole cards and the week's head only where a state has changed."""
    answer = {"cards": {pk: _card_answer(request, sent, card) for pk, card in sent.cards.items()}}
    if sent.changed:
        entry = entry_of(request.user, sent.unit, sent.week)
        for card in entry.cards:
            if card.pk in sent.changed:
                answer["cards"][card.pk] = {"html": _card_html(request, card), "version": card.report.row_version}
        answer["head"] = render_to_string("portfolio/dispatch/_entry_head.html", {"entry": entry}, request)
        answer["is_complete"] = entry.is_complete
    return JsonResponse(answer, status=409 if sent.is_stale else 200)


def _card_html(request, card):
    card.form = ReportForm(card=card) if card.is_open else None
    return render_to_string("portfolio/dispatch/_card.html", {"card": card, "reasons": NoChange.choices}, request)


def _card_answer(request, sent, card):
    report = card.report
    answer = {"version": report.row_version, "refused": card.refused}
    if report.saved_at:
        answer["saved"] = f"{timezone.localtime(report.saved_at):%H:%M}"
    if card.form is not None:
        boxes = card.form.boxes()
        answer["errors"] = {box.name: box.errors for box in boxes if box.errors}
        answer["warnings"] = {box.name: box.warnings for box in boxes if box.warnings}
        if card.photo_warnings:
            answer["warnings"]["photos"] = card.photo_warnings
    if sent.order.verb == "no_change" and not card.conflict:
        answer["values"] = ReportForm(card=card).texts()
    if card.conflict:
        context = {"card": card, "saved_by": report.saved_by, "saved_at": report.saved_at}
        answer["theirs"] = {name: theirs for name, _label, _mine, theirs in card.conflict}
        answer["conflict"] = render_to_string("portfolio/dispatch/_conflict.html", context, request)
    return answer
