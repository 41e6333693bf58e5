"""规则: what is in force and all its versions, for all; the next version, from the project office."""

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from portfolio import progress
from portfolio.actions import rules
from portfolio.forms.rules import LightRuleForm, RankingWeightsForm
from portfolio.light_rules import LIGHTS
from portfolio.ranking_weights import WEIGHTS, Weights, weights_on
from portfolio.rankings import Rankings
from portfolio.rule_versions import Refused, Stale

read_plan = require_right(Right.READ_PLAN)


@read_plan
def light_rule_page(request):
    county = request.user.county
    form = _form(request, LightRuleForm, LIGHTS)
    if form.is_bound and form.is_valid() and _saved(request, form, rules.set_light_rule):
        return redirect("portfolio:light-rules")
    in_force = progress.rules_on(county, county.business_today())
    return _page(request, "light_rules", form, LIGHTS, in_force, thresholds=in_force)


@read_plan
def ranking_weights_page(request):
    """`preview` in what is sent shows the ranking by the weights typed, and saves nothing."""
    county = request.user.county
    today = county.business_today()
    in_force = weights_on(county, today)
    form = _form(request, RankingWeightsForm, WEIGHTS)
    moves, is_preview = None, "preview" in request.POST
    form.fields["words"].required = not is_preview
    if form.is_bound and form.is_valid():
        if is_preview:
            moves = _refusable(form, lambda: _preview(county, in_force, form.values))
        elif _saved(request, form, rules.set_ranking_weights):
            return redirect("portfolio:ranking-weights")
    return _page(request, "ranking_weights", form, WEIGHTS, in_force, moves=moves, weights=in_force)


def _form(request, form_class, book):
    """The form for the next version, with what was sent; only from who may set rules."""
    if is_sent := request.method == "POST":
        insist_on(Right.SET_RULES, request)
    county = request.user.county
    sent = request.POST if is_sent else None
    return form_class(sent, before=book.latest(county), today=county.business_today())


def _page(request, name, form, book, in_force, **more):
    context = {
        "nav": "progress",
        "settings": book.settings(book.default, in_force),
        "versions": book.versions(request.user.county, in_force.version),
        "form": form,
        "may_set": has_right(request.user, Right.SET_RULES),
        **more,
    }
    return render(request, f"portfolio/rules/{name}.html", context, status=400 if form.errors else 200)


def _refusable(form, do):
    """What `do` returns; None with the reasons in the form when it is refused."""
    try:
        return do()
    except Refused as refused:
        for name, why in refused.errors.items():
            form.add_error(name, why)
        if isinstance(refused, Stale):
            form.follow(refused.version)


def _saved(request, form, save):
    """Whether the form has been taken, now or before."""
    sent = {name: form.cleaned_data[name] for name in ("follows", "form_key")}
    rule = _refusable(form, lambda: save(by=request.user, county=request.user.county, values=form.values, **sent))
    if form.errors:
        return False
    done = f"已保存{rule}，自 {rule.since} 起执行。" if rule else "这一版已经保存过，没有重复保存。"
    messages.success(request, done)
    return True


def _preview(county, in_force, values):
    """Where each unit stands today by the weights in force, and where by those typed."""
    today = county.business_today()
    WEIGHTS.insist(values, WEIGHTS.latest(county), today)
    rankings = Rankings(county, today.year, today)
    typed = Weights(in_force.version, None, values["weights"], values["least_projects"])
    return rankings.moves(typed)
