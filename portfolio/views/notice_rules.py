"""提醒规则: read by all, set by the project office."""

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from portfolio import notice_rules
from portfolio.actions.notices import set_notice_rules
from portfolio.channels.email import email_is_on
from portfolio.channels.webhook import webhook_is_on
from portfolio.forms.notice_rules import NoticeRulesForm


@require_right(Right.READ_PLAN)
def notice_rules_page(request):
    form = _form(request, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        insist_on(Right.SET_RULES, request)
        form, status = _taken(request, form)
        if status == 200:
            return redirect("portfolio:notice-rules")
    context = {
        "nav": "progress",
        "form": form,
        "email_is_on": email_is_on(),
        "webhook_is_on": webhook_is_on(),
        "may_set": has_right(request.user, Right.SET_RULES),
    }
    return render(request, "portfolio/rules/notices.html", context, status=status)


def _form(request, data):
    channels_on = {name for name, is_on in (("by_email", email_is_on()), ("by_webhook", webhook_is_on())) if is_on}
    return NoticeRulesForm(data, rules=notice_rules.rules_of(request.user.county), channels_on=channels_on)


def _taken(request, form):
    """(the form to show, status): 200 when what was sent has been taken, now or before."""
    if not form.is_valid():
        return form, 400
    sent = {name: form.cleaned_data[name] for name in ("seen", "form_key")}
    try:
        change_set = set_notice_rules(by=request.user, county=request.user.county, values=form.values, **sent)
    except notice_rules.Stale:
        return _asked_again(request), 409
    except notice_rules.Refused as refused:
        for place, why in refused.errors.items():
            form.add_error("-".join(place) if place else None, why)
        return form, 400
    messages.success(request, "已保存提醒规则。" if change_set else "这些规则已经保存过，没有重复保存。")
    return form, 200


def _asked_again(request):
    """What was typed, with the rules as they stand by now: sent once more, it takes their place knowingly."""
    data = request.POST.copy()
    data["seen"] = notice_rules.stamp(notice_rules.rules_of(request.user.county))
    form = _form(request, data)
    now = notice_rules.content_of(form.rules)
    differs = notice_rules.told(form.values, now) if form.is_valid() else []
    told = f"现行规则与您所填不同的：{'；'.join(differs)}。" if differs else "现行规则与您所填相同。"
    form.add_error(None, f"您打开本页之后，另一位同事改了提醒规则，您的内容还没有保存。{told}请核对后再保存一次。")
    return form
