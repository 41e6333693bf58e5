"""要素 and 资金 of all projects of the demo that are under way or about to start, but for those the report names.

They are noted as an office keeps a ledger, at the end of a week, what has become known in it. Sources and needs are
noted in January, what was secured since in spring, money in the week in which it arrived or was paid. What need_stories
tells of a project stays as it is told there, and the rest is fitted around it.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import Unit
from portfolio.actions import changes
from portfolio.models import ChangeSet, Project
from portfolio.models.permits import FactorNeed, FundFlow, FundSource
from qinyuan_projects.demo import invested, need_stories, stated, tables
from qinyuan_projects.demo.factor_plans import needs_of
from qinyuan_projects.demo.fund_plans import sources_of
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.rows import BUILDING, PLANNED
from qinyuan_projects.demo.timeline import Event, workday

FIRST_FRIDAY, FIRST_FRIDAYS = dt.date(YEAR, 1, 12), 4
SPRING_FRIDAY, SPRING_FRIDAYS = dt.date(YEAR, 3, 8), 12
TAKEN_IN_ON = dt.date(YEAR, 5, 17)
LAST = dt.date(YEAR, 5, 30)
WEEK = dt.timedelta(days=7)


@dataclass
class Page:
    """What is noted on one day: {project name: …} of each."""

    needs: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    secured: dict = field(default_factory=dict)
    flows: list = field(default_factory=list)  # (project name, source kind, Flow)


def rows_told(rows):
    """The rows that have factors and funds."""
    return [row for row in rows if row.stage in (BUILDING, PLANNED) and row.name not in stated.STATED_NAMES]


def events(actors, rows):
    for day, page in sorted(_pages(rows).items()):
        yield Event(dt.datetime.combine(day, dt.time(16, 40)), lambda page=page: _note(actors, page))


def _pages(rows):
    """{day: Page}"""
    pages = defaultdict(Page)
    this_year = invested.by_may([*rows, *(part for row in rows for part in row.parts)])
    late = {row.name for row in tables.taken_in(rows).values()}
    for number, row in enumerate(rows_told(rows)):
        first = TAKEN_IN_ON if row.name in late else FIRST_FRIDAY + number % FIRST_FRIDAYS * WEEK
        sources = sources_of(row, this_year[row.name], need_stories.funds_of(row.name))
        needs = needs_of(row, sources, need_stories.factors_of(row.name))
        pages[first].sources[row.name], pages[first].needs[row.name] = sources, needs
        spring = max(workday(SPRING_FRIDAY + number % SPRING_FRIDAYS * WEEK), first + WEEK)
        pages[spring].secured[row.name] = [need for need in needs if need.secured != need.early]
        for source in sources:
            for flow in source.flows:
                pages[max(_friday(flow.day), first)].flows.append((row.name, source.kind, flow))
    return pages


def _friday(day):
    return min(workday(day + dt.timedelta(days=(4 - day.weekday()) % 7)), LAST)


def _note(actors, page):
    names = {*page.needs, *page.sources, *page.secured, *(name for name, _, _ in page.flows)}
    projects = {each.name: each for each in Project.objects.filter(county=actors.county, name__in=names)}
    if page.sources:
        _first_time(actors, page, projects)
    if any(page.secured.values()):
        _secure(actors, page.secured)
    if page.flows:
        _book(actors, page.flows)


def _begin(actors, summary):
    kind = ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=actors.county, by=actors.office, summary=summary)


def _first_time(actors, page, projects):
    units = {unit.name: unit for unit in Unit.objects.filter(county=actors.county)}
    change_set = _begin(actors, f"登记要素保障和资金来源：{len(page.sources)} 个项目")
    needs = [(projects[name], need) for name, needs in page.needs.items() for need in needs]
    sources = [(projects[name], source) for name, sources in page.sources.items() for source in sources]
    changes.create(change_set, [_need_row(actors, project, need, units[need.unit]) for project, need in needs])
    changes.create(
        change_set,
        [
            FundSource(county=actors.county, project=project, kind=source.kind, planned=source.planned)
            for project, source in sources
        ],
    )


def _need_row(actors, project, need, unit):
    return FactorNeed(
        county=actors.county,
        project=project,
        factor=need.factor,
        detail=need.detail,
        measure=need.measure,
        needed=need.needed,
        secured=need.early,
        unit=unit,
        due_on=need.due_on,
        note=need.note,
    )


def _secure(actors, secured):
    rows = FactorNeed.objects.filter(county=actors.county, project__name__in=secured).select_related("project")
    now = {(name, need.factor, need.detail): need.secured for name, needs in secured.items() for need in needs}
    moved = [row for row in rows.order_by("pk") if (row.project.name, row.factor, row.detail) in now]
    for row in moved:
        row.secured = now[row.project.name, row.factor, row.detail]
    changes.update(_begin(actors, f"更新要素落实情况：{len(moved)} 项"), moved, ["secured"])


def _book(actors, flows):
    names = {name for name, _, _ in flows}
    sources = FundSource.objects.filter(county=actors.county, project__name__in=names).select_related("project")
    source_of = {(source.project.name, source.kind): source for source in sources}
    change_set = _begin(actors, f"登记资金到位和支付：{len(flows)} 笔")
    noted = {"county": actors.county, "noted_at": change_set.at, "noted_by": actors.office}
    FundFlow.objects.bulk_create(
        FundFlow(
            source=source_of[name, kind], kind=flow.kind, day=flow.day, amount=flow.amount, note=flow.note, **noted
        )
        for name, kind, flow in flows
    )
