"""A county's week of the dispatch: who had to report, who has, who has not, unit by unit.

Drafts and returned reports belong to their unit and the project office. For every other reader such a plan has simply
not reported: a `CountyWeek` reads with the eyes of one account, or of nobody, and then knows published reports only.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Max, Q

from accounts.roles import Right, has_right
from portfolio import dispatch, reporting, working_days
from portfolio.models import AnnualPlan, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.models.register import COUNTED, STATES_IN_PLAN

NO_UNIT = "未明确责任单位"
PLAN_PATHS = {
    "pk": "pk",
    "seq": "seq",
    "part_of": "part_of_id",
    "state": "state",
    "planned": "planned_investment",
    "project": "project_id",
    "name": "project__name",
    "category": "project__category",
    "total": "project__total_investment",
    "unit": "project__unit_id",
    "unit_name": "project__unit__name",
    "leader": "leader__name",
}


@dataclass(slots=True)
class Row:
    """A plan in the week. `report` is the week's own, as far as the reader may see it; `previous` the published before.

    Money is 万元. `previous` is filled in by `CountyWeek.compared_rows`.
    """

    pk: int
    seq: int | None
    part_of: int | None
    state: str
    planned: object
    project: int
    name: str
    category: str
    total: object
    unit: int | None
    unit_name: str
    leader: str | None
    is_due: bool = False
    report: object = None
    previous: object = None

    @property
    def is_in_plan(self):
        """Counts in the plan and adds up, or had to report when the week was locked."""
        return self.is_due or (self.part_of is None and self.state in STATES_IN_PLAN)

    @property
    def published(self):
        return self.report if self.report is not None and self.report.is_published else None

    @property
    def is_returned(self):
        return self.report is not None and self.report.state == ReportState.RETURNED

    @property
    def is_draft(self):
        return self.report is not None and self.report.state == ReportState.DRAFT

    @property
    def is_late(self):
        return self.published is not None and self.published.is_late

    @property
    def standing(self):
        """The shown state: 已审, 已报, 退回, 草稿, 未报, or 不需报 for a plan of which nobody asks a report."""
        if self.report is not None:
            return self.report.get_state_display()
        return "未报" if self.is_due else "不需报"


# What the numbers of the reporting table count, in the order of its columns.
COUNTS = {
    "due": ("应报", lambda row: True),
    "reported": ("已报", lambda row: row.published is not None),
    "missing": ("未报", lambda row: row.published is None),
    "returned": ("其中退回", lambda row: row.is_returned),
    "draft": ("其中草稿", lambda row: row.is_draft),
    "late": ("迟报", lambda row: row.is_late),
    "accepted": ("已审", lambda row: row.published is not None and row.published.state == ReportState.ACCEPTED),
}


@dataclass
class UnitStanding:
    """One unit's week: its due rows and how many of each kind of `COUNTS` they are."""

    pk: int | None
    name: str
    rows: list = field(default_factory=list)

    @cached_property
    def counts(self):
        return counts_of(self.rows)

    @property
    def missing_rows(self):
        return [row for row in self.rows if row.published is None]

    @property
    def token(self):
        """What stands for the unit in an address."""
        return str(self.pk or "-")


def counts_of(rows):
    return {key: sum(map(is_counted, rows)) for key, (_, is_counted) in COUNTS.items()}


class CountyWeek:
    def __init__(self, county, week, reader=None):
        self.county = county
        self.week = week
        self.reader = reader
        self.lock = reporting.lock_of(county, week)
        self.due_at = reporting.due_at(county, week)

    @property
    def is_locked(self):
        return self.lock is not None and self.lock.is_locked

    @property
    def is_future(self):
        return self.week > reporting.this_week(self.county)

    @property
    def is_past_due(self):
        return self.county.business_now() > self.due_at

    @property
    def distance_to_due(self):
        """`1 小时 58 分`, `3 天 2 小时`: how far the deadline lies ahead, or behind."""
        minutes = int(abs(self.due_at - self.county.business_now()).total_seconds()) // 60
        days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
        if days:
            return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
        if hours:
            return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"
        return f"{minutes} 分钟"

    @property
    def calendar_is_known(self):
        """Whether the holidays around the deadline are published; else it was reckoned from Monday to Friday."""
        return working_days.is_known(self.week.sunday)

    @cached_property
    def due_plans(self):
        """Keys of the plans that have to report."""
        return frozenset(reporting.plans_due(self.county, self.week, self.lock).values_list("pk", flat=True))

    @cached_property
    def reports(self):
        """{plan pk: the week's WeeklyDispatch that the reader may see}."""
        reports = WeeklyDispatch.objects.filter(county=self.county).of_week(self.week)
        reports = reports.readable_by(self.reader) if self.reader else reports.published()
        return {report.plan_id: report for report in reports.select_related("submitted_by")}

    @cached_property
    def rows(self):
        """Every plan that counts in the year or had to report, and those others that did, in the plan's order."""
        plans = AnnualPlan.objects.filter(county=self.county, year=self.week.year)
        plans = plans.filter(COUNTED | Q(pk__in=self.due_plans) | Q(pk__in=list(self.reports)))
        stored = plans.order_by("seq", "pk").values_list(*PLAN_PATHS.values())
        return [self._row(dict(zip(PLAN_PATHS, values, strict=True))) for values in stored]

    def _row(self, values):
        values["unit_name"] = values["unit_name"] or NO_UNIT
        return Row(**values, is_due=values["pk"] in self.due_plans, report=self.reports.get(values["pk"]))

    @cached_property
    def compared_rows(self):
        """The rows, each with the published report before its own."""
        before = dispatch.latest_before([row.pk for row in self.rows], self.week)
        for row in self.rows:
            row.previous = before.get(row.pk)
        return self.rows

    @cached_property
    def due_rows(self):
        return [row for row in self.rows if row.is_due]

    @cached_property
    def counts(self):
        return counts_of(self.due_rows)

    @cached_property
    def voluntary(self):
        """How many reported though nobody asked them to: sub-items, projects in 谋划, paused ones."""
        return sum(1 for row in self.rows if not row.is_due and row.published is not None)

    @cached_property
    def units(self):
        """[UnitStanding] by what is missing, most first; the reader's own unit before all."""
        units = {}
        for row in self.due_rows:
            units.setdefault(row.unit, UnitStanding(row.unit, row.unit_name)).rows.append(row)
        own = self.own_unit
        return sorted(
            units.values(),
            key=lambda unit: (own is None or unit.pk != own, -unit.counts["missing"], -unit.counts["late"], unit.name),
        )

    @property
    def own_unit(self):
        """The key of the unit that the reader reports for, or None: its rows stand first."""
        return self.reader.unit_id if self.reader and has_right(self.reader, Right.REPORT_DISPATCH) else None

    def rows_of(self, kind, unit=None):
        """The due rows that a number of `COUNTS` counts, of one UnitStanding or of all, unit by unit."""
        is_counted = COUNTS[kind][1]
        return [row for standing in ([unit] if unit else self.units) for row in standing.rows if is_counted(row)]

    def unit_of(self, token):
        """The UnitStanding that an address names, or None."""
        return next((unit for unit in self.units if unit.token == token), None)

    @cached_property
    def pending(self):
        """How many reports wait for the office."""
        return Counter(report.state for report in self.reports.values())[ReportState.REPORTED]

    @cached_property
    def changed_at(self):
        """When what the week says last changed: its reports, or those before that its money is counted from."""
        week = WeeklyDispatch.objects.filter(county=self.county, first_submitted_at__isnull=False).of_week(self.week)
        newest = week.aggregate(Max("submitted_at"), Max("reviewed_at"), Max("saved_at"))
        moments = [moment for moment in newest.values() if moment]
        for row in self.compared_rows:
            if row.previous is not None and row.previous.submitted_at:
                moments.append(row.previous.submitted_at)
        return max(moments, default=None)
