"""One cell of the plan table, edited where it stands. Without JavaScript the project's edit page does the same."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.forms import PlainForm
from accounts.roles import Right, has_right
from portfolio import plan_rows
from portfolio.actions import changes, register
from portfolio.forms.projects import form_field, form_value
from portfolio.models import AnnualPlan
from portfolio.plan_fields import BY_KEY, start_field


class CellForm(PlainForm):
    """The value of one column of one row, with the versions of the row it was read from."""

    project_version = forms.IntegerField(widget=forms.HiddenInput)
    plan_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, plan, column):
        self.row = plan.project if column.on_project else plan
        initial = {
            "value": form_value(column.key, self.row),
            "project_version": plan.project.row_version,
            "plan_version": plan.row_version,
        }
        self.base_fields = {**self.base_fields, "value": form_field(column.key, plan.county, self.row)}
        super().__init__(data, initial=initial)
        self.fields["value"].widget.attrs |= {"aria-label": column.label, "autocomplete": "off"}


@require_http_methods(["GET", "POST"])
def plan_cell(request, pk, key):
    plan = get_object_or_404(_editable_plans(request.user), pk=pk)
    column = _editable_column(request.user, plan, key)
    if not request.htmx:
        return redirect(f"{reverse('portfolio:project-edit', args=[plan.project_id])}?year={plan.year}")
    if request.method == "GET":
        return _show_form(request, plan, key, CellForm(plan=plan, column=column))
    form = CellForm(request.POST, plan=plan, column=column)
    if not form.is_valid():
        return _show_form(request, plan, key, form, status=422)
    return _save(request, plan, key, column, form)


def _editable_plans(user):
    return AnnualPlan.objects.editable_by(user).with_project().select_related("project__county", "county")


def _editable_column(user, plan, key):
    """The PlanField behind a cell; 404 for what is not stored, or not this user's to change."""
    column = start_field(plan.project.stage) if key == "start" else BY_KEY.get(key)
    if column is None or not column.is_writable or key == "state":
        raise Http404
    if not has_right(user, Right.EDIT_REGISTER) and not column.reporter:
        raise Http404
    return column


def _save(request, plan, key, column, form):
    values = {column.attribute: form.cleaned_data["value"]}
    try:
        register.save_project(
            by=request.user,
            project=plan.project,
            project_fields=values if column.on_project else {},
            plan=plan,
            plan_fields={} if column.on_project else values,
            project_version=form.cleaned_data["project_version"],
            plan_version=form.cleaned_data["plan_version"],
        )
    except register.Invalid as invalid:
        form.add_error("value", " ".join(invalid.problems.values()))
        return _show_form(request, plan, key, form, status=422)
    except changes.StaleRow:
        return _show_conflict(request, plan, key, column, form)
    response = render(request, "portfolio/_cell.html", {"row": _row(plan, key), "key": key, "year": plan.year})
    if column.is_sum:
        response["HX-Trigger-After-Settle"] = "plan-sums-changed"
    return response


def _show_conflict(request, plan, key, column, form):
    """Someone else saved meanwhile: what stands now is shown; what was typed stays in the box, to be saved again."""
    fresh = _editable_plans(request.user).get(pk=plan.pk)
    data = form.data.copy()
    data["project_version"], data["plan_version"] = fresh.project.row_version, fresh.row_version
    retry = CellForm(data, plan=fresh, column=column)
    standing = _row(fresh, key).cells[key] or "空"
    retry.add_error("value", f"保存前这一行已被他人修改，现在是：{standing}。要用您的内容请再按一次保存。")
    return _show_form(request, fresh, key, retry, status=409)


def _row(plan, key):
    return plan_rows.read(AnnualPlan.objects.filter(pk=plan.pk), [BY_KEY[key]])[plan.pk]


def _show_form(request, plan, key, form, status=200):
    return render(request, "portfolio/_cell_form.html", {"plan": plan, "key": key, "form": form}, status=status)
