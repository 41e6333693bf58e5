"""Schedules and stored lights for every county: milestones, monthly targets, and the lights of 51 weeks."""

import datetime as dt
from decimal import Decimal

from benchmarks.reports_data import BATCH, copy_to_others
from benchmarks.tasks import YEAR
from portfolio.models import AnnualPlan, Milestone, MonthlyTarget, Schedule, WeekLight
from portfolio.models.judging import Bucket

NODES = (("开工", 3, 15), ("基础完工", 6, 30), ("主体完工", 9, 30), ("竣工", 12, 20))
DONE_BY_ALL = 2  # nodes; the third is late in every fourth project
LIGHTS = (Bucket.GREEN, Bucket.GREEN, Bucket.GREEN, Bucket.YELLOW, Bucket.RED)
LOCKED_WEEKS = 51


def build(county):
    plans = list(AnnualPlan.objects.filter(county=county, year=YEAR).order_by("seq"))
    for model, make in MADE.items():
        model.objects.bulk_create([row for plan in plans for row in make(plan)], batch_size=BATCH)
        copy_to_others(model, county)


def _schedule(plan):
    yield Schedule(county_id=plan.county_id, plan=plan)


def _milestones(plan):
    for seq, (name, month, day) in enumerate(NODES):
        due = dt.date(YEAR, month, day)
        is_done = seq < DONE_BY_ALL or (seq == DONE_BY_ALL and plan.seq % 4)
        yield Milestone(
            county_id=plan.county_id,
            plan=plan,
            seq=seq,
            name=name,
            weight=25,
            original_due=due,
            due=due,
            done_on=due if is_done else None,
        )


def _targets(plan):
    amount = (plan.planned_investment / 12).quantize(Decimal("0.01"))
    for month in range(1, 13):
        yield MonthlyTarget(county_id=plan.county_id, plan=plan, month=month, original_amount=amount, amount=amount)


def _lights(plan):
    for week in range(1, LOCKED_WEEKS + 1):
        bucket = LIGHTS[(plan.seq + week // 9) % len(LIGHTS)]
        yield WeekLight(
            county_id=plan.county_id, plan=plan, year=YEAR, week=week, bucket=bucket, reason=f"{bucket.label}：测量数据"
        )


MADE = {Schedule: _schedule, Milestone: _milestones, MonthlyTarget: _targets, WeekLight: _lights}
