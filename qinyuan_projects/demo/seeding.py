"""Loads the demo county through the same doors as its users: the importer, and the actions of the register.

The business clock is moved step by step, so that the year has a history: the table of January, what began, came in and
went out in March and May, and the table of 31 May, whose figures are those of the report.
"""

import datetime as dt
import random

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.demo import PASSWORD
from accounts.models import County, Unit, User
from accounts.roles import Role
from portfolio.actions import changes, notices, register
from portfolio.importing import service
from portfolio.importing.register import Register
from portfolio.models import AnnualPlan, ChangeSet, Component, ImportBatch, Leader, Project
from portfolio.models.register import STAGES_BEFORE_START, Category, Level, Nature, PlanState, Registration, Stage
from qinyuan_projects.demo import (
    duties,
    own_lights,
    people,
    problem_stories,
    schedules,
    standstill,
    stated,
    supervision,
    tables,
    visits,
)
from qinyuan_projects.demo.half_year import HalfYear
from qinyuan_projects.demo.rows import IN_OPERATION, INDUSTRIAL, INFRASTRUCTURE
from qinyuan_projects.demo.timeline import Actors, Event

COUNTY = "140431"
YEAR = 2024
MARCH, MAY, FROZEN = (dt.datetime(YEAR, *rest) for rest in ((3, 15, 16, 0), (5, 10, 10, 0), (5, 31, 10, 0)))
ALIASES = {
    stated.SEWAGE_WORKS.name: [stated.ALSO_CALLED],
    "县人民医院住院综合楼建设项目": ["县医院病房楼项目"],
    "沁河源头文化生态旅游区项目": ["源头湿地旅游开发项目"],
}


class CannotSeed(Exception):
    """The database is not one to load demo data into; the message says what it holds, in Chinese."""


def is_loaded():
    return County.objects.filter(business_time__isnull=False).exists() or Project.objects.filter(is_demo=True).exists()


@transaction.atomic
def seed(*, with_half_year=True):
    """Without the half year there is the plan table alone, in a quarter of the time."""
    _refuse_real_data()
    call_command("setup_county", COUNTY, verbosity=0, stdout=_Silent())
    _Seeding(County.objects.get(code=COUNTY), with_half_year).run()


class _Silent:
    def write(self, text):
        pass


def _refuse_real_data():
    found = {
        "个项目": Project.objects.filter(is_demo=False).count(),
        "个单位": Unit.objects.filter(is_demo=False).count(),
        "名包联领导": Leader.objects.filter(is_demo=False).count(),
        "个账号": User.objects.filter(is_demo=False).count(),
        "次导入": ImportBatch.objects.count(),
    }
    if any(found.values()):
        held = "、".join(f"{count} {what}" for what, count in found.items() if count)
        raise CannotSeed(f"数据库里已有真实数据（{held}），不能载入演示数据。请换一个空的数据库（DATABASE_URL）。")


class _Seeding:
    def __init__(self, county, with_half_year):
        self.county, self.with_half_year = county, with_half_year
        self.rows = tables.may_rows()
        self.row_of = {row.name: row for row in self.rows}

    def run(self):
        self._at(dt.datetime(tables.LAST_YEAR, 1, 16, 9, 0), self._units_and_leaders)
        self._accounts()
        self._import(tables.LAST_YEAR_FILE, tables.LAST_YEAR)
        for event in sorted(self._events(), key=lambda event: event.at):
            self._at(event.at, event.run)
        self._set_clock(FROZEN)
        if self.with_half_year:
            notices.write_notices(county=self.county, now=self.county.business_now())

    def _at(self, moment, run):
        self._set_clock(moment)
        run()

    def _events(self):
        yield Event(dt.datetime(YEAR, 1, 3, 10, 0), self._table_of_january)
        yield Event(MARCH, self._march)
        yield Event(MAY, self._may)
        yield Event(FROZEN - dt.timedelta(minutes=45), self._buildings_of_sewage_works)
        yield Event(FROZEN - dt.timedelta(minutes=30), lambda: self._import(tables.MAY_FILE, YEAR))
        if self.with_half_year:
            actors = Actors(self.county)
            half_year = HalfYear(actors, self.rows)
            yield from half_year.events()
            yield from duties.events(actors, self.rows)
            yield from schedules.events(actors, self.rows, half_year.reports)
            yield from standstill.events(actors)
            yield from problem_stories.events(actors)
            yield from visits.events(actors, self.rows)
            yield from supervision.events(actors, self.rows)
            yield from own_lights.events(actors)

    def _table_of_january(self):
        self._import(tables.JANUARY_FILE, YEAR)
        self._parent_of_sewage_works()
        self._former_names_and_phases()
        if connection.vendor == "postgresql":
            # All of it is one transaction, in which no statistics are kept: 22 weeks of queries would go without.
            connection.cursor().execute("ANALYZE")

    def _march(self):
        self._started(tables.JANUARY, MARCH.date(), "一季度集中开工")
        self._take_out()
        self._take_in(INDUSTRIAL)

    def _may(self):
        self._started(MARCH.date(), MAY.date(), "4月以来新开工")
        self._take_in(INFRASTRUCTURE)
        self._hand_over()

    def _set_clock(self, moment):
        self.county.refresh_from_db()
        self.county.business_time = timezone.make_aware(moment)
        self.county.save(update_fields=["business_time"])

    # Who is there

    def _units_and_leaders(self):
        for unit in people.units(self.county.towns.all()):
            unit.county, unit.is_demo = self.county, True
            unit.save()
        Leader.objects.bulk_create(
            Leader(county=self.county, name=name, post=people.post(rank), rank=rank + 1, is_demo=True)
            for rank, name in enumerate(people.LEADERS)
        )

    def _accounts(self):
        units = {unit.name: unit for unit in self.county.units.all()}
        # Hashing is meant to be slow; ten times the same password, which everybody knows, is hashed once.
        password = make_password(PASSWORD)
        accounts = {
            username: User(
                username=username,
                password=password,
                county=self.county,
                role=role,
                name=name,
                unit=units.get(unit),
                must_change_password=False,
                is_demo=True,
            )
            for username, role, name, unit in people.ACCOUNTS
        }
        User.objects.bulk_create(accounts.values())
        self.office = next(account for account in accounts.values() if account.role == Role.OFFICE)
        self.county.leaders.filter(name=people.LEADER_WITH_ACCOUNT).update(user=accounts["leader"])

    # What they did

    def _import(self, path, year):
        batch = service.receive(path.read_bytes(), file_name=path.name, county=self.county, year=year, by=self.office)
        service.read(batch)
        self._mark(service.apply(batch, by=self.office))

    def _mark(self, change_set):
        """Say of the projects that this change set created that they are demo data, and which were generated."""
        created = Project.history.filter(change_set=change_set, history_type="+").values("id")
        projects = list(Project.objects.filter(pk__in=created))
        for project in projects:
            project.is_demo = True
            project.is_generated = project.name not in {*stated.STATED_NAMES, stated.PARENT_NAME}
        changes.update(change_set, projects, ["is_demo", "is_generated"])

    def _begin(self, kind, summary):
        return changes.begin(kind, county=self.county, by=self.office, summary=summary)

    def _project(self, name):
        return Project.objects.select_related("county").get(county=self.county, name=name)

    def _parent_of_sewage_works(self):
        change_set = self._begin(ChangeSet.Kind.EDIT, f"登记上级项目：{stated.PARENT_NAME}")
        parent = Project(county=self.county, name=stated.PARENT_NAME, source=stated.SOURCE)
        (parent,) = changes.create(change_set, [parent])
        self._mark(change_set)
        works = self._project(stated.SEWAGE_WORKS.name)
        register.set_parent(by=self.office, project=works, parent=parent, phase=None, version=works.row_version)

    def _started(self, first_day, last_day, summary):
        rows = {row.name: row for row in tables.started_since_january(self.rows, first_day, last_day)}
        projects = list(Project.objects.filter(county=self.county, name__in=rows, stage=Stage.PLANNED))
        for project in projects:
            register.assign(project, {"stage": Stage.BUILDING, "started_on": rows[project.name].start})
        change_set = self._begin(ChangeSet.Kind.BULK, f"{summary}：{len(projects)} 个项目转为在建")
        changes.update(change_set, projects, ["stage", "started_on", "started_on_precision"])

    def _take_out(self):
        plan = AnnualPlan.objects.get(county=self.county, year=YEAR, project__name=tables.TAKEN_OUT.name)
        register.set_plan_state(
            by=self.office,
            plan=plan,
            state=PlanState.REMOVED,
            reason=tables.TAKEN_OUT_REASON,
            version=plan.row_version,
        )

    def _take_in(self, category):
        final = tables.taken_in(self.rows)[category]
        row = tables.earlier_state(random.Random(tables.SEED), final) if final.stage == IN_OPERATION else final
        known = Register(self.county, YEAR)
        project = register.create_project(
            by=self.office,
            county=self.county,
            year=YEAR,
            project_fields=project_values(row, known),
            plan_fields={
                **plan_values(row, known),
                "seq": self.rows.index(final) + 1,
                "state": PlanState.ADDED,
                "state_reason": tables.TAKEN_IN_REASON[category],
            },
        )
        self._mark(project.history.get(history_type="+").change_set)

    def _hand_over(self):
        rows = {row.name: row for row in tables.handed_over(self.rows)}
        leaders = {leader.name: leader for leader in self.county.leaders.all()}
        plans = list(AnnualPlan.objects.filter(county=self.county, year=YEAR, project__name__in=rows).with_project())
        for plan in plans:
            plan.leader = leaders[rows[plan.project.name].leader]
        changes.update(self._begin(ChangeSet.Kind.BULK, f"调整 {len(plans)} 个项目的包联领导"), plans, ["leader"])

    def _former_names_and_phases(self):
        """What no plan table has a column for."""
        for name, names in ALIASES.items():
            project = self._project(name)
            register.set_aliases(by=self.office, project=project, names=names, version=project.row_version)
        for phase, part in enumerate(stated.WATER_DATA.parts, start=1):
            project = self._project(part.name)
            register.save_project(
                by=self.office, project=project, project_fields={"phase": phase}, project_version=project.row_version
            )

    def _buildings_of_sewage_works(self):
        works = self._project(stated.SEWAGE_WORKS.name)
        buildings = Component(name="单体建筑物", quantity=stated.BUILDINGS, done=stated.BUILDINGS, measure="个")
        register.set_components(by=self.office, project=works, components=[buildings], version=works.row_version)


def project_values(row, known):
    """Attributes of a project from a row, looked up in `known` (portfolio.importing.register.Register)."""
    stage = _value(Stage, row.stage)
    return {
        "name": row.name,
        "code": row.code,
        "category": _value(Category, row.category),
        "sector": row.sector,
        "industry": row.industry,
        "nature": _value(Nature, row.nature),
        "stage": stage,
        "level": _value(Level, row.level),
        "town": known.town(row.town) if row.town else None,
        "address": row.address,
        "planned_start" if stage in STAGES_BEFORE_START else "started_on": row.start,
        "planned_finish": row.finish,
        "content": row.content,
        "total_investment": row.total,
        "unit": known.units.get(row.unit),
        "builder": row.builder,
        "registration": _value(Registration, row.registration),
    }


def plan_values(row, known):
    return {
        "planned_investment": row.planned,
        "invested_before": row.before,
        "annual_target": row.target,
        "leader": known.leaders.get(row.leader),
        "progress": row.progress,
        "works_percent": row.percent,
    }


def _value(choices, label):
    return next((value for value, its_label in choices.choices if its_label == label), "")
