"""The rows of the plan table, cell by cell: text for page, print and comparison, typed values for the export."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db.models import DateField, Q, Value

from portfolio import figures, progress
from portfolio.codes import industry_name
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
# What a light is told by.
_JUDGED_PROJECT = ("planned_start", "planned_start_precision", "started_on", "started_on_precision")
_JUDGED_PLAN = (
    "bucket",
    "completion",
    "expected",
    "deviation",
    "money_bucket",
    "registration_light",
    "has_started",
    "is_due_to_start",
    "paused_on",
)
_LIGHT = (*_JUDGED_PLAN, "judged_on", *(f"project__{name}" for name in _JUDGED_PROJECT))


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
    if plan_field.key == "light":
        return _LIGHT
    if plan_field.key == "slippage":
        return (plan_field.path, "has_milestones", "judged_on")
    if plan_field.key == "reported":
        return (plan_field.path, "judged_on")
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


def _judgement(values):
    """Why a row has its light; None of a sub-item, whose project is judged as a whole."""
    if values["part_of"]:
        return None
    project = SimpleNamespace(**{name: values[f"project__{name}"] for name in _JUDGED_PROJECT})
    plan = SimpleNamespace(**{name: values[name] for name in _JUDGED_PLAN}, project=project)
    return progress.judgement(plan, values["judged_on"])


def _days_ago(day, today):
    days = (today - day).days
    return f"{day}（{days}天前）" if days > 0 else f"{day}（当天）"


def _slippage(overdue_since, values):
    if overdue_since is None:
        return progress.Slippage.of(None, values["has_milestones"], values["judged_on"]).label
    return f"{overdue_since}到期，逾期{progress.lapse(overdue_since, values['judged_on'])}"


def _judged_value(plan_field, values):
    raw = values[plan_field.path]
    if values["part_of"]:
        return None
    if plan_field.key == "slippage":
        return _slippage(raw, values)
    if raw is None:
        return None
    match plan_field.key:
        case "light":
            bucket = progress.Bucket(raw)
            return f"{bucket.light.shape} {bucket.label}"
        case "reported":
            return _days_ago(raw, values["judged_on"])
        case "registration_state":
            return progress.RegistrationState(raw).label
        case "completion":
            return round(raw, 2)
        case "deviation":
            return round(raw, 1)
    return raw


def value(plan_field, values):
    """The cell's value: Decimal, int, PartialDate or text; None where there is none."""
    if plan_field.judged:
        return _judged_value(plan_field, values)
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
        case Kind.POINTS:
            return f"{content:+.1f}".replace("-", "−")
        case Kind.PERCENT if plan_field.judged:
            return figures.percent(content)
        case Kind.PERCENT:
            return figures.percent(content, 0 if content == int(content) else 2)
    if plan_field.key == "industry":
        return f"{content} {industry_name(content)}"
    return str(content)


@dataclass
class Row:
    """One row: plan and project with their versions, and the text of each column by its key.

    `judgement` says why the row has its light, where that is a column.
    """

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
    judgement: progress.Judgement | None = None
    parts: list = field(default_factory=list)


def read(plans, columns, cell=text):
    """{pk: Row} of plans, each with the given PlanFields; `cell` makes a cell of a column and the stored values.

    Columns that are judged need plans that were (`judged`).
    """
    has_light = any(column.key == "light" for column in columns)
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
            judgement=_judgement(values) if has_light else None,
        )
    return rows


def judged(plans, year, day, thresholds):
    """`plans` of `year` with what the rules say of them at the end of `day`, and that day as `judged_on`."""
    plans = progress.annotated(plans, year, day, thresholds)
    return plans.annotate(judged_on=Value(day, output_field=DateField()))


def read_in_order(plans, pks, columns, cell=text):
    """The rows of `pks` in that order, each with its sub-items in `parts`, those in the order of their plan."""
    rows = {}
    for start in range(0, len(pks), 5000):
        chunk = pks[start : start + 5000]
        rows |= read(plans.filter(Q(pk__in=chunk) | Q(part_of__in=chunk)), columns, cell)
    for row in sorted(rows.values(), key=lambda row: (row.seq is None, row.seq, row.pk)):
        if row.part_of in rows and row.state in STATES_IN_PLAN:
            rows[row.part_of].parts.append(row)
    return [rows[pk] for pk in pks if pk in rows]


def columns(keys):
    """PlanFields of keys, unknown ones dropped."""
    return [BY_KEY[key] for key in keys if key in BY_KEY and BY_KEY[key].kind is not Kind.KEPT]
