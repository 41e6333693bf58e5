"""The first page of 督导观摩: who may open it, what concerns the account, and how many queries it takes."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.roles import Role
from inspections.actions import letter_steps
from inspections.home import Home
from portfolio.models.permits import FactorNeed
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import letter_factories, matter_factories, round_factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def own_unit(county):
    return factories.unit("水利局")


def open_as(user):
    client = Client()
    client.force_login(user)
    return client.get(reverse("inspections:home"))


def home_of(user):
    return Home(user, TODAY)


@pytest.mark.parametrize("role", Role)
def test_everybody_signed_in_opens_the_room(role, county):
    assert open_as(factories.user(role)).status_code == 200


def test_who_is_not_signed_in_is_asked_to(county):
    assert Client().get(reverse("inspections:home")).status_code == 302


def test_an_inspector_reads_the_own_drafts_and_rounds_first(county):
    inspector, other = factories.user("inspector"), factories.user("inspector")
    list_ = looks.checklist()
    own = looks.check(factories.plan_under_way(), inspector, list_, state="draft")
    looks.check(factories.plan_under_way(), other, list_, state="draft")
    scored = round_factories.round_()
    round_factories.judge(scored, inspector)
    round_factories.judge(round_factories.round_(), other)

    home = home_of(inspector)

    assert (home.drafts, home.to_score, home.own_matters, home.own_letters) == ([own], [scored], [], [])


def test_a_reporter_reads_the_own_units_open_matters_and_letters(own_unit):
    own = matter_factories.matter(unit=own_unit)
    matter_factories.matter(unit=own_unit, state="done")
    matter_factories.matter(unit=factories.unit())
    matter_factories.matter(matter_factories.meeting("open"), unit=own_unit)
    office = factories.user()
    letter = letter_factories.issued(office, unit=own_unit)
    letter_factories.issued(office, letter_factories.red_plan(factories.unit(), name="别家项目"))

    home = home_of(factories.user("reporter", unit=own_unit))

    assert [row.matter for row in home.own_matters] == [own]
    assert [row for row, _ in home.own_letters] == [letter]


def test_a_leader_reads_what_the_leader_leads(own_unit):
    account = factories.user("leader")
    led = matter_factories.matter(unit=own_unit, leader=factories.leader(user=account))
    matter_factories.matter(unit=own_unit, leader=factories.leader())

    assert [row.matter for row in home_of(account).own_matters] == [led]


def test_the_office_reads_what_waits_for_its_check(own_unit):
    asked = matter_factories.matter(unit=own_unit, state="closing")
    matter_factories.matter(unit=own_unit)

    assert [row.matter for row in home_of(factories.user()).own_matters] == [asked]


def test_the_office_reads_which_letter_it_is_asked_to_extend(own_unit):
    office = factories.user()
    letter = letter_factories.issued(office, unit=own_unit)
    letter_factories.issued(office, letter_factories.red_plan(own_unit, name="没有申请延期"))
    later = letter.deadline + dt.timedelta(days=7)
    steps = {"version": letter.row_version, "deadline": later, "reason": "材料待盖章"}
    letter_steps.ask_extension(by=factories.user("reporter", unit=own_unit), letter=letter, **steps)

    (found, _clock), *rest = home_of(office).own_letters

    assert (found, rest) == (letter, [])
    assert f"申请延至 {later}，待答复" in open_as(office).content.decode()


@pytest.mark.parametrize("role", ["auditor", "sysadmin"])
def test_who_only_reads_has_nothing_to_do(role, own_unit):
    matter_factories.matter(unit=own_unit)

    assert not home_of(factories.user(role)).has_own


def test_the_rounds_are_those_of_the_quarter(county):
    this = round_factories.round_(quarter=2)
    round_factories.round_(quarter=1)
    first, second = round_factories.stop(this), round_factories.stop(this)
    judge = round_factories.judge(this)
    round_factories.sheet(judge, first, "50", "30")
    round_factories.sheet(judge, second, "50", "30")

    home = home_of(factories.user())

    (found,) = home.rounds
    assert home.period == this.period == "2024年第二季度"
    assert (found, found.stop_count, found.judge_count) == (this, 2, 1)
    assert (found.sheets_due, found.sheet_count) == (2, 2)


def test_open_and_overdue_are_counted(own_unit):
    matter_factories.matter(unit=own_unit, deadline=TODAY)
    matter_factories.matter(unit=own_unit, deadline=TODAY - dt.timedelta(days=1))

    home = home_of(factories.user("auditor"))

    assert (home.matters, home.letters) == ((2, 1), (0, 0))


def test_gaps_of_factors_are_counted_with_those_that_are_overdue_apart(county):
    project = factories.plan().project
    needed = {"county": county, "project": project, "measure": "亩", "needed": 5}
    days = {"land": TODAY, "energy": TODAY - dt.timedelta(days=1)}
    FactorNeed.objects.bulk_create(FactorNeed(factor=factor, due_on=day, **needed) for factor, day in days.items())
    FactorNeed.objects.create(factor="water", secured=5, **needed)
    office = factories.user()

    assert home_of(office).factors == (1, 1)
    assert "要素保障 ■ 逾期未落实 1 项 ▲ 有缺口 1 项" in " ".join(strip_tags(open_as(office).content.decode()).split())


def test_nothing_is_said_of_factors_that_nobody_has_told(county):
    office = factories.user()

    assert home_of(office).factors is None
    assert "要素保障" not in strip_tags(open_as(office).content.decode())


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(own_unit):
    reporter = factories.user("reporter", unit=own_unit)
    office = factories.user()

    def fill(times):
        for _ in range(times):
            factories.plan_under_way(own_unit)
            matter_factories.matter(unit=own_unit)
            letter_factories.issued(office, letter_factories.red_plan(own_unit, name=f"项目{times}"))
            round_factories.stop(round_factories.round_())

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            open_as(reporter)
        return len(found)

    fill(1)
    few = queries()
    fill(4)

    assert queries() == few


def test_where_everything_stands_is_worked_out_once_until_somebody_writes(own_unit):
    office, reader = factories.user(), factories.user("auditor")
    plan = letter_factories.red_plan(own_unit, name="河道治理")
    open_as(reader)

    with CaptureQueriesContext(connection) as kept:
        open_as(reader)
    letter_factories.issued(office, plan)
    after = open_as(reader)

    assert len(kept) < 15
    assert "未办结 1 件" in after.content.decode()


# The line on the page that a reporter starts from


def waiting_line(user):
    """(status, words)"""
    client = Client()
    client.force_login(user)
    response = client.get(reverse("inspections:waiting"))
    return response.status_code, " ".join(strip_tags(response.content.decode()).split())


def test_a_reporter_is_told_what_the_own_unit_has_to_answer(own_unit):
    matter_factories.matter(unit=own_unit, deadline=TODAY - dt.timedelta(days=2))
    matter_factories.matter(unit=own_unit, state="closing", deadline=TODAY - dt.timedelta(days=9))
    matter_factories.matter(unit=factories.unit())
    letter_factories.issued(factories.user(), unit=own_unit)

    said = waiting_line(factories.user("reporter", unit=own_unit))

    assert said == (200, "等您办理：督办文书 1 件、交办事项 1 项，最早的 5月29日到期 ■ 逾期 2 天")


@pytest.mark.parametrize("role", [*Role])
def test_nothing_is_said_where_nothing_waits(role, own_unit):
    matter_factories.matter(unit=factories.unit())

    assert waiting_line(factories.user(role, unit=own_unit)) == (204, "")
