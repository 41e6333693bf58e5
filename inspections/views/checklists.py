"""四看清单: the questions of a look in force and all their versions, for all; the next one, from the project office."""

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from inspections import checklists
from inspections.actions import checklists as actions
from inspections.forms.checklists import ChecklistForm
from inspections.models import Look
from inspections.views.looks import known_look


@require_right(Right.READ_PLAN)
def checklist_page(request, look):
    county, look = request.user.county, known_look(look)
    today = county.business_today()
    sent = request.POST if request.method == "POST" else None
    form = ChecklistForm(checklists.latest(county, look), today, sent)
    if form.is_bound:
        insist_on(Right.SET_RULES, request)
        if form.is_valid() and _saved(request, form, look):
            return redirect("inspections:checklist", look.value)
    in_force = checklists.in_force(county, look, today)
    context = {
        "nav": "inspections",
        "look": look,
        "looks": Look,
        "questions": in_force,
        "versions": _told(checklists.versions(county, look), look),
        "not_official": checklists.NOT_OFFICIAL,
        "form": form,
        "may_set": has_right(request.user, Right.SET_RULES),
    }
    return render(request, "inspections/looks/checklist.html", context, status=400 if form.is_bound else 200)


def _told(versions, look):
    """[(Checklist, what it changed)], the latest first."""
    before, told = checklists.default(look), []
    for row in reversed(versions):
        now = checklists.Questions.of(row)
        told.append((row, checklists.differences(before, now)))
        before = now
    return told[::-1]


def _saved(request, form, look):
    try:
        row = actions.set_checklist(
            by=request.user,
            county=request.user.county,
            look=look,
            questions=form.questions,
            **form.version.cleaned_data,
        )
    except actions.Refused as refused:
        for name, why in refused.errors.items():
            form.version.add_error(name, why)
        return False
    done = f"已保存{row}，自 {row.since} 起执行。" if row else "这一版已经保存过，没有重复保存。"
    messages.success(request, done)
    return True
