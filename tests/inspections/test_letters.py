"""How letters are drafted: reasons and days in official words, one text per kind, the facts of what is late."""

import datetime as dt

import pytest

from inspections import letter_steps, letter_subjects, letters
from inspections.models import LetterKind
from tests import factories
from tests.inspections import letter_factories as make

TODAY = make.TODAY


@pytest.mark.parametrize(
    ("plain", "official"),
    [
        ("应于2024-01开工，已逾期4个月", "应于2024年1月开工，已逾期4个月"),
        ("2024-03-05到期", "2024年3月5日到期"),
        ("落后序时（41.7%）30.2 个百分点", "落后序时（41.7%）30.2个百分点"),
        ("投资完成 21.0%", "投资完成21.0%"),
        ("代码2403-140431-04-01-123456", "代码2403-140431-04-01-123456"),
    ],
)
def test_days_and_figures_are_written_as_in_documents(plain, official):
    assert letters.official(plain) == official


def test_each_kind_has_its_days_to_answer():
    days = [(letters.default_deadline(kind, TODAY) - TODAY).days for kind in LetterKind]

    assert days == [7, 3, 3]


@pytest.mark.django_db
def test_a_plan_behind_says_its_figures_and_its_overdue_problems():
    factories.clock(2024, 5, 31, 10)
    plan = make.red_plan(factories.unit("水利局"))
    make.late_problem(plan.project, text="用地未落实，联系 13812345678。")
    subject = letter_subjects.subject_of("plan", plan, TODAY)

    lines = letters.draft(subject, TODAY).body.splitlines()

    assert lines[:5] == [
        "截至2024年5月31日，你单位负责的河道治理未按期开工。现提醒如下。",
        "一、存在问题",
        "（一）进度情况。年度计划投资1,000万元，应于2024年1月开工，已逾期4个月。",
        "（二）逾期未办结的问题，共1个。",
        "1.用地未落实，联系138****5678（应于2024年5月20日办结）。",
    ]
    assert lines[-1].startswith("请于2024年6月7日前")


@pytest.mark.django_db
def test_the_countys_subjects_take_as_many_queries_for_many_rows(django_assert_max_num_queries):
    county = factories.clock(2024, 5, 31, 10)
    unit = factories.unit()
    for number in range(5):
        make.late_problem(make.red_plan(unit, f"项目{number}").project)
        make.late_matter(county, unit)

    with django_assert_max_num_queries(16):
        found = letter_subjects.subjects(county, TODAY)

    assert {what: len(rows) for what, rows in found.items()} == {"plan": 5, "problem": 5, "matter": 5}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "words", "is_overdue"),
    [
        (dt.date(2024, 6, 4), "还剩 3 天", False),
        (dt.date(2024, 6, 7), "今天到期", False),
        (dt.date(2024, 6, 8), "逾期 1 天", True),
    ],
)
def test_a_letter_is_overdue_the_day_after_its_deadline(day, words, is_overdue):
    factories.clock(2024, 5, 31, 10)
    letter = make.issued(factories.user("office"), make.red_plan(factories.unit()))

    assert (letter_steps.clock(letter, day).words, letter_steps.is_overdue(letter, day)) == (words, is_overdue)
