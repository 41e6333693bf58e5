"""Base data (基础资料): units, leaders and townships, with how many projects of this year's plan stand under each."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import require_right
from accounts.models import Unit
from accounts.roles import Right, has_right
from portfolio.actions import base_data
from portfolio.forms.base_data import LeaderForm, TownForm, UnitForm
from portfolio.listing import PlanListing
from portfolio.models import Leader, Town


@dataclass(frozen=True)
class Kind:
    """One kind of base data. `token` is the attribute under which the plan table filters by it."""

    key: str
    model: type
    form: type
    title: str
    used_by: str
    token: str = "pk"


KINDS = {
    kind.key: kind
    for kind in (
        Kind("unit", Unit, UnitForm, "责任单位", "projects"),
        Kind("leader", Leader, LeaderForm, "包联领导", "plans__project"),
        Kind("town", Town, TownForm, "乡镇", "projects", token="code"),
    )
}


@require_right(Right.READ_PLAN)
def row_list(request, kind):
    kind = KINDS[kind]
    rows = kind.model.objects.visible_to(request.user).annotate(projects_ever=Count(kind.used_by, distinct=True))
    listing = PlanListing(request.user.county, QueryDict())
    listed = Counter(entry.tokens[kind.key] for entry in listing.entries)
    for row in rows:
        row.token = str(getattr(row, kind.token))
        row.projects_listed = listed[row.token]
    context = {
        "nav": "base-data",
        "kind": kind,
        "kinds": KINDS.values(),
        "rows": rows,
        "year": listing.year,
        "unfilled": listed["-"],
        "may_edit": has_right(request.user, Right.EDIT_REGISTER),
    }
    return render(request, "portfolio/base_data/list.html", context)


@require_right(Right.EDIT_REGISTER)
def row_add(request, kind):
    return _edit(request, KINDS[kind], None)


@require_right(Right.EDIT_REGISTER)
def row_edit(request, kind, pk):
    kind = KINDS[kind]
    return _edit(request, kind, get_object_or_404(kind.model.objects.visible_to(request.user), pk=pk))


def _edit(request, kind, row):
    data = request.POST if request.method == "POST" else None
    form = kind.form(data, instance=row, county=request.user.county)
    if form.is_bound and form.is_valid():
        written = base_data.save_row(by=request.user, row=form.instance, before=form.before, fields=form.Meta.fields)
        messages.success(request, f"已保存。{written.summary}。" if written else "内容没有变化，无需保存。")
        return redirect(f"portfolio:{kind.key}-list")
    context = {"nav": "base-data", "kind": kind, "form": form, "row": row}
    return render(request, "portfolio/base_data/edit.html", context, status=400 if form.is_bound else 200)
