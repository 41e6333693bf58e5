"""Which step an overdue matter or letter has reached, and which letter it needs: each boundary in a pair."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.actions import letter_steps, letters
from inspections.escalation import Escalation, Step
from inspections.models import Letter, LetterKind
from portfolio.models import NoticeKind, NoticeRule
from tests import factories
from tests.inspections import letter_factories as make

pytestmark = pytest.mark.django_db

TODAY = make.TODAY


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def water(county):
    return factories.unit("水利局")


@pytest.fixture
def office(county):
    return factories.user("office")


def matter_late(unit, days, **fields):
    """A matter whose deadline passed so many days before today."""
    return make.late_matter(unit.county, unit, deadline=TODAY - dt.timedelta(days=days), **fields)


def rises(county, today=TODAY):
    return [(rise.about, rise.days, rise.step, rise.words) for rise in Escalation(county, today).all()]


def reminded(office, matter):
    row = letters.draft(by=office, what="matter", row=matter)
    return letters.issue(by=office, letter=row, version=row.row_version)


def after_deadline(letter, days=1):
    return letter.deadline + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (1, Step.NOTICE),
        (2, Step.NOTICE),
        (3, Step.REMINDER),
        (9, Step.REMINDER),
        (10, Step.ORDER),
        (19, Step.ORDER),
        (20, Step.TALK),
    ],
)
def test_the_step_goes_by_the_days_overdue(county, water, days, step):
    matter = matter_late(water, days)

    [(about, late, found, _)] = rises(county)

    assert (about, late, found) == (matter, days, step)


def test_a_matter_on_its_last_day_does_not_rise_and_on_the_next_it_does(county, water):
    matter_late(water, 0)

    assert (rises(county), len(rises(county, TODAY + dt.timedelta(days=1)))) == ([], 1)


def test_the_days_of_the_steps_are_the_countys_to_set(county, water):
    NoticeRule.objects.create(county=county, kind=NoticeKind.TO_REMIND, threshold=5, is_on=False)
    matter_late(water, 4)
    later = matter_late(water, 5)

    [(about, *_, words), (*_, waits)] = rises(county)

    assert (about, words, waits) == (later, "应发提醒函", "已提醒，逾期满 5 天应发提醒函")


def test_before_the_first_step_a_matter_only_waits(county, water):
    NoticeRule.objects.create(county=county, kind=NoticeKind.MATTER_LATE, threshold=2)
    matter_late(water, 1)

    assert [(step, words) for *_, step, words in rises(county)] == [(None, "刚逾期，逾期满 3 天应发提醒函")]


@pytest.mark.parametrize("days", [3, 10, 20])
def test_without_a_letter_a_matter_needs_a_reminder_however_late_it_is(county, water, days):
    matter_late(water, days)

    [rise] = Escalation(county, TODAY).needed()

    assert (rise.needed, rise.raises, rise.draft, rise.words) == (LetterKind.REMINDER, None, None, "应发提醒函")


def test_a_draft_waits_to_be_issued(county, water, office):
    draft = letters.draft(by=office, what="matter", row=matter_late(water, 11))

    [rise] = Escalation(county, TODAY).needed()

    assert (rise.draft, rise.raises, rise.words) == (draft, None, "提醒函待发出")


def test_an_issued_letter_is_waited_for_until_its_deadline_has_passed(county, water, office):
    letter = reminded(office, matter_late(water, 11))

    on_time, late = (Escalation(county, after_deadline(letter, days)).all()[0] for days in (0, 1))

    assert (on_time.needed, on_time.words) == (None, "已发提醒函，等待水利局签收")
    assert (late.needed, late.raises, late.words) == (LetterKind.ORDER, letter, "应发督办单")


def test_the_days_without_an_answer_are_the_countys_to_set(county, water, office):
    NoticeRule.objects.create(county=county, kind=NoticeKind.LETTER_LATE, threshold=3)
    letter = reminded(office, matter_late(water, 11))

    found = [Escalation(county, after_deadline(letter, days)).all()[0].needed for days in (2, 3)]

    assert found == [None, LetterKind.ORDER]


def test_an_answered_letter_waits_for_the_office(county, water, office):
    letter = reminded(office, matter_late(water, 11))
    reporter = factories.user("reporter", unit=water)
    letter_steps.answer(by=reporter, letter=letter, version=letter.row_version, text="正在整改")

    [rise] = Escalation(county, after_deadline(letter)).all()

    assert (rise.needed, rise.words) == (None, "提醒函已回复，等待项目办核验")


@pytest.mark.parametrize(("days", "needed"), [(9, None), (10, LetterKind.ORDER)])
def test_a_reminder_closed_without_success_rises_by_the_days_of_the_matter(county, water, office, days, needed):
    make.unsettled(office, reminded(office, matter_late(water, days)))

    [rise] = Escalation(county, TODAY).all()

    words = "应发督办单" if needed else "提醒函办结时认定整改不到位，逾期满 10 天应发督办单"
    assert (rise.needed, rise.words) == (needed, words)


def test_a_letter_that_was_settled_lets_a_matter_that_is_late_again_begin_anew(county, water, office):
    letter = reminded(office, matter_late(water, 11))
    letter_steps.close(by=office, letter=letter, version=letter.row_version, text="已办", is_settled=True)

    [rise] = Escalation(county, TODAY).all()

    assert (rise.needed, rise.raises) == (LetterKind.REMINDER, None)


def test_a_void_letter_is_as_if_it_had_never_been_written(county, water, office):
    letter = reminded(office, matter_late(water, 11))
    letters.void(by=office, letter=letter, version=letter.row_version, reason="发错单位")

    [rise] = Escalation(county, TODAY).all()

    assert (rise.needed, rise.letter) == (LetterKind.REMINDER, None)


def test_after_the_talk_there_is_no_graver_letter(county, water, office):
    talk = make.risen(office, make.risen(office, reminded(office, matter_late(water, 25))))

    [rise] = Escalation(county, after_deadline(talk)).all()

    assert (rise.needed, rise.words) == (None, "已约谈，仍未办结，请提请会议研究")


def test_what_the_unit_asked_to_close_or_has_done_does_not_rise(county, water):
    matter_late(water, 11, state="closing")
    matter_late(water, 11, state="done", settled_on=TODAY)

    assert rises(county) == []


def test_a_letter_about_a_project_rises_when_its_answer_is_overdue(county, water, office):
    letter = make.issued(office, make.red_plan(water))

    on_time, late = rises(county, letter.deadline), rises(county, after_deadline(letter))

    assert (on_time, late) == ([], [(letter, 1, None, "应发督办单")])


def test_a_drafted_order_takes_the_place_of_raising_the_letter(county, water, office):
    letter = make.issued(office, make.red_plan(water))
    county.business_time = dt.datetime(2024, 6, 8, 10, tzinfo=dt.UTC)
    county.save()
    draft = letters.raise_further(by=office, letter=letter, version=letter.row_version)

    [rise] = Escalation(county, after_deadline(letter)).needed()

    assert (rise.about, rise.draft, rise.raises, rise.words) == (letter, draft, None, "督办单待发出")


def told_of_problem(office, water):
    problem = make.late_problem(make.red_plan(water).project)
    row = letters.draft(by=office, what="problem", row=problem)
    return letters.issue(by=office, letter=row, version=row.row_version)


@pytest.mark.parametrize("of_problem", [True, False])
def test_a_letter_about_a_project_or_problem_closed_in_vain_rises_at_once(county, water, office, of_problem):
    letter = told_of_problem(office, water) if of_problem else make.issued(office, make.red_plan(water))
    closed = make.unsettled(office, letter)

    [rise] = Escalation(county, TODAY).needed()

    assert (rise.about, rise.late, rise.words, rise.raises) == (closed, "整改不到位", "应发督办单", closed)
    assert list(Escalation(county, TODAY).by_letter()) == [closed.pk]


def test_one_closed_in_vain_leads_to_its_draft_and_waits_for_the_letter_that_follows(county, water, office):
    closed = make.unsettled(office, make.issued(office, make.red_plan(water)))
    draft = letters.raise_further(by=office, letter=closed, version=closed.row_version)
    drafted = Escalation(county, TODAY)

    words, keys = [rise.words for rise in drafted.needed()], set(drafted.by_letter())
    letters.issue(by=office, letter=draft, version=draft.row_version)

    assert (words, keys) == (["督办单待发出"], {closed.pk, draft.pk})
    assert rises(county) == []


def test_after_a_talk_in_vain_there_is_no_graver_letter(county, water, office):
    letter = make.issued(office, make.red_plan(water))
    for _ in range(2):
        letter = make.risen(office, letter)
    make.unsettled(office, letter)

    assert [rise.words for rise in Escalation(county, TODAY).all()] == ["已约谈，仍未办结，请提请会议研究"]


def test_one_closed_in_vain_does_not_rise_once_the_project_is_red_no_more(county, water, office):
    plan = make.red_plan(water)
    make.unsettled(office, make.issued(office, plan))
    plan.project.planned_start = dt.date(2024, 6, 1)
    plan.project.save()

    assert rises(county) == []


def test_one_closed_in_vain_does_not_rise_once_the_problem_has_more_time(county, water, office):
    letter = make.unsettled(office, told_of_problem(office, water))
    letter.problem.deadline = TODAY
    letter.problem.save()

    assert rises(county) == []


@pytest.mark.parametrize(("state", "count"), [("assigned", 1), ("closing", 0), ("closed", 0)])
def test_a_letter_about_a_problem_that_is_settled_does_not_rise(county, water, office, state, count):
    problem = make.late_problem(make.red_plan(water).project)
    row = letters.draft(by=office, what="problem", row=problem)
    letter = letters.issue(by=office, letter=row, version=row.row_version)
    type(problem).objects.update(state=state, closed_on=TODAY if state == "closed" else None)

    assert len(rises(county, after_deadline(letter))) == count


def test_the_gravest_come_first_then_the_longest_overdue(county, water, office):
    made = [matter_late(water, days) for days in (2, 12, 11)]
    make.unsettled(office, reminded(office, made[2]))

    assert [about for about, *_ in rises(county)] == [made[2], made[1], made[0]]


def test_another_countys_do_not_rise_here(county, water):
    matter_late(water, 11)

    assert rises(factories.county("140430", "别县")) == []


def test_the_queries_stay_the_same_for_many_rows(county, water, office, django_assert_num_queries):
    def add(number):
        reminded(office, matter_late(water, 11))
        make.issued(office, make.red_plan(water, f"项目{number}"))

    add(0)
    late = TODAY + dt.timedelta(days=20)
    with CaptureQueriesContext(connection) as of_one:
        words = [rise.words for rise in Escalation(county, late).needed()]
    for number in range(1, 4):
        add(number)

    with django_assert_num_queries(len(of_one)):
        more = [rise.words for rise in Escalation(county, late).needed()]

    assert (len(of_one), len(words), len(more)) == (6, 2, 8)
    assert Letter.objects.count() == 8
