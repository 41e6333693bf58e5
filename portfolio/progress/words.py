"""What the rules found of a plan, in words: 红：应于2024-03开工，已逾期3个月."""

from dataclasses import dataclass
from decimal import Decimal

from portfolio.figures import percent
from portfolio.models.judging import Bucket, Light
from portfolio.partial_dates import PartialDate
from portfolio.progress.figures import points
from portfolio.progress.months import lapse, whole_months


@dataclass(frozen=True)
class Judgement:
    """The light of a plan on a day, with all findings that are as bad.

    `completed`, `expected` (percent) and `deviation` (points): the latter two are None where money is not what the plan
    is judged by.
    """

    bucket: Bucket
    completed: Decimal | None
    expected: Decimal | None
    deviation: Decimal | None
    words: str

    @property
    def light(self):
        return self.bucket.light

    @property
    def reason(self):
        return f"{self.light.colour}：{self.words}"


def judgement(plan, day):
    """Of a plan with its project, annotated for that day (portfolio.progress.annotated)."""
    return Judgement(Bucket(plan.bucket), plan.completion, plan.expected, plan.deviation, _words(plan, day))


def _words(plan, day):
    match Bucket(plan.bucket):
        case Bucket.FINISHED:
            return "已竣工或已投入使用"
        case Bucket.PAUSED:
            return f"停缓建，自 {plan.paused_on}"
    return _under_way(plan, day) if plan.has_started else _waiting(plan, day)


def _waiting(plan, day):
    planned = _date(plan.project, "planned_start")
    if planned is None:
        return "未填计划开工时间，无法判断"
    if not plan.is_due_to_start:
        return f"计划{planned}开工，未到时间"
    return f"应于{planned}开工，已逾期{lapse(planned.last_day, day)}"


def _under_way(plan, day):
    light = Bucket(plan.bucket).light
    found = [(Bucket(plan.money_bucket).light, _money(plan)), (plan.registration_light, _registration(plan, day))]
    return "；".join(words for its_light, words in found if its_light == light)


def _money(plan):
    match plan.money_bucket:
        case Bucket.NO_PLAN:
            return "未列年度计划投资，无法判断"
        case Bucket.NOT_REPORTED:
            return "今年尚未报送完成投资，无法判断"
    return f"投资完成 {percent(plan.completion)}，{_against(plan.deviation, plan.expected)}"


def _against(deviation, expected):
    """落后序时（41.7%）30.2 个百分点."""
    told = points(deviation)
    return told.replace("与序时", f"与序时（{percent(expected)}）").replace(" ", f"序时（{percent(expected)}）", 1)


def _registration(plan, day):
    if plan.registration_light not in {Light.RED, Light.YELLOW}:
        return ""
    started = _date(plan.project, "started_on")
    return f"{started}开工，{whole_months(started.last_day, day)}个月未入统"


def _date(project, attribute):
    return PartialDate.from_stored(getattr(project, attribute), getattr(project, f"{attribute}_precision"))
