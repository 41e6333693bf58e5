"""见效情况: capacity, output, tax and jobs of projects in service, reached against what was promised.

Amounts are in the measure that the row names: sums are taken of one figure and one measure only. A figure is held
against its promise once the promise is due; one of a year (年产值, 年税收) once that year is over.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from portfolio.figures import percent, wan
from portfolio.models.outcomes import MEASURES, OF_A_YEAR, Outcome, OutcomeKind
from portfolio.models.register import Stage
from portfolio.money import exact_sum
from portfolio.partial_dates import PartialDate
from portfolio.project_rows import ProjectRow, of_counted_plans

ALMOST = Decimal("99.9")  # percent: what falls short of its promise never reads 100.0 %


class OutcomeState(models.TextChoices):
    """Where a figure stands against its promise, the worst first; always a word and a shape."""

    SHORT = "short", "未达到"
    NOT_COUNTED = "not_counted", "未填实际"
    UNPROMISED = "unpromised", "未填承诺"
    MISSING = "missing", "未填写"
    NOT_DUE = "not_due", "未到期"
    REACHED = "reached", "达到承诺"

    @property
    def shape(self):
        shapes = {"short": "■", "not_counted": "▲", "unpromised": "▲", "missing": "○", "not_due": "◐", "reached": "●"}
        return shapes[self.value]

    @property
    def style(self):
        styles = {"short": "state-bad", "not_counted": "state-warn", "unpromised": "state-warn"}
        return styles.get(self.value, "state-good" if self is OutcomeState.REACHED else "")


@dataclass(frozen=True)
class OutcomeRow(ProjectRow):
    """One figure (`row`, an Outcome) of a project as on `day`; `row` is None where the project has told nothing yet."""

    @property
    def promised(self):
        return self.row and self.row.promised

    @property
    def reached(self):
        return self.row and self.row.reached

    @property
    def counted(self):
        """The `PartialDate` that `reached` is of; None where it has not been told."""
        return self.row and PartialDate.from_stored(self.row.counted_on, self.row.counted_on_precision)

    @property
    def share(self):
        """`reached` in percent of `promised` (达产率, 达到率); None without both."""
        return _share(self.reached, self.promised)

    @property
    def is_part_of_year(self):
        """A figure of a year that was not over when it was counted."""
        if self.row is None or self.row.kind not in OF_A_YEAR or self.counted is None:
            return False
        last = self.counted.last_day
        return (last.month, last.day) != (12, 31) or last > self.day

    @property
    def is_due(self):
        """Whether the promise is to be met by now; the day itself is still in time."""
        return not self.is_part_of_year and (self.row.due_on is None or self.row.due_on < self.day)

    @property
    def state(self):
        if self.row is None:
            return OutcomeState.MISSING
        if self.promised is None:
            return OutcomeState.UNPROMISED
        if self.reached is None:
            return OutcomeState.NOT_COUNTED
        if self.reached >= self.promised:
            return OutcomeState.REACHED
        return OutcomeState.SHORT if self.is_due else OutcomeState.NOT_DUE

    @property
    def words(self):
        """承诺 20 万吨/年，实际 12 万吨/年（截至 2024-05），达产率 60.0%，未达到"""
        told = [f"承诺 {wan(self.promised)} {self.row.measure}"] if self.promised is not None else []
        if self.reached is not None:
            told.append(f"实际 {wan(self.reached)} {self.row.measure}（截至 {self.counted}）")
        if self.share is not None:
            told.append(f"{share_label(self.row.kind)} {percent(self.share)}")
        state = self.state
        if state == OutcomeState.NOT_DUE:
            told.append("全年未满" if self.is_part_of_year else f"应于 {self.row.due_on} 前达到")
        else:
            told.append(state.label)
        return "，".join(told)


@dataclass(frozen=True)
class OutcomeSum:
    """What projects promised and reached of one figure, in one measure; `counts` is {OutcomeState: rows}.

    `promised`, `reached` and `share` are of the rows of which both sides are told, so that they agree.
    """

    kind: OutcomeKind
    measure: str
    rows: int
    promised: Decimal
    reached: Decimal
    share: Decimal | None
    parts: int  # rows whose figure is of a year that was not over
    counts: dict

    @classmethod
    def of(cls, kind, measure, rows):
        both = [row for row in rows if row.promised is not None and row.reached is not None]
        promised, reached = (exact_sum(getattr(row, name) for row in both) for name in ("promised", "reached"))
        states = [row.state for row in rows]
        return cls(
            kind=OutcomeKind(kind),
            measure=measure,
            rows=len(rows),
            promised=promised,
            reached=reached,
            share=_share(reached, promised),
            parts=sum(row.is_part_of_year for row in rows),
            counts={state: states.count(state) for state in OutcomeState},
        )

    @property
    def share_words(self):
        """21.0%（含 4 项年度未满）: a part of a year must not be read as the whole of it."""
        return f"{percent(self.share)}（含 {self.parts} 项年度未满）" if self.parts else percent(self.share)

    @property
    def short(self):
        return self.counts[OutcomeState.SHORT]

    @property
    def met(self):
        return self.counts[OutcomeState.REACHED]

    @property
    def not_due(self):
        return self.counts[OutcomeState.NOT_DUE]

    @property
    def untold(self):
        """Rows of which one side is missing."""
        return self.counts[OutcomeState.NOT_COUNTED] + self.counts[OutcomeState.UNPROMISED]


def share_label(kind):
    return "达产率" if kind == OutcomeKind.CAPACITY else "达到率"


def is_in_service(project, day):
    """Of the stage 开工见效, or finished by `day`."""
    finished = PartialDate.from_stored(project.finished_on, project.finished_on_precision)
    return project.stage == Stage.IN_OPERATION or (finished is not None and finished.first_day <= day)


def of_project(project, day):
    """[OutcomeRow] of one project, in one query."""
    return [OutcomeRow(project, each, day) for each in sorted(Outcome.objects.filter(project=project), key=_place)]


def of_plans(plans, day):
    """{project's key: [OutcomeRow]} of annual plans with their project; one query."""
    plan_of = {plan.project_id: plan for plan in plans}
    found = defaultdict(list)
    for each in sorted(Outcome.objects.filter(project__in=plan_of), key=_place):
        plan = plan_of[each.project_id]
        found[plan.project_id].append(OutcomeRow(plan.project, each, day, plan))
    return found


def of_county(county, year, day):
    """[OutcomeRow] of the counted plans of `year` whose project is in service, in the order of the plan table.

    A project that has told nothing yet has one row without figures. In two queries.
    """
    found = of_counted_plans(Outcome.objects.all(), county, year)
    return [
        OutcomeRow(plan.project, each, day, plan)
        for plan, outcomes in found
        if is_in_service(plan.project, day)
        for each in sorted(outcomes, key=_place) or [None]
    ]


def sums(rows):
    """[OutcomeSum], one for each figure and measure, in the order of the figures."""
    groups = defaultdict(list)
    for row in rows:
        if row.row is not None:
            groups[row.row.kind, row.row.measure].append(row)
    order = sorted(groups, key=lambda key: (OutcomeKind.values.index(key[0]), key[1]))
    return [OutcomeSum.of(*key, groups[key]) for key in order]


def furthest_short(rows):
    """The rows that miss their promise, the lowest share first; of equals the larger promise."""
    short = [row for row in rows if row.state == OutcomeState.SHORT]
    return sorted(short, key=lambda row: (row.share, -row.promised, row.row.pk))


def faults(values, project, today):
    """{field: what is wrong, in Chinese} of a figure about to be written."""
    found = {}
    measure = MEASURES.get(values["kind"])
    if measure and values["measure"] != measure:
        found["measure"] = f"{OutcomeKind(values['kind']).label}的计量单位请填“{measure}”。"
    if values["promised"] is None and values["reached"] is None:
        found["promised"] = "承诺和实际至少填写一项。"
    counted = PartialDate.from_stored(values["counted_on"], values["counted_on_precision"])
    if values["reached"] is not None and counted is None:
        found["counted_on"] = "填了实际的，请写明截至哪一天或哪一年。"
    if values["reached"] is None and counted is not None:
        found["reached"] = "写了截至时间的，请填写实际数；没有的填 0。"
    if counted is not None and counted.first_day > today:
        found["counted_on"] = f"{counted} 还没有到，请填写已有的实际数截至的时间。"
    return found


def told(outcome):
    """产能（动力型锂电池） 承诺 2 吉瓦时/年，实际 0.40"""
    detail = f"（{outcome.detail}）" if outcome.detail else ""
    promised, reached = ("未填" if value is None else value for value in (outcome.promised, outcome.reached))
    return f"{outcome.get_kind_display()}{detail} 承诺 {promised} {outcome.measure}，实际 {reached}"


def _share(reached, promised):
    if not promised or reached is None:
        return None
    return reached * 100 / promised if reached >= promised else min(reached * 100 / promised, ALMOST)


def _place(outcome):
    return OutcomeKind.values.index(outcome.kind), outcome.pk
