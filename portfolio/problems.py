"""Reading problems: those of a project, who sees their phones, and what a page shows of each."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from accounts.roles import Right, Role, has_right
from portfolio import problem_clock
from portfolio.models import Problem, ProblemEvent, Project
from portfolio.models.problems import ProblemState
from portfolio.privacy import mask_phones

NEWS = (ProblemEvent.Kind.ANSWERED, ProblemEvent.Kind.CLOSING_ASKED, ProblemEvent.Kind.CLOSED)


@dataclass
class Row:
    """A problem as pages and files show it: `problem` with project and unit, its running clock, and `sees_phones`.

    `leader` is the name of the project's liaison leader this year; `latest` the last answer, request or check.
    """

    problem: Problem
    clock: problem_clock.Clock
    sees_phones: bool
    leader: str = ""
    latest: ProblemEvent | None = None

    def said(self, text):
        """A text of the problem as this reader may see it."""
        return text if self.sees_phones else mask_phones(text)


def sees_phones(user, problem):
    """The project office, the responsible unit and the project's unit see phones; everybody else sees them masked."""
    if has_right(user, Right.MANAGE_PROBLEMS):
        return True
    return user.unit_id is not None and user.unit_id in {problem.unit_id, problem.project.unit_id}


def projects_open_to(user):
    """The projects of which this user may raise a problem: reporters of their own unit's, the others of all."""
    if not has_right(user, Right.RAISE_PROBLEMS):
        return Project.objects.none()
    projects = Project.objects.visible_to(user)
    return projects.filter(unit__isnull=False, unit=user.unit_id) if user.role == Role.REPORTER else projects


def row_of(problem, user, today, **more):
    return Row(problem, problem_clock.running(problem, today), sees_phones(user, problem), **more)


def open_by_project(project_ids, user, today):
    """{project id: [Row]} of the open problems, the earliest deadline first, in one query; for a week's cards.

    A problem stays on the cards of the following weeks until it is closed, so no week is asked for.
    """
    found = defaultdict(list)
    problems = Problem.objects.open().filter(project__in=list(project_ids)).select_related("project", "unit")
    for problem in problems.order_by("deadline", "pk"):
        found[problem.project_id].append(row_of(problem, user, today))
    return dict(found)


def of_project(project, user, today):
    """The context of `portfolio/_project_problems.html` for one project: open problems, and how many are closed."""
    return {
        "project": project,
        "problem_rows": open_by_project([project.pk], user, today).get(project.pk, []),
        "closed_problems": Problem.objects.filter(project=project, state=ProblemState.CLOSED).count(),
        "may_raise": projects_open_to(user).filter(pk=project.pk).exists(),
    }


def latest_news(problem_ids, until=None):
    """{problem id: its last answer, closing request or check}; `until` leaves out what came after that moment."""
    events = ProblemEvent.objects.filter(problem__in=list(problem_ids), kind__in=NEWS)
    if until is not None:
        events = events.filter(at__lte=until)
    last = events.order_by().values("problem").annotate(last=Max("pk")).values("last")
    return {event.problem_id: event for event in ProblemEvent.objects.filter(pk__in=last)}
