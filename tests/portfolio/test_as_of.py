"""As of: the register as it was known at the end of a past day, through the queries of the present."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict

from portfolio.actions import changes
from portfolio.as_of import AsOfChoice, asked_day, latest_records, reading
from portfolio.models import AnnualPlan, ChangeSet, Project
from tests import factories

TODAY = dt.date(2024, 5, 31)


def write(office, month, day, hour=10):
    county = factories.clock(2024, month, day, hour)
    return changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary="改")


def add(change_set, name, **fields):
    (project,) = changes.create(change_set, [Project(county=change_set.by.county, name=name, **fields)])
    return changes.create(change_set, [AnnualPlan(county=project.county, project=project, year=2024)])[0]


def rename(change_set, project, name):
    project.name = name
    changes.update(change_set, [project], ["name"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-12", dt.date(2024, 5, 12)),
        ("2024-W19", dt.date(2024, 5, 12)),
        (" 2024-W19 ", dt.date(2024, 5, 12)),
        ("2024-05-30", dt.date(2024, 5, 30)),
        ("2000-01-01", dt.date(2000, 1, 1)),
    ],
)
def test_asked_day_takes_a_day_or_the_sunday_of_a_week(text, day):
    assert asked_day({"as_of": text}, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-05-31",
        "2024-W22",
        "2030-01-01",
        "1999-12-31",
        "0001-01-01",
        "2024-W60",
        "9999-W52",
        "昨天",
        "2024-02-30",
        "W",
        "2024-W19'--",
        "\0",
    ],
)
def test_asked_day_is_today_for_today_later_long_ago_and_nonsense(text):
    assert asked_day({"as_of": text}, TODAY) is None


def test_choice_keeps_the_rest_of_the_query_string_and_leads_back():
    choice = AsOfChoice(QueryDict("year=2024&town=1&town=2&page=3&as_of=2024-W19"), TODAY)

    assert choice.day == dt.date(2024, 5, 12)
    assert choice.kept == [("year", ["2024"]), ("town", ["1", "2"])]
    assert choice.back_query == "year=2024&town=1&town=2"
    assert next((str(week), query) for week, query in choice.weeks) == (
        "2024-W21",
        "year=2024&town=1&town=2&as_of=2024-W21",
    )


@pytest.mark.django_db
def test_reading_gives_rows_as_known_at_the_end_of_the_day_of_the_change_but_not_the_day_before(office, county):
    plan = add(write(office, 1, 10), "旧名")
    rename(write(office, 3, 1, 23), plan.project, "新名")

    names = {}
    for day in (dt.date(2024, 1, 9), dt.date(2024, 2, 29), dt.date(2024, 3, 1)):
        with reading(county, day):
            names[day] = list(AnnualPlan.objects.values_list("project__name", "project__name_pinyin"))

    assert list(names.values()) == [[], [("旧名", "jiuming")], [("新名", "xinming")]]


@pytest.mark.django_db
def test_reading_brings_back_what_was_removed_later(office, county):
    mine = write(office, 1, 10)
    changes.create(mine, [Project(county=county, name="撤回的项目")])
    changes.undo(mine, by=office)
    mine = write(office, 2, 1)
    changes.create(mine, [Project(county=county, name="二月的项目")])
    factories.clock(2024, 3, 1)
    changes.undo(ChangeSet.objects.get(pk=mine.pk), by=office)

    with reading(county, dt.date(2024, 2, 29)):
        then = list(Project.objects.values_list("name", flat=True))

    assert (then, Project.objects.count()) == (["二月的项目"], 0)


@pytest.mark.django_db
def test_reading_leaves_other_counties_out(office, county):
    neighbour = factories.user("office", county=factories.county("140430", "沁县"))
    add(write(neighbour, 1, 10), "邻县项目")
    add(write(office, 1, 10), "本县项目")

    with reading(county, dt.date(2024, 2, 1)):
        names = list(Project.objects.values_list("name", flat=True))

    assert names == ["本县项目"]


@pytest.mark.django_db
def test_reading_of_no_day_is_the_present(county):
    factories.project("现在的项目")

    with reading(county, None):
        names = list(Project.objects.values_list("name", flat=True))

    assert names == ["现在的项目"]


@pytest.mark.django_db
def test_reading_ends_with_its_block(office, county):
    plan = add(write(office, 1, 10), "旧名")
    rename(write(office, 3, 1), plan.project, "新名")

    with reading(county, dt.date(2024, 2, 1)):
        Project.objects.get()

    assert Project.objects.get().name == "新名"


@pytest.mark.django_db
def test_of_blocks_within_blocks_the_innermost_counts(office, county):
    plan = add(write(office, 1, 10), "旧名")
    rename(write(office, 3, 1), plan.project, "新名")

    with reading(county, dt.date(2024, 2, 1)):
        with reading(county, dt.date(2024, 1, 9)):
            before = Project.objects.count()
        with reading(county, None):
            present = Project.objects.get().name
        then = Project.objects.get().name

    assert (before, present, then) == (0, "新名", "旧名")


@pytest.mark.django_db
def test_the_past_is_never_written(office, county):
    plan = add(write(office, 1, 10), "甲")

    with reading(county, dt.date(2024, 2, 1)), pytest.raises(RuntimeError, match="never written"):
        AnnualPlan.objects.filter(pk=plan.pk).update(seq=9)


@pytest.mark.django_db
def test_latest_records_are_the_stored_values_of_that_day(office, county):
    plan = add(write(office, 1, 10), "甲", total_investment=Decimal("100"))
    plan.project.total_investment = Decimal("120.50")
    changes.update(write(office, 3, 1), [plan.project], ["total_investment"])

    records = latest_records(Project, dt.date(2024, 2, 29), county=county)

    assert {pk: record["total_investment"] for pk, record in records.items()} == {plan.project_id: Decimal("100")}
