"""Noting a leader's visit on site, and taking a wrong note out again; the audit trail keeps both."""

from django.db import IntegrityError, transaction

from portfolio.actions import changes
from portfolio.models import ChangeSet, Visit
from portfolio.models.visits import leaders_recorded_by


def record_visit(*, by, leader, project, day, words, form_key):
    """The new Visit; None when this form has been sent before. Raises DoesNotExist for who may not note it."""
    leader = leaders_recorded_by(by).select_related("county").get(pk=leader.pk)
    try:
        with transaction.atomic():
            return _write(by, leader, project, day, words.strip(), form_key)
    except IntegrityError:
        if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
            return None
        raise


def _write(by, leader, project, day, words, form_key):
    county = leader.county
    summary = f"记走访：{leader} {day} 走访{project}：{words}"
    changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key)
    return Visit.objects.create(
        county=county,
        leader=leader,
        project=project,
        day=day,
        words=words,
        noted_at=county.business_now(),
        noted_by=by,
    )


@transaction.atomic
def delete_visit(*, by, visit):
    """Raises DoesNotExist when somebody was quicker, or for who may not."""
    changes.take_turn(by.county_id)
    visits = (
        Visit.objects.recordable_by(by).select_related("county", "leader", "project").select_for_update(of=("self",))
    )
    visit = visits.get(pk=visit.pk)
    changes.begin(ChangeSet.Kind.DETAILS, county=visit.county, by=by, summary=f"删除走访：{visit}：{visit.words}")
    visit.delete()
