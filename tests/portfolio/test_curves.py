"""Curves add up to the cent, carry on what was last said, and keep the plan as it first was."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from portfolio.actions import changes
from portfolio.as_of import reading
from portfolio.curves import GROUPINGS, YearInvestment, curve_of
from portfolio.leader_pages import LeaderBoard
from portfolio.models import AnnualPlan, ChangeSet, LightRule, MonthlyTarget, Project, WeeklyDispatch
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)  # a Friday, of week 22


def reported(plan, *figures, first=1):
    """Accepted reports of the weeks from `first` on; the plan row follows the last, as the actions have it."""
    for week, figure in enumerate(figures, first):
        if figure is not None:
            factories.report(plan, week, ytd_investment=Decimal(figure))
            AnnualPlan.objects.filter(pk=plan.pk).update(ytd_investment=Decimal(figure), reported_week=week)


def targets(plan, amount, original=None):
    """The same amount each month."""
    MonthlyTarget.objects.bulk_create(
        MonthlyTarget(county=plan.county, plan=plan, month=month, amount=amount, original_amount=original or amount)
        for month in range(1, 13)
    )


def curve(county, day=MAY, *part):
    return YearInvestment(county, 2024, day).curve(*part)


def done(shown):
    return [(point.week.number, point.done) for point in shown.weeks]


def test_a_plan_without_monthly_targets_follows_the_calendar(county):
    factories.plan_under_way(planned_investment=Decimal("1000.10"))

    months = curve(county).months

    assert [months[0].planned, months[4].planned, months[11].planned] == [
        Decimal("83.34"),
        Decimal("416.71"),
        Decimal("1000.10"),
    ]
    assert [str(months[1].day), str(months[11].day)] == ["2024-02-29", "2024-12-31"]


def test_monthly_targets_are_the_plan_and_the_first_approved_ones_its_baseline(county):
    targets(factories.plan_under_way(planned_investment=1200), 100, original=90)
    factories.plan_under_way(planned_investment=120)

    shown = curve(county)

    assert [(point.planned, point.original) for point in shown.months[:2]] == [(110, 100), (220, 200)]
    assert (shown.has_moved, shown.with_targets, shown.gap) == (True, 1, 0)


def test_targets_that_miss_the_planned_investment_are_told(county):
    targets(factories.plan_under_way(planned_investment=1300), 100)

    assert curve(county).gap == -100


def test_targets_of_nothing_are_no_targets(county):
    targets(factories.plan_under_way(planned_investment=1200), 0)

    assert curve(county).months[0].planned == 100


def test_a_missing_week_carries_on_what_was_last_said(county):
    reported(factories.plan_under_way(), "0.10", None, "0.30")
    reported(factories.plan_under_way(), "0.01", "0.02")

    assert done(curve(county, dt.date(2024, 1, 21))) == [
        (1, Decimal("0.11")),
        (2, Decimal("0.12")),
        (3, Decimal("0.32")),
    ]


def test_the_curve_begins_with_the_first_report(county):
    reported(factories.plan_under_way(), "5", first=3)

    assert done(curve(county, dt.date(2024, 1, 28))) == [(3, 5), (4, 5)]


def test_drafts_and_returned_reports_are_not_in_it(county):
    plan = factories.plan_under_way()
    factories.report(plan, 1, state="draft", ytd_investment=1)
    factories.report(plan, 2, state="returned", ytd_investment=2)

    assert curve(county).weeks == []


def test_a_week_is_open_until_its_sunday_or_until_all_have_reported(county):
    first, second = factories.plan_under_way(), factories.plan_under_way()
    reported(first, "1", first=22)

    shown = curve(county)
    over = curve(county, dt.date(2024, 6, 2))
    reported(second, "1", first=22)
    complete = curve(county)

    assert (shown.is_week_open, shown.reported_this_week, shown.due) == (True, 1, 2)
    assert (over.is_week_open, complete.is_week_open) == (False, False)
    assert [point.day for point in shown.weeks] == [MAY]


def test_a_year_that_is_over_ends_with_its_last_week_and_december(county):
    reported(factories.plan_under_way(year=2026), "7", first=52)

    weeks = YearInvestment(county, 2026, dt.date(2027, 3, 1)).curve().weeks

    assert [(point.week, point.day) for point in weeks] == [
        (Week(2026, 52), dt.date(2026, 12, 27)),
        (Week(2026, 53), dt.date(2026, 12, 31)),
    ]


def test_a_year_that_has_not_begun_has_no_weeks(county):
    factories.plan_under_way(year=2025)

    shown = YearInvestment(county, 2025, MAY).curve()

    assert (shown.weeks, shown.last_month, shown.is_week_open) == ([], None, False)


@pytest.mark.parametrize(("day", "month"), [(dt.date(2024, 5, 30), 4), (MAY, 5), (dt.date(2024, 1, 30), None)])
def test_the_last_month_is_the_last_whole_one(county, day, month):
    factories.plan_under_way()

    last = curve(county, day).last_month

    assert (last and last.month) == month


def test_sub_items_and_what_left_the_plan_are_not_counted(county):
    parent = factories.plan_under_way(planned_investment=10)
    reported(factories.plan_under_way(planned_investment=1, part_of=parent), "1")
    reported(factories.plan_under_way(planned_investment=1, state="removed", state_reason="手续不全"), "1")

    shown = curve(county)

    assert (shown.count, shown.planned, shown.done, shown.weeks) == (1, 10, None, [])


def test_another_county_is_another_curve(county):
    other = factories.county("140402", "潞州区")
    reported(factories.plan_under_way(factories.unit(county=other), project__county=other), "1")

    assert curve(county).count == 0


def test_groups_add_up_to_the_county_by_whatever_they_are_made(county):
    leader, town = factories.leader(), factories.town()
    for number in range(1, 5):
        plan = factories.plan_under_way(
            planned_investment=Decimal("0.10") * number,
            leader=leader if number % 2 else None,
            project__town=town if number > 2 else None,
            project__category="industrial",
        )
        reported(plan, "0.07")
    investment = YearInvestment(county, 2024, MAY)

    for by in GROUPINGS:
        groups = investment.groups(by)
        sums = [sum(getattr(group, name) for group in groups) for name in ("count", "planned", "done")]
        parts = [investment.curve(by, group.token) for group in groups]
        assert (by, sums) == (by, [4, Decimal("1.00"), Decimal("0.28")])
        assert (by, [(part.planned, part.done) for part in parts]) == (
            by,
            [(group.planned, group.done) for group in groups],
        )


def test_a_group_in_which_nobody_reported_has_no_completion(county):
    factories.plan_under_way(project__category="industrial")

    (group,) = YearInvestment(county, 2024, MAY).groups("category")

    assert (group.title, group.done, group.completed) == ("产业类", None, None)


def test_the_county_may_ask_for_more_than_the_plan(county):
    factories.plan_under_way(planned_investment=1200)
    LightRule.objects.create(
        county=county, version=1, since=dt.date(2024, 1, 1), made_at=timezone.now(), year_factor=Decimal("1.2")
    )
    investment = YearInvestment(county, 2024, MAY)

    assert (investment.expected, investment.curve().asked_for) == (50, 1440)


def test_one_plan_has_the_curve_of_its_own_reports(county):
    plan, other = factories.plan_under_way(), factories.plan_under_way()
    reported(plan, "1", "2")
    reported(other, "50")
    plan.refresh_from_db()

    shown = curve_of(plan, dt.date(2024, 1, 14))

    assert (done(shown), shown.done, shown.planned) == ([(1, 1), (2, 2)], 2, 1000)


def test_a_past_day_shows_what_was_known_then_and_what_the_leaders_pages_show(county):
    office = factories.user("office")

    def begin(*moment):
        return changes.begin(ChangeSet.Kind.DISPATCH, county=factories.clock(*moment), by=office, summary="报送")

    start = begin(2024, 1, 2, 10)
    (project,) = changes.create(start, [Project(county=county, name="污水处理厂", stage="building")])
    (plan,) = changes.create(start, [AnnualPlan(county=county, project=project, year=2024, planned_investment=1000)])
    for week, day in ((20, 17), (21, 24)):
        report = WeeklyDispatch(county=county, plan=plan, year=2024, week=week, state="reported", ytd_investment=week)
        change = begin(2024, 5, day, 10)
        changes.create(change, [report])
        plan.ytd_investment = Decimal(week)
        changes.update(change, [plan], ["ytd_investment"])

    for day, last in ((dt.date(2024, 5, 23), 20), (dt.date(2024, 5, 24), 21)):
        with reading(county, day):
            shown = curve(county, day)
            assert (day, shown.done, shown.weeks[-1].done) == (day, last, last)
            assert LeaderBoard(county, 2024, day).everything.ytd == last
