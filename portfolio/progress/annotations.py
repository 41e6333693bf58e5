"""What the rules say of each plan, as annotations: the same on SQLite and PostgreSQL, today and as of a past day."""

import datetime as dt
from decimal import Decimal

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf, Round

from portfolio.models import Milestone, MonthlyTarget, Pause
from portfolio.models.judging import Bucket, Light
from portfolio.models.register import STAGES_BEFORE_START, Registration, Stage
from portfolio.partial_dates import PartialDate, Precision
from portfolio.progress.figures import calendar_progress
from portfolio.progress.months import months_ago, months_elapsed

PLACES = 6  # of percentages: floating point ends far behind it, and what is shown long before
ONE_DAY = dt.timedelta(days=1)


class RegistrationState(TextChoices):
    """入统 state, by what is asked of a project on the day."""

    LATE = "late", "未入统（超期）"
    NOT_YET = "not_yet", "未入统（未超期）"
    UNKNOWN = "unknown", "未填"
    DONE = "done", "已入统"
    BELOW = "below", "不足起统额"
    NOT_STARTED = "not_started", "未开工"


def annotated(plans, year, day, thresholds):
    """`plans` (all of `year`) with what the rules say of each at the end of `day`.

    completion, expected, deviation: percent and percentage points; expected and deviation are NULL where money is not
    what the plan is judged by: before its start, paused, finished. bucket: a `Bucket`, which knows its light.
    has_started, is_new, is_due_to_start, has_milestones: booleans. registration_state. paused_on. overdue_since: the
    earliest day of a milestone that is past and not done. money_bucket and registration_light are the parts of a plan
    under way.

    Django writes an annotation out wherever another names it: none is named more often than it must be.
    """
    started, finished = _has_started(day), _is_finished(day)
    plans = plans.annotate(
        paused_on=Subquery(_pauses(day).values("paused_on")[:1]),
        overdue_since=Subquery(_overdue(day).values("due")[:1], output_field=DateField()),
        has_milestones=Exists(Milestone.objects.filter(plan=OuterRef("pk"))),
        completion=_rounded(_percentage(F("ytd_investment"), F("planned_investment"))),
        has_started=_yes(started),
        is_new=_yes(_is_new(year)),
        is_due_to_start=_yes(_ended_by("project__planned_start", day - ONE_DAY)),
        registration_state=_registration_state(day, thresholds, started),
        registration_light=_registration_light(day, thresholds),
    )
    plans = plans.annotate(
        expected=Case(
            When(started & ~finished & Q(paused_on=None), then=_expected(year, day, thresholds)),
            output_field=_decimal(),
        ),
    )
    plans = plans.annotate(deviation=_rounded(F("completion") - F("expected")))
    behind, far_behind = _behind(year, day, thresholds)
    return plans.annotate(
        money_bucket=_money_bucket(behind, far_behind),
        bucket=_bucket(day, thresholds, started, finished, behind, far_behind),
    )


# Dates that know how precise they are


def _ended_by(path, day):
    """The period that the date stands for is over at the end of `day`, whichever of its ends is stored."""
    return _by_precision(path, {precision: _last_ended(day, precision) for precision in Precision})


def _begun_by(path, day):
    """The period has begun by `day`."""
    return _by_precision(path, {each: PartialDate.from_stored(day, each).last_day for each in Precision})


def _by_precision(path, days):
    condition = Q()
    for precision, day in days.items():
        condition |= Q(**{f"{path}_precision": precision, f"{path}__lte": day})
    return condition


def _last_ended(day, precision):
    """The last day of the latest such period that is over at the end of `day`."""
    period = PartialDate.from_stored(day, precision)
    return day if period.last_day == day else max(period.first_day, dt.date.min + ONE_DAY) - ONE_DAY


# Where a project stands


def _has_started(day):
    dated = Q(project__started_on__isnull=False)
    at_work = Q(project__stage__in=[Stage.BUILDING, Stage.IN_OPERATION])
    return (dated & _begun_by("project__started_on", day)) | (~dated & at_work)


def _is_finished(day):
    return Q(project__stage=Stage.IN_OPERATION) | _begun_by("project__finished_on", day)


def _is_new(year):
    """One of the year's new starts (计划新开工): begun in it, or not begun and planned for it or longer ago."""
    begun = Q(project__started_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    waiting = Q(project__started_on__isnull=True, project__stage__in=STAGES_BEFORE_START)
    without_day = Q(project__planned_start__isnull=True, project__stage=Stage.PLANNED)
    return begun | (waiting & (without_day | Q(project__planned_start__lte=dt.date(year, 12, 31))))


def _pauses(day):
    pauses = Pause.objects.filter(plan=OuterRef("pk"), paused_on__lte=day)
    return pauses.filter(Q(resumed_on__isnull=True) | Q(resumed_on__gt=day)).order_by("paused_on", "pk")


def _overdue(day):
    undone = Milestone.objects.filter(Q(done_on__isnull=True) | Q(done_on__gt=day))
    return undone.filter(plan=OuterRef("pk"), due__lt=day).order_by("due", "pk")


# Money


def _expected(year, day, thresholds):
    """By the plan's own monthly targets where they add up to something, else by the calendar."""
    passed = _of_targets(month__lte=months_elapsed(year, day))
    by_targets = _percentage(Coalesce(passed, Value(Decimal(0)), output_field=_decimal()), _of_targets())
    by_calendar = Value(calendar_progress(year, day, thresholds.year_factor), output_field=_decimal())
    return Coalesce(_rounded(by_targets), by_calendar, output_field=_decimal())


def _of_targets(**conditions):
    """The plan's targets of these months, added up; NULL where there are none."""
    targets = MonthlyTarget.objects.filter(plan=OuterRef("pk"), **conditions).order_by()
    return Subquery(targets.values("plan").annotate(sum=Sum("amount")).values("sum"))


def _behind(year, day, thresholds):
    """(yellow, red): conditions on deviation, or on completion against what is expected; NULL is neither."""
    if months_elapsed(year, day) < thresholds.grace_months:
        return Q(pk__in=[]), Q(pk__in=[])
    if not thresholds.by_ratio:
        return Q(deviation__lt=-thresholds.yellow_points), Q(deviation__lt=-thresholds.red_points)
    return tuple(
        Q(completion__lt=_rounded(Cast(F("expected"), FloatField()) * float(share) / 100.0))
        for share in (thresholds.yellow_ratio, thresholds.red_ratio)
    )


NO_PLAN = Q(planned_investment=None) | Q(planned_investment=0)


def _money_bucket(behind, far_behind):
    """What money alone says of a plan that is under way."""
    return Case(
        When(NO_PLAN, then=Value(Bucket.NO_PLAN)),
        When(ytd_investment=None, then=Value(Bucket.NOT_REPORTED)),
        When(far_behind, then=Value(Bucket.RED)),
        When(behind, then=Value(Bucket.YELLOW)),
        default=Value(Bucket.GREEN),
        output_field=CharField(),
    )


# 入统


def _registration_light(day, thresholds):
    """A project below the statistical threshold need not register; an answer nobody gave is no finding."""
    asked = Q(project__registration=Registration.NOT_YET, project__total_investment__gte=thresholds.registration_from)
    return Case(
        When(asked & _begun_for(day, thresholds.registration_red_months), then=Value(Light.RED)),
        When(asked & _begun_for(day, thresholds.registration_yellow_months), then=Value(Light.YELLOW)),
        output_field=CharField(),
    )


def _begun_for(day, months):
    return _ended_by("project__started_on", months_ago(day, months))


def _registration_state(day, thresholds, started):
    late = _begun_for(day, thresholds.registration_yellow_months)
    return Case(
        When(project__registration=Registration.DONE, then=Value(RegistrationState.DONE)),
        When(~started, then=Value(RegistrationState.NOT_STARTED)),
        When(project__total_investment__lt=thresholds.registration_from, then=Value(RegistrationState.BELOW)),
        When(project__registration="", then=Value(RegistrationState.UNKNOWN)),
        When(late, then=Value(RegistrationState.LATE)),
        default=Value(RegistrationState.NOT_YET),
        output_field=CharField(),
    )


# The light


def _bucket(day, thresholds, started, finished, behind, far_behind):
    """The worst wins: a project that has not begun is judged by its start alone, one under way by money and 入统."""
    overdue = _ended_by("project__planned_start", day - ONE_DAY)
    long_overdue = _ended_by("project__planned_start", months_ago(day, thresholds.start_red_months))
    waiting = Case(
        When(project__planned_start=None, then=Value(Bucket.NO_DATE)),
        When(long_overdue, then=Value(Bucket.RED)),
        When(overdue, then=Value(Bucket.YELLOW)),
        default=Value(Bucket.GREEN),
    )
    return Case(
        When(finished, then=Value(Bucket.FINISHED)),
        When(paused_on__isnull=False, then=Value(Bucket.PAUSED)),
        When(~started, then=waiting),
        When(Q(registration_light=Light.RED) | far_behind, then=Value(Bucket.RED)),
        When(Q(registration_light=Light.YELLOW) | behind, then=Value(Bucket.YELLOW)),
        When(NO_PLAN, then=Value(Bucket.NO_PLAN)),
        When(ytd_investment=None, then=Value(Bucket.NOT_REPORTED)),
        default=Value(Bucket.GREEN),
        output_field=CharField(),
    )


# Arithmetic that both databases do alike


def _decimal():
    return DecimalField(max_digits=20, decimal_places=PLACES)


def _percentage(part, whole):
    """In floating point: SQLite divides whole amounts as integers."""
    return Cast(part, FloatField()) * 100.0 / NullIf(Cast(whole, FloatField()), 0.0)


def _rounded(expression):
    return Cast(Round(Cast(expression, FloatField()), PLACES), _decimal())


def _yes(condition):
    return Case(When(condition, then=Value(True)), default=Value(False))
