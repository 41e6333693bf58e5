"""Databases to measure on: counties of 275 projects each, as many as asked for, the same every time."""

import datetime as dt
import random
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.models import County, Unit
from accounts.roles import Role
from benchmarks import reports_data, schedules_data
from benchmarks.tasks import SOUGHT, YEAR
from portfolio.models import AnnualPlan, Leader, Project, Town
from portfolio.models.register import Category, Level, Nature, Stage
from portfolio.partial_dates import Precision

PER_COUNTY = 275
OF_THE_REPORTER = 15
MOST_COUNTIES_WITH_REPORTS = 117
NOW = dt.datetime(2024, 12, 27, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday, 2024-W52
LAST_REPORT = dt.date(2024, 12, 20)
INDUSTRIAL = 153
SOUGHT_COUNT = 19
BATCH = 500
COUNTIES_AT_ONCE = 20

KINDS = (
    "焦化",
    "光伏发电",
    "储能电站",
    "中药材加工",
    "肉牛养殖",
    "农村公路",
    "供水管网",
    "中学扩建",
    "卫生院",
    "文旅康养",
)
CONTENT = "新建生产车间、仓储、办公及配套用房，购置成套设备，配套建设给排水、供配电、道路硬化和绿化工程。"
PROGRESS = "主体工程已经完工，正在安装设备，室外管网完成过半，计划按期投产。"


def _projects():
    """Field values of the 275 projects, drawn once; every county gets the same."""
    draw = random.Random(275)
    for number in range(PER_COUNTY):
        kind = SOUGHT + "处理" if number % 14 == 0 and number // 14 < SOUGHT_COUNT else draw.choice(KINDS)
        total = Decimal(draw.randrange(50_000, 90_000_000)) / 100
        yield {
            "name": f"年处理{number + 1}万吨{kind}及配套基础设施建设项目",
            "category": Category.INDUSTRIAL if number < INDUSTRIAL else Category.INFRASTRUCTURE,
            "nature": draw.choice(Nature.values),
            "stage": Stage.BUILDING if number < OF_THE_REPORTER else draw.choice(Stage.values),
            "level": draw.choice(Level.values),
            "address": f"第{number % 90 + 1}村东侧工业路{number}号",
            "content": CONTENT * draw.randint(1, 4),
            "builder": f"第{number % 120 + 1}建设投资有限公司",
            "total_investment": total,
            "started_on": dt.date(2022 + number % 3, number % 12 + 1, 1),
            "started_on_precision": Precision.MONTH,
        }


def build(counties):
    """Fill an empty, migrated database with so many counties; 0 is one county without projects.

    The first county has an account that may see its pages.
    """
    patterns = [Project(**values) for values in _projects()]
    for pattern in patterns:
        pattern.refresh_keys(former_names=[])
    for start in range(0, counties, COUNTIES_AT_ONCE):
        _add_counties(range(start, min(start + COUNTIES_AT_ONCE, counties)), patterns)
    if not counties:
        County.objects.create(code="100000", name="空县")
    county = County.objects.earliest("pk")
    _account("bench", county, Role.OFFICE, is_staff=True, is_superuser=True)
    _account("bench-reporter", county, Role.REPORTER, unit=county.units.order_by("pk").first())
    if counties <= MOST_COUNTIES_WITH_REPORTS:
        reports_data.build(county)
        schedules_data.build(county)


def _account(username, county, role, **fields):
    get_user_model().objects.create_user(
        username, "Bench-2024", county=county, role=role, name="测量", must_change_password=False, **fields
    )


def _unit_of(number):
    """Fifteen projects for the first unit, whose reporter is measured; the others share the rest."""
    return 0 if number < OF_THE_REPORTER else 1 + number % 59


@transaction.atomic
def _add_counties(numbers, patterns):
    counties = County.objects.bulk_create(
        County(code=f"{100_000 + n}", name=f"第{n + 1}县", business_time=NOW) for n in numbers
    )
    plans = []
    for county in counties:
        towns = Town.objects.bulk_create(
            Town(county=county, code=f"{county.code}{n:03}", name=f"第{n}镇", kind=Town.Kind.TOWN) for n in range(13)
        )
        units = Unit.objects.bulk_create(Unit(county=county, name=f"第{n}局") for n in range(60))
        leaders = Leader.objects.bulk_create(Leader(county=county, name=f"县领导{n}", rank=n) for n in range(24))
        projects = Project.objects.bulk_create(
            (_in_county(pattern, county, towns[n % 13], units[_unit_of(n)]) for n, pattern in enumerate(patterns)),
            batch_size=BATCH,
        )
        plans += [_plan(project, number, leaders[number % 24]) for number, project in enumerate(projects)]
    AnnualPlan.objects.bulk_create(plans, batch_size=BATCH)


def _in_county(pattern, county, town, unit):
    values = {field.attname: getattr(pattern, field.attname) for field in Project._meta.concrete_fields}
    return Project(**{**values, "id": None, "county_id": county.pk, "town_id": town.pk, "unit_id": unit.pk})


def _plan(project, number, leader):
    return AnnualPlan(
        county_id=project.county_id,
        project=project,
        year=YEAR,
        seq=number + 1,
        leader=leader,
        planned_investment=(project.total_investment / 3).quantize(Decimal("0.01")),
        progress=PROGRESS * (number % 3 + 1),
        ytd_investment=5100,
        works_percent=96,
        reported_week=51,
        reported_on=LAST_REPORT,
    )
