"""What the project office reviews (审核): a week's reports beside those before, the ones with warnings first."""

from dataclasses import dataclass, field

from portfolio.dispatch import latest_before, week_investment
from portfolio.models import Photo, WeeklyDispatch
from portfolio.models.dispatch import ReportState

# What may be asked for, and what it is called.
SHOWN = {
    "pending": ("待审", ReportState.REPORTED),
    "accepted": ("已审", ReportState.ACCEPTED),
    "returned": ("退回", ReportState.RETURNED),
}


@dataclass
class ReviewItem:
    """A report with the published one before it. Money is 万元."""

    report: object
    previous: object = None
    photos: list = field(default_factory=list)

    @property
    def plan(self):
        return self.report.plan

    @property
    def project(self):
        return self.report.plan.project

    @property
    def week_money(self):
        return week_investment(self.report.ytd_investment, self.previous)

    @property
    def token(self):
        """What a ticked box sends: the report and the version that was looked at."""
        return f"{self.report.pk}-{self.report.row_version}"


def counts(county, week):
    """{key of SHOWN: how many}."""
    reports = WeeklyDispatch.objects.filter(county=county).of_week(week).values_list("state", flat=True)
    states = list(reports)
    return {key: states.count(state) for key, (_, state) in SHOWN.items()}


def items(county, week, shown):
    """[ReviewItem] of one kind of `SHOWN`: most warnings first, then unit by unit."""
    reports = WeeklyDispatch.objects.filter(county=county, state=SHOWN[shown][1]).of_week(week)
    reports = list(reports.select_related("plan__project__unit", "plan__leader", "submitted_by", "reviewed_by"))
    previous = latest_before([report.plan_id for report in reports], week)
    photos = {}
    for photo in Photo.objects.filter(dispatch__in=reports):
        photos.setdefault(photo.dispatch_id, []).append(photo)
    found = [ReviewItem(report, previous.get(report.plan_id), photos.get(report.pk, [])) for report in reports]
    return sorted(found, key=_order)


def _order(item):
    unit = item.project.unit
    seq = item.plan.seq
    return -len(item.report.warnings), unit.name if unit else "", seq is None, seq or 0, item.plan.pk
