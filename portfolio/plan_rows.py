"""The rows of the plan table, cell by cell: text for page, print and comparison, typed values for the export."""

from dataclasses import dataclass, field

from portfolio import figures
from portfolio.codes import industry_name
from portfolio.models import AnnualPlan
from portfolio.models.register import STATES_IN_PLAN
from portfolio.partial_dates import PartialDate
from portfolio.plan_fields import BY_KEY, COLUMNS, Kind

_RELATED_NAME = {Kind.UNIT: "__name", Kind.LEADER: "__name", Kind.TOWN: "__name"}
_ALWAYS = (
    "pk",
    "project",
    "project__name",
    "part_of",
    "seq",
    "row_version",
    "project__row_version",
    "project__unit",
    "state",
)
_START = ("project__started_on", "project__planned_start")
_FINISH = ("project__finished_on", "project__planned_finish")


def paths(plan_field):
    """The ORM paths that a column's cell is made of."""
    return _PATHS.get(plan_field.key) or _paths(plan_field)


def _paths(plan_field):
    if plan_field.key == "start":
        return _dated(*_START)
    if plan_field.key == "period":
        return _dated(*_START, *_FINISH)
    if plan_field.kind is Kind.DATE:
        return _dated(plan_field.path)
    return (plan_field.path + _RELATED_NAME.get(plan_field.kind, ""),)


def _dated(*date_paths):
    return tuple(path for date in date_paths for path in (date, f"{date}_precision"))


_PATHS = {plan_field.key: _paths(plan_field) for plan_field in COLUMNS}
_CHOICES = {plan_field.key: dict(plan_field.choices) for plan_field in COLUMNS if plan_field.kind is Kind.CHOICE}


def _first_date(values, date_paths):
    for path in date_paths:
        if values[path]:
            return PartialDate.from_stored(values[path], values[f"{path}_precision"])
    return None


def _period(values):
    """`2022-06 至 2024年`; one end is `2022-06起` or `2024年止`. A finish planned before the actual start is no end."""
    start, finish = _first_date(values, _START), _first_date(values, _FINISH)
    if start and finish and finish.last_day >= start.first_day:
        return f"{start} 至 {finish}"
    return f"{start}起" if start else f"{finish}止" if finish else ""


def value(plan_field, values):
    """The cell's value: Decimal, int, PartialDate or text; None where there is none."""
    match plan_field.key:
        case "start":
            return _first_date(values, _START)
        case "period":
            return _period(values) or None
    if plan_field.kind is Kind.DATE:
        return _first_date(values, (plan_field.path,))
    raw = values[paths(plan_field)[0]]
    if plan_field.kind is Kind.CHOICE:
        return _CHOICES[plan_field.key].get(raw)
    return None if raw == "" else raw


def text(plan_field, values):
    """The cell as it is read on the page; empty where there is nothing."""
    content = value(plan_field, values)
    if content is None:
        return ""
    match plan_field.kind:
        case Kind.MONEY:
            return figures.wan(content)
        case Kind.PERCENT:
            return figures.percent(content, 0 if content == int(content) else 2)
    if plan_field.key == "industry":
        return f"{content} {industry_name(content)}"
    return str(content)


@dataclass
class Row:
    """One row: plan and project with their versions, and the text of each column by its key."""

    pk: int
    project: int
    name: str
    part_of: int | None
    seq: int | None
    state: str
    unit: int | None
    plan_version: int
    project_version: int
    cells: dict
    parts: list = field(default_factory=list)


def read(plans, columns, cell=text):
    """{pk: Row} of plans, each with the given PlanFields; `cell` makes a cell of a column and the stored values."""
    wanted = dict.fromkeys([*_ALWAYS, *(path for column in columns for path in paths(column))])
    rows = {}
    for values in plans.values(*wanted):
        rows[values["pk"]] = Row(
            pk=values["pk"],
            project=values["project"],
            name=values["project__name"],
            part_of=values["part_of"],
            seq=values["seq"],
            state=values["state"],
            unit=values["project__unit"],
            plan_version=values["row_version"],
            project_version=values["project__row_version"],
            cells={column.key: cell(column, values) for column in columns},
        )
    return rows


def read_in_order(county, pks, columns, cell=text):
    """The rows of `pks` in that order, each with its sub-items in `parts`, those in the order of their plan."""
    plans = AnnualPlan.objects.filter(county=county)
    rows = {}
    for start in range(0, len(pks), 5000):
        chunk = pks[start : start + 5000]
        rows |= read(plans.filter(pk__in=chunk) | plans.filter(part_of__in=chunk), columns, cell)
    for row in sorted(rows.values(), key=lambda row: (row.seq is None, row.seq, row.pk)):
        if row.part_of in rows and row.state in STATES_IN_PLAN:
            rows[row.part_of].parts.append(row)
    return [rows[pk] for pk in pks if pk in rows]


def columns(keys):
    """PlanFields of keys, unknown ones dropped."""
    return [BY_KEY[key] for key in keys if key in BY_KEY and BY_KEY[key].kind is not Kind.KEPT]
