"""Photos of checks and stops: adding one, and taking it away again.

Re-used photos are told to people (`seen_before`), and nobody is punished automatically.
"""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from inspections.models import SitePhoto
from inspections.models.checks import SupervisionCheck
from portfolio import photo_files, photos
from portfolio.models import Photo

MOST = 12


class Refused(Exception):
    """The photo can't be added or taken away; the message says why and what to do, in Chinese."""


def add(*, by, upload, upload_key, check_visit=None, stop=None, caption="", refuse=None):
    """Keep an uploaded photo with a check or a stop, whichever is given. The caller has asked whether `by` may.

    The same `upload_key` again gives back the photo that the first one made. `refuse(owner)` is called with the row
    locked, and raises what speaks against a photo now. Raises `photos.NotAPhoto` and `Refused`.
    """

    given = check_visit or stop

    def make(prepared):
        owner = _locked(given)
        if refuse:
            refuse(owner)
        return _make(by, owner, prepared, upload_key, caption)

    return photo_files.keep_once(SitePhoto, by=by, upload=upload, upload_key=upload_key, make=make, of=_key(given))


def _locked(owner):
    return type(owner).objects.select_for_update(of=("self",)).get(pk=owner.pk)


def _key(owner):
    """How a photo names its owner."""
    return {"check_visit": owner} if isinstance(owner, SupervisionCheck) else {"stop": owner}


def county_of(owner):
    return owner.county if isinstance(owner, SupervisionCheck) else owner.round.county


def _make(by, owner, prepared, upload_key, caption):
    own = SitePhoto.objects.filter(**_key(owner))
    if own.count() >= MOST:
        raise Refused(f"每次最多 {MOST} 张照片，请先删去一张。")
    county = county_of(owner)
    audit.record("上传现场照片", actor=by, county=county, target=owner)
    return SitePhoto(
        county=county,
        width=prepared.width,
        height=prepared.height,
        digest=prepared.digest,
        look=prepared.look,
        seen_before=_seen_before(county, own, prepared)[:200],
        caption=caption.strip()[:100],
        upload_key=upload_key,
        uploaded_at=county.business_now(),
        uploaded_by=by,
        **_key(owner),
    )


def _seen_before(county, own, prepared):
    """Where the same or nearly the same picture was used before, in words; "" where nowhere."""
    elsewhere = SitePhoto.objects.filter(county=county).exclude(pk__in=own.values("pk")).order_by("pk")
    if found := photos.used_in(elsewhere, prepared):
        earlier = SitePhoto.objects.select_related("check_visit__plan__project", "stop").get(pk=found)
        return f"与{_told(earlier)}的照片相同或极相似"
    if found := photos.used_in(Photo.objects.filter(county=county).order_by("pk"), prepared):
        report = Photo.objects.select_related("dispatch__plan__project").get(pk=found).dispatch
        return f"与{report.plan.project} {report.year} 年第 {report.week} 周调度的照片相同或极相似"
    return ""


def _told(photo):
    day = timezone.localtime(photo.uploaded_at).date()
    return f"{photo.check_visit.plan.project if photo.check_visit else photo.stop}（{day}）"


@transaction.atomic
def delete(*, by, photo, refuse=None):
    """Take a photo away; its files go once that is certain. `refuse` as in `add`."""
    owner = _locked(photo.check_visit or photo.stop)
    if refuse:
        refuse(owner)
    files = [photo.file, photo.thumbnail]
    photo.delete()
    audit.record("删除现场照片", actor=by, county=county_of(owner), target=owner)
    transaction.on_commit(lambda: photo_files.remove(files))
    return owner
