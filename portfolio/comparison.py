"""The plan table of a past day beside a later one (today's): what came, what went, what was changed."""

from functools import cached_property

from portfolio import plan_rows
from portfolio.as_of import reading
from portfolio.models import AnnualPlan
from portfolio.models.register import is_counted


def _counted(rows):
    """Primary keys of the rows that count."""
    return {row.pk for row in rows.values() if is_counted(row.state, row.part_of)}


class Comparison:
    """The rows of a year at the end of `as_of` (None: now) against those at the end of `day`, in the given columns."""

    def __init__(self, county, year, day, columns, as_of=None):
        self.county = county
        self.day = day
        # What is judged changes with the day alone: the lights have their own history.
        self.columns = [column for column in columns if not column.judged]
        self.as_of = as_of
        self._plans = AnnualPlan.objects.filter(county=county, year=year)

    def _read(self, day):
        with reading(self.county, day):
            return plan_rows.read(self._plans.all(), self.columns)

    @cached_property
    def then(self):
        return self._read(self.day)

    @cached_property
    def now(self):
        return self._read(self.as_of)

    @cached_property
    def _counted_now(self):
        return _counted(self.now)

    @cached_property
    def _counted_then(self):
        return _counted(self.then)

    @cached_property
    def added(self):
        return self._counted_now - self._counted_then

    @cached_property
    def removed(self):
        """[(name, plan pk or None)] of rows that counted then and no longer do, by name."""
        gone = self._counted_then - self._counted_now
        return sorted((self.then[pk].name, pk if pk in self.now else None) for pk in gone)

    @cached_property
    def changed(self):
        """{plan pk: {column key: the text that stood there}}."""
        changed = {}
        for pk in self.then.keys() & self.now.keys():
            before, after = self.then[pk].cells, self.now[pk].cells
            if old := {key: text for key, text in before.items() if text != after[key]}:
                changed[pk] = old
        return changed

    @cached_property
    def changed_counted(self):
        return (self.changed.keys() & self._counted_now) - self.added

    def touches(self, pk):
        return pk in self.added or pk in self.changed
