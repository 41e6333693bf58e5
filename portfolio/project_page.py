"""What a project's page shows (项目卡片), gathered for one plan: the project's life, and its plan of one year."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q

from portfolio import dispatch, factors, funds, services
from portfolio.as_of import end_of_day
from portfolio.codes import industry_name
from portfolio.models import AnnualPlan, Photo, WeeklyDispatch
from portfolio.partial_dates import PartialDate
from portfolio.permits import project_permits_context
from portfolio.weeks import Week

REPORTS_OPEN = 4  # the earlier ones are folded
SERVICES_SHOWN = 3


@dataclass(frozen=True)
class WeekReport:
    """A weekly report with the money of its week (万元; None where nothing was reported) and its photos."""

    report: WeeklyDispatch
    week_investment: Decimal | None
    photos: list


def plan_of_year(project, year, today):
    """The plan of the asked year, else of the year of `today`, else the latest; None where there never was one."""
    plans = project.plans.select_related("leader", "deputy_leader", "county", "part_of__project")
    plans = {plan.year: plan for plan in plans}
    return plans.get(year) or plans.get(today.year) or (plans[max(plans)] if plans else None)


def facts(project, plan):
    """The project's own facts, its plans of all years, its phases and parts, and its neighbours in the table."""
    return {
        "industry": industry_name(project.industry),
        "dates": [
            ("开工", stored_date(project, "planned_start"), stored_date(project, "started_on")),
            ("竣工", stored_date(project, "planned_finish"), stored_date(project, "finished_on")),
        ],
        "registered": stored_date(project, "registered_on"),
        "plans": project.plans.select_related("leader").order_by("-year"),
        "aliases": project.aliases.exclude(name_key=project.name_key),
        "components": project.components.all(),
        "children": children_with_plans(project, plan),
        "neighbours": neighbours(plan),
    }


def needs(project, day):
    """What the project needs to be built: permits, factors, funds and one-stop services, what is missing first."""
    of_factors = sorted(factors.of_project(project, day), key=lambda row: -row.days_late)
    sources = funds.of_project(project, day)
    requests = sorted(services.of_project(project, day), key=lambda row: row.is_answered)
    return {
        **project_permits_context(project, day),
        "factor_gaps": [row for row in of_factors if row.gap],
        "factors_met": [row for row in of_factors if not row.gap],
        "fund_rows": sources,
        "fund_total": funds.FundSum.of(sources),
        "service_rows": requests[:SERVICES_SHOWN],
        "services_more": len(requests[SERVICES_SHOWN:]),
    }


def stored_date(project, attribute):
    return PartialDate.from_stored(getattr(project, attribute), getattr(project, f"{attribute}_precision"))


def children_with_plans(project, plan):
    """The phases or packages, each with its own plan of the same year as `of_year` (or None)."""
    children = list(project.children.select_related("unit").order_by("phase", "pk"))
    year = plan.year if plan else None
    plans = {row.project_id: row for row in AnnualPlan.objects.filter(project__in=children, year=year)}
    for child in children:
        child.of_year = plans.get(child.pk)
    return children


def neighbours(plan):
    """The plans before and after in the year's table, each None at its end."""
    if plan is None or plan.seq is None:
        return {}
    year = AnnualPlan.objects.filter(county=plan.county_id, year=plan.year, seq__isnull=False).select_related("project")
    before = year.filter(Q(seq__lt=plan.seq) | Q(seq=plan.seq, pk__lt=plan.pk)).order_by("-seq", "-pk")
    after = year.filter(Q(seq__gt=plan.seq) | Q(seq=plan.seq, pk__gt=plan.pk)).order_by("seq", "pk")
    return {"before": before.first(), "after": after.first()}


def week_reports(plan, user, day=None):
    """A `WeekReport` of each report of the plan that this user may read, newest first.

    `day` is the past day whose reports are being read: photos that came later are left out.
    """
    if plan is None:
        return []
    photos = Photo.objects.filter(uploaded_at__lte=end_of_day(day)) if day else Photo.objects.all()
    reports = WeeklyDispatch.objects.readable_by(user).filter(plan=plan).order_by("week")
    found, published = [], None
    for report in reports.prefetch_related(Prefetch("photos", photos, to_attr="shown_photos")):
        money = dispatch.week_investment(report.ytd_investment, published)
        found.append(WeekReport(report, money, report.shown_photos))
        published = report if report.is_published else published
    return found[::-1]


def reported_week(plan):
    """The week that the plan's own figures were reported in, or None."""
    return Week(plan.year, plan.reported_week) if plan and plan.reported_week else None
