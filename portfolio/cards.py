"""The cards of the weekly entry: what a reporter sees of each plan of the unit's week.

Gathered in a constant number of queries, however many cards there are.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Min, Q

from portfolio import dispatch, problems, reporting
from portfolio.actions.dispatch import compared_with, missing_answers
from portfolio.models import AnnualPlan, DispatchWeek, Photo, WeeklyDispatch
from portfolio.models.dispatch import PUBLISHED, ReportState
from portfolio.report_checks import Compared, warnings
from portfolio.weeks import Week

WEEKS_LOOKED_BACK = 8
OPEN_STATES = frozenset({ReportState.DRAFT, ReportState.RETURNED})


@dataclass
class Card:
    """A plan in a week. `report` is an unsaved one where nothing has been typed yet.

    The views add what came of an attempt: `form`, `lacking` {field: message}, `refused`, and `conflict`, which is what
    somebody else has saved meanwhile, as [(label, mine, theirs)].
    """

    plan: AnnualPlan
    report: WeeklyDispatch
    compared: Compared
    week_before: object = None
    problems: list = field(default_factory=list)
    photos: list = field(default_factory=list)
    is_due: bool = True
    is_locked: bool = False
    form: object = None
    lacking: dict = field(default_factory=dict)
    refused: str = ""
    conflict: list = field(default_factory=list)

    @property
    def pk(self):
        return self.plan.pk

    @property
    def is_open(self):
        return self.report.state in OPEN_STATES and not self.is_locked

    @property
    def is_returned(self):
        return self.report.state == ReportState.RETURNED

    @property
    def may_withdraw(self):
        return self.report.state == ReportState.REPORTED and not self.is_locked

    @property
    def previous(self):
        return self.compared.previous

    @property
    def previous_label(self):
        """`上周`, or `第20周` where weeks were left out."""
        return "上周" if self.previous.week == self.report.week - 1 else f"第{self.previous.week}周"

    @property
    def ytd_before(self):
        return self.previous.ytd_investment if self.previous else None

    @property
    def percent_before(self):
        return self.previous.works_percent if self.previous else self.plan.works_percent

    @property
    def progress_before(self):
        return self.previous.progress if self.previous else self.plan.progress

    @property
    def question(self):
        """What was planned for this week, a full stop at its end dropped."""
        return self.previous.next_plan.strip().rstrip("。.") if self.previous else ""

    @property
    def week_investment(self):
        return dispatch.week_investment(self.report.ytd_investment, self.previous)

    @cached_property
    def needed(self):
        """{field: message} of the boxes that must not stay empty."""
        return missing_answers(WeeklyDispatch(plan=self.plan))

    @cached_property
    def warnings(self):
        return warnings(self.report, self.compared)

    @property
    def photo_warnings(self):
        return [warning.text for warning in self.warnings if warning.field == "photos"]


def cards_of(user, plans, week, *, is_due=True, is_locked=False):
    """[Card] of the plans, whose project and county must be loaded, in their order."""
    pks = [plan.pk for plan in plans]
    stored = dispatch.reports_of(pks, week)
    reports = [_report(plan, week, stored.get(plan.pk)) for plan in plans]
    compared = compared_with(reports, week) if reports else {}
    weeks_before = _weeks_before(compared.values())
    photos = _photos(reports)
    today = plans[0].county.business_today() if plans else None
    open_problems = problems.open_by_project([plan.project_id for plan in plans], user, today) if plans else {}
    return [
        Card(
            plan,
            report,
            compared[plan.pk],
            week_before=weeks_before.get(plan.pk),
            problems=open_problems.get(plan.project_id, []),
            photos=photos[report.pk],
            is_due=is_due,
            is_locked=is_locked,
        )
        for plan, report in zip(plans, reports, strict=True)
    ]


def bare_cards(plans, week):
    """[Card] with what saving needs to know and nothing more: no photos, no problems."""
    stored = dispatch.reports_of([plan.pk for plan in plans], week)
    reports = [_report(plan, week, stored.get(plan.pk)) for plan in plans]
    compared = compared_with(reports, week) if reports else {}
    return [Card(plan, report, compared[plan.pk]) for plan, report in zip(plans, reports, strict=True)]


def _report(plan, week, stored):
    report = stored or WeeklyDispatch(county=plan.county, plan=plan, year=week.year, week=week.number, row_version=0)
    report.plan = plan
    return report


def _weeks_before(compared):
    """{plan pk: the money that the previous report's own week brought}."""
    previous = {each.previous.pk: each.previous for each in compared if each.previous}
    rows = dispatch.with_previous(WeeklyDispatch.objects.filter(pk__in=previous)) if previous else ()
    return {row.plan_id: row.ytd_investment - (row.previous_ytd or 0) for row in rows if row.ytd_investment is not None}


def _photos(reports):
    found = defaultdict(list)
    stored = [report.pk for report in reports if report.pk]
    for photo in Photo.objects.filter(dispatch__in=stored) if stored else ():
        found[photo.dispatch_id].append(photo)
    return found


@dataclass
class Entry:
    """A unit's week on one page: the cards that have to be reported, and those that may."""

    week: Week
    unit: object
    due_at: object
    lock: DispatchWeek | None
    due: list
    others: list
    earlier: list

    @property
    def is_locked(self):
        return self.lock is not None and self.lock.is_locked

    @property
    def cards(self):
        return [*self.due, *self.others]

    @property
    def submitted(self):
        return [card for card in self.due if card.report.is_published]

    @property
    def is_past_due(self):
        return self.unit.county.business_now() > self.due_at

    @property
    def previous_week(self):
        """In the first days of a year its reports of the last week of the old year may not be due yet."""
        return self.week.previous

    @property
    def next_week(self):
        return self.week.next if self.week < reporting.this_week(self.unit.county) else None

    @property
    def is_complete(self):
        return len(self.submitted) == len(self.due)


def entry_of(user, unit, week):
    """The page of a unit's week. Returned reports come first."""
    county, lock = unit.county, reporting.lock_of(unit.county, week)
    own = AnnualPlan.objects.reportable_by(user).filter(project__unit=unit).select_related("project", "county")
    due = list(reporting.plans_due(county, week, lock, among=own))
    others = [] if lock and lock.is_locked else list(reporting.plans_that_may(county, week, among=own))
    is_locked = lock is not None and lock.is_locked
    cards = cards_of(user, [*due, *others], week, is_locked=is_locked)
    for card in cards[len(due) :]:
        card.is_due = False
    return Entry(
        week=week,
        unit=unit,
        due_at=reporting.due_at(county, week),
        lock=lock,
        due=sorted(cards[: len(due)], key=lambda card: not card.is_returned),
        others=cards[len(due) :],
        earlier=earlier_weeks(unit, week, [plan.pk for plan in due]),
    )


@dataclass(frozen=True)
class EarlierWeek:
    week: Week
    missing: int
    returned: int


def earlier_weeks(unit, week, plans):
    """[EarlierWeek] that are still open and lack reports of these plans, or have returned ones; the oldest first.

    The old year's last weeks are looked at for the plans that it had. Weeks before the county's first report of a year
    were never asked for.
    """
    back = week.shifted(-WEEKS_LOOKED_BACK)
    if back.year == week.year:
        return _earlier_in_year(unit, week.year, plans, back.number, week.number)
    last = Week(week.year, 1).previous
    old = reporting.plans_due(unit.county, last).filter(project__unit=unit).values_list("pk", flat=True)
    in_old_year = _earlier_in_year(unit, last.year, list(old), back.number, last.number + 1)
    return in_old_year + _earlier_in_year(unit, week.year, plans, 1, week.number)


def _earlier_in_year(unit, number_of_year, plans, start, end):
    """What `earlier_weeks` finds from week `start` of one year to before week `end`."""
    year = WeeklyDispatch.objects.filter(county=unit.county_id, year=number_of_year)
    first = year.aggregate(first=Min("week"))["first"]
    if not plans or first is None:
        return []
    numbers = range(max(first, start), end)
    locked = DispatchWeek.objects.filter(county=unit.county_id, year=number_of_year, locked_at__isnull=False)
    locked = set(locked.values_list("week", flat=True))
    counted = (
        year.filter(plan__in=plans, week__in=numbers)
        .values_list("week")
        .annotate(
            published=Count("pk", filter=Q(state__in=PUBLISHED)),
            returned=Count("pk", filter=Q(state=ReportState.RETURNED)),
        )
        .order_by()
    )
    counts = {number: (published, returned) for number, published, returned in counted}
    found = []
    for number in numbers:
        published, returned = counts.get(number, (0, 0))
        if number not in locked and published < len(plans):
            found.append(EarlierWeek(Week(number_of_year, number), len(plans) - published - returned, returned))
    return found


@dataclass(frozen=True)
class UnitCount:
    unit: object
    due: int
    reported: int

    @property
    def missing(self):
        return self.due - self.reported


def units_of_week(county, week):
    """[UnitCount] of the units that have to report, those with most to do first."""
    due = reporting.plans_due(county, week).filter(project__unit__isnull=False)
    rows = due.values_list("project__unit").annotate(due=Count("pk")).order_by()
    published = WeeklyDispatch.objects.published().of_week(week).filter(plan__in=due.values("pk"))
    done = dict(published.values_list("plan__project__unit").annotate(Count("pk")).order_by())
    units = county.units.in_bulk([pk for pk, _ in rows])
    counts = [UnitCount(units[pk], number, done.get(pk, 0)) for pk, number in rows]
    return sorted(counts, key=lambda each: (each.reported - each.due, each.unit.name))
