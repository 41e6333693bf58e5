"""Photos of weekly reports: adding one, and showing it to whoever may read its report."""

from django import forms
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from accounts.access import note_refusal
from portfolio.actions import dispatch
from portfolio.actions import photos as actions
from portfolio.cards import cards_of
from portfolio.models import AnnualPlan, Photo, WeeklyDispatch
from portfolio.photos import NotAPhoto
from portfolio.weeks import Week

KEPT_BY_THE_BROWSER = "private, max-age=3600"


class PhotoForm(forms.Form):
    photo = forms.FileField()
    upload_key = forms.UUIDField()


@require_POST
def photo_add(request, pk, week):
    """Answers the page's script: the photo and the warnings it brings, or why it was not kept."""
    week = _week(week)
    plans = AnnualPlan.objects.reportable_by(request.user).filter(pk=pk, year=week.year)
    plan = plans.select_related("project", "county").first()
    if plan is None:
        note_refusal(request, "不是本单位的项目")
        raise Http404
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"error": "没有收到照片，请重选。"}, status=422)
    try:
        photo = actions.add(
            by=request.user,
            plan=plan,
            week=week,
            upload=form.cleaned_data["photo"],
            upload_key=form.cleaned_data["upload_key"],
        )
    except (NotAPhoto, dispatch.Refused) as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    card = cards_of(request.user, [plan], week)[0]
    html = render_to_string("portfolio/dispatch/_photo.html", {"photo": photo, "card": card}, request)
    return JsonResponse({"html": html, "pk": photo.pk, "warnings": card.photo_warnings})


def _week(text):
    try:
        return Week.parse(text)
    except ValueError as error:
        raise Http404 from error


@require_safe
def photo(request, pk):
    return _file(request, pk, "file")


@require_safe
def photo_thumbnail(request, pk):
    return _file(request, pk, "thumbnail")


def _file(request, pk, attribute):
    """Every stored file is a JPEG of our own making, under a name of our own."""
    reports = WeeklyDispatch.objects.readable_by(request.user)
    stored = getattr(
        get_object_or_404(Photo.objects.visible_to(request.user).filter(dispatch__in=reports), pk=pk), attribute
    )
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg", filename=f"photo-{pk}.jpg")
    response["Cache-Control"] = KEPT_BY_THE_BROWSER
    response["X-Content-Type-Options"] = "nosniff"
    return response
