"""What a letter may be written about: a plan with a red light, an overdue problem, an overdue matter.

Each with its reason in words, as the rules and clocks find it on a day. One matter rises in one chain: while a letter
about it is open, it takes no second one. What the unit has asked to close waits for the project office, not for it.
"""

from dataclasses import dataclass, field

from accounts.models import Unit
from inspections.models import Letter, Matter
from inspections.models.letters import ABOUT, SETTLED
from inspections.models.meetings import MatterState
from portfolio import progress
from portfolio.figures import wan
from portfolio.models import AnnualPlan, Problem, Project
from portfolio.models.problems import ProblemState
from portfolio.models.register import COUNTED
from portfolio.privacy import mask_phones
from portfolio.standings import YearStandings

PLAN, PROBLEM, MATTER = ABOUT
LABELS = {PLAN: "红灯项目", PROBLEM: "逾期问题", MATTER: "逾期事项"}
# What stands in a title after the name.
LATE, NOT_STARTED, NOT_REGISTERED = "推进滞后", "未按期开工", "超期未入统"
PROBLEM_LATE, MATTER_LATE = "问题逾期未办结", "交办事项逾期未办结"
LONGEST_QUOTE = 120


@dataclass
class Subject:
    """`what` is PLAN, PROBLEM or MATTER, and the name of the letter's field for `row`.

    `name` stands in the title (沁河镇供水工程), `failing` after it (推进滞后); `reason` says it in figures, without 。
    `letter` is the open letter about it, if there is one; `problems` are the project's overdue ones, for a plan.
    """

    what: str
    row: AnnualPlan | Problem | Matter
    unit: Unit | None
    project: Project | None
    name: str
    failing: str
    reason: str
    letter: Letter | None = None
    problems: list = field(default_factory=list)

    @property
    def label(self):
        return LABELS[self.what]

    @property
    def query(self):
        """For the address of a new letter: `plan=12`."""
        return f"{self.what}={self.row.pk}"


def subjects(county, day):
    """All of the county on `day`, {PLAN: [Subject], PROBLEM: …, MATTER: …}; a handful of queries."""
    standings = YearStandings(county, day.year, day)
    found = {
        PLAN: [of_standing(row, day) for row in standings.rows if row.light is progress.Light.RED],
        PROBLEM: [
            of_problem(each, day)
            for each in standings.problems
            if each.is_overdue and each.state != ProblemState.CLOSING
        ],
        MATTER: [of_matter(matter, day) for matter in overdue_matters(county, day)],
    }
    for what, rows in found.items():
        open_letters = {getattr(letter, f"{what}_id"): letter for letter in _unfinished(what, county)}
        for subject in rows:
            subject.letter = open_letters.get(subject.row.pk)
    return found


def overdue_matters(county, day):
    """Those that have been handed out and not settled in time, the oldest deadline first."""
    rows = Matter.objects.filter(county=county).overdue(day).exclude(state=MatterState.CLOSING)
    return rows.select_related("county", "unit", "project", "meeting", "stop__round").order_by("deadline", "pk")


def subject_of(what, row, day):
    """The Subject of a plan, problem or matter; None where there is nothing to write about on `day`."""
    subject = {PLAN: _of_plan, PROBLEM: _of_late_problem, MATTER: _of_late_matter}[what](row, day)
    if subject is not None:
        subject.letter = _unfinished(what, row.county).filter(**{what: row}).first()
    return subject


def other_letter(letter):
    """Another letter about the same thing that is not settled, a draft too; None while there is none."""
    return _unfinished(letter.what, letter.county).filter(**{letter.what: letter.about}).exclude(pk=letter.pk).first()


def as_written(letter):
    """The Subject of a letter as it was when the letter was written, for what does not stand so any more."""
    row, project = letter.about, letter.project
    name = project.name if project else f"{row.meeting or row.stop.round}"
    failing = {PLAN: LATE, PROBLEM: PROBLEM_LATE, MATTER: MATTER_LATE}[letter.what]
    return Subject(letter.what, row, letter.unit, project, name, failing, letter.reason.rstrip("。"))


def _unfinished(what, county):
    """Drafts too: they are somebody's work on the very same thing."""
    rows = Letter.objects.filter(county=county, **{f"{what}__isnull": False})
    return rows.exclude(state__in=SETTLED).order_by("pk")


# Plans


def _of_plan(plan, day):
    rows = AnnualPlan.objects.filter(COUNTED, pk=plan.pk, year=day.year).select_related("project__unit", "county")
    found = progress.annotated(rows, day.year, day, progress.rules_on(plan.county, day)).first()
    if found is None:
        return None
    judgement = progress.judgement(found, day)
    if judgement.light is not progress.Light.RED:
        return None
    late = (
        Problem.objects.filter(project=found.project_id).overdue(day).select_related("unit").order_by("deadline", "pk")
    )
    return _red(found, judgement, list(late))


def red_among(county, plans, day):
    """The keys of those of the `plans` (keys) that are of the day's year and red on it."""
    if not plans:
        return set()
    rows = AnnualPlan.objects.filter(COUNTED, pk__in=plans, year=day.year).select_related("project__unit", "county")
    found = progress.annotated(rows, day.year, day, progress.rules_on(county, day))
    return {plan.pk for plan in found if progress.judgement(plan, day).light is progress.Light.RED}


def of_standing(row, day):
    """Of a red `portfolio.standings.Standing`."""
    return _red(row.plan, row.judgement, row.overdue)


def _red(plan, judgement, late):
    failing = _failing(plan)
    return Subject(
        PLAN, plan, plan.project.unit, plan.project, plan.project.name, failing, judgement.words, problems=late
    )


def _failing(plan):
    if not plan.has_started:
        return NOT_STARTED
    return LATE if progress.Bucket(plan.money_bucket).light is progress.Light.RED else NOT_REGISTERED


# Problems and matters


def _of_late_problem(problem, day):
    late = Problem.objects.filter(pk=problem.pk).overdue(day).exclude(state=ProblemState.CLOSING)
    return of_problem(problem, day) if late.exists() else None


def of_problem(problem, day):
    project = problem.project
    reason = f"“{quoted(problem.text)}”，应于{problem.deadline}办结，{_late(problem, day)}"
    return Subject(
        PROBLEM,
        problem,
        problem.unit or project.unit,
        project,
        project.name,
        PROBLEM_LATE,
        reason,
        problem.deadline,
    )


def _of_late_matter(matter, day):
    return next((of_matter(row, day) for row in overdue_matters(matter.county, day).filter(pk=matter.pk)), None)


def of_matter(matter, day):
    name = matter.project.name if matter.project else f"{matter.meeting or matter.stop.round}"
    reason = f"“{quoted(matter.text)}”，应于{matter.deadline}办结，{_late(matter, day)}"
    return Subject(MATTER, matter, matter.unit, matter.project, name, MATTER_LATE, reason)


def _late(row, day):
    return f"已逾期{(day - row.deadline).days}天"


def quoted(text):
    """As it may stand in a document: on one line, short, without phone numbers."""
    line = mask_phones(" ".join(text.split())).rstrip("。；")
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def planned(plan):
    """年度计划投资10,000.00万元, for a plan that has one."""
    return "" if plan.planned_investment is None else f"年度计划投资{wan(plan.planned_investment)}万元"
