import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from portfolio import progress
from portfolio.models import AnnualPlan, MonthlyTarget, Pause
from portfolio.models.judging import Bucket, Light, Yardstick
from portfolio.models.register import Registration, Stage
from portfolio.partial_dates import PartialDate, Precision
from portfolio.progress import RegistrationState
from tests import factories

pytestmark = pytest.mark.django_db
MAY = dt.date(2024, 5, 31)
DATES = {"planned_start": "planned_start", "started": "started_on", "finished": "finished_on"}


def month(year, number):
    return PartialDate(dt.date(year, number, 1), Precision.MONTH)


def day(*parts):
    return PartialDate(dt.date(*parts), Precision.DAY)


def building(**fields):
    """A project under way, registered, with a plan of 100 万元."""
    return {
        "stage": Stage.BUILDING,
        "planned": Decimal(100),
        "started": day(2023, 6, 1),
        "registration": Registration.DONE,
        **fields,
    }


def waiting(planned_start=None, **fields):
    return {"stage": Stage.PLANNED, "planned_start": planned_start, **fields}


def plan_of(facts):
    """A stored plan of 2024 of which these facts are known."""
    facts = dict(facts)
    of_project = {}
    for name, stored in DATES.items():
        if written := facts.pop(name, None):
            of_project |= {f"project__{stored}": written.first_day, f"project__{stored}_precision": written.precision}
    of_project |= {
        "project__stage": facts.pop("stage"),
        "project__registration": facts.pop("registration", ""),
        "project__total_investment": facts.pop("total", None),
    }
    paused_on = facts.pop("paused_on", None)
    targets = facts.pop("monthly_targets", {})
    plan = factories.plan(
        planned_investment=facts.pop("planned", None), ytd_investment=facts.pop("ytd", None), **of_project
    )
    assert not facts
    if paused_on:
        Pause.objects.create(
            county=plan.county, plan=plan, reason="funds", words="停", paused_on=paused_on, review_on=paused_on
        )
    for number, amount in targets.items():
        MonthlyTarget.objects.create(county=plan.county, plan=plan, month=number, amount=amount, original_amount=amount)
    return plan


def annotated(today=MAY, thresholds=progress.DEFAULTS, year=2024):
    plans = AnnualPlan.objects.select_related("project").order_by("pk")
    return progress.annotated(plans, year, today, thresholds)


def judge(facts, today=MAY, thresholds=progress.DEFAULTS):
    plan = plan_of(facts)
    return progress.judgement(annotated(today, thresholds).get(pk=plan.pk), today)


# Money against plan and calendar


def test_a_plan_with_monthly_targets_is_measured_by_them():
    targets = {1: Decimal(10), 5: Decimal(20), 6: Decimal(70)}
    plan_of(building(monthly_targets=targets))

    assert annotated(MAY).get().expected == 30
    assert annotated(MAY - dt.timedelta(days=1)).get().expected == 10


def test_monthly_targets_that_begin_later_ask_for_nothing_yet():
    plan_of(building(monthly_targets={9: Decimal(10)}))

    assert annotated(MAY).get().expected == 0


def test_monthly_targets_that_are_all_zero_plan_nothing():
    plan_of(building(monthly_targets={6: Decimal(0)}))

    assert annotated(dt.date(2024, 6, 30)).get().expected == 50


@pytest.mark.parametrize(("ytd", "planned"), [("629.0", "647.4"), ("7.7", "67.9"), ("77.57", "63.27"), ("5", "12")])
def test_completion_in_the_database_is_that_of_sums(ytd, planned):
    """Whole amounts too: SQLite would divide them as integers."""
    plan_of(building(ytd=Decimal(ytd), planned=Decimal(planned)))

    found = annotated().get().completion

    assert abs(found - progress.completion(Decimal(ytd), Decimal(planned))) < Decimal("0.000001")


@pytest.mark.parametrize("planned", [None, Decimal(0)])
def test_completion_without_a_plan_is_none_and_not_zero(planned):
    plan_of(building(ytd=Decimal(5), planned=planned))

    assert annotated().get().completion is None


def test_plans_are_filtered_sorted_and_counted_by_their_deviation():
    for ytd in ("35", "11", "60"):
        plan_of(building(ytd=Decimal(ytd)))

    behind = annotated().filter(deviation__lt=0).order_by("deviation")

    assert [plan.ytd_investment for plan in behind] == [11, 35]
    assert annotated().filter(bucket=Bucket.RED).count() == 1


# Starts


def test_start_rates_name_their_denominators_and_keep_early_starts_apart():
    for facts in (
        {"stage": Stage.BUILDING, "planned_start": month(2024, 3), "started": day(2024, 3, 9)},
        waiting(month(2024, 4)),
        waiting(month(2024, 9)),
        {"stage": Stage.BUILDING, "planned_start": month(2024, 9), "started": day(2024, 4, 2)},
        {"stage": Stage.BUILDING, "started": day(2022, 4, 2)},
    ):
        plan_of(facts)

    rates = progress.start_rates(annotated())

    assert [(rate.of, rate.part, rate.whole) for rate in (rates.due, rates.planned, rates.everything)] == [
        ("截至当日应开工", 1, 2),
        ("全年计划新开工", 2, 4),
        ("全部项目", 3, 5),
    ]
    assert rates.ahead == 1


def test_a_start_of_an_earlier_year_that_is_still_waited_for_stays_a_new_start():
    plan_of(waiting(month(2023, 6)))

    rates = progress.start_rates(annotated())

    assert (rates.due.part, rates.due.whole) == (0, 1)


# Lights


@pytest.mark.parametrize(
    ("ytd", "light"),
    [("40", Light.GREEN), ("39.99", Light.YELLOW), ("20", Light.YELLOW), ("19.99", Light.RED), ("140", Light.GREEN)],
)
def test_money_is_green_down_to_10_points_behind_and_yellow_down_to_30(ytd, light):
    """Half of the year has passed."""
    assert judge(building(ytd=Decimal(ytd)), dt.date(2024, 6, 30)).light == light


def test_the_reason_of_money_tells_completion_and_calendar():
    judged = judge(building(ytd=Decimal("11.5")), MAY)

    assert judged.reason == "红：投资完成 11.5%，落后序时（41.7%）30.2 个百分点"


@pytest.mark.parametrize(
    ("today", "light", "reason"),
    [
        (dt.date(2024, 3, 31), Light.GREEN, "绿：计划2024-03开工，未到时间"),
        (dt.date(2024, 4, 1), Light.YELLOW, "黄：应于2024-03开工，已逾期1天"),
        (dt.date(2024, 6, 29), Light.YELLOW, "黄：应于2024-03开工，已逾期2个月"),
        (dt.date(2024, 6, 30), Light.RED, "红：应于2024-03开工，已逾期3个月"),
    ],
)
def test_a_late_start_is_yellow_and_red_after_three_months(today, light, reason):
    judged = judge(waiting(month(2024, 3)), today)

    assert (judged.light, judged.reason) == (light, reason)


def test_what_is_not_due_to_start_owes_no_money_yet():
    assert judge(waiting(month(2024, 9), planned=Decimal(100), ytd=Decimal(0)), MAY).light == Light.GREEN


@pytest.mark.parametrize(
    "facts", [waiting(month(2024, 9)), building(finished=day(2024, 5, 1)), building(paused_on=dt.date(2024, 5, 1))]
)
def test_what_is_not_under_way_is_neither_ahead_nor_behind(facts):
    judged = judge({**facts, "planned": Decimal(100), "ytd": Decimal(0)}, MAY)

    assert (judged.completed, judged.expected, judged.deviation) == (0, None, None)


def test_a_start_without_a_date_is_grey_and_says_so():
    judged = judge(waiting(), MAY)

    assert (judged.light, judged.reason) == (Light.GREY, "灰：未填计划开工时间，无法判断")


@pytest.mark.parametrize(
    ("started", "light"),
    [
        (day(2024, 5, 1), Light.GREEN),
        (day(2024, 4, 30), Light.YELLOW),
        (day(2024, 4, 1), Light.YELLOW),
        (day(2024, 3, 31), Light.RED),
        (month(2024, 5), Light.GREEN),
    ],
)
def test_what_is_not_registered_is_yellow_after_one_month_and_red_after_two(started, light):
    facts = building(started=started, registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(50))

    assert judge(facts, MAY).light == light


@pytest.mark.parametrize(("total", "light"), [("499.99", Light.GREEN), ("500", Light.RED), (None, Light.GREEN)])
def test_below_500_nothing_need_be_registered(total, light):
    facts = building(registration=Registration.NOT_YET, total=total and Decimal(total), ytd=Decimal(50))

    assert judge(facts, MAY).light == light


def test_the_worst_wins_and_all_as_bad_are_told():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(1))

    judged = judge(facts, MAY)

    assert judged.light == Light.RED
    assert judged.reason.endswith("个百分点；2024-01-10开工，4个月未入统")


def test_the_milder_finding_is_not_told():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500), ytd=Decimal(50))

    assert judge(facts, MAY).reason == "红：2024-01-10开工，4个月未入统"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (building(ytd=Decimal(1), paused_on=dt.date(2024, 3, 2)), "灰：停缓建，自 2024-03-02"),
        (building(ytd=Decimal(1), finished=day(2024, 5, 31)), "灰：已竣工或已投入使用"),
        (building(planned=None, ytd=Decimal(1)), "灰：未列年度计划投资，无法判断"),
        (building(ytd=None), "灰：今年尚未报送完成投资，无法判断"),
    ],
)
def test_paused_finished_without_plan_and_not_reported_are_grey(facts, reason):
    judged = judge(facts, MAY)

    assert (judged.light, judged.reason) == (Light.GREY, reason)


def test_what_finishes_tomorrow_is_still_judged():
    assert judge(building(ytd=Decimal(1), finished=day(2024, 6, 1)), MAY).light == Light.RED


def test_not_reported_hides_no_missing_registration():
    facts = building(started=day(2024, 1, 10), registration=Registration.NOT_YET, total=Decimal(500))

    assert judge(facts, MAY).light == Light.RED


def test_thresholds_can_be_others():
    strict = dataclasses.replace(progress.DEFAULTS, yellow_points=Decimal(5))

    assert judge(building(ytd=Decimal(35)), MAY, strict).light == Light.YELLOW
    assert judge(building(ytd=Decimal(35)), MAY).light == Light.GREEN


def test_by_ratio_red_is_below_60_percent_of_the_calendar_and_yellow_below_80():
    """Wuhan's yardstick; half of the year has passed."""
    by_ratio = dataclasses.replace(progress.DEFAULTS, yardstick=Yardstick.RATIO)
    june = dt.date(2024, 6, 30)

    lights = [judge(building(ytd=Decimal(ytd)), june, by_ratio).light for ytd in ("40", "39.99", "30", "29.99")]

    assert lights == [Light.GREEN, Light.YELLOW, Light.YELLOW, Light.RED]


@pytest.mark.parametrize(("today", "light"), [(dt.date(2024, 2, 28), Light.GREEN), (dt.date(2024, 2, 29), Light.RED)])
def test_early_in_the_year_money_can_be_given_grace(today, light):
    lenient = dataclasses.replace(progress.DEFAULTS, yardstick=Yardstick.RATIO, grace_months=2)

    assert judge(building(ytd=Decimal(1)), today, lenient).light == light


def test_a_county_that_asks_for_120_percent_expects_more():
    strict = dataclasses.replace(progress.DEFAULTS, year_factor=Decimal("1.2"))
    plan_of(building())

    assert annotated(dt.date(2024, 8, 31), strict).get().expected == 80


@pytest.mark.parametrize(
    ("facts", "bucket"),
    [
        (building(ytd=Decimal(50)), Bucket.GREEN),
        (building(ytd=None), Bucket.NOT_REPORTED),
        (building(planned=None), Bucket.NO_PLAN),
        (waiting(), Bucket.NO_DATE),
        (building(paused_on=dt.date(2024, 5, 1)), Bucket.PAUSED),
        (building(finished=day(2024, 5, 1)), Bucket.FINISHED),
    ],
)
def test_what_cannot_be_judged_is_counted_under_its_reason(facts, bucket):
    assert judge(facts).bucket == bucket


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (building(), RegistrationState.DONE),
        (waiting(month(2024, 9)), RegistrationState.NOT_STARTED),
        (building(registration=Registration.NOT_YET, total=Decimal("499.99")), RegistrationState.BELOW),
        (building(registration="", total=Decimal(500)), RegistrationState.UNKNOWN),
        (building(registration=Registration.NOT_YET, started=day(2024, 5, 1)), RegistrationState.NOT_YET),
        (building(registration=Registration.NOT_YET, started=day(2024, 4, 30)), RegistrationState.LATE),
    ],
)
def test_registration_is_late_a_month_after_the_start(facts, state):
    plan_of(facts)

    assert annotated().get().registration_state == state


@pytest.mark.parametrize("precision", list(Precision))
def test_a_start_is_due_when_the_written_period_is_over(precision):
    written = PartialDate.from_stored(dt.date(2024, 4, 20), precision)
    plan_of(waiting(written))

    due = [annotated(written.last_day + dt.timedelta(days=late)).get().is_due_to_start for late in (0, 1)]

    assert due == [False, True]


def test_the_earliest_overdue_milestone_is_told():
    plan = plan_of(building())
    for due, done in (
        ("2024-03-01", "2024-03-02"),
        ("2024-05-20", None),
        ("2024-04-20", "2024-06-02"),
        ("2024-07-01", None),
    ):
        plan.milestones.create(county=plan.county, name="节点", original_due=due, due=due, done_on=done)

    assert annotated().get().overdue_since == dt.date(2024, 4, 20)


def test_a_plan_with_milestones_is_told_from_one_without():
    with_nodes, without = plan_of(building()), plan_of(building())
    factories.milestone(with_nodes, dt.date(2024, 7, 1))

    assert dict(annotated().values_list("pk", "has_milestones")) == {with_nodes.pk: True, without.pk: False}
