"""What supervision hangs on the demo's plans: taken out before the problems that checks and inspections found."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from inspections.checklists import DEFAULT_WORDS
from inspections.models import (
    Checklist,
    Finding,
    Judge,
    Letter,
    Matter,
    Round,
    ScoreSheet,
    SitePhoto,
    Stop,
    SupervisionCheck,
)


def remove_checks(plans):
    """Checks of these plans with answers, photos and history, and the default lists. → keys of change sets"""
    _remove_photos(SitePhoto.objects.filter(check_visit__plan__in=plans))
    SupervisionCheck.objects.filter(plan__in=plans).delete()
    change_sets = _forget_history(SupervisionCheck, plan__in=plans)
    Checklist.objects.filter(words=DEFAULT_WORDS, made_by=None, checks=None).delete()
    return change_sets


def remove_letters(plans, projects):
    """Letters about these plans and about problems and matters of these projects; first of all, as they hold those.

    → keys of change sets
    """
    of_matters = Q(matter__project__in=projects) | Q(matter__stop__plan__in=plans)
    to_demo = Q(unit__is_demo=True, matter__isnull=False, matter__project=None)
    about = Q(plan__in=plans) | Q(problem__project__in=projects) | of_matters | to_demo
    letters = list(Letter.objects.filter(about).values_list("pk", flat=True))
    Letter.objects.filter(pk__in=letters).update(raises=None)
    Letter.objects.filter(pk__in=letters).delete()
    return _forget_history(Letter, id__in=letters)


def letters_held():
    """Letters to demo units about projects entered by hand."""
    by_hand = [Q(**{f"{what}project__is_demo": False}) for what in ("plan__", "problem__", "matter__")]
    held = Letter.objects.filter(by_hand[0] | by_hand[1] | by_hand[2], unit__is_demo=True)
    return held.select_related("unit")


def remove_rounds(plans):
    """Stops at these plans with all that hangs on them, and the rounds that have no other. → keys of change sets"""
    stops = list(Stop.objects.filter(plan__in=plans).values_list("pk", flat=True))
    by_demo = Round.history.filter(history_type="+", change_set__by__is_demo=True).values("id")
    rounds = set(Round.objects.filter(stops__in=stops).values_list("pk", flat=True))
    rounds |= set(Round.objects.filter(pk__in=by_demo, stops=None).values_list("pk", flat=True))
    _remove_photos(SitePhoto.objects.filter(stop__in=stops))
    for model in (Matter, Finding, ScoreSheet):
        model.objects.filter(stop__in=stops).delete()
    Stop.objects.filter(pk__in=stops).delete()
    empty = list(Round.objects.filter(pk__in=rounds, stops=None).values_list("pk", flat=True))
    Judge.objects.filter(round__in=empty).delete()
    Round.objects.filter(pk__in=empty).delete()
    change_sets = _forget_history(Matter, stop__in=stops) | _forget_history(ScoreSheet, stop__in=stops)
    return change_sets | _forget_history(Stop, id__in=stops) | _forget_history(Round, id__in=empty)


def judges_held():
    """Demo accounts that judge rounds which go to projects entered by hand."""
    judges = Judge.objects.filter(user__is_demo=True, round__stops__plan__project__is_demo=False)
    return judges.select_related("round", "user").distinct()


def _remove_photos(photos):
    """Their files go once that is certain."""
    files = [name for photo in photos for name in (photo.file.name, photo.thumbnail.name)]
    photos.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])


def _forget_history(model, **of_rows):
    """To be called after the rows have gone, as deleting leaves a record of its own. → keys of change sets"""
    records = model.history.filter(**of_rows)
    change_sets = set(records.values_list("change_set", flat=True)) - {None}
    records.delete()
    return change_sets
