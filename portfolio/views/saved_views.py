"""Saved views: a name for a filter. Columns are another matter, see table_layouts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import require_right
from accounts.roles import Right
from portfolio.actions import table_views
from portfolio.forms.table_views import NameForm
from portfolio.listing import PlanListing
from portfolio.models import SavedView
from portfolio.views.plan_table import plan_table_url

LONGEST_QUERY = SavedView._meta.get_field("query").max_length


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
            return _save(request, form, listing)
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


def _save(request, form, listing):
    name, query = form.cleaned_data["name"], listing.filter_query
    words = listing.words or "全部项目"
    table_views.save_view(by=request.user, name=name, query=query, shared=form.is_shared, words=words)
    messages.success(request, f"已保存视图“{name}”。")
    return redirect(plan_table_url(query))


@require_POST
@require_right(Right.READ_PLAN)
def saved_view_delete(request, pk):
    view = get_object_or_404(SavedView.objects.owned_by(request.user), pk=pk)
    table_views.discard(view, by=request.user)
    messages.success(request, f"已删除视图“{view.name}”。")
    return redirect("portfolio:saved-views")
