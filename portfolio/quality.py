"""The watch over data quality (数据质量): what in the published reports of a year is worth a second look.

`findings` is pure: one plan's reports in, findings out. What a single report is held against stands in
`portfolio.report_checks`; here it is read over the weeks, again for every reading, so that a correction of an earlier
week is judged too. A finding asks for a look; it accuses nobody.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from django.db.models import Min, TextChoices

from portfolio import dispatch
from portfolio.as_of import end_of_day
from portfolio.figures import percent, wan
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.dispatch import NoChange
from portfolio.report_checks import Compared, is_quiet, warnings
from portfolio.weeks import Week
from portfolio.year_reporting import Arrival, YearReporting

MONEY_ALONE_WEEKS = 2  # one week is what a percentage in whole points hides
PERCENT_ALONE_WEEKS = 4  # measured work is usually settled within a month
STANDSTILL_WEEKS = 4
ROUND = Decimal(100)  # 万元
ROUND_WEEKS = 5
# The week in which a quarter ends: so much of the year's plan at once, and so many times the quarter's usual week with
# money. Weeks without any say nothing of the pace: the first quarter has its winter.
QUARTER_SHARE = Decimal("0.1")
QUARTER_TIMES = 3
QUARTER_WEEKS = 3
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
# Nothing moves, and nobody has to see to it that it does.
IN_SEASON = frozenset({NoChange.HOLIDAY, NoChange.WINTER, NoChange.WEATHER, NoChange.DONE})
CENT = Decimal("0.01")
QUOTED = 24


class Kind(TextChoices):
    COPIED = "copied", "文字雷同"
    ROUND = "round", "每周都是整数"
    MONEY_ALONE = "money-alone", "有投资、工程量不动"
    PERCENT_ALONE = "percent-alone", "工程量在涨、没有投资"
    MONEY_JUMPS = "money-jumps", "一周投资突增"
    QUARTER_END = "quarter-end", "季末投资突增"
    PERCENT_FALLS = "percent-falls", "工程量倒退"
    MONEY_FALLS = "money-falls", "累计投资减少"
    STUCK = "stuck", "长期没有变化"
    ABOVE = "above", "超过计划、总投资或 100%"
    MISSING = "missing", "漏报"
    PHOTO_REUSED = "photo-reused", "照片重复使用"


# Warnings of a single report that are findings as they stand.
BY_CODE = {
    "percent_falls": Kind.PERCENT_FALLS,
    "ytd_falls": Kind.MONEY_FALLS,
    "big_week": Kind.MONEY_JUMPS,
    "above_plan": Kind.ABOVE,
    "above_total": Kind.ABOVE,
    "above_hundred": Kind.ABOVE,
    "photo_reused": Kind.PHOTO_REUSED,
}
# Once true they stay true: one finding, however many weeks.
LASTING = frozenset({"above_total", "above_hundred"})


@dataclass(frozen=True)
class Finding:
    """`first` and `last` are week numbers of the plan's year; `explanation` is what the reporter said of it."""

    plan: AnnualPlan
    kind: Kind
    first: int
    last: int
    reason: str
    explanation: str = ""

    @property
    def is_explained(self):
        return bool(self.explanation)

    @property
    def week(self):
        return Week(self.plan.year, self.last)

    @property
    def weeks_label(self):
        return f"第{self.first}周" if self.first == self.last else f"第{self.first}–{self.last}周"


def findings(plan, reports, missing=(), photos=None):
    """[Finding] of one plan. `reports` are its published ones of the year, by week; `missing` the numbers of the weeks
    without a report that was due; `photos` {report pk: (text, …)} as of `dispatch.reused_photos`.
    """
    warned = _warned(plan, reports, photos or {})
    return [
        *_single(plan, warned),
        *_copied(plan, warned["same_words"]),
        *_money_alone(plan, reports, warned["money_alone"]),
        *_percent_alone(plan, reports),
        *_round(plan, reports),
        *_quarter_end(plan, reports),
        *_stuck(plan, reports),
        *_missing(plan, missing),
    ]


def _finding(plan, kind, reports, reason, explanation=""):
    explanations = dict.fromkeys(report.explanation for report in reports if report.explanation)
    words = explanation or "；".join(explanations)
    return Finding(plan, kind, reports[0].week, reports[-1].week, reason, words)


def _with_previous(reports):
    """[(report, the published one before it)]; the year's first has none to be compared with."""
    return [(now, before) for before, now in pairwise(reports)]


# Read off the warnings


def _warned(plan, reports, photos):
    """{code: [(report, its place in the row, text)]}"""
    found = defaultdict(list)
    for place, report in enumerate(reports):
        compared = Compared(
            planned=plan.planned_investment,
            total=plan.project.total_investment,
            invested_before=plan.invested_before,
            previous=reports[place - 1] if place else None,
            reused_photos=photos.get(report.pk, ()),
        )
        for warning in warnings(report, compared):
            found[warning.code].append((report, place, warning.text))
    return found


def _runs(warned):
    """[[report]] of reports that follow each other and warn alike."""
    runs = groupby(enumerate(warned), key=lambda item: item[1][1] - item[0])
    return [[report for _, (report, _, _) in run] for _, run in runs]


def _single(plan, warned):
    for code, kind in BY_CODE.items():
        texts = {report.pk: text for report, _, text in warned[code]}
        if code in LASTING:
            yield from (_finding(plan, kind, run, texts[run[-1].pk]) for run in _runs(warned[code]))
        else:
            yield from (_finding(plan, kind, [report], text) for report, _, text in warned[code])


def _copied(plan, warned):
    for run in _runs(warned):
        reason = f"形象进度连续 {len(run) + 1} 周相同或极相似：“{_quoted(run[-1].progress)}”。"
        yield _finding(plan, Kind.COPIED, run, reason)


def _quoted(text):
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _money_alone(plan, reports, warned):
    before = {report.pk: previous for report, previous in _with_previous(reports)}
    for run in _runs(warned):
        if len(run) >= MONEY_ALONE_WEEKS:
            money = run[-1].ytd_investment - before[run[0].pk].ytd_investment
            reason = f"连续 {len(run)} 周完成 {wan(money)} 万元，工程量一直是 {_percent(run[-1])}。"
            yield _finding(plan, Kind.MONEY_ALONE, run, reason)


def _percent(report):
    value = report.works_percent
    return percent(value, 0 if value == int(value) else 2)


# Read off the row of weeks


def _percent_alone(plan, reports):
    """The percentage rises in several weeks while the year-to-date stays."""
    for ytd, standing in groupby(reports, key=lambda report: report.ytd_investment):
        standing = [report for report in standing if report.works_percent is not None]
        risen = [now for now, before in _with_previous(standing) if now.works_percent > before.works_percent]
        if ytd is not None and len(risen) >= PERCENT_ALONE_WEEKS:
            rise = f"工程量由 {_percent(standing[0])} 涨到 {_percent(risen[-1])}"
            reason = f"{rise}（{len(risen)} 周在涨），累计投资一直是 {wan(ytd)} 万元。"
            yield _finding(plan, Kind.PERCENT_ALONE, risen, reason)


def _weeks_with_money(reports):
    """[(report, 万元)] of the weeks that brought any; the year's first report may bring several weeks at once."""
    found = ((now, dispatch.week_investment(now.ytd_investment, before)) for now, before in _with_previous(reports))
    return [(report, money) for report, money in found if money and money > 0]


def _round(plan, reports):
    for is_round, weeks in groupby(_weeks_with_money(reports), key=lambda pair: pair[1] % ROUND == 0):
        run = [report for report, _ in weeks]
        if is_round and len(run) >= ROUND_WEEKS:
            reason = f"有投资的 {len(run)} 周，每周都正好是 {wan(ROUND)} 万元的整数倍。"
            yield _finding(plan, Kind.ROUND, run, reason)


def _quarter_end(plan, reports):
    money = {report.week: (report, money) for report, money in _weeks_with_money(reports)}
    for weeks in _quarters(plan.year):
        usual = [money[week][1] for week in weeks[:-1] if week in money]
        if weeks[-1] not in money or len(usual) < QUARTER_WEEKS or not plan.planned_investment:
            continue
        report, at_once = money[weeks[-1]]
        mean = (sum(usual) / len(usual)).quantize(CENT)
        if at_once >= plan.planned_investment * QUARTER_SHARE and at_once > QUARTER_TIMES * mean:
            before = f"本季度此前有投资的 {len(usual)} 周，平均每周 {wan(mean)} 万元"
            yield _finding(plan, Kind.QUARTER_END, [report], f"季末一周完成 {wan(at_once)} 万元；{before}。")


def _quarters(year):
    """[range of week numbers] of the quarters, each ending with the week in which its last day lies, if of the year."""
    first, found = 1, []
    for month, day in QUARTER_ENDS:
        last = Week.of(dt.date(year, month, day))
        number = last.number if last.year == year else Week.last_of(year).number
        found.append(range(first, number + 1))
        first = number + 1
    return found


def _stuck(plan, reports):
    """Neither money nor percentage moves, for reasons that somebody should see to."""
    standing = []
    for now, before in [*_with_previous(reports), (None, None)]:
        if now is not None and is_quiet(now, before):
            standing += [now] if now.no_change not in IN_SEASON else []
            continue
        if len(standing) >= STANDSTILL_WEEKS:
            yield _standstill(plan, standing)
        standing = []


def _standstill(plan, standing):
    last = standing[-1]
    reason = f"{len(standing)} 周没有变化：累计投资 {wan(last.ytd_investment)} 万元，工程量 {_percent(last)}。"
    causes = dict.fromkeys(report.get_no_change_display() for report in standing if report.no_change)
    words = dict.fromkeys(report.explanation for report in standing if report.explanation)
    return _finding(plan, Kind.STUCK, standing, reason, "；".join([*causes, *words]))


def _missing(plan, numbers):
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda item: item[1] - item[0]):
        weeks = [number for _, number in run]
        reason = "应报未报。" if len(weeks) == 1 else f"连续 {len(weeks)} 周应报未报。"
        yield Finding(plan, Kind.MISSING, weeks[0], weeks[-1], reason)


# Reading a year


def of_year(county, year, day=None):
    """[Finding] of the county's year, the newest first. A handful of queries, whatever the number of plans.

    A past `day` is read inside `as_of.reading`; reports are then due by it, and photos are those that are there today.
    """
    reports = _reports(county, year)
    missing = _missing_weeks(county, year, day, reports)
    published = WeeklyDispatch.objects.published().filter(county=county, year=year)
    photos = dispatch.reused_photos(published)
    plans = AnnualPlan.objects.filter(county=county, year=year).select_related("project__unit")
    found = [
        finding
        for plan in plans
        for finding in findings(plan, reports.get(plan.pk, []), missing.get(plan.pk, ()), photos)
    ]
    return sorted(found, key=lambda one: (-one.last, -one.first, one.plan.project.name, one.plan.pk))


def _reports(county, year):
    """{plan pk: [published report], by week}"""
    found = defaultdict(list)
    for report in WeeklyDispatch.objects.published().filter(county=county, year=year).order_by("week", "pk"):
        found[report.plan_id].append(report)
    return found


def _missing_weeks(county, year, day, reports):
    """{plan pk: [week number]} of the weeks that are over.

    A week is missed by a unit, from the first that began with the plan in the table.
    """
    read = YearReporting(county, year, day, published=[report for own in reports.values() for report in own])
    can_miss = _since(AnnualPlan.objects.filter(county=county, year=year, project__unit__isnull=False))
    found = defaultdict(list)
    for number in read.weeks_due:
        monday = end_of_day(Week(year, number).monday)
        for plan in read.due(number):
            is_missing = read.arrival(plan, number) == Arrival.MISSING
            if is_missing and plan in can_miss and can_miss[plan] <= monday:
                found[plan].append(number)
    return found


def _since(plans):
    """{plan pk: the moment its row came into the table}"""
    records = AnnualPlan.history.filter(id__in=plans.values("pk")).order_by()
    return dict(records.values("id").annotate(since=Min("history_date")).values_list("id", "since"))
