"""Photos of checks and stops as files, for whoever may read what they belong to."""

from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import require_right
from accounts.roles import Right
from inspections.models import SitePhoto, SupervisionCheck

KEPT_BY_THE_BROWSER = "private, max-age=3600"


@require_safe
@require_right(Right.READ_PLAN)
def site_photo(request, pk):
    return _file(request, pk, "file")


@require_safe
@require_right(Right.READ_PLAN)
def site_photo_thumbnail(request, pk):
    return _file(request, pk, "thumbnail")


def _file(request, pk, attribute):
    """Every stored file is a JPEG of our own making. Those of a draft are its inspector's, as the draft is."""
    checks = SupervisionCheck.objects.readable_by(request.user)
    readable = SitePhoto.objects.visible_to(request.user).filter(Q(check_visit__in=checks) | Q(stop__isnull=False))
    stored = getattr(get_object_or_404(readable, pk=pk), attribute)
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg", filename=f"site-photo-{pk}.jpg")
    response["Cache-Control"] = KEPT_BY_THE_BROWSER
    response["X-Content-Type-Options"] = "nosniff"
    return response
