"""Judging progress: completion, the calendar's share, deviation, start rates and lights (design §5.4–5.7).

Pure rules: no database, the day is passed in and means its end. Percentages are unrounded Decimals (97.2 is 97.2 %), so
that a deviation is rounded once, where it is shown; money is 万元. Sources of the defaults: reference/domain.md §3
(Yinchuan 2025: 10 and 30 percentage points, 3 months to start, 1 and 2 months to register; 入统 begins at 500 万元).
"""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models

from portfolio.figures import percent
from portfolio.models.register import STAGES_BEFORE_START, Registration, Stage
from portfolio.partial_dates import PartialDate

MONTHS = 12
HUNDRED = Decimal(100)


class Light(models.TextChoices):
    """A light is always a word and a shape beside its colour."""

    RED = "red", "严重滞后"
    YELLOW = "yellow", "滞后"
    GREY = "grey", "停缓建或无计划"
    GREEN = "green", "正常"

    @property
    def colour(self):
        return {"red": "红", "yellow": "黄", "grey": "灰", "green": "绿"}[self.value]

    @property
    def shape(self):
        return {"red": "■", "yellow": "▲", "grey": "○", "green": "●"}[self.value]

    @property
    def severity(self):
        """0 is the worst. What cannot be judged stands before green: not known is never well."""
        return list(Light).index(self)


@dataclass(frozen=True)
class Thresholds:
    """Where the lights change; percentage points and months. A value on the border belongs to the milder light."""

    yellow_points: Decimal = Decimal(10)
    red_points: Decimal = Decimal(30)
    start_red_months: int = 3
    registration_yellow_months: int = 1
    registration_red_months: int = 2
    registration_from: Decimal = Decimal(500)
    # 惠东 2022 measured itself against 120 % of its year plan.
    year_factor: Decimal = Decimal(1)


DEFAULTS = Thresholds()


# Money against plan and calendar


def ratio(part, whole):
    """`part` as a percentage of `whole`; None where either is missing or there is no whole."""
    return Decimal(part) * HUNDRED / Decimal(whole) if part is not None and whole else None


def completion(ytd, planned):
    """投资完成率: may exceed 100; None without a plan, or with nothing reported."""
    return ratio(ytd, planned)


def months_elapsed(year, day):
    """Whole months of `year` that have passed at the end of `day`: 5 on 31 May, 4 on the day before."""
    if day.year != year:
        return MONTHS if day.year > year else 0
    return day.month if day.day == calendar.monthrange(year, day.month)[1] else day.month - 1


def calendar_progress(year, day, factor=Decimal(1)):
    """序时进度 by the calendar: whole months passed ÷ 12."""
    return months_elapsed(year, day) * HUNDRED * factor / MONTHS


def expected_progress(year, day, monthly_targets=None, factor=Decimal(1)):
    """序时进度 of a plan: its own monthly targets ({month: 万元}) up to the day ÷ their total, else the calendar's."""
    total = sum((monthly_targets or {}).values())
    if not total:
        return calendar_progress(year, day, factor)
    passed = months_elapsed(year, day)
    return ratio(sum(amount for month, amount in monthly_targets.items() if month <= passed), total)


def deviation(completed, expected):
    """Percentage points ahead (+) or behind (−); None where there is no completion."""
    return None if completed is None or expected is None else completed - expected


def points(value):
    """How a deviation is told: 超前 13.8 个百分点, 落后 1.6 个百分点, 与序时持平."""
    if value is None:
        return "—"
    told = percent(abs(value)).removesuffix("%")
    if Decimal(told) == 0:
        return "与序时持平"
    return f"{'超前' if value > 0 else '落后'} {told} 个百分点"


# Starts


@dataclass(frozen=True)
class Rate:
    """A rate with its parts: `of` names the denominator, without which a rate means nothing."""

    of: str
    part: int
    whole: int

    @property
    def percent(self):
        return ratio(self.part, self.whole)


@dataclass(frozen=True)
class StartRates:
    """开工率 by its three customary denominators; starts ahead of plan stand apart and raise none of the first."""

    due: Rate
    planned: Rate
    everything: Rate
    ahead: int


def start_rates(rows, year, day):
    """`rows` are `Facts` of the plans that count."""
    rows = list(rows)
    new = [facts for facts in rows if facts.is_new_in(year)]
    due = [facts for facts in new if is_due_to_start(facts, day)]
    started = [facts for facts in new if facts.has_started(day)]
    return StartRates(
        due=Rate("截至当日应开工", sum(facts.has_started(day) for facts in due), len(due)),
        planned=Rate("全年计划新开工", len(started), len(new)),
        everything=Rate("全部项目", sum(facts.has_started(day) for facts in rows), len(rows)),
        ahead=sum(not is_due_to_start(facts, day) for facts in started),
    )


def is_due_to_start(facts, day):
    """A start planned for a month is due when the month is over; one planned for a day, on the day after."""
    return facts.planned_start is not None and facts.planned_start.last_day < day


def whole_months(since, day):
    """Whole months from `since` to `day`: 31 March to 30 June are three."""
    months = (day.year - since.year) * MONTHS + day.month - since.month
    last = calendar.monthrange(day.year, day.month)[1]
    return max(0, months - (day.day < min(since.day, last)))


def lapse(since, day):
    """3个月, or 21天 within the first month."""
    months = whole_months(since, day)
    return f"{months}个月" if months else f"{(day - since).days}天"


# Lights


@dataclass(frozen=True)
class Facts:
    """What of a plan and its project the lights look at, as known on a day. Money in 万元."""

    year: int
    planned: Decimal | None = None
    ytd: Decimal | None = None
    total: Decimal | None = None
    stage: str = ""
    registration: str = ""
    planned_start: PartialDate | None = None
    started: PartialDate | None = None
    finished: PartialDate | None = None
    paused_on: dt.date | None = None
    monthly_targets: dict = field(default_factory=dict)

    def has_started(self, day):
        if self.started is not None:
            return self.started.first_day <= day
        return self.stage in {Stage.BUILDING, Stage.IN_OPERATION}

    def is_finished(self, day):
        return self.stage == Stage.IN_OPERATION or (self.finished is not None and self.finished.first_day <= day)

    def is_new_in(self, year):
        """One of the year's new starts (计划新开工): begun in it, or not begun and planned for it or longer ago."""
        if self.started is not None:
            return self.started.first_day.year == year
        if self.stage not in STAGES_BEFORE_START:
            return False
        return self.stage == Stage.PLANNED if self.planned_start is None else self.planned_start.first_day.year <= year


@dataclass(frozen=True)
class Finding:
    """What one rule says of a plan."""

    light: Light
    words: str


@dataclass(frozen=True)
class Judgement:
    """The light of a plan: the worst finding wins, and all that are as bad are told.

    `expected` is None where money is not what the plan is judged by: before its start, paused, finished.
    """

    findings: tuple
    completed: Decimal | None
    expected: Decimal | None

    @property
    def light(self):
        return min((finding.light for finding in self.findings), key=lambda light: light.severity)

    @property
    def words(self):
        return "；".join(finding.words for finding in self.findings if finding.light == self.light)

    @property
    def reason(self):
        """红：应于2024-03开工，已逾期3个月."""
        return f"{self.light.colour}：{self.words}"

    @property
    def deviation(self):
        return deviation(self.completed, self.expected)


def judge(facts, day, thresholds=DEFAULTS):
    completed = completion(facts.ytd, facts.planned)
    if finding := _out_of_work(facts, day, thresholds):
        return Judgement((finding,), completed, None)
    expected = expected_progress(facts.year, day, facts.monthly_targets, thresholds.year_factor)
    found = [_money(facts, thresholds, completed, expected), _registration(facts, day, thresholds)]
    return Judgement(tuple(filter(None, found)), completed, expected)


def _out_of_work(facts, day, thresholds):
    """The finding on a project that is not under way; None for one that is."""
    if facts.is_finished(day):
        return Finding(Light.GREY, "已竣工或已投入使用")
    if facts.paused_on is not None:
        return Finding(Light.GREY, f"停缓建，自 {facts.paused_on}")
    return None if facts.has_started(day) else _start(facts, day, thresholds)


def _start(facts, day, thresholds):
    """A project that has not begun is judged by its start alone: no money is due before the start is."""
    if facts.planned_start is None:
        return Finding(Light.GREY, "未填计划开工时间，无法判断")
    if not is_due_to_start(facts, day):
        return Finding(Light.GREEN, f"计划{facts.planned_start}开工，未到时间")
    since = facts.planned_start.last_day
    light = Light.RED if whole_months(since, day) >= thresholds.start_red_months else Light.YELLOW
    return Finding(light, f"应于{facts.planned_start}开工，已逾期{lapse(since, day)}")


def _money(facts, thresholds, completed, expected):
    if not facts.planned:
        return Finding(Light.GREY, "未列年度计划投资，无法判断")
    if completed is None:
        return Finding(Light.GREY, "今年尚未报送完成投资，无法判断")
    behind = expected - completed
    light = Light.GREEN
    if behind > thresholds.yellow_points:
        light = Light.RED if behind > thresholds.red_points else Light.YELLOW
    return Finding(light, f"投资完成 {percent(completed)}，{_against(completed - expected, expected)}")


def _against(value, expected):
    """落后序时（41.7%）30.2 个百分点."""
    told = points(value)
    return told.replace("与序时", f"与序时（{percent(expected)}）").replace(" ", f"序时（{percent(expected)}）", 1)


def _registration(facts, day, thresholds):
    """A project below the statistical threshold need not register; an answer nobody gave is no finding."""
    if facts.registration != Registration.NOT_YET or facts.started is None:
        return None
    if facts.total is None or facts.total < thresholds.registration_from:
        return None
    since = facts.started.last_day
    months = whole_months(since, day) if since <= day else 0
    if months < thresholds.registration_yellow_months:
        return None
    light = Light.RED if months >= thresholds.registration_red_months else Light.YELLOW
    return Finding(light, f"{facts.started}开工，{months}个月未入统")
