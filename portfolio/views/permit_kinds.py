"""手续种类: which permits the county asks for, in which order, and how long each holds."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio import permit_kinds
from portfolio.actions import base_data
from portfolio.actions import permits as actions
from portfolio.forms.permits import PermitKindForm
from portfolio.models.permits import PermitKind

SPACING = 10  # between the places of two kinds, so that one more fits in


@require_GET
@require_right(Right.READ_PLAN)
def kind_list(request):
    kinds = list(permit_kinds.of_county(request.user.county))
    context = {
        "nav": "inspections",
        "kinds": [(kind, permit_kinds.is_default(kind)) for kind in kinds],
        "in_use": sum(kind.is_active for kind in kinds),
        "may_edit": has_right(request.user, Right.EDIT_REGISTER),
    }
    return render(request, "portfolio/permits/kinds.html", context)


@require_right(Right.EDIT_REGISTER)
def kind_add(request):
    county = request.user.county
    last = permit_kinds.of_county(county).last()
    return _edit(request, PermitKind(county=county, seq=(last.seq if last else 0) + SPACING))


@require_right(Right.EDIT_REGISTER)
def kind_edit(request, pk):
    return _edit(request, get_object_or_404(PermitKind.objects.visible_to(request.user), pk=pk))


def _edit(request, row):
    data = request.POST if request.method == "POST" else None
    form = PermitKindForm(data, instance=row, county=request.user.county)
    if form.is_bound and form.is_valid():
        written = base_data.save_row(by=request.user, row=form.instance, before=form.before, fields=form.Meta.fields)
        messages.success(request, f"已保存。{written.summary}。" if written else "内容没有变化，无需保存。")
        return redirect("portfolio:permit-kinds")
    context = {"nav": "inspections", "form": form, "row": form.before}
    return render(request, "portfolio/permits/kind_edit.html", context, status=400 if form.is_bound else 200)


@require_POST
@require_right(Right.EDIT_REGISTER)
def kind_defaults(request):
    done = actions.load_default_kinds(by=request.user, county=request.user.county)
    messages.success(request, f"已{done.summary}。" if done else "手续种类已经有了，没有改动。")
    return redirect("portfolio:permit-kinds")
