"""一站式服务: what projects asked for from setting up a company to production, and whether the answer came in time."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from portfolio.models.permits import ServicePhase, ServiceRequest
from portfolio.project_rows import ProjectRow, of_counted_plans


class ServiceState(models.TextChoices):
    """How a request stands on a day, the worst first; always a word and a shape."""

    OVERDUE = "overdue", "超承诺未办结"
    WAITING = "waiting", "待受理"
    TAKEN = "taken", "在办"
    LATE = "late", "超期办结"
    ANSWERED = "answered", "办结"

    @property
    def shape(self):
        return {"overdue": "■", "waiting": "○", "taken": "◐", "late": "▲", "answered": "●"}[self.value]

    @property
    def style(self):
        return {"overdue": "state-bad", "waiting": "state-warn", "late": "state-warn", "answered": "state-good"}.get(
            self.value, ""
        )


@dataclass(frozen=True)
class ServiceRow(ProjectRow):
    """One request (`row`, a ServiceRequest) of a project as on `day`. All figures are calendar days."""

    @property
    def is_answered(self):
        return self.row.answered_on is not None and self.row.answered_on <= self.day

    @property
    def days_taken(self):
        """From asking to the answer, or to `day` where there is none yet."""
        return ((self.row.answered_on if self.is_answered else self.day) - self.row.asked_on).days

    @property
    def days_late(self):
        """Days past the promised day, of an answered request too; 0 where it was kept or nothing was promised."""
        if self.row.promised_on is None:
            return 0
        return max(((self.row.answered_on if self.is_answered else self.day) - self.row.promised_on).days, 0)

    @property
    def state(self):
        if self.is_answered:
            return ServiceState.LATE if self.days_late else ServiceState.ANSWERED
        if self.days_late:
            return ServiceState.OVERDUE
        return ServiceState.TAKEN if self.row.taken_on else ServiceState.WAITING


@dataclass(frozen=True)
class ServiceTally:
    """How many requests stand how. `in_time` of `promised`: answered ones that had a promised day, and kept it."""

    total: int
    open: int
    overdue: int
    answered: int
    late: int
    promised: int
    in_time: int
    days_taken: Decimal | None  # on average, of the answered

    @classmethod
    def of(cls, rows):
        answered = [row for row in rows if row.is_answered]
        promised = [row for row in answered if row.row.promised_on]
        late = sum(row.state == ServiceState.LATE for row in answered)
        return cls(
            total=len(rows),
            open=len(rows) - len(answered),
            overdue=sum(row.state == ServiceState.OVERDUE for row in rows),
            answered=len(answered),
            late=late,
            promised=len(promised),
            in_time=len(promised) - late,
            days_taken=Decimal(sum(row.days_taken for row in answered)) / len(answered) if answered else None,
        )


def of_project(project, day):
    """[ServiceRow] of one project, the latest asked first, in one query."""
    requests = ServiceRequest.objects.filter(project=project).select_related("unit").order_by("-asked_on", "-pk")
    return [ServiceRow(project, request, day) for request in requests]


def of_county(county, year, day):
    """[ServiceRow] of the counted plans of `year`: the most urgent first, then in the order of the plan table."""
    found = of_counted_plans(ServiceRequest.objects.select_related("unit"), county, year)
    rows = [ServiceRow(plan.project, request, day, plan) for plan, requests in found for request in requests]
    return sorted(rows, key=lambda row: (ServiceState.values.index(row.state), -row.days_late))


def by_phase(rows):
    """[(ServicePhase, ServiceTally)] of all phases."""
    return [(phase, ServiceTally.of([row for row in rows if row.row.phase == phase])) for phase in ServicePhase]


def faults(values, project, today):
    """{field: what is wrong, in Chinese} of a request about to be written."""
    found = {}
    asked = values["asked_on"]
    for name, label in (("taken_on", "受理日期"), ("promised_on", "承诺办结日期"), ("answered_on", "办结日期")):
        if values[name] and values[name] < asked:
            found[name] = f"{label} {values[name]} 早于提出日期 {asked}，请核对。"
    for name, label in (("asked_on", "提出日期"), ("taken_on", "受理日期"), ("answered_on", "办结日期")):
        if values[name] and values[name] > today:
            found[name] = f"{label} {values[name]} 还没有到，请填写 {today} 或以前的日期。"
    if values["taken_on"] and values["answered_on"] and values["answered_on"] < values["taken_on"]:
        found.setdefault("answered_on", f"办结日期 {values['answered_on']} 早于受理日期 {values['taken_on']}，请核对。")
    if values["answered_on"] and not values["answer"]:
        found["answer"] = "已经办结的，请写明办理结果。"
    elif values["answer"] and not values["answered_on"]:
        found["answered_on"] = "写了办理结果的，请填写办结日期。"
    return found


def told(request):
    """建设“施工临时用电”"""
    return f"{request.get_phase_display()}“{request.title}”"
