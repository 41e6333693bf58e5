"""A project's page (项目卡片), and the form that adds or edits it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import SAFE_METHODS, note_refusal, require_right
from accounts.refusals import unsaved_page
from accounts.roles import Right, has_right
from portfolio import history, own_lights, problems, project_page
from portfolio.actions import changes, register
from portfolio.as_of import AsOfChoice, reading
from portfolio.charts.curves import project_curve
from portfolio.conflicts import THEIRS, conflicts, last_change
from portfolio.forms.own_lights import OwnLightForm
from portfolio.forms.projects import NewProjectForm, ProjectForm
from portfolio.models import AnnualPlan, Project
from portfolio.models.register import PlanState
from portfolio.schedules import project_schedule_context
from portfolio.sent import whole_number
from portfolio.six_ones.people import project_team

ALREADY_SAVED = "内容已经保存，与您填写的一致。"
UNCHANGED = "内容没有变化，无需保存。"


def asked_year(request):
    """`?year=` as a number, or None."""
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


@require_right(Right.READ_PLAN)
def project_detail(request, pk):
    choice = AsOfChoice(request.GET, request.user.county.business_today())
    with reading(request.user.county, choice.day):
        return render(request, "portfolio/project_detail.html", _detail(request, pk, choice))


def _detail(request, pk, choice):
    projects = Project.objects.visible_to(request.user).select_related("county", "town", "unit", "parent")
    project = get_object_or_404(projects, pk=pk)
    day = choice.day or choice.today
    plan = project_page.plan_of_year(project, asked_year(request), day)
    return {
        "nav": "plan",
        "as_of_choice": choice,
        "project": project,
        "plan": plan,
        "year": plan.year if plan else None,
        "investment_curve": project_curve(project.county, plan, day) if plan else None,
        **_two_lights(request, plan, choice),
        "is_out_of_plan": plan is not None and plan.state in {PlanState.REMOVED, PlanState.ENDED},
        **project_page.facts(project, plan),
        **_reported(request, plan, choice),
        **problems.of_project(project, request.user, day),
        **project_schedule_context(plan, day),
        **project_page.needs(project, day),
        **(project_team(plan, request.user, choice.day) if plan else {}),
        **_allowed(request, project, choice),
        "history": history.entries(project, request.GET.get("page"), until=choice.end),
    }


def _two_lights(request, plan, choice):
    panel = own_lights.panel_of(plan, request.user, choice.day or choice.today, is_past=choice.day is not None)
    return {"panel": panel, "own_light_form": OwnLightForm() if panel and panel.may_judge else None}


def _reported(request, plan, choice):
    reports = project_page.week_reports(plan, request.user, choice.day)
    return {
        "reported_week": project_page.reported_week(plan),
        "reports_open": reports[: project_page.REPORTS_OPEN],
        "reports_folded": reports[project_page.REPORTS_OPEN :],
    }


def _allowed(request, project, choice):
    """What this account may see and do here; on a past day it may do nothing."""
    is_editable = Project.objects.editable_by(request.user).filter(pk=project.pk).exists()
    allowed = {
        "sees_phones": is_editable,
        "may_edit": is_editable,
        "may_edit_register": has_right(request.user, Right.EDIT_REGISTER),
    }
    return (
        allowed
        if choice.day is None
        else allowed | dict.fromkeys(("may_edit", "may_edit_register", "may_raise"), False)
    )


@require_right(Right.EDIT_REGISTER)
def project_add(request):
    county = request.user.county
    year = asked_year(request) or county.business_today().year
    data = request.POST if request.method == "POST" else None
    form = NewProjectForm(data, user=request.user, county=county, year=year)
    if data is not None:
        is_valid = form.is_valid()
        # Looked up first: sent a second time, the form would be told that its own project has the name already.
        if done := register.created_with(request.user, form.cleaned_data.get("form_key")):
            return redirect(done)
        if is_valid and (project := _create(request, form)):
            return redirect(f"{project.get_absolute_url()}?year={form.cleaned_data['year']}")
    return render(request, "portfolio/project_form.html", {"nav": "plan", "form": form}, status=_status(form))


def _create(request, form):
    """The new project, or None when the form has got an error instead."""
    try:
        project = register.create_project(
            by=request.user,
            county=request.user.county,
            year=form.cleaned_data["year"],
            project_fields=form.values(Project),
            plan_fields=form.values(AnnualPlan),
            form_key=form.cleaned_data["form_key"],
        )
    except register.Invalid as refused:
        form.add_error(None, list(refused.problems.values()))
        return None
    messages.success(request, f"已新增项目“{project.name}”。")
    return project


def _status(form):
    return 400 if form.is_bound else 200


def editable_project(request, pk):
    """The project if this account may edit it; else 404, and a refused write is noted."""
    projects = Project.objects.editable_by(request.user).select_related("county", "town", "unit", "parent")
    if project := projects.filter(pk=pk).first():
        return project
    if request.method not in SAFE_METHODS:
        note_refusal(request, "无权修改这个项目")
    raise Http404


def project_edit(request, pk):
    project = editable_project(request, pk)
    if request.method == "POST":
        return _save(request, project)
    form = ProjectForm(user=request.user, project=project, plan=_plan_to_edit(request, project))
    return _show_form(request, form)


def _plan_to_edit(request, project):
    return project_page.plan_of_year(project, asked_year(request), project.county.business_today())


def _show_form(request, form):
    context = {"nav": "plan", "form": form, "project": form.project, "plan": form.plan}
    return render(request, "portfolio/project_form.html", context, status=_status(form))


def _save(request, project):
    plan = None
    if posted := request.POST.get("plan"):
        # By its key: by its year, values could land in another year's plan once this one has been taken back.
        plans = project.plans.select_related("county", "leader")
        plan = plans.filter(pk=whole_number(posted)).first()
        if plan is None:
            return unsaved_page(request, "409.html", status=409)
    form = ProjectForm(_with_theirs(request, project, plan), user=request.user, project=project, plan=plan)
    if not form.is_valid():
        return _show_form(request, form)
    versions = {Project: form.cleaned_data["project_version"], AnnualPlan: form.cleaned_data.get("plan_version")}
    try:
        change_set = register.save_project(
            by=request.user,
            project=project,
            project_fields=form.values(Project),
            plan=plan,
            plan_fields=form.values(AnnualPlan),
            project_version=versions[Project],
            plan_version=versions[AnnualPlan],
            keep_name=form.cleaned_data.get("keep_name", False),
        )
    except changes.StaleRow:
        return _settle(request, form, versions)
    except register.Invalid as refused:
        form.add_error(None, list(refused.problems.values()))
        return _show_form(request, form)
    messages.success(request, f"已保存。{change_set.summary}。" if change_set else UNCHANGED)
    return redirect(plan or project)


def _with_theirs(request, project, plan):
    """What was posted; where the conflict page's choice is the stored content, that content."""
    data = request.POST.copy()
    stored = ProjectForm(user=request.user, project=project, plan=plan)
    for key in stored.keys:
        if data.get(f"keep_{key}") == THEIRS:
            value = stored[key].value()
            data[key] = "" if value is None else str(value)
    return data


def _settle(request, form, versions):
    """The 409 page: both versions of each field that differs. Nothing differs when the same form came twice."""
    for row in (form.project, form.plan):
        if row is not None:
            row.refresh_from_db()
    found = conflicts(form, versions)
    if not found:
        messages.success(request, ALREADY_SAVED)
        return redirect(form.plan or form.project)
    context = {
        "nav": "plan",
        "form": form,
        "project": form.project,
        "plan": form.plan,
        "conflicts": found,
        "last_change": last_change(form.project, form.plan),
    }
    return render(request, "portfolio/project_conflict.html", context, status=409)
