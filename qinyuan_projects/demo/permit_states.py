"""Permits (前期手续) of the demo: what projects have been granted, and still ask for.

Every project's are written on three days: as they stand on one between January and March, what has come since on one
in April or May, and the rest on 27 May. So the history tells what was known when.
"""

import datetime as dt
import random
from itertools import pairwise

from portfolio.actions import permits
from portfolio.models import Project
from portfolio.models.permits import Permit, PermitState
from portfolio.permit_entries import PermitEntry, token_of, values_of
from qinyuan_projects.demo import stated, tables
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.rows import BUILDING, IN_OPERATION, PLANNED, RESERVE
from qinyuan_projects.demo.timeline import Event

PROJECTS = {RESERVE: 10, PLANNED: 36, BUILDING: None, IN_OPERATION: 12}  # how many of a stage; None: all of them
NOT_ASKED, ASKED, PROMISED, GRANTED, NOT_NEEDED = PermitState
ZONING, HOUSING, APPROVAL = "自然资源局", "住房和城乡建设管理局", "行政审批服务管理局"
OFFICES = {
    "siting": ZONING,
    "land": ZONING,
    "land-plan": ZONING,
    "works-plan": ZONING,
    "environment": "生态环境分局",
    "fire-design": HOUSING,
    "building": HOUSING,
    "fire-check": HOUSING,
    "acceptance": HOUSING,
}
# {permit: days before the start by which it is granted}
BEFORE_START = {
    "approval": 240,
    "feasibility": 210,
    "siting": 190,
    "land": 120,
    "land-plan": 100,
    "environment": 110,
    "energy": 105,
    "soil": 95,
    "works-plan": 60,
    "fire-design": 40,
    "air-defence": 38,
    "building": 10,
}
# How often a permit does not concern a project.
NOT_CONCERNED = {"feasibility": 0.3, "energy": 0.5, "soil": 0.2, "air-defence": 0.6, "fire-design": 0.2, "land": 0.15}
EARLY = ("approval", "feasibility", "siting")  # what a project to be started has been granted
# Every sixth project to be started has had its planning permit for about the twelve months that it is good for: the
# first two have let it lapse.
LAPSING, LAPSING_FROM, LAPSING_EVERY = 6, dt.date(2023, 5, 12), dt.timedelta(days=18)
OF_FINISHED = ("fire-check", "acceptance")


LAST = dt.date(YEAR, 5, 27)
FIRST, FIRST_SPAN, THEN, THEN_SPAN = dt.date(YEAR, 1, 8), 66, dt.date(YEAR, 4, 8), 47  # days


def events(actors, rows):
    """`rows` are those of the plan table at the end of May. Of what came in later, and of what the report names,
    nothing is told."""
    left_out = {*stated.STATED_NAMES, *(row.name for row in tables.taken_in(rows).values())}
    for stage, count in PROJECTS.items():
        of_stage = [row for row in rows if row.stage == stage and row.name not in left_out]
        for number, row in enumerate(of_stage[:count]):
            for known, day in pairwise((None, *_days(number))):
                yield Event(
                    dt.datetime.combine(day, dt.time(15, number % 60)),
                    lambda row=row, number=number, known=known, day=day: _write(actors, row, number, known, day),
                )


def _days(number):
    return _workday(FIRST, number * 7 % FIRST_SPAN), _workday(THEN, number * 5 % THEN_SPAN), LAST


def _workday(first, days):
    day = first + dt.timedelta(days=days)
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def _write(actors, row, number, known, day):
    """What is to be told on `day` beyond what was told on the day `known` (None the first time)."""
    rng = random.Random(f"{SEED} permits {row.name}")
    told = {}
    for kind in actors.permit_kinds:
        values = _state(rng, row, number, kind, LAST)
        now = values and _as_of(values, day)
        if now and now != (known and _as_of(values, known)):
            told[kind] = now
    if told:
        project = Project.objects.get(county=actors.county, name=row.name)
        seen = {permit.kind_id: token_of(permit) for permit in Permit.objects.filter(project=project)} if known else {}
        entries = [_entry(kind, values, seen.get(kind.pk, "")) for kind, values in told.items()]
        permits.save(by=actors.office, project=project, entries=entries)


def _as_of(values, day):
    """The same permit as it stood on `day`; None where it had not been asked for yet."""
    if "asked_on" not in values:
        return values
    if values["asked_on"] > day:
        return None
    if values.get("granted_on", day) > day:
        return {"state": ASKED, "asked_on": values["asked_on"], "due_on": values["asked_on"] + dt.timedelta(days=30)}
    return values


def _state(rng, row, number, kind, day):
    """{field: value} of what is known of the permit; None where nobody has said anything."""
    if rng.random() < NOT_CONCERNED.get(kind.code, 0):
        return {"state": NOT_NEEDED}
    if kind.code in OF_FINISHED:
        return _of_finished(rng, row, day)
    if row.stage == RESERVE:
        return _of_reserve(rng, kind, day) if row.code else None
    if row.stage == PLANNED:
        return _of_planned(rng, number, kind, day)
    return _of_started(rng, row, kind, day)


def _of_reserve(rng, kind, day):
    """What is begun with: 立项 and 选址; nothing is said of the rest."""
    if kind.code == "approval" and rng.random() < 0.6:
        return _granted(rng, day - dt.timedelta(days=rng.randint(20, 150)))
    return _asked(rng, day) if kind.code in EARLY and rng.random() < 0.6 else None


def _of_finished(rng, row, day):
    if row.stage != IN_OPERATION:
        return None
    return _granted(rng, day - dt.timedelta(days=20)) if rng.random() < 0.5 else _asked(rng, day)


def _of_planned(rng, number, kind, day):
    if kind.code in EARLY:
        return _granted(rng, day - dt.timedelta(days=rng.randint(60, 260)))
    if kind.code == "works-plan" and number % LAPSING == 0:
        return _granted(rng, LAPSING_FROM + number // LAPSING * LAPSING_EVERY)
    if kind.can_be_promised and rng.random() < 0.5:
        return {"state": PROMISED, "asked_on": day - dt.timedelta(days=rng.randint(5, 40))}
    if rng.random() < 0.6:
        return _asked(rng, day)
    return {"state": NOT_ASKED, "due_on": day + dt.timedelta(days=rng.randint(10, 60))}


def _of_started(rng, row, kind, day):
    """All but the building permit, which one in seven still asks for."""
    if kind.code == "building" and rng.random() < 1 / 7:
        return _asked(rng, day)
    granted = row.start.first_day - dt.timedelta(days=BEFORE_START[kind.code] + rng.randint(0, 9))
    return _granted(rng, min(granted, day - dt.timedelta(days=1)))


def _granted(rng, day):
    asked = day - dt.timedelta(days=rng.randint(6, 25))
    number = f"沁审批〔{day.year}〕{rng.randint(3, 240)}号"
    return {"state": GRANTED, "asked_on": asked, "granted_on": day, "number": number}


def _asked(rng, day):
    asked = day - dt.timedelta(days=rng.randint(3, 30))
    return {"state": ASKED, "asked_on": asked, "due_on": asked + dt.timedelta(days=rng.choice((20, 30, 40)))}


def _entry(kind, values, seen):
    if values["state"] != NOT_NEEDED:
        values = {**values, "office": OFFICES.get(kind.code, APPROVAL)}
    return PermitEntry(kind, values_of(None) | values, seen)
