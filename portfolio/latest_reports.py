"""What a plan row keeps of its latest published report, so that no list has to look for it, and whether it is true.

The words and the percentage of works are kept too, but may be corrected in the register: these come from reports alone.
"""

from dataclasses import dataclass

from portfolio import dispatch
from portfolio.models import AnnualPlan

KEPT = ("ytd_investment", "reported_week", "reported_on")
CHUNK = 500


@dataclass(frozen=True)
class Difference:
    """A plan row that says `stored` where its latest published report says `recomputed`."""

    plan: AnnualPlan
    name: str
    stored: object
    recomputed: object

    @property
    def label(self):
        return AnnualPlan._meta.get_field(self.name).verbose_name


def kept_of(report):
    """{field: value} that a plan keeps of this WeeklyDispatch; of None, nothing was reported."""
    if report is None:
        return dict.fromkeys(KEPT)
    return dict(zip(KEPT, (report.ytd_investment, report.week, report.reported_on), strict=True))


def differences(county):
    """[Difference] over all years of the county, recomputed from the reports."""
    found = []
    plans = AnnualPlan.objects.filter(county=county).select_related("project")
    for year in plans.order_by("year").values_list("year", flat=True).distinct():
        of_year = list(plans.filter(year=year).order_by("pk"))
        for start in range(0, len(of_year), CHUNK):
            found += _differences(of_year[start : start + CHUNK], year)
    return found


def _differences(plans, year):
    newest = dispatch.latest(plans, year)
    return [
        Difference(plan, name, getattr(plan, name), value)
        for plan in plans
        for name, value in kept_of(newest.get(plan.pk)).items()
        if getattr(plan, name) != value
    ]
