"""The responsible person's own judgement (自评) of a plan, beside the light that the rules give it on the same day.

Read it inside `as_of.reading` for a past day: own judgements, which have no history, are cut by when they were given.
"""

from dataclasses import dataclass, field

from django.db.models import Max
from django.utils import timezone

from portfolio import progress
from portfolio.as_of import end_of_day
from portfolio.models import AnnualPlan, OwnLight
from portfolio.models.judging import Light, plans_judged_by
from portfolio.models.register import STATES_IN_PLAN, is_counted


@dataclass(frozen=True)
class Pair:
    """A counted plan with its two lights on a day: the rule's `judgement`, and `own`, the latest given (None: none)."""

    plan: AnnualPlan
    judgement: progress.Judgement
    own: OwnLight | None
    age: int | None = None  # days since `own` was given

    @property
    def light(self):
        return self.judgement.light

    @property
    def own_light(self):
        return Light(self.own.light) if self.own else None

    @property
    def gap(self):
        """How far apart the lights are: positive where the own judgement is the milder. 0 where the rule has none."""
        if self.own is None or self.light == Light.GREY:
            return 0
        return self._place(self.own_light) - self._place(self.light)

    @staticmethod
    def _place(light):
        return (Light.RED, Light.YELLOW, Light.GREEN).index(light)

    @property
    def differs(self):
        return self.gap != 0

    @property
    def verdict(self):
        """What the two lights say to each other, in words; "" where there is no own judgement."""
        if self.own is None:
            return ""
        if self.light == Light.GREY:
            return "规则未能判断"
        if not self.differs:
            return "与规则亮灯一致"
        return f"与规则亮灯不一致（自评{'好' if self.gap > 0 else '差'}于规则）"


def pair(plan, judgement, own, day):
    age = (day - timezone.localdate(own.at)).days if own else None
    return Pair(plan, judgement, own, age)


def known(county, day):
    """The own judgements that had been given by the end of `day`, with who gave them."""
    return OwnLight.objects.known_at(end_of_day(day)).filter(county=county).select_related("by")


def latest(county, year, day):
    """{plan pk: its latest OwnLight} of the plans of `year`."""
    given = known(county, day).filter(plan__year=year)
    # By number: while the demonstration's clock stands still, only that tells which came last.
    last = given.order_by().values("plan").annotate(last=Max("pk")).values("last")
    return {own.plan_id: own for own in known(county, day).filter(pk__in=last)}


def pairs(standings):
    """A `Pair` for each row of a `YearStandings`, in its order."""
    own = latest(standings.county, standings.year, standings.day)
    return [pair(row.plan, row.judgement, own.get(row.plan.pk), standings.day) for row in standings.rows]


def refusal(plan):
    """Why no own judgement of this plan can be given, and what to do instead; "" where one can be."""
    this_year = plan.county.business_today().year
    if plan.year < this_year:
        return f"{plan.year}年已经结束，不再自评。请对这个项目 {this_year}年的计划自评。"
    if plan.state not in STATES_IN_PLAN:
        return f"{plan.year}年计划已{plan.get_state_display()}，不再亮灯，不能自评。如有出入，请与项目办联系。"
    if plan.part_of_id is not None:
        return "这是打包项目的子项，亮灯随打包项目计算，不单独自评。请对打包项目自评。"
    return ""


def judgeable_by(user, year):
    """The keys of the year's plans whose own judgement this account may give now; none of a year that is over."""
    if year < user.county.business_today().year:
        return frozenset()
    return frozenset(plans_judged_by(user).filter(year=year).values_list("pk", flat=True))


@dataclass
class Panel:
    """The lights of one counted plan as its page shows them: `pair` with the rules that judged.

    `earlier` is [(OwnLight, its Light)] of those before the latest, newest first.
    """

    pair: Pair
    thresholds: progress.Thresholds
    earlier: list = field(default_factory=list)
    may_judge: bool = False

    @property
    def plan(self):
        return self.pair.plan


def panel_of(plan, user, day, *, is_past=False):
    """The `Panel` of a plan, or None for one that is not counted: it has no light. On a past day nobody judges."""
    if plan is None or not is_counted(plan.state, plan.part_of_id):
        return None
    thresholds = progress.rules_on(plan.county, day)
    plans = AnnualPlan.objects.filter(pk=plan.pk).select_related("project", "county")
    judged = progress.annotated(plans, plan.year, day, thresholds).get()
    given = list(known(plan.county, day).filter(plan=plan).order_by("-pk"))
    beside = pair(judged, progress.judgement(judged, day), given[0] if given else None, day)
    may_judge = not is_past and not refusal(judged) and plans_judged_by(user).filter(pk=plan.pk).exists()
    return Panel(beside, thresholds, [(own, Light(own.light)) for own in given[1:]], may_judge)
