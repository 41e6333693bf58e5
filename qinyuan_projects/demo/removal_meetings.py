"""Monthly meetings of the demo: their matters go with the demo's projects and units, before problems and plans do."""

from django.db.models import Q

from inspections.models import Matter, Meeting


def remove_meetings(projects):
    """Matters of these projects, or of a demo unit and no project, and the meetings left empty. → keys of change sets

    Letters about them have gone before.
    """
    gone = Q(project__in=projects) | Q(project=None, unit__is_demo=True)
    matters = list(Matter.objects.filter(gone, meeting__isnull=False).values_list("pk", flat=True))
    by_demo = Meeting.history.filter(history_type="+", change_set__by__is_demo=True).values("id")
    touched = Meeting.objects.filter(Q(matters__in=matters) | Q(pk__in=by_demo)).values_list("pk", flat=True)
    touched = list(touched)
    Matter.objects.filter(pk__in=matters).delete()
    empty = list(Meeting.objects.filter(pk__in=touched, matters=None).values_list("pk", flat=True))
    Meeting.objects.filter(pk__in=empty).delete()
    return _forget_history(Matter, matters) | _forget_history(Meeting, empty)


def matters_held():
    """Matters about projects entered by hand that name demo units or leaders; or a demo leader and no project."""
    demo = Q(unit__is_demo=True) | Q(leader__is_demo=True)
    held = Matter.objects.filter(Q(project__is_demo=False) | Q(project=None, unit__is_demo=False)).filter(demo)
    return held.filter(meeting__isnull=False).select_related("meeting")


def _forget_history(model, pks):
    """To be called after the rows have gone, as deleting leaves a record of its own. → keys of change sets"""
    records = model.history.filter(id__in=pks)
    change_sets = set(records.values_list("change_set", flat=True)) - {None}
    records.delete()
    return change_sets
