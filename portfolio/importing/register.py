"""What the county already has, read once for an import: towns, units, leaders, projects and the year's plan."""

import re
from functools import cached_property

from accounts.models import Unit
from portfolio.importing.choices import near_matches
from portfolio.models import AnnualPlan, Leader, Project, ProjectAlias, Town
from portfolio.search import name_key

_TOWN_ENDING = re.compile(r"(?:镇|乡|街道)$")


class Register:
    """The county's register as an import looks things up in it. Reads the database only where it is asked."""

    def __init__(self, county, year):
        self.county, self.year = county, year

    @cached_property
    def towns(self):
        return list(Town.objects.filter(county=self.county))

    @cached_property
    def _town_of_key(self):
        found = {}
        for town in self.towns:
            for name in (town.name, *town.aliases):
                key = name_key(name)
                for spelling in (
                    key,
                    _TOWN_ENDING.sub("", key) if len(key) > 2 else key,
                    name_key(self.county.name) + key,
                ):
                    found.setdefault(spelling, town)
        return found

    def town(self, text):
        return self._town_of_key.get(name_key(text))

    def towns_near(self, text):
        return near_matches(text, [town.name for town in self.towns])

    def town_in(self, address):
        """The one town an address names in full; None when it names none or several."""
        key = name_key(address)
        found = {town.pk: town for name, town in self._town_names if name in key}
        return next(iter(found.values())) if len(found) == 1 else None

    @cached_property
    def _town_names(self):
        return [(name_key(name), town) for town in self.towns for name in (town.name, *town.aliases)]

    @cached_property
    def units(self):
        """{name_key: Unit} by name and short name."""
        found = {}
        for unit in Unit.objects.filter(county=self.county):
            found.setdefault(name_key(unit.name), unit)
        for unit in list(found.values()):
            if unit.short_name:
                found.setdefault(name_key(unit.short_name), unit)
        return found

    @cached_property
    def leaders(self):
        return {name_key(leader.name): leader for leader in Leader.objects.filter(county=self.county)}

    @cached_property
    def projects(self):
        """{pk: Project}."""
        return {project.pk: project for project in Project.objects.filter(county=self.county).iterator(2000)}

    @cached_property
    def plans(self):
        """{project pk: AnnualPlan} of the year."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.year).iterator(2000)
        return {plan.project_id: plan for plan in plans}

    @cached_property
    def by_code(self):
        return {project.code: project for project in self.projects.values() if project.code}

    @cached_property
    def by_name(self):
        """{name_key: [projects]}; a project is found under its present name before any former one."""
        found = {}
        for project in self.projects.values():
            found.setdefault(project.name_key, []).append(project)
        for pk, key in ProjectAlias.objects.filter(project__county=self.county).values_list("project_id", "name_key"):
            if pk in self.projects:
                found.setdefault(key, []).append(self.projects[pk])
        return found
