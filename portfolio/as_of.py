"""As of (截至): the register as it was known at the end of a past day, read from the history tables.

Corrections that came later are not in it (docs/decisions/as-of.md), so an old week's page prints the same forever.
"""

import datetime as dt
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.apps import apps
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from portfolio.weeks import Week

WEEKS_OFFERED = 8
# Nothing is known of earlier days, and months back from the calendar's own first day can't be counted.
EARLIEST = dt.date(2000, 1, 1)
_innermost = ContextVar("innermost reading", default=None)


def asked_day(params, today):
    """The day of `?as_of=`, an ISO date or a week such as 2024-W20 (its Sunday).

    None for today, later, before `EARLIEST`, or nonsense.
    """
    text = params.get("as_of", "").strip()
    try:
        day = Week.parse(text).sunday if "W" in text else dt.date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return day if EARLIEST <= day < today else None


class AsOfChoice:
    """The 截至 of a page: which day it shows, and the addresses of other days and weeks; for the top bar and the strip.

    Pages put it into their context as `as_of_choice`; those without one show the present only. `day` is None today.
    """

    def __init__(self, params, today):
        self.day = asked_day(params, today)
        self.today = today
        self._params = params

    @property
    def last_day(self):
        """The latest day that can be asked for."""
        return self.today - dt.timedelta(days=1)

    @property
    def end(self):
        """The moment that the page's day ends; None for today."""
        return end_of_day(self.day) if self.day else None

    @property
    def week(self):
        return Week.of(self.day or self.today)

    @property
    def kept(self):
        """[(name, values)] of the rest of the query string, for the form that asks for a day."""
        return list(self._rest().lists())

    @property
    def back_query(self):
        """The query string of the same page today."""
        return self._rest().urlencode()

    @property
    def link(self):
        """What a link to another page of the same day carries first in its query string: `?as_of=2024-05-12`, or ""."""
        return f"?as_of={self.day}" if self.day else ""

    @property
    def more(self):
        """The same, behind another parameter."""
        return f"&as_of={self.day}" if self.day else ""

    @property
    def weeks(self):
        """[(Week, query string)] of the weeks that have ended, latest first."""
        this_week = Week.of(self.today)
        weeks = [this_week.shifted(-back) for back in range(1, WEEKS_OFFERED + 1)]
        return [(week, self._asking(week)) for week in weeks]

    def _rest(self):
        params = self._params.copy()
        for name in ("as_of", "page", "print", "changed"):
            params.pop(name, None)
        return params

    def _asking(self, week):
        params = self._rest()
        params["as_of"] = str(week)
        return params.urlencode()


def end_of_day(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def latest_records(model, day, **conditions):
    """{id: values} of each row's last record at the end of `day`; rows deleted by then are left out.

    `conditions` must hold for every record of a row, whatever changes in it: its county, year, plan.
    """
    return {record["id"]: record for record in _standing_records(model, day, **conditions).values()}


def _standing_records(model, day, **conditions):
    records = model.history.model.objects.filter(history_date__lte=end_of_day(day), **conditions).order_by()
    # By number: within one moment, and while the demonstration's clock stands still, only that tells what came last.
    last = records.values("id").annotate(last=Max("history_id")).values("last")
    return model.history.model.objects.filter(history_id__in=last).exclude(history_type="-").order_by()


@contextmanager
def reading(county, day):
    """Inside this block every ORM read of a model with history sees its rows as they were known at the end of `day`.

    The queries stay as they are, so filters, sort keys and facets need no second definition for the past. Other models
    are read as they stand now. Querysets must be read, and templates rendered, inside. None as `day` is the present. Of
    blocks within blocks the innermost counts.
    """
    past = None if day is None else _Past(county, day)
    token = _innermost.set(past)
    try:
        with connection.execute_wrapper(past) if past else nullcontext():
            yield
    finally:
        _innermost.reset(token)


class _Past:
    """Puts before each SELECT, under the name of every table with history that it reads, the records of that day.

    A common table expression hides the table of the same name, on SQLite and on PostgreSQL.
    """

    def __init__(self, county, day):
        self._county, self._day = county, day
        self._tables = {f'"{model._meta.db_table}"': model for model in apps.get_models() if hasattr(model, "history")}
        self._written = {}

    def __call__(self, execute, sql, params, many, context):
        tables = [table for table in self._tables if table in sql]
        if not tables or _innermost.get() is not self:
            return execute(sql, params, many, context)
        if not sql.startswith(("SELECT", "(SELECT")):
            raise RuntimeError("The past is read, never written.")
        past = [self._expression(table) for table in tables]
        before = [value for _, values in past for value in values]
        sql = f"WITH {', '.join(expression for expression, _ in past)} {sql}"
        return execute(sql, (*before, *params), many, context)

    def _expression(self, table):
        if table not in self._written:
            model = self._tables[table]
            fields = model._meta.concrete_fields
            # A row without a county of its own is reached through one that has it.
            of_county = {"county": self._county} if any(field.name == "county" for field in fields) else {}
            records = _standing_records(model, self._day, **of_county)
            sql, params = records.values_list(*(field.attname for field in fields)).query.sql_with_params()
            columns = ", ".join(f'"{field.column}"' for field in fields)
            self._written[table] = f"{table} ({columns}) AS ({sql})", params
        return self._written[table]
