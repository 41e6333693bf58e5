"""资金: where a project's money is to come from, what of it has arrived (到位) and what was paid (支付); 万元, exact.

For a past day, inside `as_of.reading(county, day)`: the planned amounts are those known then; of the flows, those of
that day and before, as noted by then. A flow that was deleted since is missing from the past too.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from portfolio.as_of import end_of_day
from portfolio.models.permits import FundFlow, FundKind, FundSource
from portfolio.money import exact_sum
from portfolio.project_rows import ProjectRow, of_counted_plans


class FundState(models.TextChoices):
    """How far the money of a source has come; always a word and a shape."""

    NOTHING = "nothing", "未到位"
    PARTLY = "partly", "部分到位"
    ARRIVED = "arrived", "已到位"
    UNPLANNED = "unplanned", "未填计划"

    @property
    def shape(self):
        return {"nothing": "■", "partly": "▲", "arrived": "●", "unplanned": "·"}[self.value]

    @property
    def style(self):
        return {"nothing": "state-bad", "partly": "state-warn", "arrived": "state-good"}.get(self.value, "")


@dataclass(frozen=True)
class FundRow(ProjectRow):
    """One source (`row`, a FundSource) of a project's money with its `flows` until `day`."""

    flows: tuple = ()

    @property
    def planned(self):
        return self.row.planned

    @property
    def arrived(self):
        return exact_sum(flow.amount for flow in self.flows if flow.kind == FundFlow.Kind.ARRIVED)

    @property
    def paid(self):
        return exact_sum(flow.amount for flow in self.flows if flow.kind == FundFlow.Kind.PAID)

    @property
    def gap(self):
        """What of the plan has not arrived; never below 0; None without a plan."""
        return None if self.planned is None else max(self.planned - self.arrived, Decimal(0))

    @property
    def is_paid_beyond(self):
        """More was paid than has arrived: somebody advanced it, or an arrival is not noted."""
        return self.paid > self.arrived

    @property
    def state(self):
        if self.planned is None:
            return FundState.UNPLANNED
        if not self.gap:
            return FundState.ARRIVED
        return FundState.PARTLY if self.arrived else FundState.NOTHING


@dataclass(frozen=True)
class FundSum:
    """万元 of several sources. `gap` counts each source by itself: what one has too much of fills no other's gap."""

    rows: int
    planned: Decimal
    arrived: Decimal
    arrived_of_plan: Decimal  # what has arrived of the sources whose plan is known: the part of a rate
    paid: Decimal
    gap: Decimal

    @classmethod
    def of(cls, rows):
        return cls(
            rows=len(rows),
            planned=exact_sum(row.planned for row in rows),
            arrived=exact_sum(row.arrived for row in rows),
            arrived_of_plan=exact_sum(row.arrived for row in rows if row.planned is not None),
            paid=exact_sum(row.paid for row in rows),
            gap=exact_sum(row.gap for row in rows),
        )


def of_project(project, day):
    """[FundRow] of one project in the order of the sources, in two queries."""
    sources = _with_flows(FundSource.objects.filter(project=project), day)
    return [_row(project, source, day) for source in sorted(sources, key=_place)]


def of_county(county, year, day):
    """[FundRow] of the counted plans of `year`, in the order of the plan table, in three queries."""
    found = of_counted_plans(_with_flows(FundSource.objects.all(), day), county, year)
    return [_row(plan.project, source, day, plan) for plan, sources in found for source in sorted(sources, key=_place)]


def by_kind(rows):
    """[(FundKind, FundSum)] of the kinds that there are, in the order of the list."""
    found = [(kind, [row for row in rows if row.row.kind == kind]) for kind in FundKind]
    return [(kind, FundSum.of(of_kind)) for kind, of_kind in found if of_kind]


def faults(values, project, today):
    """A source contradicts nothing by itself: whether it is there already is asked of the project's rows."""
    return {}


def flow_faults(day, amount, today):
    """{field: what is wrong, in Chinese} of a flow about to be written."""
    found = {}
    if day > today:
        found["day"] = f"日期 {day} 还没有到，请在资金到位或支付后登记。"
    if amount <= 0:
        found["amount"] = "金额应大于 0；登记错了的，请删除那一笔。"
    return found


def told(source):
    """专项债 计划 5000.00 万元"""
    planned = "未填计划" if source.planned is None else f"计划 {source.planned} 万元"
    return f"{source.get_kind_display()} {planned}"


def why_it_stays(source):
    """Why the source can't be deleted; empty where it can."""
    count = source.flows.count()
    return f"{source.get_kind_display()}已有 {count} 笔到位或支付记录，不能删除。请先删除这些记录。" if count else ""


def _with_flows(sources, day):
    flows = FundFlow.objects.filter(day__lte=day, noted_at__lte=end_of_day(day)).select_related("noted_by")
    return sources.prefetch_related(models.Prefetch("flows", flows.order_by("day", "pk"), to_attr="flows_until"))


def _row(project, source, day, plan=None):
    return FundRow(project, source, day, plan, tuple(source.flows_until))


def _place(source):
    return FundKind.values.index(source.kind)
