"""Work teams and deputies of the demo: last year's copied, the others by unit, and some that are missing."""

import datetime as dt
import random
from itertools import count

from accounts.models import Unit
from portfolio.actions import duties
from portfolio.models import AnnualPlan
from qinyuan_projects.demo import tables
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.timeline import Event, at

WITHOUT_TEAM = 0.12
UNITS_OF_LAST_YEAR = ("能源局", "交通运输局", "水利局", "教育局")
HELPERS = ("自然资源局", "生态环境分局", "行政审批服务管理局", "财政局", "供电公司")
DEPUTIES = ("县领导庚", "县领导辛", "县领导壬", "县领导癸", "县领导子")
PLANS_OF_A_DEPUTY = 14
MARKS = "一二三四五六七八九十"


def events(actors, rows):
    yield Event(dt.datetime(tables.LAST_YEAR, 2, 20, 10, 0), lambda: _teams_by_unit(actors, tables.LAST_YEAR))
    yield Event(at(1, 4, 9), lambda: _copy_last_year(actors))
    yield Event(at(1, 5, 9), lambda: _teams_by_unit(actors, YEAR))
    yield Event(at(1, 8, 9), lambda: _deputies(actors))


def _teams_by_unit(actors, year):
    """One team is written for each unit, and copied to its other projects; some small ones are left without."""
    rng, numbers = random.Random(f"{SEED} teams {year}"), count(1 if year == YEAR else 101)
    helpers = {unit.name: unit for unit in Unit.objects.filter(county=actors.county, name__in=HELPERS)}
    for unit, plans in _by_unit(actors, year).items():
        first, *others = plans
        chosen = rng.sample(HELPERS, 2)
        values = _team(unit, next(numbers), [helpers[name] for name in chosen], has_site=rng.random() < 0.85)
        duties.save_team(by=actors.office, plan=first, values=values, seen=None)
        others = [plan for plan in others if year != YEAR or rng.random() >= WITHOUT_TEAM]
        if others:
            duties.copy_team(by=actors.office, source=first, plans=others)


def _by_unit(actors, year):
    """{unit: plans of the year that have no team yet}; of last year only a few units had written theirs."""
    plans = AnnualPlan.objects.filter(county=actors.county, year=year, project__unit__isnull=False)
    plans = plans.exclude(pk__in=AnnualPlan.objects.filter(teams__replaced_at__isnull=True, teams__isnull=False))
    found = {}
    for plan in plans.select_related("project__unit").order_by("pk"):
        if year == YEAR or plan.project.unit.name in UNITS_OF_LAST_YEAR:
            found.setdefault(plan.project.unit, []).append(plan)
    return found


def _team(unit, number, member_units, *, has_site):
    """Roles, no names; the phones are made up: 138 followed by a running number."""
    short = unit.short_name or unit.name
    return {
        "head": f"{short}分管负责人",
        "head_post": "副乡镇长" if unit.kind == Unit.Kind.TOWNSHIP else "班子成员",
        "head_phone": f"138{number:08}",
        "member_units": [one for one in member_units if one != unit],
        "on_site": f"{short}驻点联络员{MARKS[number % 10]}" if has_site else "",
        "on_site_phone": f"139{number:08}" if has_site else "",
    }


def _copy_last_year(actors):
    names = AnnualPlan.objects.filter(county=actors.county, year=tables.LAST_YEAR).values_list(
        "project__name", flat=True
    )
    duties.copy_last_year(by=actors.office, plans=list(actors.plans(names).values()))


def _deputies(actors):
    """Deputies for the larger projects."""
    plans = AnnualPlan.objects.filter(county=actors.county, year=YEAR, leader__isnull=False).select_related("project")
    plans = list(plans.exclude(leader__name__in=DEPUTIES).order_by("-planned_investment", "pk"))
    leaders = {leader.name: leader for leader in actors.county.leaders.all()}
    for place, name in enumerate(DEPUTIES):
        theirs = plans[place :: len(DEPUTIES)][:PLANS_OF_A_DEPUTY]
        tokens = [f"{plan.pk}:{plan.row_version}:{plan.project.row_version}" for plan in theirs]
        duties.assign_leader(by=actors.office, county=actors.county, tokens=tokens, leader=leaders[name], deputy=True)
