"""Adding a photo to a report that is being written, and taking it away again."""

from django.db import transaction

from accounts import audit
from portfolio import photo_files, photos
from portfolio.actions import dispatch
from portfolio.models import Photo, WeeklyDispatch
from portfolio.models.dispatch import ReportState

MOST = 9
_BEING_WRITTEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})


def add(*, by, plan, week, upload, upload_key):
    """Keep an uploaded photo with the week's report, which begins as an empty draft when nothing was typed yet.

    The same `upload_key` again gives back the photo that the first one made. Raises `photos.NotAPhoto`, and
    `dispatch.Refused` when the report can't take it.
    """
    return photo_files.keep_once(
        Photo,
        by=by,
        upload=upload,
        upload_key=upload_key,
        make=lambda prepared: _make(by, plan, week, prepared, upload_key),
        of={"dispatch__plan": plan, "dispatch__year": week.year, "dispatch__week": week.number},
    )


def _make(by, plan, week, prepared, upload_key):
    report = _report(plan, week)
    if Photo.objects.filter(dispatch=report).count() >= MOST:
        raise dispatch.Refused(f"每个项目每周最多 {MOST} 张照片，请先删去一张。")
    audit.record("上传照片", actor=by, county=plan.county, target=report)
    return Photo(
        county=plan.county,
        dispatch=report,
        width=prepared.width,
        height=prepared.height,
        digest=prepared.digest,
        look=prepared.look,
        same_as_id=_used_before(report, prepared),
        upload_key=upload_key,
        uploaded_at=plan.county.business_now(),
        uploaded_by=by,
    )


def _report(plan, week):
    """The week's report, locked. One that a photo begins has row version 0, so that typing goes on undisturbed."""
    dispatch.refuse_closed(plan.county, week)
    key = {"plan": plan, "year": week.year, "week": week.number}
    if not WeeklyDispatch.objects.filter(**key).exists():
        # Text may be saved in the same moment: whoever comes first makes the row.
        WeeklyDispatch.objects.bulk_create(
            [WeeklyDispatch(county=plan.county, row_version=0, **key)], ignore_conflicts=True
        )
    report = WeeklyDispatch.objects.select_for_update(of=("self",)).get(**key)
    if report.state not in _BEING_WRITTEN:
        raise dispatch.Refused("这一项已报送，要加照片请先撤回。")
    return report


def _used_before(report, prepared):
    """The key of an earlier photo of the county, of another report, that is this one or nearly so."""
    others = Photo.objects.filter(county=report.county_id).exclude(dispatch=report).order_by("pk")
    return photos.used_in(others, prepared)


@transaction.atomic
def delete(*, by, photo):
    """Take a photo away; its files go once that is certain. Raises `dispatch.Refused` for a report that is 已报."""
    report = (
        WeeklyDispatch.objects.select_for_update(of=("self",))
        .select_related("county", "plan__project")
        .get(pk=photo.dispatch_id)
    )
    dispatch.refuse_closed(report.county, report.iso_week)
    if report.state not in _BEING_WRITTEN:
        raise dispatch.Refused("这一项已报送，要删照片请先撤回。")
    files = [photo.file, photo.thumbnail]
    photo.delete()
    audit.record("删除照片", actor=by, county=report.county, target=report)
    transaction.on_commit(lambda: photo_files.remove(files))
    return report
