"""The latest changes of the register, and taking one of them back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import require_right
from accounts.roles import Right
from portfolio import history
from portfolio.actions import changes
from portfolio.models import ChangeSet
from portfolio.models.changes import OF_REGISTER
from portfolio.sent import way_back

PER_PAGE = 50
# The kinds that stand in the list only when they are asked for: the weekly loop writes them by the dozen.
ASKED_FOR = tuple(kind for kind in ChangeSet.Kind if kind not in OF_REGISTER)


@require_right(Right.EDIT_REGISTER)
def change_list(request):
    """The changes of the register; `?kind=dispatch` and the like for another kind, `?kind=all` for all of them."""
    asked = request.GET.get("kind", "")
    change_sets = ChangeSet.objects.visible_to(request.user).filter(kind__in=_kinds(asked))
    page = Paginator(change_sets.select_related("by", "undone_by"), PER_PAGE).get_page(request.GET.get("page"))
    choices = [("", "项目和计划"), *((kind.value, kind.label) for kind in ASKED_FOR), ("all", "全部")]
    chosen = asked if asked in dict(choices) else ""
    context = {"page": page, "kinds": choices, "kind": chosen, "nav": "plan"}
    return render(request, "portfolio/change_list.html", context)


def _kinds(asked):
    if asked == "all":
        return ChangeSet.Kind.values
    return [asked] if asked in ASKED_FOR else OF_REGISTER


@require_right(Right.EDIT_REGISTER)
def change_undo(request, pk):
    """Confirm, then take the whole change set back, or say why that can't be done."""
    change_set = get_object_or_404(ChangeSet.objects.visible_to(request.user).select_related("by"), pk=pk)
    if hasattr(change_set, "import_batch"):
        # An import is withdrawn on its own page, which also says what becomes of the file.
        return redirect("portfolio:import-detail", change_set.import_batch.pk)
    asked = request.POST.get("back") or request.GET.get("back", "")
    back = way_back(asked, otherwise=reverse("portfolio:change-list"))
    if request.method == "POST":
        try:
            messages.success(request, f"{changes.undo(change_set, by=request.user).summary}。")
        except changes.CannotUndo as refused:
            messages.error(request, str(refused))
        return redirect(back)
    context = {"change_set": change_set, "touched": history.touched(change_set), "back": back, "nav": "plan"}
    return render(request, "portfolio/change_undo.html", context)
