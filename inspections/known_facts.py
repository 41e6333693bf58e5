"""What the register already knows of a question (known_by), so that an inspector confirms instead of asking again.

`KnownFacts` reads some plans at once: a constant number of queries, whatever the rows. Read it inside
`as_of.reading(county, day)` for a past day; photos and money flows, which have no history, are cut by their own days.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Max, Sum

from inspections.models import CheckAnswer
from portfolio import outcomes, permit_kinds, permits, progress
from portfolio.as_of import end_of_day
from portfolio.figures import percent, wan
from portfolio.models import AnnualPlan, Milestone, Photo, Problem
from portfolio.models.dispatch import PUBLISHED
from portfolio.models.outcomes import OutcomeKind
from portfolio.models.permits import FundFlow, FundSource, Permit, PermitPhase
from portfolio.models.register import Library, LocationKind
from portfolio.outcomes import OutcomeState
from portfolio.partial_dates import PartialDate
from portfolio.permits import Alarm, Standing
from portfolio.progress import Light, RegistrationState

YES, NO, NOT_NEEDED = CheckAnswer.Answer
NAMED = 4  # names in a sentence
FRESH = dt.timedelta(days=10)  # a weekly report that is older than this is not on time
LONGEST = CheckAnswer._meta.get_field("known").max_length


@dataclass(frozen=True)
class Known:
    """`answer` is yes, no or na, and empty where the register has facts but can't answer. `words` tell the facts."""

    answer: str = ""
    words: str = ""

    @property
    def label(self):
        return CheckAnswer.Answer(self.answer).label if self.answer else ""


NOTHING = Known()


def plans_read(county, year, day, plans):
    """The AnnualPlans of a queryset, all of `year`, as `KnownFacts` needs them.

    They are annotated by `progress.annotated`, with project, town, unit and leader.
    """
    plans = plans.select_related("project__town", "project__unit", "leader")
    return list(progress.annotated(plans, year, day, progress.rules_on(county, day)))


class KnownFacts:
    """Facts of `plans` (those of `plans_read`) at the end of `day`; `plans` is {pk: plan} from then on."""

    def __init__(self, county, day, plans):
        self.county, self.day = county, day
        self.plans = {plan.pk: plan for plan in plans}

    @classmethod
    def of_plan(cls, plan, day):
        found = plans_read(plan.county, plan.year, day, AnnualPlan.objects.filter(pk=plan.pk))
        return cls(plan.county, day, found)

    def of(self, plan_pk, known_by):
        """`Known` of one fact of one plan; `NOTHING` where the register knows nothing of it."""
        if known_by not in FACTS:
            return NOTHING
        known = FACTS[known_by].read(self, self.plans[plan_pk])
        return known if len(known.words) <= LONGEST else Known(known.answer, f"{known.words[: LONGEST - 1]}…")

    # What several facts are read from

    @cached_property
    def project_ids(self):
        return [plan.project_id for plan in self.plans.values()]

    @cached_property
    def kinds(self):
        return list(permit_kinds.in_use(self.county))

    @cached_property
    def permits(self):
        """{project: {kind: Permit}}."""
        return permits.permits_by_project(Permit.objects.filter(county=self.county, project__in=self.project_ids))

    def _cells(self, plan):
        """[portfolio.permits.Cell] of the kinds in use."""
        return permits.cells(plan.project, self.kinds, self.permits[plan.project_id], self.day)

    @cached_property
    def planned_funds(self):
        return self._sums(FundSource.objects, "project", "planned")

    @cached_property
    def arrived_funds(self):
        arrived = FundFlow.objects.filter(kind=FundFlow.Kind.ARRIVED, day__lte=self.day)
        return self._sums(arrived, "source__project", "amount")

    def _sums(self, rows, path, amount):
        """{project: 万元}."""
        rows = rows.filter(**{"county": self.county, f"{path}__in": self.project_ids})
        return dict(rows.order_by().values_list(path).annotate(sum=Sum(amount)))

    @cached_property
    def photos(self):
        """{plan: (number, latest day)} of the photos of its published reports."""
        photos = Photo.objects.filter(county=self.county, uploaded_at__lte=end_of_day(self.day)).order_by()
        photos = photos.filter(dispatch__plan__in=self.plans, dispatch__state__in=PUBLISHED)
        rows = photos.values_list("dispatch__plan").annotate(number=Count("pk"), latest=Max("uploaded_at"))
        return {plan: (number, latest) for plan, number, latest in rows}

    @cached_property
    def milestones(self):
        """{plan: its milestones, the earliest first}."""
        found = defaultdict(list)
        for each in Milestone.objects.filter(county=self.county, plan__in=self.plans).order_by("due", "pk"):
            found[each.plan_id].append(each)
        return found

    @cached_property
    def overdue_problems(self):
        """{project: how many}."""
        overdue = Problem.objects.filter(county=self.county, project__in=self.project_ids).overdue(self.day)
        return dict(overdue.order_by().values_list("project").annotate(number=Count("pk")))

    @cached_property
    def outcomes(self):
        """{project: [portfolio.outcomes.OutcomeRow]}."""
        return outcomes.of_plans(self.plans.values(), self.day)

    # The facts

    def permits_early(self, plan):
        cells = [cell for cell in self._cells(plan) if cell.kind.phase == PermitPhase.PLANNING]
        if all(cell.permit is None for cell in cells):
            return NOTHING
        left = [f"{cell.kind.short_name}{_permit_words(cell)}" for cell in cells if not cell.is_settled]
        return Known(NO, "、".join(left)) if left else Known(YES, f"{len(cells)} 项都已办结、承诺办理或不涉及")

    def approval(self, plan):
        return self._permit(plan, "approval")

    def licence(self, plan):
        return self._permit(plan, "building")

    def _permit(self, plan, code):
        """Of one kind, by its code; a permit that has lapsed is none."""
        cell = next((cell for cell in self._cells(plan) if cell.kind.code == code), None)
        if cell is None or cell.permit is None:
            return NOTHING
        name = cell.kind.short_name
        if cell.is_lapsed:
            return Known(NO, f"{name}{cell.alarm_words}")
        told = [f"{name}{cell.standing.label}", cell.permit.number, str(cell.permit.granted_on or "")]
        answer = NOT_NEEDED if cell.standing == Standing.NOT_NEEDED else YES if cell.is_settled else NO
        return Known(answer, "，".join(filter(None, told)))

    def project_code(self, plan):
        code = plan.project.code
        return Known(YES, f"项目代码 {code}") if code else Known(NO, "登记表中没有项目代码")

    def library(self, plan):
        """The question asks for the national or the provincial library; a city's is none of them."""
        library = plan.project.library
        if not library:
            return NOTHING
        told = plan.project.get_library_display()
        return Known(YES if library in {Library.PROVINCE, Library.NATIONAL} else NO, told)

    def site(self, plan):
        project = plan.project
        town = project.town.name if project.town else ""
        place = project.address if project.address.startswith(town) else f"{town}{project.address}"
        if project.location_kind == LocationKind.UNDECIDED:
            return Known(NO, f"{place or '地址未填'}，位置未定")
        on_map = "已落图" if project.longitude is not None else "未落图"
        return (
            Known(YES if project.address else "", f"{place}，{on_map}") if place else Known(NO, "登记表中没有建设地址")
        )

    def funds_planned(self, plan):
        planned, total = self.planned_funds.get(plan.project_id), plan.project.total_investment
        if planned is None or not total:
            return NOTHING
        if planned >= total:
            return Known(YES, f"资金来源 {wan(planned)} 万元，不少于总投资 {wan(total)} 万元")
        return Known(NO, f"资金来源 {wan(planned)} 万元，比总投资少 {wan(total - planned)} 万元")

    def planned_start(self, plan):
        planned = _date(plan.project, "planned_start")
        return Known(YES, f"计划{planned}开工") if planned else Known(NO, "登记表中没有计划开工时间")

    def started(self, plan):
        if plan.has_started:
            started = _date(plan.project, "started_on")
            return Known(YES, f"{started}开工" if started else "登记为在建")
        words = progress.judgement(plan, self.day).words
        return Known(NO if plan.is_due_to_start else NOT_NEEDED if plan.project.planned_start else "", words)

    def site_photos(self, plan):
        number, latest = self.photos.get(plan.pk, (0, None))
        return Known("", f"周调度有 {number} 张现场照片，最近 {latest:%Y-%m-%d}，合同请现场核对") if number else NOTHING

    def builder_code(self, plan):
        code = plan.project.builder_code
        return Known("", f"{plan.project.builder}，统一社会信用代码 {code}，执照请现场核对") if code else NOTHING

    def registration(self, plan):
        project, started = plan.project, _date(plan.project, "started_on")
        age = f"，开工 {progress.whole_months(started.last_day, self.day)} 个月" if started else ""
        match plan.registration_state:
            case RegistrationState.DONE:
                day = _date(project, "registered_on")
                told = [
                    f"{day}入统" if day else "已入统",
                    project.registration_code and f"入统码 {project.registration_code}",
                ]
                return Known(YES, "，".join(filter(None, told)))
            case RegistrationState.BELOW:
                return Known(NOT_NEEDED, f"总投资 {wan(project.total_investment)} 万元，不足起统额")
            case RegistrationState.NOT_STARTED:
                return Known(NOT_NEEDED, "尚未开工，开工后办理")
            case RegistrationState.UNKNOWN:
                return Known("", f"登记表中未填是否入统{age}")
        return Known(NO, f"未入统{age}")

    def milestones_kept(self, plan):
        nodes = self.milestones[plan.pk]
        if not nodes:
            return NOTHING
        late = [node for node in nodes if node.due < self.day and (node.done_on is None or node.done_on > self.day)]
        if not late:
            done = sum(node.done_on is not None and node.done_on <= self.day for node in nodes)
            return Known(YES, f"{len(nodes)} 个节点完成 {done} 个，没有逾期")
        told = "、".join(f"{node.name}（应于 {node.due}）" for node in late[:NAMED])
        return Known(NO, f"{len(late)} 个节点逾期：{told}")

    def pace(self, plan):
        judged = progress.judgement(plan, self.day)
        if plan.money_bucket == Light.GREEN:
            return Known(YES, judged.words) if judged.light == Light.GREEN else self._money(plan, YES)
        return self._money(plan, NO) if plan.money_bucket in {Light.RED, Light.YELLOW} else Known("", judged.words)

    def _money(self, plan, answer):
        return Known(answer, f"投资完成 {percent(plan.completion)}，{progress.points(plan.deviation)}")

    def report(self, plan):
        if plan.reported_on is None:
            return Known("", "今年尚未报送周调度")
        works = f"，工程量 {percent(plan.works_percent, 0)}" if plan.works_percent is not None else ""
        late = "" if self.day - plan.reported_on <= FRESH else f"，已 {(self.day - plan.reported_on).days} 天未报"
        return Known("", f"{plan.reported_on} 报送{late}{works}：{plan.progress or '未填形象进度'}")

    def funds_arrived(self, plan):
        arrived = self.arrived_funds.get(plan.project_id)
        if arrived is None:
            return NOTHING
        done = _invested(plan)
        return Known("", f"到位 {wan(arrived)} 万元，累计完成投资 {wan(done)} 万元")

    def no_overdue_problems(self, plan):
        number = self.overdue_problems.get(plan.project_id, 0)
        return Known(NO, f"{number} 个问题逾期未销号") if number else Known(YES, "没有逾期的问题")

    def finished(self, plan):
        finished, planned = _date(plan.project, "finished_on"), _date(plan.project, "planned_finish")
        if finished and finished.first_day <= self.day:
            return Known(YES, f"{finished}竣工")
        is_due = planned is not None and planned.last_day < self.day
        return Known("", f"应于{planned}竣工，登记表中没有竣工时间") if is_due else NOTHING

    def invested(self, plan):
        total, done = plan.project.total_investment, _invested(plan)
        if not total or plan.ytd_investment is None:
            return NOTHING
        told = f"累计完成投资 {wan(done)} 万元，占总投资 {wan(total)} 万元的 {percent(done * 100 / total)}"
        return Known(YES if done >= total else "", told)

    def capacity(self, plan):
        return self._outcome(plan, OutcomeKind.CAPACITY)

    def output(self, plan):
        return self._outcome(plan, OutcomeKind.OUTPUT)

    def tax(self, plan):
        return self._outcome(plan, OutcomeKind.TAX)

    def jobs(self, plan):
        return self._outcome(plan, OutcomeKind.JOBS)

    def _outcome(self, plan, kind):
        """One that misses its promise is enough for a no; a yes takes all, and none that is not due yet."""
        rows = [row for row in self.outcomes[plan.project_id] if row.row.kind == kind]
        states = {row.state for row in rows}
        told = "；".join(f"{row.row.detail}{row.words}" for row in rows)
        if OutcomeState.SHORT in states:
            return Known(NO, told)
        return Known(YES if states == {OutcomeState.REACHED} else "", told)


@dataclass(frozen=True)
class Fact:
    """A fact that a question may be known by: what it is called where questions are edited, and how it is read."""

    label: str
    read: object


FACTS = {
    "permits_early": Fact("立项用地阶段各项手续（前期手续表）", KnownFacts.permits_early),
    "approval": Fact("立项（前期手续表）", KnownFacts.approval),
    "licence": Fact("施工许可（前期手续表）", KnownFacts.licence),
    "project_code": Fact("项目代码", KnownFacts.project_code),
    "library": Fact("项目库", KnownFacts.library),
    "site": Fact("建设地址和落图", KnownFacts.site),
    "funds_planned": Fact("资金构成与总投资", KnownFacts.funds_planned),
    "funds_arrived": Fact("资金到位", KnownFacts.funds_arrived),
    "planned_start": Fact("计划开工时间", KnownFacts.planned_start),
    "started": Fact("实际开工时间", KnownFacts.started),
    "site_photos": Fact("周调度照片", KnownFacts.site_photos),
    "builder_code": Fact("建设单位信用代码", KnownFacts.builder_code),
    "registration": Fact("入统情况", KnownFacts.registration),
    "milestones": Fact("工期节点", KnownFacts.milestones_kept),
    "pace": Fact("投资与序时进度", KnownFacts.pace),
    "report": Fact("最近一次周调度", KnownFacts.report),
    "overdue_problems": Fact("逾期问题", KnownFacts.no_overdue_problems),
    "finished": Fact("竣工时间", KnownFacts.finished),
    "invested": Fact("累计完成投资与总投资", KnownFacts.invested),
    "capacity": Fact("产能：承诺与实际（见效情况）", KnownFacts.capacity),
    "output": Fact("年产值：承诺与实际（见效情况）", KnownFacts.output),
    "tax": Fact("年税收：承诺与实际（见效情况）", KnownFacts.tax),
    "jobs": Fact("就业：承诺与实际（见效情况）", KnownFacts.jobs),
}


def _permit_words(cell):
    return Alarm.LAPSED.label if cell.is_lapsed else cell.standing.label


def _invested(plan):
    """万元 since the project began."""
    return (plan.invested_before or Decimal(0)) + (plan.ytd_investment or Decimal(0))


def _date(project, attribute):
    return PartialDate.from_stored(getattr(project, attribute), getattr(project, f"{attribute}_precision"))
