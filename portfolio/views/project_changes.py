"""The smaller pages around a project: its state in a plan, another year, its parts and names, taking a change back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import require_right
from accounts.roles import Right
from portfolio.actions import changes, register
from portfolio.forms.parts import AddYearForm, AliasesForm, ComponentsForm, ParentForm, PlanStateForm
from portfolio.models import AnnualPlan, Project
from portfolio.views.projects import asked_year

UNCHANGED = "内容没有变化，无需保存。"
STALE = "您打开这一页之后，他人修改了这个项目。您填写的内容还在，请对照现在的内容核对后再保存。"

office_only = require_right(Right.EDIT_REGISTER)


def _posted(request):
    return request.POST if request.method == "POST" else None


def _project(request, pk):
    projects = Project.objects.visible_to(request.user).select_related("county", "parent")
    return get_object_or_404(projects, pk=pk)


def _show(request, template, project, form, status, **context):
    context |= {"nav": "plan", "project": project, "form": form}
    return render(request, f"portfolio/{template}.html", context, status=status)


def _attempt(form, write, finish):
    """(`finish` of what `write(cleaned_data)` gave, 302), or (None, status) with what is wrong said on the form."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, 400
    try:
        written = write(form.cleaned_data)
    except register.Invalid as refused:
        for key, problem in refused.problems.items():
            form.add_error(key if key in form.fields else None, problem)
        return None, 400
    except changes.StaleRow as stale:
        form.data = form.data.copy()
        form.data["version"] = stale.current.row_version
        form.add_error(None, STALE)
        return None, 409
    return finish(written), 302


def _back_to(request, target):
    def finish(change_set):
        messages.success(request, f"已保存。{change_set.summary}。" if change_set else UNCHANGED)
        return redirect(target)

    return finish


@office_only
def plan_state(request, pk, year):
    plans = AnnualPlan.objects.visible_to(request.user).select_related("project__county")
    plan = get_object_or_404(plans, project=pk, year=year)
    form = PlanStateForm(_posted(request), plan=plan)

    def write(values):
        return register.set_plan_state(by=request.user, plan=plan, **values)

    saved, status = _attempt(form, write, _back_to(request, plan))
    return saved or _show(request, "project_state", plan.project, form, status, plan=plan)


@office_only
def add_year(request, pk):
    project = _project(request, pk)
    latest = project.plans.order_by("-year").first()
    year = latest.year + 1 if latest else project.county.business_today().year
    form = AddYearForm(_posted(request), project=project, year=year)

    def write(values):
        return register.add_to_year(
            by=request.user, project=project, year=values["year"], plan_fields=form.plan_values()
        )

    def finish(plan):
        messages.success(request, f"“{project}”已列入{plan.year}年计划，序号 {plan.seq or '未编'}。")
        return redirect(plan)

    saved, status = _attempt(form, write, finish)
    return saved or _show(request, "project_add_year", project, form, status)


@office_only
def project_parent(request, pk):
    project = _project(request, pk)
    plan = project.plans.select_related("county").filter(year=asked_year(request)).first()
    form = ParentForm(_posted(request), project=project, plan=plan)

    def write(values):
        return register.set_parent(by=request.user, project=project, plan=plan, **values)

    saved, status = _attempt(form, write, _back_to(request, plan or project))
    return saved or _show(request, "project_parent", project, form, status)


@office_only
def project_aliases(request, pk):
    project = _project(request, pk)
    form = AliasesForm(_posted(request), project=project)

    def write(values):
        return register.set_aliases(by=request.user, project=project, **values)

    saved, status = _attempt(form, write, _back_to(request, project))
    return saved or _show(request, "project_aliases", project, form, status, stored=project.aliases.all())


@office_only
def project_components(request, pk):
    project = _project(request, pk)
    stored = list(project.components.values("name", "quantity", "measure", "done", "note"))
    form = ComponentsForm(_posted(request), project=project, stored=stored)

    def write(values):
        return register.set_components(by=request.user, project=project, **values)

    if "more" in request.POST:
        saved, status = None, 200
    else:
        saved, status = _attempt(form, write, _back_to(request, project))
    return saved or _show(request, "project_components", project, form, status, stored=project.components.all())
