"""What looks unusual in a weekly report. A warning never stops anybody: it asks for a short explanation.

Pure: everything compared with is passed in. `portfolio.dispatch` and `portfolio.actions.dispatch` gather it.
"""

from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from portfolio.dispatch import week_investment
from portfolio.figures import percent, wan

ALIKE = 0.9  # from which share of equal text on two weeks count as the same words
LONGEST_COMPARED = 600  # characters; comparing is quadratic
QUIET_WEEKS = 3
QUARTER = Decimal("0.25")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Compared:
    """What a report is held against: the plan's figures (万元), the report before, and the one three weeks back."""

    planned: Decimal | None = None
    total: Decimal | None = None
    invested_before: Decimal | None = None
    previous: object = None
    three_weeks_ago: object = None
    reused_photos: tuple = ()


@dataclass(frozen=True)
class Warning:
    """`code` is stable, for counting; `field` is the box it stands beside; `text` is for reading."""

    code: str
    field: str
    text: str

    def as_dict(self):
        return {"code": self.code, "field": self.field, "text": self.text}


def warnings(report, compared):
    """[Warning] of a report as it stands. Boxes that are still empty warn of nothing."""
    checks = (_ytd_falls, _percent_falls, _above_total, _above_plan, _above_hundred, _big_week, _money_alone)
    found = [warning for check in checks if (warning := check(report, compared))]
    found += [warning for check in (_same_words, _quiet) if (warning := check(report, compared))]
    return found + [Warning("photo_reused", "photos", text) for text in compared.reused_photos]


def _pair(report, compared, name):
    """(now, before) of a figure; (None, None) unless both are there."""
    before = getattr(compared.previous, name, None)
    now = getattr(report, name)
    return (now, before) if now is not None and before is not None else (None, None)


def _ytd_falls(report, compared):
    now, before = _pair(report, compared, "ytd_investment")
    if now is not None and now < before:
        fall = f"比{_week_of(compared.previous)}的 {wan(before)} 万元少了 {wan(before - now)} 万元"
        return Warning("ytd_falls", "ytd_investment", f"累计 {wan(now)} 万元，{fall}。")
    return None


def _percent_falls(report, compared):
    now, before = _pair(report, compared, "works_percent")
    if now is not None and now < before:
        return Warning(
            "percent_falls",
            "works_percent",
            f"工程量 {_percent(now)}，低于{_week_of(compared.previous)}的 {_percent(before)}。",
        )
    return None


def _above_total(report, compared):
    if report.ytd_investment is None or not compared.total:
        return None
    since_start = report.ytd_investment + (compared.invested_before or 0)
    if since_start > compared.total:
        return Warning(
            "above_total",
            "ytd_investment",
            f"开工以来累计 {wan(since_start)} 万元，超过总投资 {wan(compared.total)} 万元。",
        )
    return None


def _above_plan(report, compared):
    if report.ytd_investment is None or not compared.planned or report.ytd_investment <= compared.planned:
        return None
    previous = getattr(compared.previous, "ytd_investment", None)
    if previous is not None and previous > compared.planned:
        return None  # said when the line was crossed
    rate = report.ytd_investment / compared.planned * HUNDRED
    return Warning(
        "above_plan", "ytd_investment", f"投资完成率 {percent(rate, 1)}，超过年度计划 {wan(compared.planned)} 万元。"
    )


def _above_hundred(report, compared):
    if report.works_percent is not None and report.works_percent > HUNDRED:
        return Warning("above_hundred", "works_percent", f"工程量 {_percent(report.works_percent)}，超过了 100%。")
    return None


def _big_week(report, compared):
    week = week_investment(report.ytd_investment, compared.previous)
    if week is None or compared.previous is None or not compared.planned:
        return None
    if week > compared.planned * QUARTER:
        return Warning(
            "big_week",
            "ytd_investment",
            f"本周完成 {wan(week)} 万元，超过年度计划 {wan(compared.planned)} 万元的四分之一。",
        )
    return None


def _money_alone(report, compared):
    now, before = _pair(report, compared, "works_percent")
    week = week_investment(report.ytd_investment, compared.previous)
    if now is not None and now == before and now < HUNDRED and week:
        return Warning("money_alone", "works_percent", f"本周完成 {wan(week)} 万元，工程量仍是 {_percent(now)}。")
    return None


def _same_words(report, compared):
    before = getattr(compared.previous, "progress", "")
    if report.no_change or not report.progress or not before:
        return None
    share = alike(report.progress, before)
    if share >= ALIKE:
        return Warning(
            "same_words",
            "progress",
            f"形象进度与{_week_of(compared.previous)}有 {int(share * 100)}% 相同，请写本周的进展。",
        )
    return None


def alike(one, other):
    """The share of equal text, 0–1, blanks aside."""
    one, other = ("".join(text.split())[:LONGEST_COMPARED] for text in (one, other))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _quiet(report, compared):
    if is_quiet(report, compared.three_weeks_ago):
        return Warning(
            "quiet", "ytd_investment", f"自{_week_of(compared.three_weeks_ago)}以来，投资和工程量都没有变化。"
        )
    return None


def is_quiet(report, earlier):
    """Nothing has moved since `earlier`, the published report that stood three weeks ago.

    What has not begun (no percentage yet) or is finished can't stand still.
    """
    if earlier is None or report.ytd_investment is None:
        return False
    if report.works_percent is None or report.works_percent >= HUNDRED:
        return False
    return (report.ytd_investment, report.works_percent) == (earlier.ytd_investment, earlier.works_percent)


def _week_of(report):
    return f"第{report.week}周"


def _percent(value):
    return percent(value, 0 if value == int(value) else 2)
