"""停缓建: the list of what stands still, and the form by which the project office pauses and resumes a project."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio.actions import pauses
from portfolio.actions.register import Invalid
from portfolio.as_of import AsOfChoice, reading
from portfolio.forms.pauses import PauseForm, ResumeForm, ReviewForm
from portfolio.models import AnnualPlan
from portfolio.schedule_lists import paused_plans
from portfolio.views.schedule import schedule_url


@require_GET
@require_right(Right.READ_PLAN)
def paused_list(request):
    county = request.user.county
    choice = AsOfChoice(request.GET, county.business_today())
    day = choice.day or choice.today
    with reading(county, choice.day):
        rows = paused_plans(county, day)
        context = {
            "nav": "six-ones",
            "rows": rows,
            "overdue": sum(row.is_overdue for row in rows),
            "day": day,
            "as_of_choice": choice,
            "may_pause": has_right(request.user, Right.EDIT_REGISTER) and choice.day is None,
        }
        return render(request, "portfolio/schedule/paused.html", context)


FORMS = {"pause": PauseForm, "review": ReviewForm, "resume": ResumeForm}
ACTIONS = {"pause": pauses.pause, "review": pauses.review, "resume": pauses.resume}


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.EDIT_REGISTER)
def schedule_pause(request, pk):
    """Pauses a project that runs; reviews or resumes one that stands still."""
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project", "county")
    plan = get_object_or_404(plans, pk=pk)
    standing = plan.pauses.standing().first()
    today = plan.county.business_today()
    offered = ("review", "resume") if standing is not None else ("pause",)
    # What the sender saw decides what is done: sent twice, a pause must not become a form to resume.
    act = request.POST.get("act") if request.POST.get("act") in FORMS else None
    sent = _form(act, today, request.POST) if act else None
    if sent is not None and sent.is_valid() and _write(request, plan, act, sent):
        return redirect(schedule_url(plan))
    acts = offered if act is None or act in offered else (act,)
    context = {
        "nav": "six-ones",
        "plan": plan,
        "project": plan.project,
        "pause": standing,
        "forms": [(each, sent if each == act else _form(each, today)) for each in acts],
    }
    return render(request, "portfolio/schedule/pause.html", context, status=400 if sent is not None else 200)


def _form(act, today, data=None):
    """Two of them may stand on one page, so their boxes are named apart."""
    return FORMS[act](data, today=today, auto_id=f"id_{act}_%s")


def _write(request, plan, act, form):
    """Whether it is done; what is wrong stands on the form."""
    try:
        written = ACTIONS[act](by=request.user, plan=plan, **form.cleaned_data)
    except Invalid as refused:
        for key, problem in refused.problems.items():
            form.add_error(key if key in form.fields else None, problem)
        return False
    messages.success(request, _told(act, written))
    if act == "pause" and written.review_on < plan.county.business_today():
        messages.warning(request, f"复核日期 {written.review_on} 已经过去，会列为逾期未复核。")
    return True


def _told(act, pause):
    if pause is None:
        return "这个项目已经复工，没有停缓建。"
    return {
        "pause": f"已登记自 {pause.paused_on} 起停缓建。",
        "review": f"已登记复核，下次复核 {pause.review_on}。",
        "resume": f"已登记 {pause.resumed_on} 复工。",
    }[act]
