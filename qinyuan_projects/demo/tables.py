"""The three plan tables of the demo: 2023, 2024 as it stood in January, and 2024 at the end of May."""

import datetime as dt
import random
from decimal import Decimal

from django.conf import settings

from portfolio.partial_dates import PartialDate, Precision
from qinyuan_projects.demo import people, progress, stated
from qinyuan_projects.demo.generation import SEED, generated_rows, written
from qinyuan_projects.demo.rows import (
    BUILDING,
    IN_OPERATION,
    INDUSTRIAL,
    INFRASTRUCTURE,
    PLANNED,
    DemoRow,
    month,
)
from qinyuan_projects.demo.workbooks import COLUMNS, SHORT, plan_workbook

FOLDER = settings.BASE_DIR / "fixtures"
MAY_FILE = FOLDER / "沁源县2024年重大项目计划表（演示）.xlsx"
JANUARY_FILE = FOLDER / "demo" / "沁源县2024年重大项目计划表（年初，演示）.xlsx"
LAST_YEAR_FILE = FOLDER / "demo" / "沁源县2023年重大项目计划表（演示）.xlsx"

JANUARY = dt.date(2024, 1, 3)
LAST_YEAR, ROWS_OF_LAST_YEAR = 2023, 40

# In the table of January, and taken out in March.
TAKEN_OUT = DemoRow(
    name="岩棉保温材料生产线项目",
    category=INDUSTRIAL,
    sector="新材料与装备制造",
    industry="C3034",
    nature="新建",
    stage=PLANNED,
    level="县重点",
    town="沁源经济技术开发区",
    address="沁源经济技术开发区二号地块",
    start=month(2024, 4),
    finish=month(2025, 6),
    progress="已完成备案，正在办理用地手续。",
    content="建设年产3万吨岩棉板生产线1条及成品库。",
    total=Decimal("8600.00"),
    planned=Decimal("3200.00"),
    target="完成前期手续并开工建设。",
    unit="工业和信息化局",
    leader="县领导丁",
    builder="制造公司己",
    code="2310-140431-89-01-000272",
)
TAKEN_OUT_REASON = "投资方调整计划，转入储备库"
TAKEN_IN_REASON = {INDUSTRIAL: "列入本年度县重点工程，3月补充调入", INFRASTRUCTURE: "上级资金到位，5月补充调入"}


# In January, five projects were with leaders who have handed them over since.
FORMER_LEADERS = ("县领导甲", "县领导甲", "县领导乙", "县领导乙", "县领导乙")


def handed_over(rows):
    with_others = [
        row for row in rows if row.leader and row.leader not in {*FORMER_LEADERS, people.LEADER_WITH_ACCOUNT}
    ]
    return with_others[20:120:20]


def started_since_january(rows, first_day, last_day):
    """Rows that were 计划新开工 in January's table and began to be built between the two days."""
    return [row for row in rows if row.stage == BUILDING and row.start and first_day < row.start.first_day <= last_day]


def may_rows():
    rows = generated_rows()
    of = {category: [row for row in rows if row.category == category] for category in (INDUSTRIAL, INFRASTRUCTURE)}
    stated_of = {
        category: [row for row in stated.STATED if row.category == category]
        for category in (INDUSTRIAL, INFRASTRUCTURE)
    }
    return [
        *stated_of[INDUSTRIAL],
        *of[INDUSTRIAL],
        *stated_of[INFRASTRUCTURE],
        *of[INFRASTRUCTURE],
    ]


def taken_in(rows):
    """The last row of each group came into the plan during the year: one in March, one in May."""
    return {
        category: [row for row in rows if row.category == category][-1] for category in (INDUSTRIAL, INFRASTRUCTURE)
    }


def january_rows(rows):
    """The table of the year's beginning: without what came in later, with what went out, everything less advanced."""
    rng = random.Random(SEED + 1)
    late = {row.name for row in taken_in(rows).values()}
    earlier = [earlier_state(rng, row) for row in rows if row.name not in late]
    _revise_totals(rng, earlier)
    for row, leader in zip(handed_over(earlier), FORMER_LEADERS, strict=True):
        row.leader = leader
    first_of_second_group = next(index for index, row in enumerate(earlier) if row.category == INFRASTRUCTURE)
    return [*earlier[:first_of_second_group], TAKEN_OUT, *earlier[first_of_second_group:]]


def earlier_state(rng, row):
    """The row as it stood in January."""
    if row.name in stated.STATED_NAMES:
        # What the report tells of progress is of its own day; before it, only what cannot have changed is known.
        parts = [part.but(progress="", percent=None, stage="") for part in row.parts]
        return row.but(progress="", percent=None, stage=BUILDING if row.start else "", parts=parts)
    if row.stage == BUILDING and row.start.first_day > JANUARY:
        planned = PartialDate(row.start.first_day.replace(day=1), Precision.MONTH)
        words = rng.choice(progress.PLANNED[row.category])
        return row.but(stage=PLANNED, start=planned, percent=None, progress=words, registration="")
    if row.stage == BUILDING:
        percent = max(row.percent - rng.randint(6, 30), 1)
        return row.but(percent=percent, progress=progress.steps_at(row.works, percent))
    if row.stage == IN_OPERATION and row.finish.first_day >= dt.date(2024, 1, 1):
        percent = rng.randint(86, 98)
        return row.but(stage=BUILDING, percent=percent, progress=progress.steps_at(row.works, percent))
    if row.stage == PLANNED and rng.random() < 0.6:
        return row.but(progress=rng.choice(progress.PLANNED[row.category][:2]))
    return row.but()


def _revise_totals(rng, rows):
    """A few totals were estimates in January; the approved budget came later."""
    candidates = [row for row in rows if row.stage == PLANNED and row.planned and row.planned < row.total / 2]
    for row in rng.sample(candidates, 6):
        row.total = max(written(rng, row.total * Decimal("0.93")), row.planned)


def last_year_rows(rows):
    """Forty of the projects that were being built through all of 2023, as that year's table had them."""
    rng = random.Random(SEED + 2)
    begun = [row for row in rows if row.before and row.start.first_day < dt.date(LAST_YEAR, 1, 1)]
    kept = {row.name for row in rng.sample(begun, ROWS_OF_LAST_YEAR)}
    return [_last_year(rng, row) for row in begun if row.name in kept]


def _last_year(rng, row):
    percent = rng.randint(8, 60)
    return row.but(
        stage=BUILDING,
        planned=written(rng, row.before * Decimal("0.55")),
        percent=percent,
        progress=progress.steps_at(row.works, percent),
    )


def workbooks():
    """{path: workbook} of all three, made anew."""
    rows = may_rows()
    return {
        MAY_FILE: plan_workbook(rows, 2024, COLUMNS),
        JANUARY_FILE: plan_workbook(january_rows(rows), 2024, COLUMNS),
        LAST_YEAR_FILE: plan_workbook(last_year_rows(rows), LAST_YEAR, SHORT),
    }
