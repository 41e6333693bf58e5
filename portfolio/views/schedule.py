"""A plan's schedule (工期计划): one page to read and edit it, its approval, and what two who edit at once are shown."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.roles import Right, has_right
from portfolio import schedule_texts as texts
from portfolio.actions import changes
from portfolio.actions import schedule as actions
from portfolio.actions.register import Invalid
from portfolio.as_of import AsOfChoice, reading
from portfolio.forms.schedule import STEPS, ScheduleForm
from portfolio.models import AnnualPlan
from portfolio.schedule_conflicts import conflicts, page_data, settled
from portfolio.schedule_differences import differs_from_stored
from portfolio.schedules import Period, ScheduleReading, earlier_explanations, repeated
from portfolio.sent import whole_number
from portfolio.views.projects import ALREADY_SAVED, UNCHANGED

# Sent beside the lines and amounts; the conflict page hands them on.
KEPT = ("change_kind", "change_reason", "change_words", "used_template")


def schedule_url(plan):
    return reverse("portfolio:schedule", args=[plan.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@require_right(Right.READ_PLAN)
def schedule(request, pk):
    choice = AsOfChoice(request.GET, request.user.county.business_today())
    if request.method not in SAFE_METHODS:
        return _save(request, _editable_plan(request, pk))
    with reading(request.user.county, choice.day):
        plan = _plan(request, pk)
        read = _reading(request, plan, choice.day or choice.today)
        may_edit = choice.day is None and AnnualPlan.objects.schedulable_by(request.user).filter(pk=pk).exists()
        form = ScheduleForm(plan, read, actions.version_of(plan)) if may_edit else None
        return _show(request, read, form, as_of_choice=choice)


def _plan(request, pk):
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project__unit", "leader", "county")
    return get_object_or_404(plans, pk=pk)


def _editable_plan(request, pk):
    """The plan if this account may write its schedule; else 404, and the attempt is noted."""
    plan = _plan(request, pk)
    if AnnualPlan.objects.schedulable_by(request.user).filter(pk=pk).exists():
        return plan
    note_refusal(request, "无权编制这个项目的工期计划")
    raise Http404


def _reading(request, plan, day):
    period = request.GET.get("period")
    return ScheduleReading(plan, day, period if period in Period.values else Period.MONTH)


def _show(request, read, form, status=200, **context):
    context |= {
        "nav": "six-ones",
        "reading": read,
        "plan": read.plan,
        "project": read.plan.project,
        "form": form,
        "periods": Period,
        "may_approve": form is not None and has_right(request.user, Right.EDIT_REGISTER) and not read.approved_at,
        "may_pause": form is not None and has_right(request.user, Right.EDIT_REGISTER),
    }
    return render(request, "portfolio/schedule/detail.html", context, status=status)


# Saving


def _save(request, plan):
    read = _reading(request, plan, plan.county.business_today())
    data = _chosen(request.POST, plan)
    version = whole_number(data.get("version", ""))
    form = ScheduleForm(plan, read, version, data)
    step = data.get("step")
    if step in STEPS:
        problem = form.apply(step)
        return _show(request, read, form, problem=problem, is_unsaved=True)
    if not form.is_valid():
        return _show(request, read, form, status=400)
    try:
        change_set = _write(request, plan, form)
    except changes.StaleRow:
        return _settle(request, plan, form)
    except Invalid as refused:
        form.add_problems(refused.problems)
        return _show(request, read, form, status=400)
    _say_saved(request, plan, change_set, form)
    return redirect(schedule_url(plan))


def _write(request, plan, form):
    return actions.save_schedule(
        by=request.user,
        plan=plan,
        milestones=form.entries,
        monthly=form.months.amounts,
        version=form.version,
        template=form.template,
        **form.explain(),
    )


def _chosen(data, plan):
    """What was sent; from the conflict page, with its choices carried out."""
    if not any(name.startswith("keep_") for name in data):
        return data
    lines, amounts = settled(data, texts.stored_lines(plan), texts.stored_amounts(plan))
    rest = {name: data.get(name, "") for name in (*KEPT, "version", "read_amounts")}
    sent = QueryDict(mutable=True)
    sent.update(page_data(lines, amounts, rest))
    return sent


def _say_saved(request, plan, change_set, form):
    if change_set is None:
        messages.success(request, UNCHANGED)
        return
    messages.success(request, f"已保存。{change_set.summary}。")
    words = form.explain()["words"].strip()
    moved = plan.schedule_changes.filter(change_set=change_set).exists()
    copied = moved and repeated(words, change_set.pk, earlier_explanations(plan.county_id))
    if copied:
        told = f"与“{copied.plan.project}”{copied.at:%Y-%m-%d} 的说明几乎相同"
        messages.warning(request, f"这次的变更说明{told}，请确认确是本项目的原因。")


def _settle(request, plan, form):
    """The 409 page: both texts of each line that the other changed. The same page sent twice has nothing to settle."""
    if not differs_from_stored(plan, form.entries, form.months.amounts):
        messages.success(request, ALREADY_SAVED)
        return redirect(schedule_url(plan))
    lines, amounts = texts.sent_lines(form.data), texts.sent_amounts(form.data)
    base = (form.data.get("read_amounts", "").split("|") + [""] * texts.MONTHS)[: texts.MONTHS]
    stored, stored_amounts = texts.stored_lines(plan), texts.stored_amounts(plan)
    rest = {name: form.data.get(name, "") for name in KEPT}
    rest |= {"version": actions.version_of(plan), "read_amounts": "|".join(stored_amounts)}
    context = {
        "nav": "six-ones",
        "plan": plan,
        "project": plan.project,
        "conflicts": conflicts(lines, amounts, base, stored, stored_amounts),
        "hidden": page_data(lines, amounts, rest).items(),
        "last_change": last_change(plan),
    }
    return render(request, "portfolio/schedule/conflict.html", context, status=409)


def last_change(plan):
    """The newest record of the plan's milestones and months: who wrote over us, and when."""
    rows = (
        model.history.filter(plan=plan).select_related("history_user").order_by("-history_id").first()
        for model in (plan.milestones.model, plan.monthly_targets.model)
    )
    return max(filter(None, rows), key=lambda record: record.change_set_id or 0, default=None)


@require_POST
@require_right(Right.EDIT_REGISTER)
def schedule_approve(request, pk):
    plan = _plan(request, pk)
    try:
        change_set = actions.approve(by=request.user, plan=plan, version=whole_number(request.POST.get("version", "")))
    except changes.StaleRow:
        messages.warning(request, "您打开这一页之后，他人修改了工期计划，没有审定。请核对现在的内容，再审定。")
    except Invalid as refused:
        messages.warning(request, str(refused))
    else:
        told = "已审定，首次计划从此不变；再改计划日期、月度计划要说明是更正还是延期。"
        messages.success(request, told if change_set else "这个工期计划已经审定过了。")
    return redirect(schedule_url(plan))
