"""The matrix of the six ones (六个一), its lists and counts: page, htmx fragment and print."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio.as_of import AsOfChoice
from portfolio.listing import GROUPINGS
from portfolio.models import AnnualPlan, ChangeSet, Leader
from portfolio.sent import whole_number
from portfolio.six_ones_listing import VIEWS, SixOnesListing
from portfolio.views.plan_table import PAGE_SIZE_LABELS

KEPT_PARAMS = ("year", "as_of", "view", "group", "sort", "per_page")
ACCOUNTS = {"leaders": ("leader", "包联领导"), "units": ("unit", "责任单位")}


@require_right(Right.READ_PLAN)
def six_ones(request):
    listing = SixOnesListing(request.user.county, request.GET)
    is_print = "print" in request.GET
    context = {
        "listing": listing,
        "county": request.user.county,
        "nav": "six-ones",
        "own_search": True,
        "oob": bool(request.htmx),
        "views": VIEWS.items(),
        "kept_params": [(name, listing.params[name]) for name in KEPT_PARAMS if name in listing.params],
        "page_sizes": PAGE_SIZE_LABELS,
        "groupings": GROUPINGS.items(),
        "can_edit": has_right(request.user, Right.EDIT_REGISTER) and not listing.as_of and not is_print,
        "as_of_choice": AsOfChoice(request.GET, request.user.county.business_today()),
    }
    context |= _of_view(request, listing, context)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "portfolio/six_ones/_results.html", context)
    if is_print:
        return render(request, "portfolio/six_ones/print.html", context)
    return render(request, "portfolio/six_ones/page.html", context | _around(request, listing, context))


def _of_view(request, listing, context):
    """The filters, and what the chosen view is made of."""
    facets = _render_jinja("_plan_facets", {"listing": listing, "oob": context["oob"]})
    if listing.view in ACCOUNTS:
        key, label = ACCOUNTS[listing.view]
        return {"facets": facets, "accounts": listing.accounts(key), "account_label": label}
    if listing.view == "matrix":
        return {"facets": facets, "rows": _render_rows(request, listing, context["can_edit"])}
    return {"facets": facets}


def _render_rows(request, listing, can_edit):
    reports = has_right(request.user, Right.REPORT_DISPATCH)
    context = {
        "listing": listing,
        "groups": listing.matrix_groups(),
        "selectable": can_edit,
        "own_unit": request.user.unit_id if reports else None,
        "on_paper": "print" in listing.params,
        "at": f"&as_of={listing.as_of}" if listing.as_of else "",
        "schedule_url": reverse("portfolio:schedule", args=[0]),
        "dispatch_url": reverse("portfolio:dispatch"),
    }
    return _render_jinja("_six_ones_rows", context)


def _render_jinja(name, context):
    """Jinja2 hands back plain text; everything in it was escaped by its environment."""
    return mark_safe(render_to_string(f"portfolio/{name}.html", context, using="rows"))


def _around(request, listing, context):
    """What stands around the results on the whole page."""
    around = {
        "head": render_to_string("portfolio/six_ones/_head.html", context),
        "results": render_to_string("portfolio/six_ones/_results.html", context | {"oob": False}),
        "change_set": _change_just_made(request),
        "back": f"{request.path}?{listing.query()}",
    }
    if context["can_edit"]:
        around["leaders"] = Leader.objects.visible_to(request.user).filter(is_active=True)
        around["team_sources"] = plans_with_team(request.user, listing.year)
    return around


def plans_with_team(user, year):
    """The plans of a year whose team could be copied."""
    plans = AnnualPlan.objects.visible_to(user).filter(year=year, teams__replaced_at=None, teams__isnull=False)
    return plans.select_related("project").order_by("project__name_pinyin")


def _change_just_made(request):
    """The change set that an assignment has just written, offered for undoing above the matrix."""
    return ChangeSet.objects.just_made_by(request.user, whole_number(request.GET.get("changed", "")))
