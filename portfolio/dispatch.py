"""Reading the weekly dispatch: what a plan last reported, and what a week brought.

Year-to-date is stored, the week's money is derived here and nowhere else: the difference to the last published report
before. A correction of an earlier week therefore moves every later figure that hangs on it.
"""

from decimal import Decimal

from django.db.models import F, OuterRef, Subquery

from portfolio.models import AnnualPlan, Photo, WeeklyDispatch


def reports_of(plans, week):
    """{plan pk: WeeklyDispatch} of one week, whatever their state."""
    return {report.plan_id: report for report in WeeklyDispatch.objects.of_week(week).filter(plan__in=plans)}


def latest_before(plans, week):
    """{plan pk: the last published WeeklyDispatch before `week`}, of the same year."""
    return _latest(plans, week.year, week.number)


def latest(plans, year):
    """{plan pk: the last published WeeklyDispatch of the year}."""
    return _latest(plans, year, None)


def _latest(plans, year, before):
    published = WeeklyDispatch.objects.published().filter(year=year)
    if before is not None:
        published = published.filter(week__lt=before)
    # One look into the index a plan, not one a report.
    newest = published.filter(plan=OuterRef("pk")).order_by("-week").values("pk")[:1]
    pks = [getattr(plan, "pk", plan) for plan in plans]
    wanted = AnnualPlan.objects.filter(pk__in=pks).values(newest=Subquery(newest))
    return {report.plan_id: report for report in WeeklyDispatch.objects.filter(pk__in=wanted)}


def week_investment(ytd, previous):
    """This week's money (万元): `ytd` less what the last report before it said; None when nothing is reported.

    `previous` is a report or None. The first report of a year brings all of its year-to-date.
    """
    if ytd is None:
        return None
    before = previous.ytd_investment if previous is not None else None
    return ytd - (before or Decimal(0))


def with_previous(reports):
    """The queryset, each report annotated with `previous_week` and `previous_ytd` of the published report before it."""
    earlier = (
        WeeklyDispatch.objects.published()
        .filter(plan=OuterRef("plan"), year=OuterRef("year"), week__lt=OuterRef("week"))
        .order_by("-week")
    )
    return reports.annotate(
        previous_week=Subquery(earlier.values("week")[:1]), previous_ytd=Subquery(earlier.values("ytd_investment")[:1])
    )


def reused_photos(reports):
    """{report pk: (text, …)} of photos that were used before, in another report."""
    found = {}
    photos = Photo.objects.filter(dispatch__in=reports, same_as__isnull=False).exclude(same_as__dispatch=F("dispatch"))
    for photo in photos.select_related("same_as__dispatch__plan__project"):
        earlier = photo.same_as.dispatch
        text = f"有照片与“{earlier.plan.project}”{earlier.iso_week.label}的照片相同或极相似。"
        found[photo.dispatch_id] = (*found.get(photo.dispatch_id, ()), text)
    return found
