"""A plan whose six ones all stand on Friday 2024-05-31, as it lies in the database."""

import datetime as dt

from django.utils import timezone

from portfolio.models import Milestone, MonthlyTarget, WorkTeam
from tests import factories

MOMENT = (2024, 5, 31, 10, 0)


def whole_plan(name="河道治理", unit=None, **fields):
    unit = unit or factories.unit()
    leader = fields.pop("leader", None) or factories.leader(post="副县长")
    plan = factories.plan(
        project__name=name,
        project__unit=unit,
        project__category="industrial",
        project__stage="building",
        project__address="沁河镇",
        project__content="治理河道",
        project__total_investment=5000,
        **{"planned_investment": 1200, "annual_target": "完成主体", "leader": leader, "reported_week": 22, **fields},
    )
    schedule(plan)
    team(plan, member_units=[unit])
    return plan


def known_since(plan, *moment):
    """Date the records of a plan, and of what hangs on it, back: factories write them at the real time."""
    at = timezone.make_aware(dt.datetime(*moment))
    for records in (plan.history, plan.project.history):
        records.update(history_date=at)
    for model in (Milestone, MonthlyTarget):
        model.history.filter(plan=plan.pk).update(history_date=at)
    WorkTeam.objects.filter(plan=plan).update(at=at)


def schedule(plan):
    for seq, kind in enumerate(("start", "node", "finish")):
        due = dt.date(2024, 3 + seq, 1)
        Milestone.objects.create(
            county=plan.county, plan=plan, seq=seq, name=kind, kind=kind, original_due=due, due=due
        )
    for month in range(1, 13):
        MonthlyTarget.objects.create(county=plan.county, plan=plan, month=month, amount=100, original_amount=100)


def team(plan, member_units=(), **fields):
    values = {"head": "组长甲", "head_phone": "13812345678", "on_site": "驻点乙", "at": plan.county.business_now()}
    written = WorkTeam.objects.create(county=plan.county, plan=plan, **values | fields)
    written.member_units.set(member_units)
    return written
