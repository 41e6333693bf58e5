"""Writing single projects and plans: one function for each thing an official does to them.

Values are those of the model's attributes; a date with a precision is given as a `PartialDate` (or None). Every
function is one transaction and one change set, whose summary names what went from what to what.
"""

import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Max

from portfolio import history
from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Component, Project, ProjectAlias
from portfolio.models.register import PlanState
from portfolio.plan_fields import FIELDS
from portfolio.rules import row_problems
from portfolio.search import name_key

SUMMARY_VALUE = 24
ENDS = frozenset(field.attribute for field in FIELDS if field.ends)
KEYS = {(field.model, field.attribute): field.key for field in FIELDS if field.is_writable}


class Invalid(Exception):
    """The row would contradict itself or point outside its county: `problems` is {field key: message}."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(" ".join(problems.values()))


# What a row must fulfil


def validate_row(project, plan=None):
    """{field key: message} of all that is wrong with a row as it would be written."""
    problems = row_faults(project, plan)
    if project.code and "code" not in problems and (other := _same_code(project)):
        problems["code"] = f"项目代码“{project.code}”已属于“{other.name}”，请核对。"
    return problems


def row_faults(project, plan=None):
    """`validate_row` less what must be looked up among other projects: bulk edit, which writes no codes, asks this."""
    problems = {**_field_problems(project), **(_field_problems(plan) if plan is not None else {})}
    return problems | {key: message for key, message in row_problems(project, plan).items() if key not in problems}


def _field_problems(row):
    """Lengths, choices and codes of single fields, and foreign keys that stay inside the county."""
    model = type(row)
    related = [field.name for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    problems = {}
    try:
        row.clean_fields(exclude=related)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            problems[key_of(model, name)] = messages[0]
    for name in related:
        value = getattr(row, name) if name not in {"county", "project"} else None
        if value is not None and value.county_id != row.county_id:
            problems[key_of(model, name)] = f"所选的{history.label_of(model, name)}不在本县，请重新选择。"
    return problems


def key_of(model, attribute):
    return KEYS.get((model, attribute), attribute)


def _same_code(project):
    return Project.objects.filter(county=project.county_id, code=project.code).exclude(pk=project.pk).first()


def assign(row, values):
    """Put values (a `PartialDate` where a date has a precision) on a row; returns the names of the fields set."""
    names = []
    for name, value in values.items():
        if hasattr(row, f"{name}_precision"):
            stored = (value.last_day if name in ENDS else value.first_day) if value else None
            setattr(row, f"{name}_precision", value.precision if value else "")
            names.append(f"{name}_precision")
            value = stored
        setattr(row, name, value)
        names.append(name)
    return names


def changed(row, values):
    """Assign, and name the stored fields that differ now."""
    before = copy.copy(row)
    assign(row, values)
    differing = history.changed_fields(type(row), before, row)
    names = [field.name for field in differing]
    names += [f"{name}_precision" for name in names if hasattr(row, f"{name}_precision")]
    return before, names


def _check(project, plan=None):
    if problems := validate_row(project, plan):
        raise Invalid(problems)


def _short(text):
    return text if len(text) <= SUMMARY_VALUE else f"{text[: SUMMARY_VALUE - 1]}…"


def told(model, before, after):
    """What differs between two states of a row, as the words of a summary."""
    return [
        f"{difference.label} {_short(difference.old)} → {_short(difference.new)}"
        for difference in history.differences(model, before, after)
    ]


# Projects and their plans


@transaction.atomic
def save_project(
    *,
    by,
    project,
    project_fields,
    plan=None,
    plan_fields=None,
    project_version,
    plan_version=None,
    summary=None,
    keep_name=False,
):
    """Write what differs, or nothing (then None). Raises `changes.StaleRow` and `Invalid`; neither writes anything.

    With `keep_name`, a project that gets another name stays findable under the one it had.
    """
    changes.take_turn(by.county_id)
    project = changes.lock_current(Project.objects.visible_to(by), project.pk, project_version)
    if plan is not None:
        plan = changes.lock_current(AnnualPlan.objects.visible_to(by).filter(project=project), plan.pk, plan_version)
    rows = [(project, project_fields)] + ([(plan, plan_fields or {})] if plan is not None else [])
    former_name = project.name
    if keep_name and project_fields.get("name", former_name) != former_name:
        ProjectAlias.objects.get_or_create(
            project=project, name_key=name_key(former_name)[:200], defaults={"name": former_name}
        )
    return _write(by, rows, project=project, plan=plan, summary=summary)


def _write(by, rows, *, project, plan, summary=None):
    """Assign to locked rows, check the row as a whole, write the fields that differ in one change set."""
    written = [(row, *changed(row, values)) for row, values in rows]
    if not any(names for _, _, names in written):
        return None
    _check(project, plan)
    if summary is None:
        lines = [line for row, before, _ in written for line in told(type(row), before, row)]
        summary = f"{project.name}：{'；'.join(lines)}"
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=project.county, by=by, summary=summary)
    for row, _, names in written:
        if names:
            changes.update(change_set, [row], names)
    return change_set


def create_project(*, by, county, year, project_fields, plan_fields, form_key=None):
    """A new project with its plan of `year`, at the end of that year's table unless `plan_fields` gives a `seq`.

    The same `form_key` a second time gives back the project that the first one made.
    """
    project = Project(county=county)
    assign(project, project_fields)
    try:
        with transaction.atomic():
            return created_with(by, form_key) or _create(by, project, year, plan_fields, form_key)
    except IntegrityError:
        # Somebody else's insert won between our look and ours: the same form sent twice, or the same code.
        if done := created_with(by, form_key):
            return done
        _check(project)
        raise


def created_with(by, form_key):
    """The project that this account has made with the form, if it still stands."""
    records = Project.history.filter(change_set__form_key=form_key, change_set__by=by, history_type="+")
    return Project.objects.visible_to(by).filter(pk__in=records.values("id")).first() if form_key else None


def _create(by, project, year, values, form_key):
    plan = _new_plan(project, year, values)
    _check(project, plan)
    change_set = changes.begin(
        ChangeSet.Kind.EDIT,
        county=project.county,
        by=by,
        summary=f"新增项目：{project.name}（{year}年计划）",
        form_key=form_key,
    )
    (project,) = changes.create(change_set, [project])
    plan.project = project
    changes.create(change_set, [plan])
    return project


@transaction.atomic
def add_to_year(*, by, project, year, plan_fields):
    """The project's plan of `year`; one that is there already comes back untouched: a second submit adds none."""
    changes.take_turn(by.county_id)
    project = Project.objects.visible_to(by).get(pk=project.pk)
    if existing := project.plans.filter(year=year).first():
        return existing
    plan = _new_plan(project, year, plan_fields)
    _check(project, plan)
    change_set = changes.begin(
        ChangeSet.Kind.EDIT, county=project.county, by=by, summary=f"{project.name}：列入{year}年计划"
    )
    return changes.create(change_set, [plan])[0]


def _new_plan(project, year, values):
    plan = AnnualPlan(county=project.county, project=project, year=year)
    assign(plan, values)
    if plan.seq is None:
        last = AnnualPlan.objects.filter(county=project.county, year=year).aggregate(last=Max("seq"))["last"]
        plan.seq = (last or 0) + 1
    return plan


@transaction.atomic
def set_plan_state(*, by, plan, state, reason, version):
    """调入、调出、终止 with their reason; 在列 needs none."""
    changes.take_turn(by.county_id)
    plans = AnnualPlan.objects.visible_to(by).select_related("project__county")
    plan = changes.lock_current(plans, plan.pk, version)
    values = {"state": PlanState(state), "state_reason": reason.strip()}
    return _write(by, [(plan, values)], project=plan.project, plan=plan)


# What a project consists of


@transaction.atomic
def set_parent(*, by, project, parent, phase, version, bundle="", plan=None, counted_within=False):
    """Hang a project under its parent (None: it stands alone). A project never is its own ancestor.

    `bundle` says what the project's own children are. With `counted_within`, `plan` is listed under the parent's plan
    of the same year, and neither counted nor added up again.
    """
    if parent is not None and parent.county_id == project.county_id:
        _refuse_cycle(project, parent)
    plan_values = {"part_of": _plan_of_parent(parent, plan) if counted_within else None} if plan else None
    return save_project(
        by=by,
        project=project,
        project_fields={"parent": parent, "phase": phase if parent else None, "bundle": bundle},
        plan=plan,
        plan_fields=plan_values,
        project_version=version,
        plan_version=plan.row_version if plan else None,
    )


def _plan_of_parent(parent, plan):
    found = parent.plans.filter(year=plan.year).first() if parent else None
    if found is None:
        name = f"“{parent}”" if parent else "上级项目"
        raise Invalid({"counted_within": f"{name}没有列入{plan.year}年计划，不能随它列示。"})
    return found


def _refuse_cycle(project, parent):
    """Walks up from `parent` in the database, where two people may have hung projects since the caller looked."""
    pk, passed = parent.pk, set()
    while pk is not None and pk not in passed:
        if pk == project.pk:
            raise Invalid({"parent": f"“{parent}”是“{project}”本身或它的下级项目，不能作为上级项目。"})
        passed.add(pk)
        pk = Project.objects.values_list("parent_id", flat=True).get(pk=pk)


@transaction.atomic
def set_aliases(*, by, project, names, version):
    """Former names, as a whole list; spellings of one name count once."""
    changes.take_turn(by.county_id)
    project = changes.lock_current(Project.objects.visible_to(by), project.pk, version)
    by_key = {name_key(name): name.strip() for name in reversed(names) if name_key(name)}
    by_key.pop(name_key(project.name), None)
    wanted = list(reversed(by_key.values()))
    existing = [alias.name for alias in project.aliases.all()]
    if wanted == existing:
        return None
    change_set = _begin_parts(by, project, "曾用名", existing, wanted)
    project.aliases.all().delete()
    ProjectAlias.objects.bulk_create(
        ProjectAlias(project=project, name=name, name_key=name_key(name)[:200]) for name in wanted
    )
    changes.update(change_set, [project], [])
    return change_set


@transaction.atomic
def set_components(*, by, project, components, version):
    """The counted parts, as a whole list of unsaved `Component`."""
    changes.take_turn(by.county_id)
    project = changes.lock_current(Project.objects.visible_to(by), project.pk, version)
    existing = list(project.components.all())
    if [_component_state(part) for part in existing] == [_component_state(part) for part in components]:
        return None
    if any(part.done > part.quantity for part in components):
        raise Invalid({"components": "单体的已建成数不能大于数量，请核对。"})
    change_set = _begin_parts(by, project, "单体", existing, components)
    project.components.all().delete()
    for part in components:
        part.project = project
    Component.objects.bulk_create(components)
    changes.update(change_set, [project], [])
    return change_set


def _component_state(part):
    return part.name, part.quantity, part.measure, part.done, part.note


def _begin_parts(by, project, label, old, new):
    def listed(items):
        return "、".join(str(item) for item in items) or history.EMPTY

    summary = f"{project.name}：{label} {listed(old)} → {listed(new)}"
    return changes.begin(ChangeSet.Kind.DETAILS, county=project.county, by=by, summary=summary)
