"""What falls due between two days, for whom, and how the calendar's page is asked for it."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from inspections.calendar import Kind, Span, events, short
from inspections.calendar_page import CalendarPage
from portfolio.models import Milestone, Permit, PermitKind
from tests import factories
from tests.inspections import letter_factories, matter_factories, round_factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)
LAST = dt.date(2024, 6, 30)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def office(county):
    return factories.user()


def found(user, kind, since=TODAY, until=LAST):
    return [event for event in events(Span(user, 2024, since, until)) if event.kind == kind]


def keys(*args, **days):
    return [event.key for event in found(*args, **days)]


def milestone(plan, due, **fields):
    return Milestone.objects.create(county=plan.county, plan=plan, name="主体完工", due=due, original_due=due, **fields)


def permit(project, **fields):
    kind = PermitKind.objects.create(county=project.county, name="施工许可", seq=1)
    return Permit.objects.create(county=project.county, project=project, kind=kind, **fields)


def page(user, query="", today=TODAY):
    return CalendarPage(user, QueryDict(query), today)


# What falls due


def test_weekly_reports_are_due_on_friday_noon(office):
    week = found(office, Kind.WEEK, until=TODAY)[0]

    assert (week.key, week.day, week.at.isoformat()) == ("week-2024-W22", TODAY, "2024-05-31T12:00:00+08:00")


def test_a_week_is_due_on_the_next_working_day_when_its_friday_is_off(office):
    dragon_boat = dt.date(2024, 6, 10)

    days = [week.day for week in found(office, Kind.WEEK, since=dragon_boat, until=LAST)]

    assert days == [dt.date(2024, 6, 14), dt.date(2024, 6, 21), dt.date(2024, 6, 28)]


def test_a_week_that_slips_into_the_next_is_still_found(office):
    golden_week = found(office, Kind.WEEK, since=dt.date(2024, 10, 7), until=dt.date(2024, 10, 10))

    assert [(week.key, week.day) for week in golden_week] == [("week-2024-W40", dt.date(2024, 10, 8))]


def test_a_round_shows_from_its_first_day_to_its_last(office):
    row = round_factories.round_(starts_on=TODAY - ONE_DAY, ends_on=TODAY + ONE_DAY)
    round_factories.round_(starts_on=TODAY - 2 * ONE_DAY, ends_on=TODAY - ONE_DAY)

    (event,) = found(office, Kind.ROUND)

    assert (event.key, event.days) == (f"round-{row.pk}", [TODAY - ONE_DAY, TODAY, TODAY + ONE_DAY])


def test_undone_milestones_of_the_year_are_due_on_both_end_days(office):
    plan = factories.plan_under_way()
    first, last = milestone(plan, TODAY), milestone(plan, LAST)
    milestone(plan, TODAY - ONE_DAY)
    milestone(plan, LAST + ONE_DAY)
    milestone(plan, LAST, done_on=TODAY)
    milestone(factories.plan_under_way(year=2025), LAST)

    assert keys(office, Kind.MILESTONE) == [f"milestone-{first.pk}", f"milestone-{last.pk}"]


def test_a_granted_permit_is_there_on_the_last_day_that_it_holds(office):
    project = factories.plan_under_way().project
    row = permit(project, state="granted", valid_until=LAST)

    (event,) = found(office, Kind.PERMIT)

    assert (event.key, event.day, event.title) == (f"permit-{row.pk}-lapses", LAST, f"{project}：施工许可到期")


def test_a_permit_in_hand_is_there_on_the_day_it_is_to_be_granted(office):
    row = permit(factories.plan_under_way().project, state="asked", due_on=TODAY)

    assert keys(office, Kind.PERMIT) == [f"permit-{row.pk}-due"]


def test_open_problems_are_due_and_closed_ones_are_not(office):
    project = factories.plan_under_way().project
    row = factories.problem(project, "assigned", deadline=LAST)
    factories.problem(project, "closed", deadline=LAST)

    assert keys(office, Kind.PROBLEM) == [f"problem-{row.pk}"]


def test_open_matters_and_unanswered_letters_are_due(office):
    unit = factories.unit()
    matter = matter_factories.matter(unit=unit, deadline=LAST)
    matter_factories.matter(unit=unit, deadline=LAST, state="done")
    letter = letter_factories.issued(office, unit=unit)

    assert keys(office, Kind.MATTER) == [f"matter-{matter.pk}"]
    assert keys(office, Kind.LETTER) == [f"letter-{letter.pk}"]


def test_phones_are_masked_before_a_text_is_cut():
    text = "用" * 35 + "13812345678"

    assert short(text) == "用" * 35 + "138*…"


# Who reads what


def test_what_is_in_preparation_is_the_offices_alone(office):
    meeting = matter_factories.meeting("open", held_on=LAST)
    matter_factories.matter(meeting, deadline=LAST)
    letter_factories.drafted(office)
    reporter = factories.user("reporter", unit=factories.unit())

    assert keys(office, Kind.MEETING) == [f"meeting-{meeting.pk}"]
    assert [keys(reporter, kind) for kind in (Kind.MEETING, Kind.MATTER, Kind.LETTER)] == [[], [], []]


def test_another_countys_events_are_not_there(office):
    elsewhere = factories.county("140499", "别县")
    round_factories.round_(county=elsewhere)
    stranger_unit = factories.unit("别县水利局", county=elsewhere)
    matter_factories.matter(
        matter_factories.meeting(county=elsewhere, held_on=TODAY), unit=stranger_unit, deadline=LAST
    )

    assert {event.kind for event in events(Span(office, 2024, TODAY, LAST))} == {Kind.WEEK}


def test_a_reporter_sees_first_what_concerns_the_own_unit(county):
    own, other = factories.unit(), factories.unit()
    mine = matter_factories.matter(unit=own, deadline=LAST)
    theirs = matter_factories.matter(unit=other, deadline=LAST)
    reporter = factories.user("reporter", unit=own)

    def matters(query):
        return [event.key for event in page(reporter, query).events if event.kind == Kind.MATTER]

    assert matters("") == [f"matter-{mine.pk}"]
    assert matters("unit=&leader=") == [f"matter-{mine.pk}", f"matter-{theirs.pk}"]


def test_a_leader_sees_first_the_own_projects_and_what_concerns_everybody(county):
    account = factories.user("leader")
    own = factories.plan_under_way(leader=factories.leader(user=account))
    node = milestone(own, LAST)
    milestone(factories.plan_under_way(leader=factories.leader()), LAST)

    shown = page(account).events

    assert [event.key for event in shown if event.kind == Kind.MILESTONE] == [f"milestone-{node.pk}"]
    assert sum(event.kind == Kind.WEEK for event in shown) == 5


# The page


def test_without_a_month_the_next_thirty_days_are_shown(office):
    shown = page(office)

    assert (shown.since, shown.until, shown.title) == (TODAY, LAST, "今后 30 天")


def test_a_month_is_shown_whole_in_weeks_from_monday(office):
    shown = page(office, "month=2024-02")

    assert (shown.since, shown.until) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert [week[0].day for week in shown.weeks][::4] == [dt.date(2024, 1, 29), dt.date(2024, 2, 26)]
    assert (shown.previous_month, shown.next_month) == (dt.date(2024, 1, 1), dt.date(2024, 3, 1))


@pytest.mark.parametrize("month", ["2024-13", "1999-01", "2024-1", "২০২৪-০১", "x"])
def test_a_month_that_there_is_not_is_ignored(office, month):
    assert page(office, f"month={month}").since == TODAY


def test_open_deadlines_before_today_are_late(office):
    factories.problem(factories.plan_under_way().project, "assigned", deadline=TODAY - ONE_DAY)
    factories.problem(factories.plan_under_way().project, "assigned", deadline=TODAY)

    days = [day for week in page(office, "month=2024-05&kind=problem").weeks for day in week if day.events]

    assert [late for day in days for _, late in day.events] == [True, False]


def test_kinds_are_counted_and_chosen(office):
    milestone(factories.plan_under_way(), LAST)

    shown = page(office, "kind=milestone")

    assert [event.kind for event in shown.events] == [Kind.MILESTONE]
    assert {option.title: option.count for option in shown.kinds if option.count} == {"周报截止": 5, "工期节点": 1}


def test_many_events_take_as_many_queries_as_few(office):
    unit = factories.unit()

    def fill(times):
        for number in range(times):
            plan = factories.plan_under_way(unit)
            milestone(plan, LAST)
            factories.problem(plan.project, "assigned", deadline=LAST)
            matter_factories.matter(unit=unit, project=plan.project, deadline=LAST)
            letter_factories.issued(office, letter_factories.red_plan(unit, name=f"项目{times}{number}"))
            round_factories.round_()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert page(office).weeks
        return len(captured)

    fill(1)
    few = queries()
    fill(4)

    assert queries() == few
