"""Weekly reports for every county: 51 weeks of all projects, and half of the 52nd."""

from django.db import connection

from benchmarks.tasks import YEAR
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.dispatch import ReportState

WEEKS, BATCH = 52, 500
WORDS = "主体工程已经完工，正在安装设备，室外管网完成过半，本周完成第{week}段，计划按期投产。"
NEXT = "继续安装设备。"


def build(county):
    """Reports of the first county through the models, then the same for all others by one statement."""
    plans = list(AnnualPlan.objects.filter(county=county, year=YEAR).order_by("seq"))
    for week in range(1, WEEKS + 1):
        WeeklyDispatch.objects.bulk_create([_report(plan, week) for plan in plans], batch_size=BATCH)
    copy_to_others(WeeklyDispatch, county)


def _report(plan, week):
    """Of this week the reporter's own are drafts; of the others every second one is in."""
    is_now = week == WEEKS
    state = ReportState.ACCEPTED if not is_now else ReportState.REPORTED if plan.seq % 2 else ReportState.DRAFT
    return WeeklyDispatch(
        county_id=plan.county_id,
        plan=plan,
        year=YEAR,
        week=week,
        ytd_investment=week * 100,
        works_percent=45 + week,
        progress=WORDS.format(week=week),
        next_plan=NEXT,
        state=ReportState.DRAFT if is_now and plan.seq <= 15 else state,
    )


def copy_to_others(model, county):
    """What hangs on the first county's plans, for the plans of the same number in all others, by one statement."""
    table, plans = model._meta.db_table, AnnualPlan._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    columns = [f'"{column}"' for column in columns if column not in {"id", "county_id", "plan_id"}]
    taken = ", ".join(f"own.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {table} (county_id, plan_id, {", ".join(columns)})
                SELECT other.county_id, other.id, {taken} FROM {plans} other
                JOIN {plans} first ON first.county_id = %s AND first.seq = other.seq AND first.year = other.year
                JOIN {table} own ON own.plan_id = first.id
                WHERE other.county_id <> %s AND other.year = %s""",
            [county.pk, county.pk, YEAR],
        )
