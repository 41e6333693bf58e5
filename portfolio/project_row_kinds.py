"""What the rows of a project have in common when they are written, and what is peculiar to each model."""

from collections.abc import Callable
from dataclasses import dataclass

from portfolio import factors, funds, outcomes, services
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import FactorNeed, FundSource, ServiceRequest


@dataclass(frozen=True)
class RowKind:
    """`once`: the fields that only one row of a project may share. `faults(values, project, today)` is {field: why}."""

    label: str
    told: Callable
    faults: Callable
    once: tuple = ()
    already_there: str = ""
    why_it_stays: Callable = lambda row: ""


KINDS = {
    FactorNeed: RowKind(
        "要素保障",
        factors.told,
        factors.faults,
        once=("factor", "detail"),
        already_there="这个项目已有同一要素、同一内容的一行，请修改那一行，或写明不同的内容。",
    ),
    FundSource: RowKind(
        "资金来源",
        funds.told,
        funds.faults,
        once=("kind",),
        already_there="这个项目已有这一资金来源，请修改那一行。",
        why_it_stays=funds.why_it_stays,
    ),
    ServiceRequest: RowKind("一站式服务", services.told, services.faults),
    Outcome: RowKind(
        "见效情况",
        outcomes.told,
        outcomes.faults,
        once=("kind", "detail"),
        already_there="这个项目已有同一指标、同一内容的一行，请修改那一行，或写明不同的内容。",
    ),
}
