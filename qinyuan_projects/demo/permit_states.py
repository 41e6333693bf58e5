"""Permits (前期手续) of the demo: what projects under way and to be started have been granted, and still ask for."""

import datetime as dt
import random

from portfolio import permit_kinds
from portfolio.actions import permits
from portfolio.models import Project
from portfolio.models.permits import PermitState
from portfolio.models.register import Stage
from portfolio.permit_entries import PermitEntry, values_of
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.timeline import Event, at

PROJECTS = {Stage.PLANNED: 36, Stage.BUILDING: 60, Stage.IN_OPERATION: 12}
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
# Every sixth project to be started has had its planning permit for almost the twelve months that it is good for.
LAPSING, LAPSING_FROM = 6, dt.date(2023, 6, 4)
OF_FINISHED = ("fire-check", "acceptance")


def events(actors):
    yield Event(at(5, 27, 17), lambda: _fill_in(actors))


def _fill_in(actors):
    kinds = list(permit_kinds.in_use(actors.county))
    day = actors.today()
    for stage, count in PROJECTS.items():
        projects = Project.objects.filter(county=actors.county, stage=stage, plans__year=YEAR).order_by("pk")[:count]
        for number, project in enumerate(projects):
            rng = random.Random(f"{SEED} permits {project.name}")
            entries = [
                _entry(rng, kind, values) for kind in kinds if (values := _state(rng, project, number, kind, day))
            ]
            permits.save(by=actors.office, project=project, entries=entries)


def _state(rng, project, number, kind, day):
    """{field: value} of what is known of the permit; None where nobody has said anything."""
    if rng.random() < NOT_CONCERNED.get(kind.code, 0):
        return {"state": NOT_NEEDED}
    if kind.code in OF_FINISHED:
        return _of_finished(rng, project, day)
    if project.stage == Stage.PLANNED:
        return _of_planned(rng, number, kind, day)
    return _of_started(rng, project, kind, day)


def _of_finished(rng, project, day):
    if project.stage != Stage.IN_OPERATION:
        return None
    return _granted(rng, day - dt.timedelta(days=20)) if rng.random() < 0.5 else _asked(rng, day)


def _of_planned(rng, number, kind, day):
    if kind.code in EARLY:
        return _granted(rng, day - dt.timedelta(days=rng.randint(60, 260)))
    if kind.code == "works-plan" and number % LAPSING == 0:
        return _granted(rng, LAPSING_FROM + dt.timedelta(days=9 * (number // LAPSING)))
    if kind.can_be_promised and rng.random() < 0.5:
        return {"state": PROMISED, "asked_on": day - dt.timedelta(days=rng.randint(5, 40))}
    if rng.random() < 0.6:
        return _asked(rng, day)
    return {"state": NOT_ASKED, "due_on": day + dt.timedelta(days=rng.randint(10, 60))}


def _of_started(rng, project, kind, day):
    """All but the building permit, which one in seven still asks for."""
    if kind.code == "building" and rng.random() < 1 / 7:
        return _asked(rng, day)
    started = project.started_on or dt.date(YEAR - 1, 4, 1)
    granted = started - dt.timedelta(days=BEFORE_START[kind.code] + rng.randint(0, 9))
    return _granted(rng, min(granted, day - dt.timedelta(days=1)))


def _granted(rng, day):
    asked = day - dt.timedelta(days=rng.randint(6, 25))
    number = f"沁审批〔{day.year}〕{rng.randint(3, 240)}号"
    return {"state": GRANTED, "asked_on": asked, "granted_on": day, "number": number}


def _asked(rng, day):
    asked = day - dt.timedelta(days=rng.randint(3, 30))
    return {"state": ASKED, "asked_on": asked, "due_on": asked + dt.timedelta(days=rng.choice((20, 30, 40)))}


def _entry(rng, kind, values):
    if values["state"] != NOT_NEEDED:
        values = {**values, "office": OFFICES.get(kind.code, APPROVAL)}
    return PermitEntry(kind, values_of(None) | values)
