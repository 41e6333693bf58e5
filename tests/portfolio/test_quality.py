"""The watch over data quality: each rule on both sides of its boundary, and the reading of a year."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.models import AnnualPlan, DispatchWeek, Photo, WeeklyDispatch
from portfolio.quality import Kind, findings, of_year
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    factories.clock(2024, 5, 31, 10)
    return AnnualPlan.objects.get(pk=factories.plan_under_way(project__name="河道治理").pk)


def figures(ytd, percent):
    return {"ytd_investment": None if ytd is None else Decimal(ytd), "works_percent": Decimal(percent)}


def row(plan, *weeks, first=10):
    """Unsaved reports of successive weeks; each is a dict, or (ytd, works percent)."""
    for place, fields in enumerate(weeks):
        fields = fields if isinstance(fields, dict) else figures(*fields)
        fields = {"progress": f"{'土石桥路管渠'[place % 6] * 12}{place}", **fields}
        yield WeeklyDispatch(pk=place + 1, plan=plan, year=plan.year, week=first + place, state="accepted", **fields)


def found(plan, *weeks, first=10, **more):
    """[(kind, first week, last week)] of successive weeks."""
    return [(one.kind, one.first, one.last) for one in findings(plan, list(row(plan, *weeks, first=first)), **more)]


def said(text, number, **more):
    return {**figures(10 + 7 * number, 5 + number), "progress": text, **more}


def test_words_of_the_week_before_are_copied_and_other_words_are_not(plan):
    text = "正在浇筑混凝土并安装模板"

    assert found(plan, said(text, 0), said(text, 1), said(text, 2)) == [(Kind.COPIED, 11, 12)]
    assert found(plan, said(text, 0), said("主体封顶，开始砌筑", 1), said(text, 2)) == []


def test_words_nine_tenths_alike_are_copied_and_less_alike_are_not(plan):
    ten = "甲乙丙丁戊己庚辛壬癸"

    assert found(plan, said(ten, 0), said("甲乙丙丁戊己庚辛壬十", 1)) == [(Kind.COPIED, 11, 11)]
    assert found(plan, said(ten, 0), said("甲乙丙丁戊己庚辛九十", 1)) == []


def test_words_are_not_copied_in_a_week_that_says_why_nothing_changed(plan):
    text = "正在浇筑混凝土并安装模板"

    assert found(plan, said(text, 0), said(text, 1, no_change="funds")) == []


def test_a_finding_says_why_in_words_and_what_the_reporter_said(plan):
    text = "正在浇筑混凝土并安装模板"

    (one,) = findings(plan, list(row(plan, said(text, 0), said(text, 1, explanation="工序未变。"))))

    assert (one.reason, one.explanation, one.is_explained, one.weeks_label) == (
        "形象进度连续 2 周相同或极相似：“正在浇筑混凝土并安装模板”。",
        "工序未变。",
        True,
        "第11周",
    )


def test_money_without_progress_is_found_from_the_second_week_in_a_row(plan):
    assert found(plan, (10, 5), (27, 5), (44, 6), (61, 6)) == []
    assert found(plan, (10, 5), (27, 5), (44, 5), (61, 6)) == [(Kind.MONEY_ALONE, 11, 12)]


def test_progress_without_money_is_found_from_the_fourth_week_that_rose(plan):
    assert found(plan, (17, 5), (17, 6), (17, 7), (17, 8), (29, 9)) == []
    assert found(plan, (17, 5), (17, 6), (17, 7), (17, 8), (17, 9)) == [(Kind.PERCENT_ALONE, 11, 14)]


def test_progress_without_money_is_no_finding_where_money_is_not_known(plan):
    assert found(plan, *((None, number) for number in range(5, 12))) == []


def test_a_week_of_more_than_a_quarter_of_the_plan_jumps_and_a_quarter_does_not(plan):
    assert found(plan, (10, 5), (260, 6)) == []
    assert found(plan, (10, 5), (261, 6)) == [(Kind.MONEY_JUMPS, 11, 11)]


def test_round_numbers_are_found_from_the_fifth_week_in_a_row(plan):
    plan.planned_investment = Decimal(5000)
    months = [(17 + 100 * number, 5 + number) for number in range(6)]

    assert found(plan, *months[:5]) == []
    assert found(plan, *months) == [(Kind.ROUND, 11, 15)]
    assert found(plan, *months[:5], (527, 20)) == []


def test_last_week_of_a_quarter_jumps_above_three_times_its_usual_week(plan):
    usual = [(10, 5), (47, 6), (84, 7), (121, 8)]

    assert found(plan, *usual, (232, 9), first=9) == []
    assert found(plan, *usual, (233, 9), first=9) == [(Kind.QUARTER_END, 13, 13)]
    assert found(plan, *usual, (233, 9), first=8) == []


def test_last_week_of_a_quarter_does_not_jump_with_less_than_a_tenth_of_the_plan(plan):
    usual = [(10, 5), (13, 6), (16, 7), (19, 8)]

    assert found(plan, *usual, (118, 9), first=9) == []
    assert found(plan, *usual, (119, 9), first=9) == [(Kind.QUARTER_END, 13, 13)]


def test_what_falls_is_found_and_what_stays_is_not(plan):
    assert found(plan, (27, 6), (27, 6)) == []
    assert found(plan, (27, 6), (26, 7)) == [(Kind.MONEY_FALLS, 11, 11)]
    assert found(plan, (27, 6), (44, 5)) == [(Kind.PERCENT_FALLS, 11, 11)]


def test_a_correction_without_a_word_is_not_explained(plan):
    weeks = figures(44, 5)

    told = [
        findings(plan, list(row(plan, (27, 6), {**weeks, "explanation": words})))[0].is_explained
        for words in ("", "核减。")
    ]

    assert told == [False, True]


def test_a_standstill_is_found_from_the_fourth_week(plan):
    assert found(plan, (17, 5), *[(17, 5)] * 3, (29, 6)) == []
    assert found(plan, (17, 5), *[(17, 5)] * 4, (29, 6)) == [(Kind.STUCK, 11, 14)]


def test_winter_and_what_is_finished_are_no_standstill_and_a_cause_explains_one(plan):
    def standing(reason):
        weeks = [{**figures(17, 5), "no_change": reason}] * 5
        return [one.explanation for one in findings(plan, list(row(plan, *weeks)))]

    assert standing("winter") == []
    assert standing("land") == ["等待用地征拆"]
    assert found(plan, *[(17, 100)] * 6) == []


def test_the_plan_is_passed_once_and_the_total_for_as_long_as_it_lasts(plan):
    plan.planned_investment, plan.project.total_investment = Decimal(1000), Decimal(1300)

    assert found(plan, (901, 80), (1000, 81)) == []
    assert found(plan, (901, 80), (1001, 81), (1110, 82)) == [(Kind.ABOVE, 11, 11)]
    assert found(plan, (1201, 80), (1307, 81), (1408, 82)) == [(Kind.ABOVE, 10, 10), (Kind.ABOVE, 11, 12)]


def test_missing_weeks_in_a_row_are_one_finding(plan):
    assert found(plan, missing=[14, 12, 13, 17]) == [(Kind.MISSING, 12, 14), (Kind.MISSING, 17, 17)]


def test_a_photo_used_before_is_told_with_where(plan):
    (one,) = findings(plan, list(row(plan, (27, 6))), photos={1: ("与另一项目的照片相同。",)})

    assert (one.kind, one.reason) == (Kind.PHOTO_REUSED, "与另一项目的照片相同。")


# Reading a year


def reported(plan, *weeks):
    for week in weeks:
        factories.report(plan, week, ytd_investment=7 * week, works_percent=week, progress=f"{'甲乙丙'[week % 3] * 9}")


def of_2024():
    return [(one.kind, one.first, one.last) for one in of_year(factories.county(), 2024)]


def in_the_table_since(plan, *moment):
    plan.history.update(history_date=factories.clock(*moment).business_time)
    factories.clock(2024, 5, 31, 10)


def test_a_week_is_missing_only_when_its_deadline_has_passed(plan):
    in_the_table_since(plan, 2024, 1, 3, 9)
    reported(plan, 20, 21)

    before = of_2024()
    factories.clock(2024, 5, 31, 12, 1)

    assert (before, of_2024()) == ([], [(Kind.MISSING, 22, 22)])


def test_a_draft_is_missing_and_not_read(plan):
    in_the_table_since(plan, 2024, 1, 3, 9)
    reported(plan, 20)
    factories.report(plan, 21, "draft", ytd_investment=1, works_percent=1)

    assert of_2024() == [(Kind.MISSING, 21, 21)]


def test_a_locked_week_is_missing_for_who_had_to_report_then(plan):
    in_the_table_since(plan, 2024, 1, 3, 9)
    reported(plan, 19, 21)
    week = DispatchWeek.objects.create(
        county=plan.county, year=2024, week=20, locked_at=plan.county.business_time, due_plans=[]
    )

    not_due = of_2024()
    week.due_plans = [plan.pk]
    week.save()

    assert (not_due, of_2024()) == ([], [(Kind.MISSING, 20, 20)])


def test_a_week_is_not_missing_that_began_before_the_plan_was_in_the_table(plan):
    reported(factories.plan_under_way(), 19, 20, 21)
    reported(plan, 21)

    in_the_table_since(plan, 2024, 5, 14, 0)
    tuesday = of_2024()
    in_the_table_since(plan, 2024, 5, 13, 9)

    assert (tuesday, of_2024()) == ([], [(Kind.MISSING, 20, 20)])


def test_nobody_misses_a_week_for_a_project_without_a_unit(plan):
    in_the_table_since(plan, 2024, 1, 3, 9)
    reported(plan, 19, 21)
    plan.project.unit = None
    plan.project.save()

    assert of_2024() == []


def test_nothing_is_found_in_a_year_without_reports(plan):
    assert (of_year(plan.county, 2024), of_year(plan.county, 2025)) == ([], [])


def photo(report, same_as=None):
    return Photo.objects.create(
        county=report.county,
        dispatch=report,
        width=1,
        height=1,
        digest="0" * 64,
        look="0" * 16,
        upload_key=uuid.uuid4(),
        uploaded_at=report.county.business_time,
        same_as=same_as,
    )


def test_a_year_is_read_with_the_same_number_of_queries_whatever_its_size(plan):
    county = factories.county()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            of_year(county, 2024)
        return len(captured)

    def one_more():
        other = factories.plan_under_way()
        first = factories.report(other, 20, ytd_investment=17, works_percent=5)
        photo(factories.report(other, 21, ytd_investment=9, works_percent=4), same_as=photo(first))

    one_more()
    few = queries()
    for _ in range(4):
        one_more()

    assert (few, queries()) == (8, 8)
    assert {one.kind for one in of_year(county, 2024)} == {Kind.MONEY_FALLS, Kind.PERCENT_FALLS, Kind.PHOTO_REUSED}
