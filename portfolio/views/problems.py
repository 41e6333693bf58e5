"""The list of problems (问题清单), a problem's page with the steps it may take, and raising one."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.roles import Right, Role
from portfolio import as_of, problem_steps, problem_tallies, problems
from portfolio.actions import changes
from portfolio.actions import problems as actions
from portfolio.forms.problems import FORMS, RaiseForm, suggestions
from portfolio.models import Problem
from portfolio.problem_listing import SORTS, ProblemListing
from portfolio.problem_steps import Verb
from portfolio.sent import whole_number
from portfolio.views import steps

DONE = {
    Verb.ANSWER: "已反馈。",
    Verb.ASK_EXTENSION: "已申请延期，等待项目办答复。",
    Verb.ASK_CLOSING: "已申请销号，等待项目办核验。",
    Verb.ASSIGN: "已交办。",
    Verb.GRANT_EXTENSION: "已同意延期。",
    Verb.REFUSE_EXTENSION: "已答复，时限不变。",
    Verb.CLOSE: "已销号。",
    Verb.SEND_BACK: "已退回办理。",
    Verb.REOPEN: "已重新打开，时限重新计算。",
    Verb.EDIT: "已保存。",
}
STALE = "您打开这一页之后，他人已办理了这个问题（见下面的经过）。您填写的内容还在，没有保存：请核对后再提交。"
TALLIES = {"unit": "责任单位", "leader": "包联领导"}


# The list


@require_GET
@require_right(Right.READ_PLAN)
def problem_list(request):
    county = request.user.county
    choice = as_of.AsOfChoice(request.GET, county.business_today())
    with as_of.reading(county, choice.day):
        listing = ProblemListing(request.user, request.GET, choice.day or choice.today, is_past=choice.day is not None)
        context = {
            "nav": "problems",
            "listing": listing,
            "sorts": SORTS.items(),
            "as_of_choice": choice,
            "may_raise": choice.day is None and problems.projects_open_to(request.user).exists(),
        }
        if (by := request.GET.get("by")) in TALLIES:
            rows, total = problem_tallies.tallies(listing, by)
            context |= {"by": by, "by_label": TALLIES[by], "tallies": rows, "total": total}
            return render(request, "portfolio/problems/problem_list.html", context)
        is_print = "print" in request.GET
        context |= {"is_print": is_print, "rows": listing.all_rows() if is_print else listing.rows()}
        return render(request, "portfolio/problems/problem_list.html", context)


# One problem


def _problem(request, pk):
    stored = Problem.objects.visible_to(request.user).select_related("project", "unit", "raised_by", "raised_in__plan")
    return get_object_or_404(stored, pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def problem_detail(request, pk):
    choice = as_of.AsOfChoice(request.GET, request.user.county.business_today())
    with as_of.reading(request.user.county, choice.day):
        problem = _problem(request, pk)
        forms = [] if choice.day else _forms(request.user, problem, choice.today)
        return _show(request, problem, forms, choice=choice)


def _forms(user, problem, today):
    """An unbound form for each step that this account may take now."""
    verbs = problem_steps.open_to(
        problem,
        today=today,
        may_answer=Problem.objects.answerable_by(user).filter(pk=problem.pk).exists(),
        may_manage=Problem.objects.manageable_by(user).filter(pk=problem.pk).exists(),
    )
    return [FORMS[verb](problem=problem) for verb in verbs]


def _show(request, problem, forms, *, choice, status=200, **more):
    today = choice.day or choice.today
    events = problem.events.select_related("by__unit")
    context = {
        "nav": "problems",
        "today": today,
        "row": problems.row_of(problem, request.user, today),
        "problem": problem,
        "events": events.filter(at__lte=as_of.end_of_day(choice.day)) if choice.day else events,
        "forms": forms,
        "open_form": _open_form(problem, forms),
        "waiting_for": problem_steps.waiting_for(problem),
        "as_of_choice": choice,
        **more,
    }
    return render(request, "portfolio/problems/problem_detail.html", context, status=status)


def _open_form(problem, forms):
    """The one that was just sent, else the one that the problem waits for."""
    expected = problem_steps.EXPECTED[problem.state]
    likely = forms[0] if forms and forms[0].verb in expected else None
    return next((form for form in forms if form.is_bound), likely)


@require_POST
@require_right(Right.READ_PLAN)
def problem_step(request, pk, verb):
    """Take one step; what can't be taken shows the problem's page with the form as it was filled."""
    problem = _problem(request, pk)
    verb = steps.known(Verb, verb)
    steps.insist(request, problem, verb, "这个问题")
    form = FORMS[verb](request.POST, problem=problem)
    if not form.is_valid():
        return _again(request, pk, form, 400)
    try:
        getattr(actions, verb.value)(by=request.user, problem=problem, **form.values())
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return _again(request, pk, form, 400)
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_error(None, STALE)
        return _again(request, pk, form, 409)
    messages.success(request, DONE[verb])
    return redirect("portfolio:problem-detail", pk)


def _again(request, pk, form, status):
    """The page with the bound form in its place, or above the others when the step is no longer open."""
    choice = as_of.AsOfChoice(QueryDict(), request.user.county.business_today())
    problem = _problem(request, pk)
    forms, lost = steps.with_sent(request, _forms(request.user, problem, choice.today), form)
    return _show(request, problem, forms, choice=choice, status=status, **lost)


# Raising one


@require_right(Right.RAISE_PROBLEMS)
def problem_add(request):
    projects = problems.projects_open_to(request.user)
    project = projects.filter(pk=whole_number(request.GET.get("project", ""))).first()
    form = RaiseForm(request.POST if request.method == "POST" else None, user=request.user, project=project)
    if form.is_bound and form.is_valid() and (problem := _raise(request, form)):
        messages.success(request, f"已登记，待项目办交办；办结时限 {problem.deadline}。")
        return redirect("portfolio:problem-detail", problem.pk)
    context = {"nav": "problems", "form": form, "project": project, "names": _first_names(request.user, projects)}
    return render(request, "portfolio/problems/problem_add.html", context, status=400 if form.is_bound else 200)


def _raise(request, form):
    """The new problem, or None when the form has got an error instead."""
    try:
        return actions.raise_problem(
            by=request.user,
            project=form.cleaned_data["project"],
            values=form.values(),
            form_key=form.cleaned_data["form_key"],
        )
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return None


def _first_names(user, projects):
    """A reporter's own projects are few enough to suggest without being asked."""
    return suggestions(projects, "", most=200) if user.role == Role.REPORTER else []


@require_GET
@require_right(Right.RAISE_PROBLEMS)
def project_suggestions(request):
    """Options for the project field as it is typed in; no page of its own."""
    if not request.htmx:
        raise Http404
    names = suggestions(problems.projects_open_to(request.user), request.GET.get("project", "")[:200])
    return render(request, "portfolio/problems/_project_options.html", {"names": names})
