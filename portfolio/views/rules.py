"""亮灯规则: the thresholds in force and all their versions, for all; the next version, from the project office."""

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from portfolio import light_rules, progress
from portfolio.actions import rules
from portfolio.forms.rules import LightRuleForm


@require_right(Right.READ_PLAN)
def light_rule_page(request):
    county = request.user.county
    today = county.business_today()
    sent = request.POST if request.method == "POST" else None
    form = LightRuleForm(sent, before=light_rules.latest(county), today=today)
    if form.is_bound:
        insist_on(Right.SET_RULES, request)
        if form.is_valid() and _saved(request, form):
            return redirect("portfolio:light-rules")
    in_force = progress.rules_on(county, today)
    context = {
        "nav": "progress",
        "thresholds": in_force,
        "settings": light_rules.settings(progress.DEFAULTS, in_force),
        "versions": light_rules.versions(county, in_force.version),
        "form": form,
        "may_set": has_right(request.user, Right.SET_RULES),
    }
    return render(request, "portfolio/progress/light_rules.html", context, status=400 if form.is_bound else 200)


def _saved(request, form):
    try:
        rule = rules.set_light_rule(
            by=request.user, county=request.user.county, values=form.values, form_key=form.cleaned_data["form_key"]
        )
    except light_rules.Refused as refused:
        for name, why in refused.errors.items():
            form.add_error(name, why)
        return False
    done = f"已保存{rule}，自 {rule.since} 起执行。" if rule else "这一版已经保存过，没有重复保存。"
    messages.success(request, done)
    return True
