"""A plan's duties: who answers for it, edited at once; and the same given to many plans from the matrix."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.roles import Right, has_right
from portfolio.actions import bulk, changes, duties, register
from portfolio.forms.duties import DutyForm
from portfolio.models import AnnualPlan, Leader
from portfolio.sent import way_back, whole_number
from portfolio.six_ones import facts, people
from portfolio.six_ones.rules import RULES

UNCHANGED = "内容没有变化，无需保存。"
STALE = "您打开这一页之后，他人修改了这里的内容。您填写的还在，请对照现在的内容核对后再保存。"
NOBODY_PICKED = "没有选中项目。请先在表格左侧勾选。"
NOBODY = "nobody"
NAMES_SHOWN = 5


# One plan


@require_right(Right.READ_PLAN)
def plan_duties(request, pk):
    plan = _plan(request, pk)
    team = duties.current_teams([plan]).get(plan.pk)
    may_edit = AnnualPlan.objects.editable_by(request.user).filter(pk=pk).exists()
    if not may_edit:
        if request.method not in SAFE_METHODS:
            note_refusal(request, "无权修改这个项目的责任落实")
            raise Http404
        return _show(request, plan, team, None, 200)
    is_office = has_right(request.user, Right.EDIT_REGISTER)
    form = DutyForm(request.POST if request.method == "POST" else None, plan=plan, team=team, is_office=is_office)
    if not form.is_bound or not form.is_valid():
        return _show(request, plan, team, form, 400 if form.is_bound else 200)
    return _save(request, plan, form)


def _plan(request, pk):
    plans = AnnualPlan.objects.visible_to(request.user).with_project().select_related("county", "deputy_leader")
    return get_object_or_404(plans, pk=pk)


def _show(request, plan, team, form, status, differences=()):
    six = facts.of_plan(plan)
    context = {
        "nav": "six-ones",
        "form": form,
        "six": six,
        "ones": [(one, RULES[one.key]) for one in six.ones],
        "quarters": _quarters(plan),
        "differences": differences,
        "leader_spells": people.leader_spells(plan),
        "deputy_spells": people.leader_spells(plan, "deputy_leader"),
        "teams": people.teams_of(plan),
        **people.project_team(plan, request.user),
    }
    return render(request, "portfolio/six_ones/duties.html", context | {"team": team}, status=status)


def _quarters(plan):
    """The annual plan split into quarters, from the monthly targets; [] while there are none."""
    months = {target.month: target.amount for target in plan.monthly_targets.all()}
    starts = (1, 4, 7, 10) if months else ()
    return [sum(months.get(month, 0) for month in range(start, start + 3)) for start in starts]


def _save(request, plan, form):
    try:
        change_set = duties.save_duties(
            by=request.user,
            plan=plan,
            plan_values=form.plan_values(),
            version=form.cleaned_data["version"],
            team_values=form.team_values(),
            seen=form.cleaned_data["seen"],
        )
    except (changes.StaleRow, duties.StaleTeam):
        return _settle(request, plan.pk, form)
    except register.Invalid as refused:
        for name, problem in refused.problems.items():
            form.add_error(name if name in form.fields else None, problem)
        return _show(request, plan, duties.current_teams([plan]).get(plan.pk), form, 400)
    messages.success(request, f"已保存。{change_set.summary}。" if change_set else UNCHANGED)
    return redirect("portfolio:plan-duties", plan.pk)


def _settle(request, pk, form):
    """The form again, with what stands now beside what was typed; saving it once more overwrites knowingly."""
    plan = _plan(request, pk)
    team = duties.current_teams([plan]).get(pk)
    form.data = form.data.copy()
    form.data["version"], form.data["seen"] = plan.row_version, team.pk if team else ""
    form.add_error(None, STALE)
    return _show(request, plan, team, form, 409, form.differences(plan, team))


# Many plans


@require_POST
@require_right(Right.EDIT_REGISTER)
def assign(request):
    """`do` says what the picked rows (`plan`: their tokens with the team's version) are given."""
    back = way_back(request.POST.get("back", ""), otherwise=reverse("portfolio:six-ones"))
    picked = [token for token in request.POST.getlist("plan") if _is_token(token)]
    give = {"leader": _give_leader, "deputy": _give_leader, "team": _give_team, "last-year": _give_last_year}
    if not picked or request.POST.get("do") not in give:
        messages.warning(request, NOBODY_PICKED)
        return redirect(back)
    try:
        change_set = give[request.POST["do"]](request, picked)
    except bulk.RowsMoved as moved:
        messages.error(request, _told_moved(moved.names))
        return redirect(back)
    except register.Invalid as refused:
        messages.error(request, str(refused))
        return redirect(back)
    return redirect(_with_notice(request, back, change_set))


def _told_moved(names):
    shown = "、".join(names[:NAMES_SHOWN])
    return f"您打开页面之后，{shown}等 {len(names)} 个项目已被他人修改，没有写入任何内容。请核对后再选一次。"


def _is_token(token):
    parts = token.split(":")
    return len(parts) == 4 and all(whole_number(part) is not None for part in parts)


def _with_notice(request, back, change_set):
    """The way back; what can be undone is offered for undoing there, the rest is told once."""
    if change_set is not None and change_set.can_be_undone:
        path, _, query = back.partition("?")
        kept = [part for part in query.split("&") if part and not part.startswith("changed=")]
        return f"{path}?{'&'.join([*kept, f'changed={change_set.pk}'])}"
    if change_set is not None:
        messages.success(request, f"已修改：{change_set.summary}。")
    else:
        messages.info(request, "选中的项目已经是这样，没有需要修改的。")
    return back


def _plans(request, picked):
    return list(AnnualPlan.objects.editable_by(request.user).filter(pk__in=[int(t.split(":")[0]) for t in picked]))


def _give_leader(request, picked):
    leader, chosen = None, request.POST.get("leader", "")
    if not chosen:
        raise register.Invalid({"leader": "请先选择领导。"})
    if chosen != NOBODY:
        leaders = Leader.objects.visible_to(request.user).filter(is_active=True)
        leader = get_object_or_404(leaders, pk=whole_number(chosen))
    assigned = duties.assign_leader(
        by=request.user,
        county=request.user.county,
        tokens=[token.rpartition(":")[0] for token in picked],
        leader=leader,
        deputy=request.POST["do"] == "deputy",
    )
    for change in assigned.refused[:NAMES_SHOWN]:
        messages.warning(request, f"“{change.plan.project.name}”没有修改：{change.problem}")
    if len(assigned.refused) > NAMES_SHOWN:
        messages.warning(request, f"共 {len(assigned.refused)} 个项目没有修改，以上是前 {NAMES_SHOWN} 个。")
    return assigned.change_set


def _give_team(request, picked):
    sources = AnnualPlan.objects.visible_to(request.user).select_related("project")
    source = sources.filter(pk=whole_number(request.POST.get("source", ""))).first()
    if source is None:
        raise register.Invalid({"source": "请先选择从哪个项目复制专班。"})
    seen = {int(plan): int(team) or None for plan, _, _, team in (token.split(":") for token in picked)}
    return duties.copy_team(by=request.user, source=source, plans=_plans(request, picked), seen=seen)


def _give_last_year(request, picked):
    filled = duties.copy_last_year(by=request.user, plans=_plans(request, picked))
    for plan, labels in list(filled.copied.items())[:NAMES_SHOWN]:
        messages.info(request, f"“{plan.project.name}”已从上年复制：{'、'.join(labels)}。")
    if filled.without:
        names = "、".join(plan.project.name for plan in filled.without[:NAMES_SHOWN])
        messages.warning(request, f"{len(filled.without)} 个项目没有上年的计划，无从复制：{names}。")
    return filled.change_set
