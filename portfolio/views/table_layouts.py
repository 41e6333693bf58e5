"""Table layouts: choose, order and pin the columns of the plan table. The filter comes through untouched."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require_right
from accounts.roles import Right
from portfolio import layouts
from portfolio.actions import table_views
from portfolio.forms.table_views import NameForm
from portfolio.models import TableLayout
from portfolio.plan_fields import COLUMNS
from portfolio.sent import whole_number
from portfolio.views.plan_table import plan_table_url

LAST_PLACE = 999


@require_right(Right.READ_PLAN)
def plan_columns(request):
    if request.method == "POST":
        return _use_saved(request) if request.POST.get("use") else _use_posted(request)
    current = layouts.current(request)
    order = {key: place for place, key in enumerate(current.columns, 1)}
    columns = sorted(COLUMNS, key=lambda column: order.get(column.key, len(COLUMNS) + COLUMNS.index(column)))
    context = {
        "columns": [(column, order.get(column.key)) for column in columns],
        "current": current,
        "pin_choices": range(layouts.MOST_PINNED + 1),
        "saved": TableLayout.objects.usable_by(request.user).select_related("owner"),
        "form": NameForm(user=request.user, named=False),
        "query": _without_layout(request.GET),
        "nav": "plan",
    }
    return render(request, "portfolio/plan_columns.html", context)


def _without_layout(params):
    params = params.copy()
    for key in ("cols", "pin"):
        params.pop(key, None)
    return params.urlencode()


def _back_to_table(request):
    return redirect(plan_table_url(_without_layout(QueryDict(request.POST.get("query", "")))))


def _use_posted(request):
    layout = layouts.Layout() if request.POST.get("reset") else _posted_layout(request.POST)
    if request.POST.get("name", "").strip():
        _save(request, layout)
    layouts.remember(request, layout)
    return _back_to_table(request)


def _posted_layout(data):
    """Ticked columns in the order of their numbers; a column without a number keeps its place at the end."""

    def place(key):
        number = whole_number(data.get(f"place_{key}", ""))
        return LAST_PLACE if number is None else min(number, LAST_PLACE)

    keys = [column.key for column in COLUMNS if data.get(f"show_{column.key}")]
    return layouts.of(sorted(keys, key=place), whole_number(data.get("pinned", "")) or 0)


def _use_saved(request):
    pk = whole_number(request.POST["use"])
    if pk is None:
        raise Http404
    saved = get_object_or_404(TableLayout.objects.usable_by(request.user), pk=pk)
    layouts.remember(request, layouts.of(saved.columns, saved.pinned))
    return _back_to_table(request)


def _save(request, layout):
    form = NameForm(request.POST, user=request.user)
    if form.is_valid():
        name = form.cleaned_data["name"]
        is_default = bool(request.POST.get("is_default"))
        table_views.save_layout(by=request.user, name=name, layout=layout, shared=form.is_shared, is_default=is_default)
        messages.success(request, f"已保存布局“{name}”。")


@require_POST
@require_right(Right.READ_PLAN)
def layout_delete(request, pk):
    layout = get_object_or_404(TableLayout.objects.owned_by(request.user), pk=pk)
    table_views.discard(layout, by=request.user)
    messages.success(request, f"已删除布局“{layout.name}”。")
    return redirect("portfolio:plan-columns")
