"""What an import would do: each row of the file beside what the register holds. Writes nothing."""

from collections import defaultdict

from accounts.models import Unit
from portfolio.importing.choices import near_matches
from portfolio.importing.matching import Matcher, Unclear, repeated_rows
from portfolio.importing.outcomes import Comparison, Outcome, change, row_issue, written
from portfolio.importing.values import TEXTS, text_as_read
from portfolio.models import AnnualPlan, Leader, Project
from portfolio.models.register import STATES_IN_PLAN, Bundle, PlanState
from portfolio.partial_dates import PartialDate
from portfolio.plan_fields import BY_KEY, Kind, start_field
from portfolio.rules import row_problems
from portfolio.search import name_key

_FALLBACK_COLUMNS = {
    "planned_finish": "period",
    "planned_start": "start",
    "started": "start",
    "finished": "planned_finish",
}


class Comparer:
    """Compares the rows of all sheets with the register, and prepares the objects to write."""

    def __init__(self, register, *, clear_empty=False, progress=lambda done, total: None):
        self.register, self.clear_empty, self.progress = register, clear_empty, progress
        self.result = Comparison()
        self.today = register.county.business_today()
        self.outcome_of_row = {}
        self.matcher = Matcher(register)

    def compare(self, rows):
        repeated = self._refuse_repeated(rows)
        # Sub-items last: they need their parent's project.
        for count, row in enumerate(sorted(rows, key=lambda row: row.parent is not None)):
            if id(row) not in repeated:
                self._row(row)
            if count % 500 == 0:
                self.progress(count, len(rows))
        self.result.outcomes = [self.outcome_of_row[id(row)] for row in rows if id(row) in self.outcome_of_row]
        self._missing()
        return self.result

    def _refuse_repeated(self, rows):
        """The ids of rows that name a project again, after telling so."""
        repeated = repeated_rows(rows)
        for row, first, key, what in repeated:
            message = f"{what}与{first.place}重复。请删去一行，或为不同的项目改用不同的名称。"
            self._error(row, row.columns.get(key), message, row.name)
        return {id(row) for row, *_ in repeated}

    def _row(self, row):
        parent = self.outcome_of_row.get(id(row.parent)) if row.parent else None
        try:
            project, found_by_former_name = self.matcher.find(row, parent and parent.project)
        except Unclear as unclear:
            self._error(row, row.columns.get("name"), str(unclear), row.name)
            return
        outcome = self._outcome(row, project)
        self._fill(outcome, found_by_former_name)
        if outcome.kind != "unchanged":
            self._check(outcome)
        if outcome.is_new_project:
            outcome.forget_changes()
        self.outcome_of_row[id(row)] = outcome

    def _outcome(self, row, project):
        county = self.register.county
        plan = self.register.plans.get(project.pk) if project else None
        is_new_project = project is None
        project = project or Project(county=county)
        is_new_plan = plan is None
        plan = plan or AnnualPlan(county=county, year=self.register.year)
        if is_new_plan:
            plan.project = project
        return Outcome(row, project, plan, is_new_project, is_new_plan)

    def _fill(self, outcome, found_by_former_name):
        row = outcome.row
        for key, value in row.values.items():
            if key == "name":
                self._name(outcome, value, keep=found_by_former_name)
            elif key in BY_KEY:
                self._set(outcome, key, value)
        for key, value in row.derived.items():
            if key not in row.values and self._is_unset(outcome, key) and self._may_fill(outcome, key):
                self._set(outcome, key, value)
        if self.clear_empty:
            self._clear(outcome)
        self._keep(outcome)
        self._parent(outcome)

    @staticmethod
    def _may_fill(outcome, key):
        """What the group says counts for its projects. What cells merely imply fills the gaps of new and changed rows:
        a gap that somebody left open stays open when the row comes back as it was exported."""
        says_group = key in outcome.row.said_by_group and outcome.row.parent is None
        return says_group or outcome.is_new_plan or bool(outcome.changes)

    def _name(self, outcome, name, *, keep):
        old = outcome.project.name
        if keep or (old and name_key(old) == name_key(name)):
            return
        if old:
            outcome.former_name = old
        self._write(outcome, "name", {"name": name}, old, name)

    def _is_unset(self, outcome, key):
        plan_field = BY_KEY[key]
        target = outcome.project if plan_field.on_project else outcome.plan
        attribute = f"{plan_field.attribute}_id" if plan_field.kind is Kind.TOWN else plan_field.attribute
        return getattr(target, attribute) in (None, "")

    def _set(self, outcome, key, value):
        match BY_KEY[key].kind:
            case Kind.DATE:
                self._date(outcome, key, value)
            case Kind.PERIOD:
                self._period(outcome, value)
            case Kind.UNIT:
                self._set_unit(outcome, value)
            case Kind.LEADER:
                self._set_leader(outcome, value)
            case Kind.TOWN:
                if outcome.project.town_id != value.pk:
                    old = next((str(town) for town in self.register.towns if town.pk == outcome.project.town_id), "")
                    self._write(outcome, key, {"town": value}, old, value.name)
            case _:
                self._plain(outcome, key, value)

    def _plain(self, outcome, key, value):
        plan_field = BY_KEY[key]
        target = outcome.project if plan_field.on_project else outcome.plan
        old = getattr(target, plan_field.attribute)
        # Spaces, line breaks and full-width letters that reading evens out are no change.
        if old != value and not (old and plan_field.kind in TEXTS and text_as_read(plan_field.kind, old) == value):
            self._write(
                outcome, key, {plan_field.attribute: value}, written(plan_field, old), written(plan_field, value)
            )

    def _date(self, outcome, key, written):
        project, row = outcome.project, outcome.row
        if key == "start":
            if project.pk and str(project.start) == str(written) and not self._moves_stage(outcome):
                return
            key = self._start_key(outcome, written)
            if key in row.values:
                return
        plan_field = BY_KEY[key]
        attribute, precision = plan_field.attribute, plan_field.precision_attribute
        day = written.last_day if plan_field.ends else written.first_day
        old = (getattr(project, attribute), getattr(project, precision))
        if old != (day, written.precision):
            old_text = str(PartialDate.from_stored(*old) or "")
            self._write(outcome, key, {attribute: day, precision: str(written.precision.value)}, old_text, str(written))

    @staticmethod
    def _moves_stage(outcome):
        """A project that leaves 计划新开工 in this very row starts on the day that was its planned one until now."""
        stage = outcome.row.values.get("stage")
        return bool(stage) and (
            outcome.project.stage != stage or any(change["key"] == "stage" for change in outcome.changes)
        )

    def _start_key(self, outcome, written):
        """Planned or actual by the stage; a day to come is never an actual start when the stage does not say so."""
        stage = outcome.row.values.get("stage") or outcome.row.derived.get("stage") or outcome.project.stage
        if written.first_day > self.today:
            if not stage:
                return "planned_start"
            if start_field(stage).key == "started":
                self._warn(outcome.row, "start", f"开工时间 {written} 还没有到，项目阶段却是已开工，请核对。")
        return start_field(stage).key

    def _period(self, outcome, period):
        """A period is a plan. It does not coarsen dates that are known better, and columns of their own come first."""
        project, row = outcome.project, outcome.row
        if not {"start", "planned_start", "started"} & row.values.keys() and not _covers(
            period.start, project.planned_start, project.started_on
        ):
            self._date(outcome, "planned_start", period.start)
        if "planned_finish" not in row.values and not _covers(
            period.finish, project.planned_finish, project.finished_on
        ):
            self._date(outcome, "planned_finish", period.finish)

    def _set_unit(self, outcome, name):
        unit = self.register.units.get(name_key(name))
        if unit is None:
            unit = Unit(county=self.register.county, name=name, kind=_unit_kind(name))
            self.register.units[name_key(name)] = self.result.new_units[name] = unit
        self._point_to(outcome, "unit", outcome.project, unit)

    def _set_leader(self, outcome, name):
        leader = self.register.leaders.get(name_key(name))
        if leader is None:
            leader = Leader(county=self.register.county, name=name, post=outcome.row.values.get("leader_post", ""))
            self.register.leaders[name_key(name)] = self.result.new_leaders[name] = leader
        self._point_to(outcome, "leader", outcome.plan, leader)

    def _point_to(self, outcome, key, target, value):
        old_pk = getattr(target, f"{key}_id")
        if old_pk is not None and old_pk == value.pk:
            return
        known = self.register.units if key == "unit" else self.register.leaders
        old = next((item.name for item in known.values() if item.pk is not None and item.pk == old_pk), "")
        self._write(outcome, key, {key: value}, old, value.name)

    def _clear(self, outcome):
        for key in outcome.row.empty - outcome.row.values.keys() - outcome.row.derived.keys():
            plan_field = BY_KEY.get(key)
            if plan_field is None or not plan_field.is_writable or key in {"name", "state", "seq"}:
                continue
            target = outcome.project if plan_field.on_project else outcome.plan
            model_field = type(target)._meta.get_field(plan_field.attribute)
            old, blank = getattr(target, model_field.attname), None if model_field.null else ""
            if old not in (None, ""):
                cleared = {plan_field.attribute: blank}
                if plan_field.precision_attribute:
                    cleared[plan_field.precision_attribute] = ""
                shown = (
                    str(getattr(target, plan_field.attribute)) if model_field.is_relation else written(plan_field, old)
                )
                self._write(outcome, key, cleared, shown, "")

    def _keep(self, outcome):
        kept = outcome.plan.extra
        merged = {**kept, **outcome.row.extra}
        for header, text in outcome.row.extra.items():
            if kept.get(header) != text:
                outcome.changes.append(change(header, header, kept.get(header, ""), text))
        if merged != kept:
            outcome.plan.extra = merged
            outcome.plan_fields.add("extra")

    def _parent(self, outcome):
        parent = self.outcome_of_row.get(id(outcome.row.parent)) if outcome.row.parent else None
        if parent is None:
            return
        if outcome.project.parent_id is None or outcome.project.parent_id != parent.project.pk:
            self._write(outcome, "parent", {"parent": parent.project}, "", parent.project.name)
        if outcome.plan.part_of_id is None or outcome.plan.part_of_id != parent.plan.pk:
            outcome.plan.part_of = parent.plan
            outcome.plan_fields.add("part_of")
            if not any(change["key"] == "parent" for change in outcome.changes):
                outcome.changes.append(change("part_of", "所属打包项目", "", parent.project.name))
        if not parent.project.bundle:
            bundle = Bundle.PHASED if "期" in outcome.project.name else Bundle.PACKAGE
            self._write(parent, "bundle", {"bundle": bundle}, "", bundle.label)

    def _write(self, outcome, key, attributes, old, new):
        plan_field = BY_KEY.get(key)
        on_project = plan_field.on_project if plan_field else True
        target, fields = (
            (outcome.project, outcome.project_fields) if on_project else (outcome.plan, outcome.plan_fields)
        )
        for attribute, value in attributes.items():
            setattr(target, attribute, value)
        fields.update(attributes)
        label = plan_field.label if plan_field else {"parent": "上级项目", "bundle": "下级项目是"}[key]
        outcome.changes.append(change(key, label, old, new))

    def _check(self, outcome):
        row = outcome.row
        for key, message in row_problems(outcome.project, outcome.plan).items():
            column = row.columns.get(key) or row.columns.get(_FALLBACK_COLUMNS.get(key)) or row.columns.get("period")
            self._error(row, column, message, _as_written(row, column))
        if not outcome.is_new_plan and outcome.plan.state not in STATES_IN_PLAN and "state" not in row.values:
            self._warn(row, "name", f"这个项目在系统里已{PlanState(outcome.plan.state).label}，导入不改变这一状态。")

    def _missing(self):
        """Rows of the year's plan that the file does not mention: listed, never touched."""
        present = set(self.matcher.row_of_project)
        plans = self.register.plans
        self.result.missing = [
            self.register.projects[pk].name
            for pk, plan in plans.items()
            if pk not in present and plan.state in STATES_IN_PLAN
        ]

    def _error(self, row, column, message, value=""):
        self.result.errors.append(row_issue(row, column, message, value))

    def _warn(self, row, key, message):
        self.result.warnings.append(row_issue(row, row.columns.get(key), message, row.name))


def _covers(written, *days):
    """Whether one of the known days lies in the written period. Nothing written asks for nothing."""
    return written is None or any(day is not None and written.first_day <= day <= written.last_day for day in days)


def _unit_kind(name):
    for ending, kind in (("镇", Unit.Kind.TOWNSHIP), ("乡", Unit.Kind.TOWNSHIP), ("开发区", Unit.Kind.ZONE)):
        if name.removesuffix("人民政府").removesuffix("政府").removesuffix("管委会").endswith(ending):
            return kind
    return Unit.Kind.COMPANY if "公司" in name or "集团" in name else Unit.Kind.BUREAU


def names_with_near(new, known):
    """[{name, near}] of what would be added, with existing names that it may be a misspelling of."""
    existing = [item.name for item in known.values() if item.pk is not None]
    by_initial = defaultdict(list)
    for name in existing:
        by_initial[name[:1]].append(name)
    return [
        {"name": name, "near": near_matches(name, existing if len(new) < 100 else by_initial[name[:1]])} for name in new
    ]


def _as_written(row, column):
    """The value that was read from the column, for the reader to find it again."""
    key = next((key for key, own in row.columns.items() if own is column), None)
    value = row.values.get(key)
    return "" if value is None else written(BY_KEY[key], value) if key in BY_KEY else str(value)
