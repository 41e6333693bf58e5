"""What supervision hangs on the demo's plans: taken out before the problems that its checks found."""

from django.core.files.storage import default_storage
from django.db import transaction

from inspections.checklists import DEFAULT_WORDS
from inspections.models import Checklist, SitePhoto, SupervisionCheck


def remove_checks(plans):
    """Checks of these plans with answers, photos and history, and the default lists. → keys of change sets"""
    photos = SitePhoto.objects.filter(check_visit__plan__in=plans)
    files = [name for photo in photos for name in (photo.file.name, photo.thumbnail.name)]
    SupervisionCheck.objects.filter(plan__in=plans).delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])
    # Last, because deleting leaves a record of its own.
    records = SupervisionCheck.history.filter(plan__in=plans)
    change_sets = set(records.values_list("change_set", flat=True)) - {None}
    records.delete()
    Checklist.objects.filter(words=DEFAULT_WORDS, made_by=None, checks=None).delete()
    return change_sets
