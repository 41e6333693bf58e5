"""The county's week (`/dispatch/<year>/<week>/`): who reported, the ledger, the bulletin; for the office also chasing
and reviewing. One page with tabs in the query string."""

from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.access import require_right
from accounts.roles import Right, has_right
from portfolio import dispatch_ledger, reminders, review_queue
from portfolio.county_week import COUNTS, CountyWeek
from portfolio.dispatch_bulletin import Bulletin
from portfolio.dispatch_ledger import Ledger
from portfolio.plan_fields import Kind
from portfolio.sent import whole_number
from portfolio.weeks import Week

FIRST_YEAR, LAST_YEAR = 2000, 2100
TABS = {"status": "报送情况", "remind": "催报", "review": "审核", "ledger": "台账", "bulletin": "通报"}
OFFICE_TABS = frozenset({"remind", "review"})
# Drafts and returned reports: others would read nothing but zeros there.
OFFICE_COUNTS = frozenset({"returned", "draft"})
PAPERS = frozenset({"a3", "a4"})


def asked_week(year, number):
    """The week of an address; Http404 where its year has none of that number."""
    try:
        week = Week(year, number)
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= week.year <= LAST_YEAR:
        raise Http404
    return week


def week_url(week, **query):
    """The page of a week: `week_url(week, tab="review")`."""
    return reverse("portfolio:county-week", args=[week.year, week.number], query=query or None)


@require_right(Right.READ_PLAN)
def county_week(request, year, week):
    week = asked_week(year, week)
    reviews = has_right(request.user, Right.REVIEW_DISPATCH)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "status"
    if tab in OFFICE_TABS and not reviews:
        raise Http404
    seen = CountyWeek(request.user.county, week, request.user)
    context = {
        "nav": "dispatch",
        "week": week,
        "seen": seen,
        "counts": seen.counts,
        "reviews": reviews,
        "tab": tab,
        "tabs": [(key, label) for key, label in TABS.items() if reviews or key not in OFFICE_TABS],
        **_TAB_CONTEXT[tab](request, seen),
    }
    if tab == "ledger" and request.GET.get("print") in PAPERS:
        return render(request, "portfolio/county_week/ledger_print.html", context | {"paper": request.GET["print"]})
    return render(request, "portfolio/county_week/page.html", context)


def asked_unit(request, seen):
    """The UnitStanding that `?unit=` names; Http404 where it names none of the week."""
    token = request.GET.get("unit", "")
    unit = seen.unit_of(token) if token else None
    if token and unit is None:
        raise Http404
    return unit


def render_rows(name, **context):
    """A Jinja2 template of what the page has hundreds of; it escapes everything itself."""
    return mark_safe(render_to_string(f"portfolio/{name}.html", context, using="rows"))


# Tabs


def _status(request, seen):
    unit = asked_unit(request, seen)
    show = request.GET.get("show") if request.GET.get("show") in COUNTS else "missing"
    reviews = has_right(request.user, Right.REVIEW_DISPATCH)
    columns = [(key, label) for key, (label, _) in COUNTS.items() if reviews or key not in OFFICE_COUNTS]
    rows = seen.rows_of(show, unit)
    return {
        "columns": columns,
        "show": show,
        "show_label": COUNTS[show][0],
        "unit": unit,
        "shown_rows": rows,
        "rows": render_rows("_week_rows", rows=rows, year=seen.week.year),
        "units": render_rows(
            "_week_units", units=seen.units, columns=columns, show=show, unit=unit, own_unit=seen.own_unit
        ),
    }


def _remind(request, seen):
    return {"reminders": reminders.reminders(seen), "text_for_all": reminders.text_for_all(seen)}


def _review(request, seen):
    show = request.GET.get("show") if request.GET.get("show") in review_queue.SHOWN else "pending"
    items = review_queue.items(seen.county, seen.week, show)
    moved = {whole_number(number) for number in request.GET.get("moved", "").split(",")}
    return {
        "show": show,
        "shown": [(key, label) for key, (label, _) in review_queue.SHOWN.items()],
        "queue_counts": review_queue.counts(seen.county, seen.week),
        "items": items,
        "warned": sum(1 for item in items if item.report.warnings),
        "cards": render_rows(
            "_review_cards",
            items=items,
            week=seen.week,
            show=show,
            moved=moved,
            is_open=not seen.is_locked,
        ),
    }


def _ledger(request, seen):
    ledger = Ledger(seen, first_unit=seen.own_unit, only_unit=asked_unit(request, seen))
    rows = render_rows(
        "_ledger_rows",
        ledger=ledger,
        columns=dispatch_ledger.COLUMNS,
        year=seen.week.year,
        figure_kinds=(Kind.MONEY, Kind.PERCENT),
    )
    return {"ledger": ledger, "columns": dispatch_ledger.COLUMNS, "rows": rows}


def _bulletin(request, seen):
    return {"bulletin": Bulletin(Ledger(seen))}


_TAB_CONTEXT = {"status": _status, "remind": _remind, "review": _review, "ledger": _ledger, "bulletin": _bulletin}
