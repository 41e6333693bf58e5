"""The content of a report: its sections in order, with all that cover, contents and footer say."""

from django.core.cache import cache
from django.db.models import Count, Max

from inspections.models import ReportKind, SitePhoto
from inspections.reports import annex, concerns, follow_through, money, six_ones
from inspections.reports.material import Material
from inspections.reports.period import Period
from portfolio.as_of import reading

FORMAT = 1  # of the content; readers of an older one keep working
KEPT = 600  # seconds


def quarterly_content(county, year, quarter, as_of):
    """Everything that a quarterly report says, as JSON can hold it. Figures are those known at the end of `as_of`."""
    return content_of(county, Period(ReportKind.QUARTERLY, year, quarter), as_of)


def monthly_content(county, year, month, as_of):
    """The shorter report of a month."""
    return content_of(county, Period(ReportKind.MONTHLY, year, month), as_of)


def leader_content(county, year, month, as_of, leader):
    """One leader's own report of a month: the projects that this leader answers for."""
    return content_of(county, Period(ReportKind.LEADER, year, month), as_of, leader)


def content_of(county, period, as_of, leader=None):
    material = Material(county, period, as_of, leader)
    with reading(county, material.past):
        sections = _SECTIONS[period.kind](material)
    return {
        "format": FORMAT,
        "kind": str(period.kind),
        "county": county.name,
        "is_demo": county.is_demo,
        "title": title_of(county, period, leader),
        "period": period.label,
        "as_of": str(as_of),
        "rules": f"亮灯按{material.board.thresholds.name}",
        "sections": sections,
    }


def kept_content(county, period, as_of, leader=None):
    """`content_of`, kept until somebody writes, for ten minutes at most.

    Gathering takes a second, and whoever issues a report has looked at it first: they issue what they saw.
    """
    asked = f"{period.kind}:{period.year}:{period.number}:{leader and leader.pk}:{as_of}"
    photos = SitePhoto.objects.filter(county=county).aggregate(number=Count("pk"), last=Max("pk"))  # no change sets
    state = f"{county.data_version}:{county.business_today()}:{photos['number']}:{photos['last']}"
    return cache.get_or_set(
        f"report:{county.pk}:{state}:{asked}", lambda: content_of(county, period, as_of, leader), KEPT
    )


def title_of(county, period, leader=None):
    if leader is not None:
        return f"{county.name}{period.label}重大项目包联专报（{leader.name}）"
    return f"{county.name}{period.label}重大项目{'督导观摩报告' if period.is_quarter else '进展月报'}"


def _quarterly(material):
    return [
        money.headline(material),
        money.curve(material),
        *(money.groups(material, by) for by in ("category", "town", "unit", "leader")),
        follow_through.four_looks(material),
        follow_through.stops(material),
        concerns.red_list(material),
        follow_through.matters_of(material),
        six_ones.of_county(material),
        annex.plan_table(material),
    ]


def _monthly(material):
    return [
        money.headline(material),
        money.curve(material),
        *(money.groups(material, by) for by in ("category", "town", "unit")),
        concerns.red_list(material),
        concerns.problems(material),
        follow_through.matters_of(material),
    ]


def _leaders(material):
    return [
        money.headline(material),
        money.curve(material),
        concerns.projects(material),
        concerns.problems(material),
        follow_through.matters_of(material),
        six_ones.of_leader(material),
    ]


_SECTIONS = {ReportKind.QUARTERLY: _quarterly, ReportKind.MONTHLY: _monthly, ReportKind.LEADER: _leaders}
