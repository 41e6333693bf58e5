"""开工率 by its three customary denominators (reference/domain.md §3)."""

from dataclasses import dataclass

from django.db.models import TextChoices

from portfolio.progress.figures import Rate


class StartState(TextChoices):
    """Where a plan stands with its start: what the rates below count, and what they leave out."""

    WAITING = "waiting", "应开工未开工"
    DUE_STARTED = "due_started", "应开工已开工"
    EARLY = "early", "提前开工或未填计划时间"
    COMING = "coming", "未到或未填计划开工时间"
    EARLIER = "earlier", "往年已开工"
    LATER = "later", "不属当年新开工"

    @classmethod
    def of(cls, is_new, is_due_to_start, has_started):
        """Of a plan annotated for a day."""
        if not is_new:
            return cls.EARLIER if has_started else cls.LATER
        if is_due_to_start:
            return cls.DUE_STARTED if has_started else cls.WAITING
        return cls.EARLY if has_started else cls.COMING


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
