"""The overview (总览): how many projects, how much money, of which kind and where, at a glance."""

from dataclasses import dataclass

from django.core.cache import cache
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.access import require_right
from accounts.roles import Right
from portfolio.facets import Sums
from portfolio.glance import Glance
from portfolio.models import ChangeSet
from portfolio.models.changes import OF_REGISTER
from portfolio.summaries import PlanSummary, added
from portfolio.views.asked import Asked

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


@require_right(Right.READ_PLAN)
def overview(request):
    """Rendered once for each state of the data: little on it but the frame depends on who looks."""
    asked = Asked(request)
    parts = _kept("overview", asked, _render_parts)
    return render(request, "qinyuan_projects/overview.html", {**asked.context("overview"), **parts})


@require_right(Right.READ_PLAN)
def screen(request):
    """The overview for the dispatch hall (挂图作战): nothing on it is to be touched, and it asks for itself."""
    asked = Asked(request)
    figures = _kept("screen", asked, _render_screen)
    return render(request, "qinyuan_projects/screen.html", {**asked.context("overview"), "figures": figures})


def _kept(name, asked, rendered):
    county = asked.county
    key = f"{name}:{county.pk}:{county.data_version}:{county.business_today()}:{asked.kept}"
    return cache.get_or_set(key, lambda: rendered(asked))


def _render_screen(asked):
    with asked.reading():
        glance = Glance(asked.county, asked.year, asked.day)
        return render_to_string("qinyuan_projects/_screen_figures.html", {"asked": asked, "glance": glance})


def _render_parts(asked):
    with asked.reading():
        context = _context(asked)
        return {
            "head": render_to_string("qinyuan_projects/_overview_head.html", context),
            "figures": render_to_string("qinyuan_projects/_overview_figures.html", context),
        }


def _context(asked):
    county = asked.county
    summary = PlanSummary(county, asked.year, asked.choice.day)
    return {
        "asked": asked,
        "county": county,
        "summary": summary,
        "glance": Glance(county, asked.year, asked.day),
        "change": None if asked.is_past else _last_change(county),
        "panels": _panels(summary),
        "largest": _with_bars(summary.largest(LARGEST)),
        "without_total": summary.without_total(NAMED),
        "unnamed": max(summary.sums.missing_total - NAMED, 0),
    }


def _last_change(county):
    """Of the register: why a report was returned is for its unit and the office to read, and no news of the county."""
    changes = ChangeSet.objects.filter(county=county, kind__in=OF_REGISTER)
    return changes.select_related("by").first()


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
