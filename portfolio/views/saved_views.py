"""Saved views (a name for a filter) and table layouts (a choice of columns): two things, kept apart."""

from django import forms
from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import require_right
from accounts.forms import PlainForm
from accounts.roles import Right, has_right
from portfolio import layouts
from portfolio.listing import PlanListing
from portfolio.models import SavedView, TableLayout
from portfolio.plan_fields import COLUMNS
from portfolio.views.sent import whole_number

LONGEST_QUERY = SavedView._meta.get_field("query").max_length


class NameForm(PlainForm):
    name = forms.CharField(label="名称", max_length=40)
    shared = forms.BooleanField(label="共享给全县", required=False)

    def __init__(self, *args, user, named=True, **options):
        super().__init__(*args, **options)
        self.fields["name"].required = named
        if not has_right(user, Right.SHARE_VIEWS):
            del self.fields["shared"]


def _table_url(query):
    return f"{reverse('portfolio:plan-table')}?{query}" if query else reverse("portfolio:plan-table")


@require_right(Right.READ_PLAN)
def saved_views(request):
    """The list, and the form that saves the filter of the query string under a name; for htmx the list as a menu."""
    if request.htmx:
        return render(request, "portfolio/_saved_views_menu.html", {"views": SavedView.objects.usable_by(request.user)})
    listing = PlanListing(request.user.county, request.GET)
    form = NameForm(user=request.user)
    if request.method == "POST":
        form = NameForm(request.POST, user=request.user)
        if form.is_valid() and _fits(listing.filter_query, form):
            return _save_view(request, form, listing)
    context = {
        "views": SavedView.objects.usable_by(request.user).select_related("owner"),
        "listing": listing,
        "form": form,
        "nav": "plan",
    }
    return render(request, "portfolio/saved_views.html", context, status=422 if form.errors else 200)


def _fits(query, form):
    """Whether the filter can be kept; if not, the form says so."""
    if len(query) <= LONGEST_QUERY:
        return True
    form.add_error("name", "筛选条件太多，不能保存为视图。请减少勾选的条件或缩短搜索的文字后再保存。")
    return False


def _save_view(request, form, listing):
    SavedView.objects.update_or_create(
        owner=request.user,
        name=form.cleaned_data["name"],
        defaults={
            "county": request.user.county,
            "query": listing.filter_query,
            "shared": form.cleaned_data.get("shared", False),
        },
    )
    audit.record("保存视图", actor=request.user, summary=f"{form.cleaned_data['name']}：{listing.words or '全部项目'}")
    messages.success(request, f"已保存视图“{form.cleaned_data['name']}”。")
    return redirect(_table_url(listing.filter_query))


@require_POST
@require_right(Right.READ_PLAN)
def saved_view_delete(request, pk):
    view = get_object_or_404(SavedView.objects.owned_by(request.user), pk=pk)
    audit.record("删除视图", actor=request.user, summary=view.name)
    view.delete()
    messages.success(request, f"已删除视图“{view.name}”。")
    return redirect("portfolio:saved-views")


@require_right(Right.READ_PLAN)
def plan_columns(request):
    """Choose, order and pin columns; the filter in the query string comes through untouched."""
    if request.method == "POST":
        return _use_layout(request)
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


def _posted_layout(data):
    """Ticked columns in the order of their numbers; a column without a number keeps its place at the end."""

    def place(key):
        number = data.get(f"place_{key}", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 999

    keys = [column.key for column in COLUMNS if data.get(f"show_{column.key}")]
    pinned = data.get("pinned", "")
    return layouts.of(sorted(keys, key=place), whole_number(pinned) or 0)


def _use_layout(request):
    if request.POST.get("use"):
        return _use_saved(request)
    layout = layouts.Layout() if request.POST.get("reset") else _posted_layout(request.POST)
    if request.POST.get("name", "").strip():
        _save_layout(request, layout)
    layouts.remember(request, layout)
    return redirect(_table_url(_without_layout(QueryDict(request.POST.get("query", "")))))


def _use_saved(request):
    pk = whole_number(request.POST["use"])
    if pk is None:
        raise Http404
    saved = get_object_or_404(TableLayout.objects.usable_by(request.user), pk=pk)
    layouts.remember(request, layouts.of(saved.columns, saved.pinned))
    return redirect(_table_url(_without_layout(QueryDict(request.POST.get("query", "")))))


def _save_layout(request, layout):
    form = NameForm(request.POST, user=request.user)
    if not form.is_valid():
        return
    is_default = bool(request.POST.get("is_default"))
    if is_default:
        TableLayout.objects.owned_by(request.user).update(is_default=False)
    TableLayout.objects.update_or_create(
        owner=request.user,
        name=form.cleaned_data["name"],
        defaults={
            "county": request.user.county,
            "columns": list(layout.columns),
            "pinned": layout.pinned,
            "shared": form.cleaned_data.get("shared", False),
            "is_default": is_default,
        },
    )
    layouts.forget_default(request.user)
    audit.record("保存表格布局", actor=request.user, summary=form.cleaned_data["name"])
    messages.success(request, f"已保存布局“{form.cleaned_data['name']}”。")


@require_POST
@require_right(Right.READ_PLAN)
def layout_delete(request, pk):
    layout = get_object_or_404(TableLayout.objects.owned_by(request.user), pk=pk)
    audit.record("删除表格布局", actor=request.user, summary=layout.name)
    layout.delete()
    messages.success(request, f"已删除布局“{layout.name}”。")
    return redirect("portfolio:plan-columns")
