"""Judging progress (design §5.4–5.7): one home of completion, the calendar's share, deviation, lights and start rates.

`annotated` says it of each plan in the database, so that it filters, sorts and counts; `judgement` puts it into words;
the pure functions say the same of sums. Percentages are unrounded (97.2 is 97.2 %), money is 万元, a day means its end.
"""

from portfolio.models.judging import Bucket, Light, Yardstick
from portfolio.progress.annotations import RegistrationState, annotated
from portfolio.progress.figures import (
    Rate,
    calendar_progress,
    completion,
    deviation,
    points,
    ratio,
)
from portfolio.progress.lapses import ReportAge, Slippage
from portfolio.progress.months import lapse, months_ago, months_elapsed, whole_months
from portfolio.progress.rules import DEFAULTS, Thresholds, rules_on, thresholds_of, version_on
from portfolio.progress.starts import StartRates, StartState, start_rates
from portfolio.progress.words import Judgement, judgement

__all__ = [
    "DEFAULTS",
    "Bucket",
    "Judgement",
    "Light",
    "Rate",
    "RegistrationState",
    "ReportAge",
    "Slippage",
    "StartRates",
    "StartState",
    "Thresholds",
    "Yardstick",
    "annotated",
    "calendar_progress",
    "completion",
    "deviation",
    "judgement",
    "lapse",
    "months_ago",
    "months_elapsed",
    "points",
    "ratio",
    "rules_on",
    "start_rates",
    "thresholds_of",
    "version_on",
    "whole_months",
]
