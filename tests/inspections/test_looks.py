"""Where the projects of a stage stand: last checks, what is missing most, with whom, on a day, in how many queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.charts.outcomes import outcome_chart
from inspections.checklists import DEFAULTS, Question
from inspections.look_rows import Standing
from inspections.looks import LookBoard, boards
from inspections.models import Look
from portfolio.as_of import reading
from portfolio.models import Outcome, Problem, Project
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)
DEADLINE = dt.date(2024, 5, 27)
QUESTIONS = (
    Question("safety", "安全"),
    Question("quality", "质量"),
    Question("problems", "问题", known_by="overdue_problems"),
)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def inspector(county):
    return factories.user("inspector", name="督查员甲")


@pytest.fixture
def questions(county):
    return looks.checklist(questions=QUESTIONS)


def plan(**fields):
    return factories.plan_under_way(fields.pop("unit", None) or factories.unit(), **fields)


def found(plan, **fields):
    return factories.problem(plan.project, raised_on=TODAY, deadline=DEADLINE, **fields)


def board(day=TODAY, look="progress"):
    return LookBoard(factories.county(), look, 2024, day)


def test_a_board_holds_the_counted_projects_of_its_stage(county, questions):
    building = plan()
    factories.plan(project__stage="planned")
    plan(state="removed", state_reason="不再实施")
    plan(year=2023)

    assert [row.plan for row in board().rows] == [building]


def test_the_four_boards_stand_in_the_order_of_the_stages(county):
    assert [each.look for each in boards(county, 2024, TODAY)] == list(Look)


def test_the_four_boards_hold_what_each_alone_holds(county):
    for stage in ("reserve", "planned", "building", "in_operation"):
        factories.plan(project__stage=stage)

    assert [each.rows for each in boards(county, 2024, TODAY)] == [board(look=look).rows for look in Look]


def test_the_four_boards_read_the_plans_once(county):
    with CaptureQueriesContext(connection) as queries:
        rows = [each.rows for each in boards(county, 2024, TODAY)]

    assert rows == [[]] * 4
    assert sum('FROM "portfolio_annualplan"' in each["sql"] for each in queries) == 1


def test_without_a_stored_list_the_default_is_asked(county):
    questions = board().questions

    assert (questions.version, questions.questions) == (0, DEFAULTS[Look.PROGRESS])


def test_the_last_check_tells_where_a_project_stands(inspector, questions):
    row_plan = plan()
    looks.check(row_plan, inspector, questions, {"safety": "no", "quality": "no"}, day=dt.date(2024, 5, 1))
    last = looks.check(row_plan, inspector, questions, {"safety": "yes", "quality": "no", "problems": "na"})

    row = board().rows[0]

    assert (row.check, row.checks, row.yes, row.no, row.missing, row.days_ago) == (last, 2, 1, 1, ["quality"], 0)


def test_a_draft_and_a_check_of_another_look_do_not_count(inspector, questions):
    row_plan = plan()
    looks.check(row_plan, inspector, questions, {"safety": "no"}, state="draft")
    looks.check(row_plan, inspector, looks.checklist("effect"), {}, day=dt.date(2024, 5, 19))

    row = board().rows[0]

    assert (row.check, row.standing, row.missing) == (None, Standing.NEVER, [])


def test_a_check_counts_from_its_day_on(inspector, questions):
    looks.check(plan(), inspector, questions, {"safety": "yes"})

    assert (board(TODAY).checked, board(TODAY - dt.timedelta(days=1)).checked) == (1, 0)


@pytest.mark.parametrize(
    ("state", "day", "standing"),
    [
        ("assigned", DEADLINE, Standing.OPEN),
        ("assigned", DEADLINE + dt.timedelta(days=1), Standing.OVERDUE),
        ("closed", DEADLINE, Standing.CLEAR),
    ],
)
def test_a_no_stands_open_until_its_problem_is_closed(inspector, questions, state, day, standing):
    row_plan = plan()
    said = {"safety": {"answer": "no", "problem": found(row_plan, state=state)}, "problems": "yes"}
    looks.check(row_plan, inspector, questions, said)

    row = board(day).rows[0]

    assert (row.standing, row.no, row.missing) == (standing, 1, [] if state == "closed" else ["safety"])


def test_a_problem_of_an_earlier_check_still_stands_and_counts_once(inspector, questions):
    row_plan = plan()
    problem = found(row_plan)
    said = {"safety": {"answer": "no", "problem": problem}}
    looks.check(row_plan, inspector, questions, said, day=dt.date(2024, 5, 18))
    looks.check(row_plan, inspector, questions, said, day=dt.date(2024, 5, 19))
    looks.check(row_plan, inspector, questions, {"safety": "yes"})

    row = board().rows[0]

    assert (row.open_problems, row.standing) == ([problem], Standing.OPEN)


def test_what_is_missing_most_comes_first_and_adds_up(inspector, questions):
    checked, settled, unchecked = plan(), plan(), plan()
    looks.check(checked, inspector, questions, {"safety": "yes", "quality": "no", "problems": "na"})
    closed = found(settled, state="closed")
    looks.check(settled, inspector, questions, {"safety": "no", "quality": {"answer": "no", "problem": closed}})
    factories.problem(unchecked.project, "assigned", deadline=dt.date(2024, 5, 19))

    told = {each.question.key: each for each in board().missing_most}

    assert list(told) == ["safety", "quality", "problems"]
    assert [each.missing for each in told.values()] == [1, 1, 1]
    quality, problems = told["quality"], told["problems"]
    assert (quality.yes, quality.no, quality.settled, quality.unchecked) == (0, 2, 1, 1)
    assert (problems.not_needed, problems.unchecked, problems.known_no) == (1, 2, 1)
    assert {each.yes + each.no + each.not_needed + each.unchecked for each in told.values()} == {3}


def test_units_and_inspectors_are_told_with_what_is_open(inspector, questions):
    unit = factories.unit("水利局")
    first = plan(unit=unit)
    plan(unit=unit)
    late = found(first, state="assigned")
    looks.check(first, inspector, questions, {"safety": {"answer": "no", "problem": late}})

    shown = board(DEADLINE + dt.timedelta(days=1))

    by_unit, by_inspector = shown.by_unit[0], shown.by_inspector[0]
    assert (by_unit.title, by_unit.projects, by_unit.checked, by_unit.unchecked) == ("水利局", 2, 1, 1)
    assert (by_unit.checks, by_unit.no, by_unit.open, by_unit.overdue) == (1, 1, 1, 1)
    assert (by_inspector.title, by_inspector.checks, by_inspector.open, by_inspector.overdue) == ("督查员甲", 1, 1, 1)


def test_a_board_asks_the_same_number_of_queries_for_one_project_and_for_three(inspector, questions):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            shown = board()
            assert [shown.missing_most, shown.by_unit, shown.by_inspector, shown.standings]
        return len(asked)

    def checked():
        row_plan = plan()
        looks.check(row_plan, inspector, questions, {"safety": {"answer": "no", "problem": found(row_plan)}})

    checked()
    queries()
    of_one = queries()
    checked()
    checked()

    assert (queries(), Problem.objects.count()) == (of_one, 3)


# 看效果


def in_service(name, *reached, **fields):
    """A project of 看效果 whose capacities have come so far, of 100 promised."""
    row_plan = factories.plan(project__name=name, project__stage="in_operation")
    for number, amount in enumerate(reached):
        factories.outcome(row_plan.project, reached=amount, detail=f"{number} 线", **fields)
    return row_plan


def test_effect_is_told_by_what_was_promised_and_who_is_furthest_short(county):
    in_service("甲", "90", "100")
    in_service("乙", "20")
    in_service("丙", "5", due_on=TODAY)
    silent = in_service("丁")

    effect = board(look="effect")

    (total,) = effect.outcome_sums
    assert (total.rows, total.promised, total.reached, round(total.share, 2)) == (4, 400, 215, 53.75)
    assert [row.project.name for row in effect.furthest_short] == ["乙", "甲"]
    assert [row.plan for row in effect.outcomes_missing] == [silent]


def test_other_looks_know_no_outcomes(county):
    factories.outcome(plan().project)

    assert (board().outcome_sums, board().furthest_short) == ([], [])


def test_effect_of_a_past_day_is_what_was_known_then(county):
    row_plan = in_service("甲", "90")
    for model in (Project, type(row_plan)):
        model.history.update(history_date=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    Outcome.history.update(history_date=dt.datetime(2024, 5, 11, tzinfo=dt.UTC))

    def found(day):
        with reading(county, day):
            return [total.reached for total in board(day, "effect").outcome_sums]

    assert [found(dt.date(2024, 5, day)) for day in (10, 11)] == [[], [90]]


def test_chart_of_effects_says_what_its_table_says(county):
    in_service("甲", "90", "200")
    in_service("乙", None)
    in_service("丙")

    chart = outcome_chart(board(look="effect"), {"year": 2024})

    assert chart.table.rows == [
        [
            ("产能", "/permits/outcomes/?year=2024&kind=capacity"),
            *("万吨/年", "3", "200", "290", "145.0%", "1", "1", "0", "1"),
        ]
    ]
    assert chart.figure.data[0].text == ("290 / 200 万吨/年，145.0%",)
    assert chart.caption == (
        "产能 3 项中 1 项达到承诺。差得最多的是甲，产能只达到承诺的 90.0%。1 个项目还没有填写。"
        "合计只算承诺和实际都填写了的，不同计量单位分开。"
    )


def test_caption_says_which_sums_hold_parts_of_a_year(county):
    year = {"counted_on": dt.date(2023, 12, 31), "counted_on_precision": "y"}
    in_service("甲", "90", kind="tax", measure="万元", **year)
    in_service("乙", "30", kind="tax", measure="万元")

    caption = outcome_chart(board(look="effect"), {"year": 2024}).caption

    assert caption.startswith("年税收达到承诺的 60.0%（含 1 项年度未满）。差得最多的是甲，年税收只达到承诺的 90.0%。")


def test_chart_of_effects_draws_nothing_where_nothing_was_told(county):
    in_service("丙")

    chart = outcome_chart(board(look="effect"), {"year": 2024})

    assert (chart.figure, chart.table.rows, chart.caption) == (None, [], "1 个项目还没有填写。")
