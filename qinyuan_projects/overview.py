"""The overview (总览): how many projects, how much money, of which kind and where, at a glance."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.access import require_right
from accounts.roles import Right
from portfolio import reporting
from portfolio.facets import Sums
from portfolio.leader_pages import LeaderBoard
from portfolio.models import ChangeSet, Problem, WeeklyDispatch
from portfolio.models.changes import OF_REGISTER
from portfolio.models.dispatch import PUBLISHED
from portfolio.summaries import PlanSummary, added
from portfolio.weeks import Week

LARGEST, SECTORS, NAMED = 10, 10, 8


@dataclass(frozen=True)
class Row:
    """One line of a panel; `bar` is its total investment as a percentage of the panel's largest, "" for no bar."""

    title: str
    sums: Sums
    query: str
    is_blank: bool = False
    bar: str = ""

    @property
    def total(self):
        """None when no project of the line has a figure: not known is not zero."""
        return self.sums.figure("total")

    @property
    def planned(self):
        return self.sums.figure("planned")


@dataclass(frozen=True)
class Panel:
    """Figures by one aspect."""

    heading: str
    label: str
    rows: list


@dataclass(frozen=True)
class ThisWeek:
    """Where the weekly loop stands: of `due` plans `reported` have been published; problems not closed out."""

    week: Week
    due: int
    reported: int
    open_problems: int
    overdue_problems: int


@require_right(Right.READ_PLAN)
def overview(request):
    """Rendered once for each state of the data: little on it but the frame depends on who looks."""
    county = request.user.county
    asked = request.GET.get("year", "")
    year = asked if asked.isascii() and asked.isdigit() and len(asked) == 4 else ""
    key = f"overview:{county.pk}:{county.data_version}:{county.business_today()}:{year}"
    parts = cache.get_or_set(key, lambda: _render_parts(county, year))
    return render(request, "qinyuan_projects/overview.html", {**parts, "nav": "overview"})


def _render_parts(county, year):
    summary = PlanSummary(county, year)
    context = {
        "county": county,
        "summary": summary,
        "board": LeaderBoard(county, summary.year, county.business_today()),
        "this_week": _this_week(county),
        "change": _last_change(county),
        "panels": _panels(summary),
        "largest": _with_bars(summary.largest(LARGEST)),
        "without_total": summary.without_total(NAMED),
        "unnamed": max(summary.sums.missing_total - NAMED, 0),
    }
    return {
        "year": summary.year,
        "head": render_to_string("qinyuan_projects/_overview_head.html", context),
        "figures": render_to_string("qinyuan_projects/_overview_figures.html", context),
    }


def _last_change(county):
    """Of the register: why a report was returned is for its unit and the office to read, and no news of the county."""
    changes = ChangeSet.objects.filter(county=county, kind__in=OF_REGISTER)
    return changes.select_related("by").first()


def _this_week(county):
    week = reporting.this_week(county)
    due = reporting.plans_due(county, week)
    reports = WeeklyDispatch.objects.of_week(week).filter(county=county, plan__in=due)
    problems = Problem.objects.filter(county=county).open()
    return ThisWeek(
        week=week,
        due=due.count(),
        reported=reports.filter(state__in=PUBLISHED).count(),
        **problems.aggregate(
            open_problems=Count("pk"), overdue_problems=Count("pk", filter=Q(deadline__lt=county.business_today()))
        ),
    )


def _panels(summary):
    return [
        _panel(summary, "按类别", "项目类别", "category"),
        _panel(summary, "按阶段", "项目阶段", "stage"),
        _panel(summary, "按乡镇", "乡镇", "town"),
        _panel(summary, "按级别", "项目级别", "level"),
        _panel(summary, "按领域", "所属领域", "sector", most=SECTORS),
    ]


def _panel(summary, heading, label, key, most=None):
    """`most`: only that many of the largest, what is not filled in, and one line for all others."""
    groups = summary.by(key)
    others = []
    if most:
        filled = sorted((group for group in groups if not group.is_blank), key=lambda group: -group.sums.total)
        groups, others = [*filled[:most], *(group for group in groups if group.is_blank)], filled[most:]
    largest = max((group.sums.total for group in groups), default=0)
    rows = [
        Row(group.title, group.sums, group.query, group.is_blank, _bar(group.sums.total, largest)) for group in groups
    ]
    if others:
        rows.append(Row(f"其他 {len(others)} 类", added(others), summary.query(key, [group.token for group in others])))
    return Panel(heading, label, rows)


def _with_bars(plans):
    totals = [plan.project.total_investment for plan in plans]
    return [(plan, _bar(total, totals[0])) for plan, total in zip(plans, totals, strict=True)]


def _bar(value, largest):
    return f"{value * 100 / largest:.1f}" if largest else "0"
