"""Who reports when (一周一调度): the plans that have to report, the week that is open, the moment it is due.

A plan has to report when it counts in the year's plan, its project is past 谋划, and it is not paused (停缓建).
Sub-items and projects still in 谋划 may report, and nobody asks them to.
"""

from django.db.models import Exists, OuterRef, Q

from portfolio.as_of import end_of_day
from portfolio.models import AnnualPlan, CalendarDay, DispatchWeek, Pause
from portfolio.models.register import COUNTED, STATES_IN_PLAN, Stage
from portfolio.weeks import Week

REPORTING_STAGES = frozenset({Stage.PLANNED, Stage.BUILDING, Stage.IN_OPERATION})
PAUSED = Exists(Pause.objects.standing().filter(plan=OuterRef("pk")))
HAS_TO_REPORT = COUNTED & Q(project__stage__in=REPORTING_STAGES) & ~PAUSED


def due_at(county, week):
    """The moment the week's reports are due, the county's own working days considered."""
    near = CalendarDay.objects.filter(county=county, day__gte=week.monday, day__lte=week.shifted(4).sunday)
    days = dict(near.values_list("day", "is_working"))
    return week.due_at(
        days_off=frozenset(day for day, is_working in days.items() if not is_working),
        days_on=frozenset(day for day, is_working in days.items() if is_working),
    )


def this_week(county):
    return Week.of(county.business_today())


def lock_of(county, week):
    """The DispatchWeek row, or None while nobody has ever locked the week."""
    return DispatchWeek.objects.filter(county=county, year=week.year, week=week.number).first()


def is_locked(county, week):
    lock = lock_of(county, week)
    return lock is not None and lock.is_locked


def plans_due(county, week, lock=None, among=None):
    """The plans that have to report for the week: of a locked week those that had to when it was locked.

    `among` is a queryset of plans to choose from, rather than all.
    """
    plans = _of_year(county, week, among)
    lock = lock or lock_of(county, week)
    if lock is not None and lock.is_locked:
        return plans.filter(pk__in=lock.due_plans)
    return plans.filter(HAS_TO_REPORT)


def due_on(county, week, day, among=None):
    """pks of the plans that had to report for the week, as at the end of `day`: a later lock had not fixed the list.

    `among` as in `plans_due`.
    """
    lock = lock_of(county, week)
    if lock is None or (lock.is_locked and lock.locked_at > end_of_day(day)):
        lock = DispatchWeek()
    return frozenset(plans_due(county, week, lock, among).values_list("pk", flat=True))


def plans_that_may(county, week, among=None):
    """Plans in the year's table that need not report but may: sub-items, projects in 谋划, paused ones."""
    return _of_year(county, week, among).filter(state__in=STATES_IN_PLAN).exclude(HAS_TO_REPORT)


def _of_year(county, week, among):
    plans = AnnualPlan.objects.all() if among is None else among
    return plans.filter(county=county, year=week.year)
