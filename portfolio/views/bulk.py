"""Bulk edit: choose a column and a value for the picked rows, see before and after, write, undo."""

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import require_right
from accounts.forms import PlainForm
from accounts.roles import Right
from portfolio.actions import bulk
from portfolio.forms.projects import form_field
from portfolio.listing import PlanListing
from portfolio.models import AnnualPlan, Project
from portfolio.plan_fields import BY_KEY, COLUMNS
from portfolio.sent import way_back, whole_number

BULK_KEYS = tuple(column.key for column in COLUMNS if column.bulk)


class BulkForm(PlainForm):
    """One column of those that may be edited in bulk, and its new value; every column has its own input."""

    key = forms.ChoiceField(label="要修改的列", widget=forms.RadioSelect)

    def __init__(self, *args, county, **options):
        rows = {Project: Project(county=county), AnnualPlan: AnnualPlan(county=county)}
        values = {f"value_{key}": form_field(key, county, rows[BY_KEY[key].model]) for key in BULK_KEYS}
        self.base_fields = self.base_fields | values
        super().__init__(*args, **options)
        self.fields["key"].choices = [(key, BY_KEY[key].label) for key in BULK_KEYS]
        for name in values:
            self.fields[name].required = False

    @property
    def inputs(self):
        """[(column, bound value field)]."""
        return [(BY_KEY[key], self[f"value_{key}"]) for key in BULK_KEYS]

    @property
    def column(self):
        return BY_KEY[self.cleaned_data["key"]]

    @property
    def value(self):
        value = self.cleaned_data.get(f"value_{self.column.key}")
        if value is None and self.column.model._meta.get_field(self.column.attribute).null is False:
            return ""
        return value


@require_POST
@require_right(Right.EDIT_REGISTER)
def plan_bulk(request):
    """One address, three steps by `step`: pick a value, preview, apply. Only the last one writes."""
    step = {"preview": _preview, "apply": _apply}.get(request.POST.get("step"), _choose)
    return step(request)


def _picked(request):
    """Primary keys of the picked plans, or of all the filtered ones when that was asked for."""
    if request.POST.get("scope") == "filter":
        query = request.POST.get("back", "").partition("?")[2]
        return [entry.pk for entry in PlanListing(request.user.county, QueryDict(query)).entries]
    return [pk for text in request.POST.getlist("plan") if (pk := whole_number(text)) is not None]


def _back(request):
    return way_back(request.POST.get("back", ""), otherwise=reverse("portfolio:plan-table"))


def _choose(request, form=None):
    plans = list(bulk.rows(request.user, _picked(request)))
    if not plans:
        messages.warning(request, "没有选中项目。请先在表格左侧勾选要修改的项目。")
        return redirect(_back(request))
    form = form or BulkForm(county=request.user.county)
    context = {"plans": plans, "form": form, "back": _back(request), "nav": "plan"}
    return render(request, "portfolio/plan_bulk.html", context, status=422 if form.errors else 200)


def _preview(request):
    form = BulkForm(request.POST, county=request.user.county)
    if not form.is_valid():
        return _choose(request, form)
    worked_out = bulk.work_out(bulk.rows(request.user, _picked(request)), form.column, form.value)
    context = {
        "form": form,
        "column": form.column,
        "changing": [change for change in worked_out if change.is_written],
        "refused": [change for change in worked_out if change.problem],
        "unchanged": [change for change in worked_out if not change.is_change],
        "raw_value": form.data.get(f"value_{form.column.key}", ""),
        "back": _back(request),
        "nav": "plan",
    }
    return render(request, "portfolio/plan_bulk_preview.html", context)


def _apply(request):
    form = BulkForm(request.POST, county=request.user.county)
    tokens = [token for token in request.POST.getlist("row") if _is_token(token)]
    if not form.is_valid() or not tokens:
        return _choose(request)
    try:
        change_set = bulk.apply(
            by=request.user, county=request.user.county, tokens=tokens, column=form.column, value=form.value
        )
    except bulk.RowsMoved as moved:
        messages.error(request, str(moved))
        return redirect(_back(request))
    back = _back(request)
    if change_set is None:
        messages.info(request, "没有需要修改的内容。")
        return redirect(back)
    return redirect(f"{back}{'&' if '?' in back else '?'}changed={change_set.pk}")


def _is_token(token):
    parts = token.split(":")
    return len(parts) == 3 and all(whole_number(part) is not None for part in parts)
