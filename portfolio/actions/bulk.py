"""One value for many rows: worked out first, shown, and then written in one change set that can be undone."""

import copy
from dataclasses import dataclass

from django.db import transaction

from portfolio import plan_rows
from portfolio.actions import changes, register
from portfolio.models import AnnualPlan, ChangeSet


class RowsMoved(Exception):
    """Rows were changed by others since the preview; `names` are their projects. Nothing was written."""

    def __init__(self, names):
        self.names = names
        super().__init__(f"预览之后，{'、'.join(names[:5])}等 {len(names)} 项已被他人修改，请重新预览。")


@dataclass(frozen=True)
class RowChange:
    """What the new value would do to one row; `problem` says why it can't be written there."""

    plan: AnnualPlan
    before: str
    after: str
    problem: str = ""

    @property
    def is_change(self):
        return self.before != self.after

    @property
    def is_written(self):
        return self.is_change and not self.problem

    @property
    def token(self):
        """Row and versions as the preview showed them."""
        return f"{self.plan.pk}:{self.plan.row_version}:{self.plan.project.row_version}"


def _text(plan, column):
    def follow(path):
        value = plan
        for name in path.split("__"):
            value = getattr(value, name) if value is not None else None
        return value

    return plan_rows.text(column, {path: follow(path) for path in plan_rows.paths(column)})


def work_out(plans, column, value):
    """[RowChange] of giving `value` to `column` of each plan; writes nothing."""
    return [_row_change(plan, column, value) for plan in plans]


def _row_change(plan, column, value):
    new_plan, new_project = copy.copy(plan), copy.copy(plan.project)
    register.assign(new_project if column.on_project else new_plan, {column.attribute: value})
    new_plan.project = new_project
    before, after = _text(plan, column), _text(new_plan, column)
    problem = ""
    if before != after:
        problem = "；".join(register.row_faults(new_project, new_plan).values())
    return RowChange(plan, before, after, problem)


def rows(user, pks):
    """The plans of `pks` that this user may change, as on paper."""
    plans = AnnualPlan.objects.editable_by(user).filter(pk__in=pks)
    return (
        plans.with_project()
        .select_related("project__county", "project__parent", "part_of", "deputy_leader")
        .order_by("seq", "pk")
    )


@transaction.atomic
def apply(*, by, county, tokens, column, value):
    """Write what the preview showed: all rows that change and have no problem. None when nothing changes.

    `tokens` are those of the previewed rows; raises `RowsMoved` when a version is no longer the one previewed.
    """
    seen = {int(token.split(":")[0]): token for token in tokens}
    changes.take_turn(by.county_id)
    plans = list(rows(by, list(seen)).select_for_update(of=("self", "project"), no_key=True))
    worked_out = work_out(plans, column, value)
    moved = [change.plan.project.name for change in worked_out if seen[change.plan.pk] != change.token]
    if moved or len(plans) != len(seen):
        raise RowsMoved(moved or ["已删除的项目"])
    wanted = [change for change in worked_out if change.is_written]
    if not wanted:
        return None
    summary = f"{len(wanted)} 个项目的“{column.label}”改为“{wanted[0].after or '空'}”"
    change_set = changes.begin(ChangeSet.Kind.BULK, county=county, by=by, summary=summary)
    written = [change.plan.project if column.on_project else change.plan for change in wanted]
    names = {name for row in written for name in register.assign(row, {column.attribute: value})}
    changes.update(change_set, written, names)
    return change_set
