"""Own judgements (自评): the list of them beside the rule's lights, and giving one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.refusals import typed_fields
from accounts.roles import Right
from portfolio.actions.own_lights import judge_plan
from portfolio.actions.register import Invalid
from portfolio.exporting.own_lights import own_lights_ledger
from portfolio.forms.own_lights import OwnLightForm
from portfolio.models import AnnualPlan
from portfolio.models.judging import Light, plans_judged_by
from portfolio.own_lights import judgeable_by, panel_of, refusal
from portfolio.own_lights_listing import OwnLightListing
from portfolio.sent import way_back
from portfolio.standings import YearStandings
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

read_plan = require_right(Right.READ_PLAN)


def _listing(request, asked):
    return OwnLightListing(YearStandings(asked.county, asked.year, asked.day), request.GET)


@require_GET
@read_plan
def own_lights(request):
    asked = Asked(request)
    with asked.reading():
        listing = _listing(request, asked)
        judgeable = frozenset() if asked.is_past else judgeable_by(request.user, asked.year)
        context = asked.context("progress", listing=listing, judgeable=judgeable)
        return render(request, "portfolio/own_lights/list.html", context)


@require_GET
@read_plan
def own_lights_export(request):
    asked = Asked(request)
    with asked.reading():
        sheet = own_lights_ledger(_listing(request, asked))
    audit.record("导出", actor=request.user, summary=f"{sheet.title}（.xlsx）")
    return xlsx_response(sheet, asked.day)


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.JUDGE_PROJECTS)
def own_light(request, pk):
    """One plan's two lights with the form: the short page for a phone, and where a form with mistakes comes back."""
    plan = _judgeable_plan(request, pk)
    form = OwnLightForm(request.POST or None, next_path=request.GET.get("next", ""))
    if request.method == "POST" and form.is_valid() and (done := _judge(request, plan, form)):
        return done
    refused = refusal(plan)
    context = {
        "nav": "progress",
        "plan": plan,
        "panel": panel_of(plan, request.user, plan.county.business_today()),
        "refused": refused,
        "typed": typed_fields(request) if refused else [],
        "own_light_form": form,
        "back": _back(form["next"].value() or "", plan),
    }
    status = 200 if request.method in SAFE_METHODS else 400
    return render(request, "portfolio/own_lights/judge.html", context, status=status)


def _judgeable_plan(request, pk):
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project", "county")
    plan = get_object_or_404(plans, pk=pk)
    if plans_judged_by(request.user).filter(pk=pk).exists():
        return plan
    if request.method not in SAFE_METHODS:
        note_refusal(request, f"无权自评“{plan.project}”")
    raise Http404


def _back(text, plan):
    return way_back(text, f"{reverse('portfolio:project-detail', args=[plan.project_id])}?year={plan.year}#own-light")


def _judge(request, plan, form):
    """Where to go once it is given; None when the form has got an error instead."""
    values = {key: form.cleaned_data[key] for key in ("light", "words", "form_key")}
    try:
        own = judge_plan(by=request.user, plan=plan, **values)
    except Invalid as refused:
        for key, problem in refused.problems.items():
            form.add_error(key if key in form.fields else None, problem)
        return None
    told = f"已记自评：{plan.project}，{Light(own.light).colour}灯。" if own else "这次自评已经记过，没有重复记录。"
    messages.success(request, told)
    return redirect(_back(form.cleaned_data["next"], plan))
