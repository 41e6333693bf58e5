import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio.actions import dispatch, week_lights
from portfolio.models import AnnualPlan, LightRule, Project, WeekLight
from portfolio.progress import Light
from portfolio.standings import YearStandings
from portfolio.week_lights import LightHistory
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db
LAST_WEEK = Week(2024, 21)  # ends on Sunday 26 May
TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 31, 10)


def plan(ytd, **fields):
    """A plan of 1,000 万元 under way, known since January with this year-to-date: 350 is well in May, 50 is red."""
    found = factories.plan_under_way(ytd_investment=ytd, **fields)
    known_since = timezone.make_aware(dt.datetime(2024, 1, 5))
    AnnualPlan.history.filter(id=found.pk).update(history_date=known_since)
    Project.history.filter(id=found.project_id).update(history_date=known_since)
    return found


def record(county, *weeks):
    return week_lights.record_lights(county=county, weeks=weeks or [LAST_WEEK])


def history(county, day=TODAY, since=None):
    return LightHistory(YearStandings(county, 2024, day), since)


def test_locking_a_week_stores_its_lights_with_their_reason_and_rule(county):
    LightRule.objects.create(county=county, version=3, since="2024-01-01", words="常务会。", made_at=timezone.now())
    red = plan(0)

    dispatch.lock_week(by=factories.user(), county=county, week=LAST_WEEK)

    stored = WeekLight.objects.get()
    assert (stored.plan, stored.bucket, stored.rule_version) == (red, "red", 3)
    assert stored.reason == "红：投资完成 0.0%，落后序时（33.3%）33.3 个百分点"


def test_a_week_that_has_not_ended_is_not_stored(county):
    plan(350)

    assert (record(county, Week(2024, 22)), WeekLight.objects.count()) == (0, 0)


def test_a_week_is_stored_once(county):
    plan(350)

    assert [record(county), record(county)] == [1, 0]
    assert WeekLight.objects.count() == 1


def test_what_became_known_after_the_week_is_not_in_its_light(county):
    """The light of the week stays what its Sunday showed."""
    found = plan(350)
    found.ytd_investment = 0
    found.save()

    record(county)

    assert WeekLight.objects.get().bucket == "green"
    assert [row.light for row in YearStandings(county, 2024, TODAY).rows] == [Light.RED]


def test_history_counts_each_week_and_the_day(county):
    plan(350)
    plan(50)
    record(county, Week(2024, 20), LAST_WEEK)

    counts = [(each.label, each.of(Light.GREEN), each.of(Light.YELLOW), each.total) for each in history(county).weeks]

    assert counts == [("第20周", 1, 1, 2), ("第21周", 1, 1, 2), ("现在", 1, 0, 2)]


def test_a_past_day_shows_only_weeks_that_had_ended(county):
    plan(350)
    record(county, Week(2024, 20), LAST_WEEK)

    found = [
        [each.label for each in history(county, day).weeks] for day in (dt.date(2024, 5, 26), dt.date(2024, 5, 27))
    ]

    assert found == [["第20周", "现在"], ["第20周", "第21周", "现在"]]


def test_movement_tells_from_which_light_to_which(county):
    """In May a month more has passed: 50 of 1,000 was yellow after four months, and is red after five."""
    fallen, stayed = plan(50), plan(420)
    record(county)
    new = factories.plan_under_way(ytd_investment=420)

    moved = history(county, since=LAST_WEEK)

    assert [row.plan for row in moved.move("yellow-red").standings] == [fallen]
    assert [row.plan for row in moved.move("green-green").standings] == [stayed]
    assert [row.plan for row in moved.move("new-green").standings] == [new]
    assert (moved.move("red-green").count, moved.move("nonsense")) == (0, None)
    assert moved.totals == [1, 0, 2, 0]


def test_movement_is_counted_from_four_weeks_back_unless_asked(county):
    plan(350)
    record(county, *(Week(2024, number) for number in (16, 17, 18, 19, 21)))

    since = [history(county, since=asked).since for asked in (None, Week(2024, 17), Week(2024, 20), Week(2023, 17))]

    assert since == [Week(2024, 18), Week(2024, 17), Week(2024, 18), Week(2024, 18)]


def test_queries_do_not_grow_with_plans_and_weeks(county):
    counts = []
    for weeks in ([Week(2024, 20)], [LAST_WEEK]):
        for _ in range(3):
            plan(350)
        record(county, *weeks)
        found = history(county)
        assert found.standings.thresholds.version == 0  # read once for each state of the data
        with CaptureQueriesContext(connection) as queries:
            found.weeks, found.matrix  # noqa: B018
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_command_stores_the_weeks_that_are_missing(county):
    plan(350)
    out = io.StringIO()

    call_command("record_lights", stdout=out)

    assert out.getvalue() == "沁源县：补记了 21 周的亮灯。\n"
    assert set(WeekLight.objects.values_list("week", flat=True)) == set(range(1, 22))


def test_page_opens_one_cell_of_the_matrix(client, county):
    fallen = plan(50, project__name="城南供热站")
    record(county)
    client.force_login(factories.user("leader"))

    page = client.get("/progress/lights/", {"since": "2024-W21", "move": "yellow-red"})

    assert page.context["move"].standings[0].plan == fallen
    assert "黄→红：1 个" in page.content.decode()


@pytest.mark.parametrize("query", [{"since": "2024-W99"}, {"since": "x"}, {"move": "<b>"}, {"year": "1900"}])
def test_page_stands_nonsense_in_its_address(client, county, query):
    plan(350)
    client.force_login(factories.user("leader"))

    assert client.get("/progress/lights/", query).status_code == 200


def test_page_without_a_plan_says_so(client, county):
    client.force_login(factories.user("leader"))

    assert "还没有计划" in client.get("/progress/lights/").content.decode()


def test_the_weeks_are_told_by_the_rules_that_judged_them(county):
    found = plan(350)
    LightRule.objects.create(county=county, version=1, since="2024-05-06", words="常务会。", made_at=timezone.now())
    for week, version in ((18, 0), (19, 1), (20, 1)):
        WeekLight.objects.create(
            county=county, plan=found, year=2024, week=week, bucket="green", reason="绿", rule_version=version
        )

    assert history(county).rules == [("第18周", "默认规则"), ("第19–20周", "第 1 版（自 2024-05-06 起）")]
