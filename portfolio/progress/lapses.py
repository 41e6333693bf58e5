"""How long something has been waiting on a day, in the steps that lists are narrowed by: milestones, reports."""

from django.db.models import TextChoices

from portfolio.progress.months import months_ago
from portfolio.weeks import Week


class Slippage(TextChoices):
    """How long the earliest milestone that is past its day and not done has been so. The longest stands first."""

    QUARTER = "quarter", "逾期满 3 个月"
    MONTHS = "months", "逾期 1—3 个月"
    MONTH = "month", "逾期不满 1 个月"
    NO_NODES = "no_nodes", "未排节点"
    NONE = "none", "未逾期"

    @classmethod
    def of(cls, overdue_since, has_milestones, day):
        """Of a plan annotated for `day`: its `overdue_since` and `has_milestones`."""
        if overdue_since is None:
            return cls.NONE if has_milestones else cls.NO_NODES
        if overdue_since > months_ago(day, 1):
            return cls.MONTH
        return cls.MONTHS if overdue_since > months_ago(day, 3) else cls.QUARTER


class ReportAge(TextChoices):
    """In which week a plan was last reported on, counted back from the week of a day."""

    THIS_WEEK = "this_week", "本周"
    LAST_WEEK = "last_week", "上周"
    WEEKS = "weeks", "2–4 周前"
    OLDER = "older", "更早"
    NEVER = "never", "从未"

    @classmethod
    def of(cls, reported_on, day):
        """Of a plan's `reported_on`, None where nothing was reported."""
        if reported_on is None:
            return cls.NEVER
        weeks = (Week.of(day).monday - Week.of(reported_on).monday).days // 7
        if weeks <= 1:
            return cls.LAST_WEEK if weeks == 1 else cls.THIS_WEEK
        return cls.WEEKS if weeks <= 4 else cls.OLDER
