"""停缓建: the list of what stands still, and the form by which the project office pauses and resumes a project."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio.actions import pauses
from portfolio.actions.register import Invalid
from portfolio.as_of import AsOfChoice, reading
from portfolio.forms.pauses import PauseForm, ResumeForm
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


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.EDIT_REGISTER)
def schedule_pause(request, pk):
    """Pauses a project that runs, resumes one that stands still."""
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project", "county")
    plan = get_object_or_404(plans, pk=pk)
    standing = plan.pauses.standing().first()
    # What the sender saw decides what is done: sent twice, a pause must not become a form to resume.
    resumes = request.POST["act"] == "resume" if "act" in request.POST else standing is not None
    today = plan.county.business_today()
    form = (ResumeForm if resumes else PauseForm)(request.POST or None, today=today)
    if form.is_bound and form.is_valid() and _write(request, plan, form, resumes):
        return redirect(schedule_url(plan))
    context = {"nav": "six-ones", "plan": plan, "project": plan.project, "pause": standing, "form": form}
    context["act"] = "resume" if resumes else "pause"
    return render(request, "portfolio/schedule/pause.html", context, status=400 if form.is_bound else 200)


def _write(request, plan, form, resumes):
    """Whether it is done; what is wrong stands on the form."""
    try:
        written = (pauses.resume if resumes else pauses.pause)(by=request.user, plan=plan, **form.cleaned_data)
    except Invalid as refused:
        for key, problem in refused.problems.items():
            form.add_error(key if key in form.fields else None, problem)
        return False
    if written is None:
        messages.success(request, "这个项目已经复工，没有停缓建。")
    elif resumes:
        messages.success(request, f"已登记 {written.resumed_on} 复工。")
    else:
        messages.success(request, f"已登记自 {written.paused_on} 起停缓建。")
        if written.review_on < plan.county.business_today():
            messages.warning(request, f"复核日期 {written.review_on} 已经过去，会列为逾期未复核。")
    return True
