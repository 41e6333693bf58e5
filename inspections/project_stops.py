"""A project at the quarterly inspections (季观摩), for its page: place and score once public, and what was found."""

from dataclasses import dataclass

from django.db.models import Prefetch

from inspections import rounds
from inspections.models import Finding, Stop
from inspections.models.rounds import RoundState


@dataclass(frozen=True)
class ProjectStop:
    """`result` is None where the scores are not for this account; `places` are the stops that have a place."""

    stop: Stop
    result: rounds.StopResult | None
    places: int

    @property
    def waits_for(self):
        """Why there is no place yet; "" where there is one."""
        if self.result is not None and self.result.place is not None:
            return ""
        return {
            RoundState.PLANNED: "筹备中",
            RoundState.OPEN: "正在评分，结果在观摩结束后公布",
            RoundState.CLOSED: "没有评分",
        }[self.stop.round.state]

    @property
    def strengths(self):
        return [each for each in self.stop.told if each.kind == Finding.Kind.STRENGTH]

    @property
    def defects(self):
        return [each for each in self.stop.told if each.kind == Finding.Kind.DEFECT]

    @property
    def open_defects(self):
        return [each for each in self.defects if each.problem and each.problem.closed_on is None]


def of_project(project, user, until=None):
    """[ProjectStop] of a project, the latest first, in as many queries for many rounds as for one.

    `until` leaves out what was found after that moment.
    """
    findings = Finding.objects.select_related("problem__unit")
    findings = findings.filter(at__lte=until) if until else findings
    stops = Stop.objects.filter(plan__project=project, round__county=user.county_id).select_related("round", "plan")
    stops = stops.order_by("-round__year", "-round__quarter", "-round", "-pk")
    stops = list(stops.prefetch_related(Prefetch("findings", findings.order_by("pk"), to_attr="told")))
    open_to_user = [stop.round for stop in stops if rounds.sees_all_scores(user, stop.round)]
    results = rounds.results_of(open_to_user) if open_to_user else {}
    return [_project_stop(stop, results.get(stop.round_id)) for stop in stops]


def _project_stop(stop, results):
    if results is None:
        return ProjectStop(stop, None, 0)
    return ProjectStop(stop, next(row for row in results.route if row.stop == stop), len(results.ranked))
