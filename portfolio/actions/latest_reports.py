"""Putting right plan rows that do not say what their latest published report says."""

from django.db import transaction

from portfolio import latest_reports
from portfolio.actions import changes
from portfolio.models import ChangeSet


@transaction.atomic
def repair(*, county, by=None):
    """The `Difference`s that were there; none, and nothing is written."""
    changes.take_turn(county.pk)
    found = latest_reports.differences(county)
    if found:
        plans = {difference.plan.pk: difference.plan for difference in found}
        summary = f"按周调度重算 {len(plans)} 个项目的最近报送"
        change_set = changes.begin(ChangeSet.Kind.DISPATCH, county=county, by=by, summary=summary)
        for difference in found:
            setattr(difference.plan, difference.name, difference.recomputed)
        changes.update(change_set, plans.values(), latest_reports.KEPT)
    return found
