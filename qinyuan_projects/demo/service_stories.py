"""一站式服务 of the demo: what projects asked for over the spring, besides the requests that need_stories tells.

Each is written when it is asked, and again when it is answered.
"""

import datetime as dt
import random
from dataclasses import dataclass

from accounts.models import Unit
from portfolio.actions import project_rows
from portfolio.models import Project
from portfolio.models.permits import ServicePhase, ServiceRequest
from portfolio.models.register import Nature
from qinyuan_projects.demo import need_stories, stated, tables
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.half_year import PAUSED
from qinyuan_projects.demo.rows import BUILDING, INDUSTRIAL, PLANNED
from qinyuan_projects.demo.timeline import Event, workday

MARKET, APPROVAL = "市场监督管理局", "行政审批服务管理局"
HOUSING, ZONING, GRID, ROADS = "住房和城乡建设管理局", "自然资源局", "供电公司", "公路段"
ENVIRONMENT, PEOPLE, WATER = "生态环境分局", "人力资源和社会保障局", "水利局"
# {phase: (what is asked, of whom, days promised)}
CASES = {
    ServicePhase.COMPANY: (
        ("代办企业开办和刻章", MARKET, 3),
        ("代办项目备案和赋码", APPROVAL, 5),
        ("帮办用地预审与选址", ZONING, 20),
        ("代办节能承诺备案", APPROVAL, 10),
    ),
    ServicePhase.BUILDING: (
        ("施工临时用电报装", GRID, 10),
        ("施工许可分阶段办理", HOUSING, 7),
        ("临时用地审批", ZONING, 20),
        ("施工便道与公路平交许可", ROADS, 15),
        ("施工图联合审查", HOUSING, 15),
        ("协调施工用水接入", WATER, 10),
        ("发布招用工信息", PEOPLE, 5),
    ),
    ServicePhase.OPERATION: (
        ("协调竣工联合验收", HOUSING, 15),
        ("正式用电报装增容", GRID, 15),
        ("办理不动产首次登记", ZONING, 10),
        ("办理排污许可", ENVIRONMENT, 20),
        ("上岗前技能培训", PEOPLE, 20),
    ),
}
EVERY = {ServicePhase.COMPANY: 2, ServicePhase.BUILDING: 4, ServicePhase.OPERATION: 2}
NEW = Nature.NEW.label
ON_A_SITE = ("building", "equipment", "pipe", "road")
NEARLY_DONE = 85  # percent of the works from which a project thinks of production
FIRST, SPAN, LAST = dt.date(YEAR, 1, 22), 128, dt.date(YEAR, 5, 30)
# How often a request is answered late, and how often it is let lie past the day promised.
LATE, LEFT, LEFT_SINCE = 0.13, 0.15, dt.date(YEAR, 4, 22)
ANSWERS = ("已办结，证照已送达。", "已办结，材料已送达。", "已办结，现场对接完成。")


@dataclass(frozen=True)
class Story:
    name: str
    phase: ServicePhase
    title: str
    unit: str
    asked_on: dt.date
    taken_on: dt.date | None
    promised_on: dt.date
    answered_on: dt.date | None
    answer: str

    def values(self, unit):
        """What is written when it is asked."""
        told = {name: getattr(self, name) for name in ("phase", "title", "asked_on", "taken_on", "promised_on")}
        return told | {"unit": unit, "answered_on": None, "answer": ""}


def events(actors, rows):
    for story in stories(rows):
        asked = story.taken_on or story.asked_on
        yield Event(dt.datetime.combine(asked, dt.time(11, 10)), lambda story=story: _ask(actors, story))
        if story.answered_on:
            answered = dt.datetime.combine(story.answered_on, dt.time(17, 20))
            yield Event(answered, lambda story=story: _answer(actors, story))


def stories(rows):
    """[Story]"""
    left_out = stated.STATED_NAMES | {row.name for row in tables.taken_in(rows).values()}
    left_out |= {name for name, *_ in need_stories.REQUESTS} | PAUSED.keys()
    found = []
    for phase, every in EVERY.items():
        asking = [row for row in rows if row.name not in left_out and _phase(row) == phase]
        cases = CASES[phase]
        for number, row in enumerate(asking[::every]):
            found.append(_story(row, phase, *cases[number % len(cases)]))
    return found


def _phase(row):
    """In which phase the project would ask for something; None where it would not."""
    if row.category == INDUSTRIAL and row.stage == PLANNED and row.nature == NEW:
        return ServicePhase.COMPANY
    is_ready = row.percent and row.percent >= NEARLY_DONE and row.finish.first_day.year >= YEAR
    if row.category == INDUSTRIAL and row.works != "field" and is_ready:
        return ServicePhase.OPERATION
    if row.stage == BUILDING and row.works in ON_A_SITE and row.percent < NEARLY_DONE:
        return ServicePhase.BUILDING
    return None


def _story(row, phase, title, unit, days):
    rng = random.Random(f"{SEED} service {row.name}")
    first = max(FIRST, row.start.first_day) if row.stage == BUILDING else FIRST
    asked = workday(first + dt.timedelta(days=rng.randrange(max(min(SPAN, (LAST - first).days), 1))))
    promised = workday(asked + dt.timedelta(days=days), step=1)
    taken = workday(asked + dt.timedelta(days=rng.choice((0, 0, 0, 1, 2))), step=1)
    answered = _answered(rng, taken, promised)
    return Story(
        row.name,
        phase,
        title,
        unit,
        asked,
        taken if taken <= LAST else None,
        promised,
        answered,
        rng.choice(ANSWERS) if answered else "",
    )


def _answered(rng, taken, promised):
    drawn = rng.random()
    if drawn < LEFT and promised >= LEFT_SINCE:
        return None
    if drawn < LEFT + LATE:
        day = workday(promised + dt.timedelta(days=rng.randint(2, 9)), step=1)
    else:
        day = max(workday(taken + (promised - taken) * rng.uniform(0.4, 1)), taken)
    return day if day <= LAST else None


def _ask(actors, story):
    unit = Unit.objects.get(county=actors.county, name=story.unit)
    project = Project.objects.get(county=actors.county, name=story.name)
    project_rows.save(by=actors.office, project=project, model=ServiceRequest, values=story.values(unit))


def _answer(actors, story):
    row = ServiceRequest.objects.select_related("project", "unit").get(
        county=actors.county, project__name=story.name, title=story.title
    )
    values = story.values(row.unit) | {"answered_on": story.answered_on, "answer": story.answer}
    project_rows.save(
        by=actors.office, project=row.project, model=ServiceRequest, values=values, pk=row.pk, version=row.row_version
    )
