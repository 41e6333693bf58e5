"""What stands in the way of issuing a report, and what a reader of it should know is missing. Sentences in Chinese."""

from inspections import rounds
from inspections.models import Round
from inspections.models.rounds import RoundState
from portfolio.as_of import reading
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.register import COUNTED


def obstacles(county, period, day, today):
    """Why the report can't be issued; [] when it can."""
    wrong_day = list(_of_day(period, day, today))
    return [
        *(wrong_day or _of_plan(county, period, day, today)),
        *(_unscored(round_) for round_ in _rounds(county, period) if _has_unscored(round_)),
    ]


def _of_day(period, day, today):
    if day > today:
        yield f"截至日期 {day} 还没有到，请改为不晚于今天（{today}）的日期。"
    elif not period.holds(day):
        yield f"截至日期 {day} 早于{period.label}的第一天（{period.first_day}），请改正。"


def _of_plan(county, period, day, today):
    """A report of noughts tells nobody anything."""
    with reading(county, day if day < today else None):
        if not AnnualPlan.objects.filter(COUNTED, county=county, year=period.year).exists():
            yield f"截至 {day}，{period.year} 年计划里还没有项目。请先导入或登记项目，或改选年度、截至日期。"


def _rounds(county, period):
    if not period.is_quarter:
        return Round.objects.none()
    return rounds.of_quarter(county, period.year, period.number)


def _has_unscored(round_):
    return round_.stops.filter(sheets__isnull=True).exists()


def _unscored(round_):
    stops = rounds.results(round_).unscored
    names = "、".join(str(stop) for stop in stops)
    remedy = "请评委评分后再签发，或从路线中移除。"
    if round_.state == RoundState.PLANNED:
        remedy = "这次观摩还在筹备：请开始评分，或移除这些观摩点，不办了的请删去这次观摩。"
    return f"“{round_}”还有 {len(stops)} 个观摩点没有评分：{names}。{remedy}"


def gaps(county, period, day):
    """What is not in the report yet: it may be issued all the same."""
    if day < period.last_day:
        yield f"{period.label}还没有结束（{period.last_day}），报告只到 {day}。"
    yield from _gaps_of_rounds(county, period)
    drafts = WeeklyDispatch.objects.filter(county=county, year=period.year).exclude(pk__in=_published(county, period))
    if waiting := drafts.count():
        yield f"{period.year} 年有 {waiting} 份周报是草稿或已退回，不在报告的数字中。"


def _gaps_of_rounds(county, period):
    told = list(_rounds(county, period))
    if period.is_quarter and not told:
        yield f"{period.label}没有组织观摩，报告中没有观摩结果。"
    for round_ in told:
        if round_.state != RoundState.CLOSED:
            yield f"“{round_}”还没有结束，得分和名次可能变化。"
    if period.is_quarter:
        empty = Round.objects.filter(county=county, year=period.year, quarter=period.number, stops__isnull=True)
        for round_ in empty.order_by("starts_on", "pk"):
            yield f"“{round_}”的路线上还没有观摩点，不写入报告。"


def _published(county, period):
    return WeeklyDispatch.objects.published().filter(county=county, year=period.year).values("pk")
