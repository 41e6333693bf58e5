"""How the project office prepares a quarterly inspection: its words and days, scoring sheet, judges and route."""

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.access import require_right
from accounts.roles import Right
from inspections import rounds
from inspections.actions import rounds as actions
from inspections.forms.rounds import CriteriaForm, JudgesForm, RoundForm, RouteForm
from inspections.models import Round
from inspections.models.rounds import RoundState
from inspections.views.rounds import round_of, status_of
from portfolio.search import search_terms

MOST_FOUND = 20


@require_right(Right.RUN_ROUNDS)
def round_new(request):
    form = RoundForm(request.POST if request.method == "POST" else None, round_=_blank(request.user.county))
    made = []

    def create(*, version, **values):
        made.append(actions.create(by=request.user, **values))

    status = status_of(form, create) if form.is_bound else 200
    if status == 0:
        messages.success(request, "已建立，请接着安排路线、评委和评分标准。")
        return redirect("inspections:round", made[0].pk)
    context = {"nav": "inspections", "form": form}
    return render(request, "inspections/rounds/round_edit.html", context, status=status)


def _blank(county):
    """The round of the quarter that business time stands in."""
    today = county.business_today()
    quarter = (today.month + 2) // 3
    blank = Round(county=county, year=today.year, quarter=quarter, starts_on=today, ends_on=today)
    blank.title = f"{blank.period}重大项目观摩"
    return blank


@require_right(Right.RUN_ROUNDS)
def round_edit(request, pk):
    return _edit(request, pk, RoundForm, actions.edit, "round_edit", "观摩安排已保存。")


@require_right(Right.RUN_ROUNDS)
def round_judges(request, pk):
    return _edit(request, pk, JudgesForm, actions.set_judges, "round_judges", "评委已保存。")


@require_right(Right.RUN_ROUNDS)
def round_criteria(request, pk):
    return _edit(
        request,
        pk,
        CriteriaForm,
        actions.set_criteria,
        "round_criteria",
        "评分标准已保存。",
        closed_to=(RoundState.OPEN, RoundState.CLOSED),
    )


def _edit(request, pk, form_class, action, template, done, closed_to=(RoundState.CLOSED,)):
    """One page of the preparation; what can't be changed any more leads back to the round."""
    round_ = round_of(request.user, pk)
    form = form_class(request.POST if request.method == "POST" else None, round_=round_)
    if round_.state in closed_to and not form.is_bound:
        messages.info(request, f"这次观摩{round_.get_state_display()}，这一项不能再改。")
        return redirect("inspections:round", pk)
    status = status_of(form, action, by=request.user, round_=round_) if form.is_bound else 200
    if status == 0:
        messages.success(request, done)
        return redirect("inspections:round", pk)
    context = {"nav": "inspections", "round": round_, "form": form, "full": rounds.FULL}
    context["is_default"] = rounds.is_default(round_.criteria.all())
    return render(request, f"inspections/rounds/{template}.html", context, status=status)


@require_right(Right.RUN_ROUNDS)
def round_route(request, pk):
    """The route as a whole: every button saves what was typed, and adds, removes or moves a stop besides."""
    round_ = round_of(request.user, pk)
    if round_.state == RoundState.CLOSED and request.method != "POST":
        messages.info(request, "这次观摩已结束，路线不能再改。")
        return redirect("inspections:round", pk)
    form = RouteForm(request.POST if request.method == "POST" else None, round_=round_)
    status = status_of(form, actions.set_route, by=request.user, round_=round_) if form.is_bound else 200
    if status == 0:
        return _after_route(request, round_, form)
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    context = {"nav": "inspections", "round": round_, "form": form, "query": query, "found": _found(round_, query)}
    name = "_route_found" if request.htmx and not form.is_bound else "round_route"
    return render(request, f"inspections/rounds/{name}.html", context, status=status)


def _after_route(request, round_, form):
    if form.do[0] in {"", "save"}:
        messages.success(request, "路线已保存。")
        return redirect("inspections:round", round_.pk)
    return redirect("inspections:round-route", round_.pk)


def _found(round_, query):
    """Plans by name, pinyin initials, place or code that are not on the route yet."""
    terms = search_terms(query)
    plans = rounds.plans_to_visit(round_).exclude(stops__round=round_)
    for term in terms:
        plans = plans.filter(project__search_key__contains=term)
    found = plans.select_related("project__town", "project__unit").order_by("seq", "pk")
    return list(found[:MOST_FOUND]) if terms else []
