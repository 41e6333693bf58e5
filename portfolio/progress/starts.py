"""开工率 by its three customary denominators (reference/domain.md §3)."""

from dataclasses import dataclass

from portfolio.progress.figures import Rate


@dataclass(frozen=True)
class StartRates:
    """Starts ahead of plan stand apart and raise none of the first."""

    due: Rate
    planned: Rate
    everything: Rate
    ahead: int


def start_rates(plans):
    """`plans` are annotated ones that count (portfolio.progress.annotated), read."""
    plans = list(plans)
    new = [plan for plan in plans if plan.is_new]
    due = [plan for plan in new if plan.is_due_to_start]
    started = [plan for plan in new if plan.has_started]
    return StartRates(
        due=Rate("截至当日应开工", sum(plan.has_started for plan in due), len(due)),
        planned=Rate("全年计划新开工", len(started), len(new)),
        everything=Rate("全部项目", sum(plan.has_started for plan in plans), len(plans)),
        ahead=sum(not plan.is_due_to_start for plan in started),
    )
