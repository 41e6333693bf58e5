"""督办文书: their list, a new one, those about a project or problem, and the words before their numbers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.access import insist_on, require_right
from accounts.roles import Right, has_right
from inspections import letter_steps, letter_subjects, letters
from inspections.actions import letters as actions
from inspections.actions.letter_writing import Refused
from inspections.exporting.letters import ledger
from inspections.forms.letters import NewLetterForm, SeriesForm
from inspections.letter_listing import SORTS, LetterListing
from inspections.models import Letter, LetterKind, LetterSeries, Matter
from inspections.models.letters import ABOUT
from portfolio.models import AnnualPlan, Problem, Project
from portfolio.sent import whole_number
from portfolio.views.asked import Asked
from portfolio.views.files import xlsx_response

MODELS = {"plan": AnnualPlan, "problem": Problem, "matter": Matter}


# The list


@require_GET
@require_right(Right.READ_PLAN)
def letter_list(request):
    listing = LetterListing(request.user, request.GET, request.user.county.business_today())
    context = {
        "nav": "inspections",
        "listing": listing,
        "sorts": SORTS.items(),
        "may_write": has_right(request.user, Right.ISSUE_LETTERS),
    }
    return render(request, "inspections/letters/letter_list.html", context)


@require_GET
@require_right(Right.READ_PLAN)
def letter_export(request):
    listing = LetterListing(request.user, request.GET, request.user.county.business_today())
    return xlsx_response(ledger(listing), listing.today)


# A new one


@require_right(Right.ISSUE_LETTERS)
def letter_new(request):
    """`?plan=`, `?problem=` or `?matter=` is what it is about; without one, what there is to write about."""
    what, row = _about(request)
    today = request.user.county.business_today()
    if what is None:
        found = letter_subjects.subjects(request.user.county, today)
        groups = [(letter_subjects.LABELS[key], rows) for key, rows in found.items()]
        return render(
            request,
            "inspections/letters/letter_subjects.html",
            {"nav": "inspections", "groups": groups, "today": today},
        )
    subject = letter_subjects.subject_of(what, row, today)
    if subject is None or (subject.letter is not None and request.method != "POST"):
        return _nothing_to_write(request, what, subject)
    form = NewLetterForm(request.POST or None, county=request.user.county, draft=letters.draft(subject, today))
    if form.is_bound and form.is_valid() and (letter := _drafted(request, form, what, subject)):
        messages.success(request, "已拟稿，请核对后发出。")
        return redirect("inspections:letter-detail", letter.pk)
    context = {"nav": "inspections", "subject": subject, "form": form, "standing": subject.letter}
    status = 200 if not form.is_bound else 409 if subject.letter else 400
    return render(request, "inspections/letters/letter_new.html", context, status=status)


def _about(request):
    """(which of ABOUT, its row); (None, None) where nothing is asked for."""
    what = next((what for what in ABOUT if request.GET.get(what)), None)
    if what is None:
        return None, None
    rows = MODELS[what].objects.visible_to(request.user).select_related("county")
    return what, get_object_or_404(rows, pk=whole_number(request.GET[what]))


def _nothing_to_write(request, what, subject):
    if subject is None:
        messages.warning(request, actions.GONE[what])
        return redirect("inspections:letter-new")
    messages.info(request, f"对此已有一份没有办结的{subject.letter.get_kind_display()}，请在这里办理。")
    return redirect("inspections:letter-detail", subject.letter.pk)


def _drafted(request, form, what, subject):
    """None where it was refused; then the form says why, and `subject` names the letter that stands in the way."""
    row = subject.row
    try:
        return actions.draft(
            by=request.user, what=what, row=row, values=form.draft_values(), form_key=form.cleaned_data["form_key"]
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        subject.letter = refused.standing
        return None


# On the pages of projects and problems


@require_GET
@require_right(Right.READ_PLAN)
def letters_about(request, what, pk):
    """The letters about a project, problem or matter, for its page; on its own for a browser without scripts."""
    asked = Asked(request)
    with asked.reading():
        find = _of_project if what == "project" else _of_row
        about, found, subject = find(request, what, pk, asked)
        if asked.is_past:
            found = found.filter(issued_on__lte=asked.day)
        may_write = has_right(request.user, Right.ISSUE_LETTERS) and not asked.is_past
        context = asked.context(
            "inspections",
            about=about,
            letter_rows=[
                (letter, letter_steps.clock(letter, asked.day))
                for letter in found.select_related("unit").order_by("pk")
            ],
            subject=subject if may_write and subject and subject.letter is None else None,
        )
        name = "_letters_about.html" if request.htmx else "letters_about.html"
        return render(request, f"inspections/letters/{name}", context)


def _of_project(request, what, pk, asked):
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    readable = Letter.objects.readable_by(request.user)
    found = readable.filter(plan__project=project) | readable.filter(problem__project=project)
    plan = AnnualPlan.objects.filter(project=project, year=asked.day.year).select_related("county").first()
    subject = letter_subjects.subject_of("plan", plan, asked.day) if plan else None
    return project, found | readable.filter(matter__project=project), subject


def _of_row(request, what, pk, asked):
    if what not in MODELS:
        raise Http404
    row = get_object_or_404(MODELS[what].objects.visible_to(request.user).select_related("county"), pk=pk)
    found = Letter.objects.readable_by(request.user).filter(**{what: row})
    return row, found, letter_subjects.subject_of(what, row, asked.day)


# Numbers and senders


@require_right(Right.READ_PLAN)
def letter_series(request):
    county = request.user.county
    form = SeriesForm(
        request.POST if request.method == "POST" else None, county=county, seen=actions.series_seen(county)
    )
    if form.is_bound:
        insist_on(Right.ISSUE_LETTERS, request)
        if form.is_valid() and _series_set(request, form):
            return redirect("inspections:letter-series")
    context = {
        "nav": "inspections",
        "series": [letters.series_of(county, kind) for kind in LetterKind],
        "is_default": not LetterSeries.objects.filter(county=county).exists(),
        "form": form,
        "may_set": has_right(request.user, Right.ISSUE_LETTERS),
    }
    return render(request, "inspections/letters/letter_series.html", context, status=400 if form.is_bound else 200)


def _series_set(request, form):
    try:
        written = actions.set_series(
            by=request.user,
            county=request.user.county,
            values=form.values(),
            seen=form.cleaned_data["seen"],
            form_key=form.cleaned_data["form_key"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        form.data = form.data.copy()
        form.data["seen"] = actions.series_seen(request.user.county)
        return False
    messages.success(request, "已保存，用于今后发出的文书。" if written else "已经保存过，没有重复保存。")
    return True
