"""Which plans changed hands in a year (包联调整), told from the history of the plans."""

from dataclasses import dataclass

from portfolio.as_of import end_of_day
from portfolio.history import not_taken_back
from portfolio.models import AnnualPlan, Leader


@dataclass(frozen=True)
class Handover:
    """A plan that came to a leader (`is_taken`) or left; `other` had it before or has it since, "" for nobody."""

    project: object
    at: object
    is_taken: bool
    other: str


def read_handovers(leader, year, day):
    """What came to this leader and what left, from the history of the year's plans, the latest first."""
    end = end_of_day(day)
    of_year = AnnualPlan.history.filter(county=leader.county_id, year=year, history_date__lte=end)
    records = not_taken_back(of_year, end)
    touched = records.filter(leader_id=leader.pk).values("id")
    changes = _changes_of_leader(records.filter(id__in=touched).order_by("id", "history_id"))
    own = [change for change in changes if leader.pk in change[1:3]]
    names = dict(Leader.objects.filter(county=leader.county_id).values_list("pk", "name"))
    plans = AnnualPlan.objects.select_related("project").in_bulk([change[0] for change in own])
    found = [_handover(leader, plans[change[0]], change, names) for change in own if change[0] in plans]
    return sorted(found, key=lambda handover: handover.at, reverse=True)


def _changes_of_leader(records):
    """(plan, leader before, leader after, when) of each record that differs from the one before of its plan."""
    before = None
    for record in records.values_list("id", "leader_id", "history_date"):
        if before and before[0] == record[0] and before[1] != record[1]:
            yield record[0], before[1], record[1], record[2]
        before = record


def _handover(leader, plan, change, names):
    _, before, after, at = change
    is_taken = after == leader.pk
    return Handover(plan.project, at, is_taken, names.get(before if is_taken else after, ""))
