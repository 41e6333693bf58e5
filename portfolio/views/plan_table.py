"""The plan table (计划表): the page, and the same page as a fragment for htmx."""

import hashlib

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio import layouts
from portfolio.as_of import AsOfChoice
from portfolio.listing import GROUPINGS, PAGE_SIZES, PlanListing
from portfolio.models import ChangeSet
from portfolio.sent import whole_number
from portfolio.tables import PlanTable, row_columns

PAGE_SIZE_LABELS = tuple((size, "全部" if size == "all" else size) for size in PAGE_SIZES)
# On paper, and in the table of a past day: nothing can be changed there.
READ_ONLY = {"can_edit": False, "can_import": False, "own_unit": None}
KEPT_PARAMS = ("year", "as_of", "group", "sort", "per_page", "cols", "pin")


def plan_table_url(query=""):
    return f"{reverse('portfolio:plan-table')}?{query}" if query else reverse("portfolio:plan-table")


@require_right(Right.READ_PLAN)
def plan_table(request):
    layout = layouts.current(request)
    tag = _tag(request, layout)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = _respond(request, layout)
    response["ETag"] = tag
    response["Vary"] = "HX-Request, Cookie"
    return response


def _respond(request, layout):
    listing = PlanListing(request.user.county, request.GET, layout.columns)
    parts = _parts(request, listing, layout)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "portfolio/_plan_swap.html", parts)
    context = {**parts, **_rights(request, listing), "listing": listing, "nav": "plan", "own_search": True}
    context["change_set"] = _change_just_made(request)
    context["as_of_choice"] = _as_of_choice(listing)
    template = "portfolio/plan_table_print.html" if "print" in request.GET else "portfolio/plan_table.html"
    return render(request, template, context)


def _tag(request, layout):
    """A page is a function of who looks, at which data, on which day, through which query and layout."""
    user, county = request.user, request.user.county
    if len(get_messages(request)):
        return f'W/"{id(request)}"'
    seen = (
        user.pk,
        user.role,
        user.unread_notices,
        request.session.session_key,
        county.data_version,
        county.business_today(),
        request.get_full_path(),
        bool(request.htmx),
        layout,
        settings.RELEASE,
    )
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:24]}"'


def _parts(request, listing, layout):
    """The rendered heading, filters and results: the same for all with the same rights, so kept by data version."""
    rights = _rights(request, listing)
    county = request.user.county
    asked = (request.GET.urlencode(), layout, tuple(rights.values()), bool(request.htmx), county.business_today())
    digest = hashlib.sha256(repr(asked).encode()).hexdigest()
    key = f"plan-page:{county.pk}:{county.data_version}:{digest}"
    return cache.get_or_set(key, lambda: _render_parts(listing, layout, rights, oob=bool(request.htmx)))


def _render_parts(listing, layout, rights, *, oob):
    context = {
        "listing": listing,
        "county": listing.county,
        "table": PlanTable(listing),
        "rows": _render_rows(listing, rights),
        "facets": _render_jinja("_plan_facets", {"listing": listing, "oob": oob}),
        "oob": oob,
        "as_of_choice": _as_of_choice(listing),
        "own_keys": " ".join(column.key for column in listing.columns if column.reporter),
        "pinned": layout.pinned,
        "kept_params": [(name, listing.params[name]) for name in KEPT_PARAMS if name in listing.params],
        "page_sizes": PAGE_SIZE_LABELS,
        "groupings": GROUPINGS.items(),
        **rights,
    }
    results = render_to_string("portfolio/_plan_results.html", context)
    if oob:
        return {"results": results}
    head = render_to_string("portfolio/_plan_head.html", context)
    return {"results": results, "head": head, "facets": context["facets"]}


def _as_of_choice(listing):
    return AsOfChoice(listing.params, listing.county.business_today())


def _render_rows(listing, rights):
    context = {
        "groups": listing.groups(),
        "sums": listing.sums,
        "columns": row_columns(listing),
        "comparison": listing.comparison,
        "selectable": rights["can_edit"],
        "own_unit": rights["own_unit"],
        "year": listing.year,
        "as_of": listing.as_of,
        "on_paper": "print" in listing.params,
    }
    return _render_jinja("_plan_rows", context)


def _render_jinja(name, context):
    """Jinja2 hands back plain text; everything in it was escaped by its environment."""
    return mark_safe(render_to_string(f"portfolio/{name}.html", context, using="rows"))


def _rights(request, listing):
    """What of the page depends on who looks. A reporter edits the rows of the own unit, in the reporters' columns."""
    if listing.as_of or "print" in request.GET:
        return READ_ONLY
    user = request.user
    reports = has_right(user, Right.EDIT_OWN_PROJECTS)
    return {
        "can_edit": has_right(user, Right.EDIT_REGISTER),
        "can_import": has_right(user, Right.IMPORT_PLAN),
        "own_unit": user.unit_id if reports else None,
    }


def _change_just_made(request):
    """The change set that a bulk edit has just written, offered for undoing above the table."""
    return ChangeSet.objects.just_made_by(request.user, whole_number(request.GET.get("changed", "")))
