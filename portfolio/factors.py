"""要素保障: what each project needs of land, energy, water, people and so on, what it has, and what is missing.

Amounts are in the measure that the row names (亩, 吨标煤, 万元, 人): sums are taken of one factor and one measure only.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from portfolio.models.permits import Factor, FactorNeed
from portfolio.money import exact_sum
from portfolio.project_rows import ProjectRow, of_counted_plans


class FactorState(models.TextChoices):
    """Where a need stands, the worst first; always a word and a shape."""

    OVERDUE = "overdue", "逾期未落实"
    GAP = "gap", "有缺口"
    MET = "met", "已落实"

    @property
    def shape(self):
        return {"overdue": "■", "gap": "▲", "met": "●"}[self.value]

    @property
    def style(self):
        return {"overdue": "state-bad", "gap": "state-warn", "met": "state-good"}[self.value]


@dataclass(frozen=True)
class FactorRow(ProjectRow):
    """One need (`row`, a FactorNeed) of a project as on `day`."""

    @property
    def gap(self):
        """What is still missing, in the row's measure; never below 0."""
        return self.row.gap

    @property
    def days_late(self):
        """Days since it should have been secured; 0 where that day has not passed, or nothing is missing."""
        if not self.gap or self.row.due_on is None:
            return 0
        return max((self.day - self.row.due_on).days, 0)

    @property
    def state(self):
        if not self.gap:
            return FactorState.MET
        return FactorState.OVERDUE if self.days_late else FactorState.GAP


@dataclass(frozen=True)
class FactorSum:
    """What projects need and have of one factor, in one measure. `gap` counts each need by itself:
    what one project has too much of fills no other's gap. `detail` is told where it parts the sums."""

    factor: Factor
    measure: str
    rows: int
    needed: Decimal
    secured: Decimal
    gap: Decimal
    with_gap: int
    overdue: int
    detail: str = ""

    @classmethod
    def of(cls, factor, measure, detail, rows):
        states = [row.state for row in rows]
        return cls(
            factor=Factor(factor),
            measure=measure,
            rows=len(rows),
            needed=exact_sum(row.row.needed for row in rows),
            secured=exact_sum(row.row.secured for row in rows),
            gap=exact_sum(row.gap for row in rows),
            with_gap=len(rows) - states.count(FactorState.MET),
            overdue=states.count(FactorState.OVERDUE),
            detail=detail,
        )


def of_project(project, day):
    """[FactorRow] of one project, in one query."""
    needs = FactorNeed.objects.filter(project=project).select_related("unit").order_by("factor", "pk")
    return sorted((FactorRow(project, need, day) for need in needs), key=_place)


def of_county(county, year, day):
    """[FactorRow] of the counted plans of `year`, in the order of the plan table, in two queries."""
    found = of_counted_plans(FactorNeed.objects.select_related("unit"), county, year)
    return [FactorRow(plan.project, need, day, plan) for plan, needs in found for need in sorted(needs, key=_of_need)]


def sums(rows):
    """[FactorSum], one for each factor and measure, in the order of the factors; of 环境容量 one for each pollutant."""
    groups = defaultdict(list)
    for row in rows:
        groups[_summed_with(row.row)].append(row)
    order = sorted(groups, key=lambda key: (Factor.values.index(key[0]), key[1:]))
    return [FactorSum.of(*key, groups[key]) for key in order]


def _summed_with(need):
    """A ton of one pollutant is no ton of another."""
    return need.factor, need.measure, need.detail if need.factor == Factor.ENVIRONMENT else ""


def faults(values, project, today):
    """{field: what is wrong, in Chinese} of a need about to be written."""
    found = {}
    if values["factor"] == Factor.FUNDS and values["measure"] != "万元":
        found["measure"] = "资金的计量单位请填“万元”。"
    return found


def told(need):
    """用地 需要 120 亩，已落实 80"""
    detail = f"（{need.detail}）" if need.detail else ""
    return f"{need.get_factor_display()}{detail} 需要 {need.needed} {need.measure}，已落实 {need.secured}"


def _place(row):
    return _of_need(row.row)


def _of_need(need):
    return Factor.values.index(need.factor), need.pk
