"""History of projects and plans, read as sentences: what went from what to what, by whom, in which change set."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import DecimalField, ForeignKey, Q

from portfolio import plan_fields
from portfolio.figures import percent, wan
from portfolio.models import AnnualPlan, ChangeSet, Project
from portfolio.models.register import money_field
from portfolio.partial_dates import PartialDate
from portfolio.plan_fields import Kind

EMPTY = "空"
GONE = "（已删除）"
PER_PAGE = 10
MONEY_DIGITS = money_field("").max_digits
NOT_TOLD = frozenset(
    {
        "id",
        "county",
        "project",
        "year",
        "row_version",
        "is_demo",
        "is_generated",
        "name_key",
        "name_pinyin",
        "search_key",
    }
)

_COLUMNS = {(field.model, field.attribute): field for field in plan_fields.FIELDS if field.path and field.is_writable}


def told_fields(model):
    """The stored fields whose changes are told, in the model's order; a precision is told with its date."""
    return [
        field
        for field in model.history.model.tracked_fields
        if field.name not in NOT_TOLD and not field.name.endswith("_precision")
    ]


def label_of(model, name):
    column = _COLUMNS.get((model, name))
    return column.label if column else str(model._meta.get_field(name).verbose_name)


class Names:
    """What the foreign keys of some rows are called: one query for each model they point at."""

    def __init__(self, model, rows, fields=None):
        wanted = defaultdict(set)
        for field in told_fields(model) if fields is None else fields:
            if isinstance(field, ForeignKey):
                wanted[field.related_model] |= {getattr(row, field.attname) for row in rows} - {None}
        self._found = {related: self._read(related, pks) for related, pks in wanted.items()}

    @staticmethod
    def _read(related, pks):
        if not pks:
            return {}
        rows = related.objects.select_related("project") if related is AnnualPlan else related.objects
        return {pk: str(row) for pk, row in rows.in_bulk(pks).items()}

    def of(self, related, pk):
        return self._found[related].get(pk, GONE)


def value_of(row, field):
    """The stored value under which two states are the same: a date goes with its precision."""
    value = getattr(row, field.attname)
    precision = getattr(row, f"{field.name}_precision", None)
    return value if precision is None else (value, precision)


def text_of(model, row, field, names):
    """A field of a row, or of a history record of `model`, as a reader sees it."""
    value = getattr(row, field.attname)
    if value is None or value == "" or value == {}:
        return EMPTY
    if isinstance(field, ForeignKey):
        return names.of(field.related_model, value)
    if field.choices:
        return str(dict(field.choices).get(value, value))
    if hasattr(row, f"{field.name}_precision"):
        return str(PartialDate.from_stored(value, getattr(row, f"{field.name}_precision")))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "；".join(f"{header}：{content}" for header, content in value.items())
    if field.name == "reported_week":
        return f"第{value}周"
    return _figure(field, _COLUMNS.get((model, field.name)), value)


def _figure(field, column, value):
    if isinstance(field, DecimalField) and field.max_digits == MONEY_DIGITS:
        return f"{wan(value)} 万元"
    if column and column.kind is Kind.PERCENT:
        return percent(value, max(0, -value.normalize().as_tuple().exponent))
    return str(value)


def not_taken_back(records, end):
    """Of history records those that still told of what happened at the moment `end`.

    A change set that was taken back by then never happened, and neither did its taking back.
    """
    records = records.exclude(change_set__undone_by__at__lte=end)
    return records.filter(Q(change_set__isnull=True) | ~Q(change_set__kind=ChangeSet.Kind.UNDO))


@dataclass(frozen=True)
class Difference:
    label: str
    old: str
    new: str

    def __str__(self):
        return f"{self.label} {self.old} → {self.new}"


def changed_fields(model, before, after):
    return [field for field in told_fields(model) if value_of(before, field) != value_of(after, field)]


def differences(model, before, after, names=None):
    fields = changed_fields(model, before, after)
    names = names or Names(model, [before, after], fields)
    return [
        Difference(
            label_of(model, field.name), text_of(model, before, field, names), text_of(model, after, field, names)
        )
        for field in fields
    ]


@dataclass
class Entry:
    """One change set as far as it touched one project. `steps` are headings with their differences."""

    change_set: ChangeSet | None
    at: object
    by: object
    steps: list
    is_undone: bool = False

    @property
    def kind(self):
        return self.change_set.get_kind_display() if self.change_set else "系统写入"

    @property
    def summary(self):
        return self.change_set.summary if self.change_set else ""

    @property
    def is_dispatch(self):
        """The week's figures move together, week by week: they are told in one line."""
        return self.change_set is not None and self.change_set.kind == ChangeSet.Kind.DISPATCH

    @property
    def told_steps(self):
        """Steps with something to tell; none where only parts or names changed, which the summary tells."""
        return [step for step in self.steps if step.is_told]

    @property
    def can_be_taken_back(self):
        """An import is withdrawn as a batch, on its own page."""
        change_set = self.change_set
        return change_set is not None and change_set.kind != ChangeSet.Kind.IMPORT and change_set.can_be_undone

    @property
    def made_the_project(self):
        """Taken back, the project and its page are gone."""
        return any(step.makes_project for step in self.steps)


@dataclass(frozen=True)
class Step:
    """What happened to one row: `heading` such as 新增项目 or 2024年计划, and what changed in it."""

    heading: str
    differences: tuple = ()
    is_told: bool = True
    makes_project: bool = False


def entries(project, page=1, until=None):
    """A page of `Entry`, newest first; its `paginator` counts change sets. `until` is the moment it was read at."""
    groups = _grouped_records(project, until)
    shown = Paginator(groups, PER_PAGE).get_page(page)
    shown.object_list = _read_entries(shown.object_list, until)
    return shown


def _read_entries(groups, until):
    steps = _steps_of([record for _, records in groups for record in records])
    change_sets = ChangeSet.objects.select_related("by", "undone_by").in_bulk(
        [change_set for (change_set, _), _ in groups if change_set]
    )
    return [
        _entry(change_sets.get(change_set), [steps[record] for record in records], until)
        for (change_set, _), records in groups
    ]


def touched(change_set):
    """{label: number of rows} that a change set wrote, of all projects."""
    counts = {
        label: model.history.filter(change_set=change_set).values("id").distinct().count()
        for label, model in (("项目", Project), ("年度计划", AnnualPlan))
    }
    return {label: count for label, count in counts.items() if count}


def _entry(change_set, recorded, until):
    first = recorded[0][0]
    is_undone = change_set is not None and change_set.is_undone
    return Entry(
        change_set=change_set,
        at=change_set.at if change_set else first.history_date,
        by=change_set.by if change_set else first.history_user,
        steps=[step for _, step in recorded],
        is_undone=is_undone and (until is None or change_set.undone_by.at <= until),
    )


def _grouped_records(project, until):
    """[((change set id, moment), [(model, history id, id of the record before)])], newest first."""
    groups = defaultdict(list)
    for model, condition in ((Project, {"id": project.pk}), (AnnualPlan, {"project_id": project.pk})):
        last = {}
        rows = model.history.model.objects.filter(**condition).order_by("history_id")
        rows = rows.filter(history_date__lte=until) if until else rows
        for history_id, pk, change_set, at in rows.values_list("history_id", "id", "change_set_id", "history_date"):
            groups[change_set, None if change_set else at].append((model, history_id, last.get(pk)))
            last[pk] = history_id
    return sorted(groups.items(), key=lambda item: _newest_first(item[0]), reverse=True)


def _newest_first(group):
    """Change sets by number, not by time: the business clock of the demonstration stands still."""
    change_set, at = group
    return (change_set or 0, at.timestamp() if at else 0)


def _steps_of(records):
    """{(model, history id, id before): (record, Step)} with two queries for each model, plus the names."""
    steps = {}
    for model in (Project, AnnualPlan):
        own = [record for record in records if record[0] is model]
        if not own:
            continue
        wanted = {pk for record in own for pk in record[1:] if pk}
        found = model.history.model.objects.select_related("history_user").in_bulk(wanted, field_name="history_id")
        names = Names(model, found.values())
        for key in own:
            steps[key] = (found[key[1]], _step(model, found[key[1]], found.get(key[2]), names))
    return steps


def _step(model, record, before, names):
    what = "项目" if model is Project else f"{record.year}年计划"
    if record.history_type == "-":
        return Step(f"移除{what}")
    if record.history_type == "+" or before is None:
        return Step(f"新增{what}", makes_project=model is Project)
    told = tuple(differences(model, before, record, names))
    return Step(what, told, is_told=bool(told))
