"""The plan table of a past day beside today's: what came, what went, what was changed (from the history tables)."""

from functools import cached_property

from accounts.models import Unit
from portfolio import plan_rows
from portfolio.as_of import latest_records
from portfolio.models import AnnualPlan, Leader, Project, Town
from portfolio.models.register import is_counted
from portfolio.plan_fields import BY_KEY

_NAMES = {"project__unit__name": Unit, "project__town__name": Town, "leader__name": Leader}


class Snapshot:
    """The year's plan rows as they stood at the end of a day, readable by the paths of plan_rows."""

    def __init__(self, county, year, day):
        self.plans = latest_records(AnnualPlan, day, county=county, year=year)
        projects = AnnualPlan.history.filter(county=county, year=year).values("project_id")
        self.projects = latest_records(Project, day, id__in=projects)
        self.names = {
            path: dict(model.objects.filter(county=county).values_list("pk", "name")) for path, model in _NAMES.items()
        }

    def counted(self):
        """Primary keys of the rows that counted then."""
        return {pk for pk, plan in self.plans.items() if is_counted(plan["state"], plan["part_of_id"])}

    def _value(self, pk, path):
        plan = self.plans[pk]
        if path in self.names:
            attribute = path.removesuffix("__name").removeprefix("project__") + "_id"
            record = self.projects[plan["project_id"]] if path.startswith("project__") else plan
            return self.names[path].get(record[attribute])
        if path.startswith("project__"):
            return self.projects[plan["project_id"]][path.removeprefix("project__")]
        return plan[path]

    def text(self, pk, column):
        return plan_rows.text(column, {path: self._value(pk, path) for path in plan_rows.paths(column)})


class Comparison:
    """Today's rows of a year against the end of `day`, in the given columns."""

    def __init__(self, county, year, day, columns):
        self.day = day
        self.columns = columns
        self._plans = AnnualPlan.objects.filter(county=county, year=year)
        self.then = Snapshot(county, year, day)

    @cached_property
    def now(self):
        return plan_rows.read(self._plans, self.columns)

    @cached_property
    def _counted_now(self):
        return {row.pk for row in self.now.values() if is_counted(row.state, row.part_of)}

    @cached_property
    def added(self):
        return self._counted_now - self.then.counted()

    @cached_property
    def removed(self):
        """[(name, plan pk or None)] of rows that counted then and no longer do, by name."""
        gone = self.then.counted() - self._counted_now
        return sorted((self.then.text(pk, BY_KEY["name"]), pk if pk in self.now else None) for pk in gone)

    @cached_property
    def changed(self):
        """{plan pk: {column key: the text that stood there}}."""
        changed = {}
        for pk in self.then.plans.keys() & self.now.keys():
            old = {
                column.key: before
                for column in self.columns
                if (before := self.then.text(pk, column)) != self.now[pk].cells[column.key]
            }
            if old:
                changed[pk] = old
        return changed

    @cached_property
    def changed_counted(self):
        return (self.changed.keys() & self._counted_now) - self.added

    def touches(self, pk):
        return pk in self.added or pk in self.changed
