"""Where the projects of a stage stand under its look (四看): last checks, what is missing most, and with whom.

Pure reading, in a constant number of queries; for a past day, inside `as_of.reading(county, day)`.
"""

import datetime as dt
import operator
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from inspections import checklists
from inspections.known_facts import KnownFacts, plans_read
from inspections.look_rows import NO, NOT_NEEDED, YES, Cell, LookRow, Missing, Standing, Tally
from inspections.models import CheckAnswer, Look, SupervisionCheck
from portfolio import outcomes
from portfolio.models import AnnualPlan
from portfolio.models.problems import ProblemState
from portfolio.models.register import COUNTED


@dataclass
class LookBoard:
    """All projects of a look's stage in the plan of `year`, as they stood at the end of `day`.

    `plans` are those of the stage where they have been read (`plans_read`) for more than this board.
    """

    county: object
    look: Look
    year: int
    day: dt.date
    plans: list | None = None

    def __post_init__(self):
        self.look = Look(self.look)

    @cached_property
    def questions(self):
        return checklists.in_force(self.county, self.look, self.day)

    @cached_property
    def facts(self):
        plans = self.plans
        if plans is None:
            counted = _counted(self.county, self.year).filter(project__stage=self.look.stage)
            plans = plans_read(self.county, self.year, self.day, counted)
        return KnownFacts(self.county, self.day, plans)

    @cached_property
    def rows(self):
        """`LookRow`s in the order of the plan table."""
        return [self._row(plan) for plan in self.facts.plans.values()]

    def _row(self, plan):
        checks = self._checks[plan.pk]
        last = checks[-1] if checks else None
        answers = self._answers[last.pk] if last else {}
        return LookRow(
            plan=plan,
            check=last,
            checks=len(checks),
            cells={each.key: self._cell(plan, each, answers.get(each.key)) for each in self.questions.questions},
            open_problems=self._open_problems[plan.pk],
            day=self.day,
        )

    def _cell(self, plan, question, answer):
        if answer is not None and answer.answer:
            return Cell(answer.answer, answer.words or answer.known, is_checked=True, problem=answer.problem)
        known = self.facts.of(plan.pk, question.known_by)
        return Cell(known.answer, known.words)

    @cached_property
    def _checks(self):
        """{plan: its checks of this look that were handed in by the day, the latest last}."""
        done = SupervisionCheck.objects.filter(
            county=self.county,
            plan__year=self.year,
            checklist__look=self.look,
            state=SupervisionCheck.State.DONE,
            day__lte=self.day,
        )
        found = defaultdict(list)
        for check in done.select_related("inspector__unit").order_by("day", "submitted_at", "pk"):
            found[check.plan_id].append(check)
        return found

    @cached_property
    def _all_answers(self):
        visits = [check.pk for checks in self._checks.values() for check in checks]
        answers = CheckAnswer.objects.filter(visit__in=visits).select_related("item", "problem")
        return list(answers.order_by("visit", "item__seq"))

    @cached_property
    def _answers(self):
        """{check: {question key: CheckAnswer}}."""
        found = defaultdict(dict)
        for answer in self._all_answers:
            found[answer.visit_id][answer.item.key] = answer
        return found

    @cached_property
    def _open_problems(self):
        """{plan: its open problems}; one that several checks found stands once."""
        plan_of = {check.pk: plan for plan, checks in self._checks.items() for check in checks}
        found = defaultdict(dict)
        for answer in self._all_answers:
            if answer.problem is not None and answer.problem.state != ProblemState.CLOSED:
                found[plan_of[answer.visit_id]][answer.problem_id] = answer.problem
        order = operator.attrgetter("deadline", "pk")
        return defaultdict(list, {plan: sorted(problems.values(), key=order) for plan, problems in found.items()})

    # Figures

    @property
    def total(self):
        return len(self.rows)

    @property
    def checked(self):
        return sum(row.check is not None for row in self.rows)

    @property
    def never_checked(self):
        return [row for row in self.rows if row.check is None]

    @property
    def checks(self):
        return sum(row.checks for row in self.rows)

    @cached_property
    def standings(self):
        """[(Standing, how many projects)], the worst first."""
        counts = Counter(row.standing for row in self.rows)
        return [(standing, counts[standing]) for standing in Standing]

    @property
    def open_problems(self):
        return sum(len(row.open_problems) for row in self.rows)

    @property
    def overdue_problems(self):
        return sum(len(row.overdue) for row in self.rows)

    @cached_property
    def missing_most(self):
        """A `Missing` of each question, what most projects lack first; of equals in the list's order."""
        found = [self._missing(question) for question in self.questions.questions]
        return sorted(found, key=lambda each: -each.missing)

    def _missing(self, question):
        cells = [row.cells[question.key] for row in self.rows]
        answers = Counter(cell.answer for cell in cells if cell.is_checked)
        unchecked = [cell for cell in cells if not cell.is_checked]
        return Missing(
            question,
            yes=answers[YES],
            no=answers[NO],
            settled=sum(cell.is_checked and cell.is_settled for cell in cells),
            not_needed=answers[NOT_NEEDED],
            unchecked=len(unchecked),
            known_no=sum(cell.answer == NO for cell in unchecked),
        )

    # 看效果

    @cached_property
    def outcomes(self):
        """[portfolio.outcomes.OutcomeRow] of the projects of 看效果; other looks ask for none."""
        if self.look != Look.EFFECT:
            return []
        return [row for each in self.rows for row in self.facts.outcomes[each.project.pk]]

    @cached_property
    def outcome_sums(self):
        return outcomes.sums(self.outcomes)

    @cached_property
    def furthest_short(self):
        return outcomes.furthest_short(self.outcomes)

    @property
    def outcomes_met(self):
        return sum(total.met for total in self.outcome_sums)

    @property
    def outcomes_missing(self):
        """The projects that have not told what they promised and reached."""
        return [row for row in self.rows if not self.facts.outcomes[row.project.pk]]

    @cached_property
    def by_unit(self):
        """`Tally`s of the responsible units, who has most open problems first."""
        found = {}
        for row in self.rows:
            unit = row.project.unit
            tally = found.setdefault(
                row.project.unit_id, Tally(str(unit) if unit else "未明确责任单位", row.project.unit_id)
            )
            tally.projects += 1
            tally.checked += row.check is not None
            tally.checks += row.checks
            tally.no += row.no
            tally.open += len(row.open_problems)
            tally.overdue += len(row.overdue)
        return sorted(found.values(), key=lambda tally: (-tally.open, -tally.projects, tally.title))

    @cached_property
    def by_inspector(self):
        """`Tally`s of those who checked, who did most first; `projects` and `checked` are those they checked."""
        checks = defaultdict(list)
        for check in (check for of_plan in self._checks.values() for check in of_plan):
            checks[check.inspector_id].append(check)
        found = [self._inspectors(key, of_one) for key, of_one in checks.items()]
        return sorted(found, key=lambda tally: (-tally.checks, tally.title))

    def _inspectors(self, key, checks):
        answers = [answer for check in checks for answer in self._answers[check.pk].values()]
        problems = {answer.problem_id: answer.problem for answer in answers if answer.problem is not None}
        still_open = [problem for problem in problems.values() if problem.state != ProblemState.CLOSED]
        projects = len({check.plan_id for check in checks})
        return Tally(
            _name(checks[0].inspector),
            key,
            projects=projects,
            checked=projects,
            checks=len(checks),
            no=sum(answer.answer == NO for answer in answers),
            open=len(still_open),
            overdue=sum(problem.deadline < self.day for problem in still_open),
        )


def _name(inspector):
    return inspector.name if inspector else "账号已删除"


def boards(county, year, day):
    """The four boards, in the order of the stages. The plans are read once: annotating them is most of the work."""
    plans = plans_read(county, year, day, _counted(county, year))
    of_stage = {look: [plan for plan in plans if plan.project.stage == look.stage] for look in Look}
    return [LookBoard(county, look, year, day, of_stage[look]) for look in Look]


def _counted(county, year):
    return AnnualPlan.objects.filter(COUNTED, county=county, year=year)
