"""The board adds up, judges each plan on the day it is asked for, and knows who gave what to whom."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio import progress
from portfolio.leader_pages import LeaderBoard, LeaderPage, in_order, next_nodes
from portfolio.models import DispatchWeek, Milestone, MonthlyTarget, Pause
from portfolio.progress import Light
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.date(2024, 5, 31)


def board(county, **options):
    return LeaderBoard(county, 2024, MAY, **options)


def under_way(leader=None, **fields):
    fields.setdefault("project__registration", "done")
    return factories.plan_under_way(leader=leader, **fields)


def test_rows_are_leaders_by_rank_then_what_nobody_answers_for(county):
    second, first = factories.leader("乙", rank=2), factories.leader("甲", rank=1)
    factories.leader("不在任", rank=3, is_active=False)
    for leader in (second, first, None):
        under_way(leader)

    rows = board(county).rows

    assert [(row.title, row.count) for row in rows] == [("甲", 1), ("乙", 1), ("未明确包联领导", 1)]


def test_a_visit_that_was_noted_later_is_not_known_on_its_day(county):
    leader = factories.leader()
    plan = under_way(leader)
    factories.visit(leader, plan.project, MAY, noted_at=timezone.make_aware(dt.datetime(2024, 6, 1, 9)))

    def seen(day):
        shown = LeaderBoard(county, 2024, day)
        portfolio = shown.leaders[0]
        return portfolio.last_visit, portfolio.standings[0].last_visit, len(LeaderPage(shown, portfolio).visits)

    assert seen(MAY) == (None, None, 0)
    assert seen(dt.date(2024, 6, 1)) == (MAY, MAY, 1)


def test_the_list_of_a_week_counts_from_the_day_it_was_locked(county):
    under_way()
    moment = timezone.make_aware(dt.datetime(2024, 6, 1, 9))
    DispatchWeek.objects.create(county=county, year=2024, week=22, locked_at=moment, due_plans=[])

    due = [LeaderBoard(county, 2024, day).everything.due for day in (MAY, dt.date(2024, 6, 1))]

    assert due == [1, 0]


def test_a_leader_out_of_office_stays_while_projects_do(county):
    under_way(factories.leader("不在任", is_active=False))

    assert [row.title for row in board(county).rows] == ["不在任"]


def test_sums_are_those_of_the_rows_to_the_cent(county):
    for number in range(1, 4):
        leader = factories.leader()
        for _ in range(number):
            under_way(leader, planned_investment=Decimal("0.10"), ytd_investment=Decimal("0.07"))
    under_way(None, planned_investment=Decimal("0.01"), project__total_investment=Decimal("99.99"))
    shown = board(county)

    for name in ("count", "total", "planned", "ytd", "due", "reported", "missing", "deputy_for"):
        assert getattr(shown.everything, name) == sum(getattr(row, name) for row in shown.rows)
    assert (shown.everything.planned, shown.everything.ytd) == (Decimal("0.61"), Decimal("0.42"))


def test_completion_counts_what_is_not_reported_as_nothing_and_says_how_many(county):
    leader = factories.leader()
    under_way(leader, planned_investment=100, ytd_investment=50)
    under_way(leader, planned_investment=100)
    shown = board(county)
    row = shown.leaders[0]

    assert (row.completed, row.without_report) == (25, 1)
    assert shown.deviation(row).quantize(Decimal("0.01")) == Decimal("-16.67")


def test_a_portfolio_that_nobody_reported_has_no_completion(county):
    under_way(factories.leader(), planned_investment=100)

    assert board(county).leaders[0].completed is None


def test_what_is_not_counted_is_not_shown(county):
    leader = factories.leader()
    whole = under_way(leader)
    under_way(leader, part_of=whole)
    under_way(leader, state="removed", state_reason="用地未落实")

    assert board(county).leaders[0].count == 1


def test_lights_are_counted_and_a_pause_is_grey(county):
    leader = factories.leader()
    under_way(leader, ytd_investment=900)
    under_way(leader, ytd_investment=0)
    paused = under_way(leader, ytd_investment=0)
    Pause.objects.create(
        county=county, plan=paused, reason="funds", words="停", paused_on=MAY, review_on=dt.date(2024, 8, 1)
    )

    lights = dict(board(county).leaders[0].lights)

    assert lights == {Light.GREEN: 1, Light.YELLOW: 0, Light.RED: 1, Light.GREY: 1}


def test_a_pause_counts_from_its_day_until_the_day_before_work_resumes(county):
    plan = under_way(factories.leader(), ytd_investment=0)
    Pause.objects.create(
        county=county,
        plan=plan,
        reason="funds",
        words="停",
        paused_on=dt.date(2024, 3, 10),
        review_on=dt.date(2024, 4, 1),
        resumed_on=dt.date(2024, 4, 20),
    )

    def light(*day):
        return LeaderBoard(county, 2024, dt.date(2024, *day)).leaders[0].standings[0].light

    assert [light(3, 9), light(3, 10), light(4, 19), light(4, 20)] == [
        Light.YELLOW,
        Light.GREY,
        Light.GREY,
        Light.YELLOW,
    ]


def test_monthly_targets_are_the_yardstick_of_their_plan(county):
    plan = under_way(factories.leader(), planned_investment=100, ytd_investment=5)
    for month, amount in ((1, 5), (12, 95)):
        MonthlyTarget.objects.create(county=county, plan=plan, month=month, amount=amount, original_amount=amount)

    standing = board(county).leaders[0].standings[0]

    assert (standing.judgement.expected, standing.light) == (5, Light.GREEN)


def test_week_counts_published_reports_of_those_that_have_to_report(county):
    leader = factories.leader()
    for state in ("reported", "accepted", "draft", "returned"):
        factories.report(under_way(leader), 22, state=state)
    factories.report(under_way(leader), 21)
    row = board(county).leaders[0]

    assert (row.due, row.reported, row.missing) == (5, 2, 3)


def test_problems_stand_with_who_answers_for_the_project_and_yesterdays_deadline_is_overdue(county):
    leader = factories.leader()
    plan = under_way(leader)
    factories.problem(plan.project, deadline=MAY)
    late = factories.problem(plan.project, deadline=MAY - dt.timedelta(days=1))
    factories.problem(plan.project, state="closed", closed_on=MAY)
    adrift = factories.problem(factories.project())
    shown = board(county)

    assert len(shown.leaders[0].problems) == 2
    assert shown.leaders[0].overdue == [late]
    assert shown.nobody.problems == [adrift]
    assert len(shown.everything.problems) == sum(len(row.problems) for row in shown.rows)


def test_last_visit_is_the_latest_until_the_day(county):
    leader = factories.leader()
    plan = under_way(leader)
    for day in (dt.date(2024, 3, 1), dt.date(2024, 5, 2), dt.date(2024, 6, 1)):
        factories.visit(leader, plan.project, day)
    factories.visit(factories.leader(), plan.project, dt.date(2024, 5, 20))

    row = next(row for row in board(county).leaders if row.leader == leader)

    assert (row.last_visit, row.standings[0].last_visit) == (dt.date(2024, 5, 2), dt.date(2024, 5, 2))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["甲", "乙", "丙"]),
        ("planned", ["乙", "丙", "甲"]),
        ("-planned", ["甲", "丙", "乙"]),
        ("completed", ["甲", "乙", "丙"]),
        ("-completed", ["乙", "甲", "丙"]),
        ("leader__user__password", ["甲", "乙", "丙"]),
    ],
)
def test_board_is_sorted_and_what_has_no_figure_comes_last(county, sort, names):
    for rank, (name, planned, ytd) in enumerate((("甲", 300, 30), ("乙", 100, 90), ("丙", 200, None))):
        under_way(factories.leader(name, rank=rank), planned_investment=planned, ytd_investment=ytd)

    assert [row.title for row in board(county, sort=sort).leaders] == names


def test_in_order_leaves_rows_alone_for_an_unknown_key():
    rows = [object()]

    assert in_order(rows, "-nonsense") is rows


def test_queries_do_not_grow_with_leaders_and_projects(county):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = board(county)
            [row.lights for row in page.rows]
            LeaderPage(page, page.leaders[0]).cards  # noqa: B018
        return len(queries)

    assert board(county).thresholds == progress.DEFAULTS  # read once for each state of the data
    counts = []
    for _ in range(2):
        for _ in range(3):
            leader = factories.leader()
            plan = under_way(leader)
            factories.problem(plan.project)
            factories.visit(leader, plan.project)
        counts.append(cost())

    assert counts == [12, 12]


# One leader's page


def test_cards_show_the_worst_first_and_can_be_narrowed_to_a_light_or_to_the_missing(county):
    leader = factories.leader()
    good, bad = under_way(leader, seq=1, ytd_investment=900), under_way(leader, seq=2, ytd_investment=0)
    factories.report(good, 22)
    shown = board(county)

    def plans(**options):
        return [card.standing.plan for card in LeaderPage(shown, shown.leaders[0], **options).cards]

    assert plans() == [bad, good]
    assert plans(light="green") == [good]
    assert plans(only="missing") == [bad]
    assert plans(light="nonsense") == [bad, good]


def test_what_is_red_overdue_or_waits_for_help_is_stuck(county):
    leader = factories.leader()
    plans = [under_way(leader, seq=seq, ytd_investment=900) for seq in range(4)]
    red = under_way(leader, seq=9, ytd_investment=0)
    factories.problem(plans[0].project, deadline=MAY - dt.timedelta(days=1))
    factories.problem(plans[1].project, deadline=MAY)
    factories.report(plans[2], 20, needs_help="请自然资源局现场定界")
    factories.report(plans[3], 19, needs_help="请协调用电")
    factories.report(plans[3], 20)
    shown = board(county)

    stuck = LeaderPage(shown, shown.leaders[0]).stuck

    assert [card.standing.plan for card in stuck] == [red, plans[0], plans[2]]
    assert [card.needs_help for card in stuck] == ["", "", "请自然资源局现场定界"]


def test_deputy_rows_are_what_the_leader_helps_with(county):
    leader, deputy = factories.leader(rank=1), factories.leader(rank=2)
    plan = under_way(leader, deputy_leader=deputy)
    shown = board(county)

    page = LeaderPage(shown, shown.leaders[1])

    assert [row.plan for row in page.deputy_rows] == [plan]
    assert (page.portfolio.count, page.portfolio.deputy_for) == (0, 1)


def test_next_nodes_are_the_two_earliest_not_done_by_the_day(county):
    plan = under_way()
    for name, due, done_on in (
        ("完成", dt.date(2024, 1, 1), dt.date(2024, 5, 31)),
        ("逾期", dt.date(2024, 5, 30), None),
        ("今天", dt.date(2024, 5, 31), dt.date(2024, 6, 1)),
        ("以后", dt.date(2024, 9, 1), None),
    ):
        Milestone.objects.create(county=county, plan=plan, name=name, original_due=due, due=due, done_on=done_on)

    nodes = next_nodes([plan], MAY)[plan.pk]

    assert [(node.name, node.is_overdue) for node in nodes] == [("逾期", True), ("今天", False)]
