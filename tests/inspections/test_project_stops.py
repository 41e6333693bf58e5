"""A project's stops of quarterly inspections, on its page: whose eyes see the place, what was found, and past days."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inspections import project_stops
from inspections.models import Finding
from inspections.models.rounds import RoundState
from tests import factories
from tests.inspections import round_factories as rounds

pytestmark = pytest.mark.django_db

MAY = timezone.make_aware(dt.datetime(2024, 5, 30, 11))


@pytest.fixture
def plan(office):
    office.county.business_time = timezone.make_aware(dt.datetime(2024, 6, 3, 10))
    office.county.save()
    return factories.plan(project__name="污水处理厂")


def inspected(plan, points="50", rival="40", state="closed", **fields):
    """The plan's stop on a round with a rival, each scored by one judge."""
    round_ = rounds.round_(state=state, **fields)
    stop, other = rounds.stop(round_, plan=plan), rounds.stop(round_)
    judge = rounds.judge(round_)
    rounds.sheet(judge, stop, points, "40")
    rounds.sheet(judge, other, rival, "40")
    return stop


def known_since(day, *rows):
    """As if all that is known of them had been written on the day."""
    for row in rows:
        row.history.update(history_date=timezone.make_aware(dt.datetime.combine(day, dt.time(9))))


def told(plan, user, until=None):
    return project_stops.of_project(plan.project, user, until)


def path(plan):
    return reverse("inspections:project-stops", args=[plan.project_id])


def fragment(client, user, plan, **params):
    client.force_login(user)
    return client.get(path(plan), params, headers={"HX-Request": "true"})


@pytest.mark.parametrize("role", ["office", "leader", "reporter", "inspector", "auditor", "sysadmin"])
def test_place_and_score_of_a_closed_round_are_everybodys(role, client, plan):
    inspected(plan)

    response = fragment(client, factories.user(role), plan)

    assert response.status_code == 200
    assert "第 <b>1</b> 名（共 2 个点），<b>90.00</b> 分" in response.content.decode()


def test_a_shared_place_says_so(client, plan, office):
    inspected(plan, points="40", rival="40")

    html = fragment(client, office, plan).content.decode()

    assert "并列第 <b>1</b> 名（共 2 个点），<b>80.00</b> 分" in html


@pytest.mark.parametrize(
    ("state", "words"), [("planned", "筹备中"), ("open", "正在评分，结果在观摩结束后公布"), ("closed", "")]
)
def test_until_the_round_is_closed_the_place_is_kept_back(state, words, plan):
    inspected(plan, state=state)

    (one,) = told(plan, factories.user("leader"))

    assert (one.waits_for, one.result is None) == (words, state != "closed")


def test_the_office_sees_the_place_of_an_open_round(plan, office):
    inspected(plan, state="open")

    (one,) = told(plan, office)

    assert (one.waits_for, one.result.place, one.places) == ("", 1, 2)


def test_a_closed_round_without_scores_says_so(plan, office):
    rounds.stop(rounds.round_(state="closed"), plan=plan)

    (one,) = told(plan, office)

    assert one.waits_for == "没有评分"


def test_findings_are_told_with_what_became_of_the_problems(client, plan, office):
    stop = inspected(plan)
    standing = factories.problem(plan.project, text="围挡不全")
    done = factories.problem(plan.project, text="扬尘", state="closed", closed_on=dt.date(2024, 6, 1))
    for problem in (standing, done):
        Finding.objects.create(stop=stop, kind="defect", text=problem.text, problem=problem, at=MAY, by=office)
    Finding.objects.create(stop=stop, kind="strength", text="样板引路，电话 13812345678", at=MAY, by=office)

    html = fragment(client, office, plan).content.decode()

    assert "亮点 1 条，问题 2 个（1 个未销号）" in html
    assert (html.count("围挡不全"), html.count("扬尘"), html.count("13812345678")) == (1, 1, 0)


def test_the_latest_round_comes_first_and_the_fragment_shows_four(client, plan, office):
    for year in (2021, 2020, 2023, 2022, 2024):
        inspected(plan, year=year, title=f"{year}年观摩")
    client.force_login(office)

    page = client.get(path(plan)).context["project_stops"]
    part = fragment(client, office, plan).context["project_stops"]

    assert [one.stop.round.year for one in page] == [2024, 2023, 2022, 2021, 2020]
    assert [one.stop.round.year for one in part] == [2024, 2023, 2022, 2021]


def test_many_rounds_take_as_many_queries_as_one(client, plan, office):
    client.force_login(office)
    counts = []
    for year in (2024, 2023, 2022):
        stop = inspected(plan, year=year)
        Finding.objects.create(stop=stop, kind="strength", text="样板引路", at=MAY, by=office)
        with CaptureQueriesContext(connection) as queries:
            client.get(path(plan), headers={"HX-Request": "true"})
        counts.append(len(queries))

    assert counts[1] == counts[2] <= counts[0] <= 10


def test_a_past_day_knows_nothing_of_what_was_found_later(client, plan, office):
    stop = inspected(plan)
    Finding.objects.create(stop=stop, kind="strength", text="样板引路", at=MAY, by=office)
    known_since(dt.date(2024, 5, 18), plan.project, plan)
    known_since(dt.date(2024, 5, 20), stop.round, stop, *stop.sheets.all())

    shown = [fragment(client, office, plan, as_of=day).content.decode() for day in ("2024-05-19", "2024-05-29", "")]

    assert [("还没有列入观摩" in html, "亮点 1 条" in html) for html in shown] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_a_past_day_shows_the_round_as_it_stood(client, plan):
    stop = inspected(plan, state="open")
    known_since(dt.date(2024, 5, 18), plan.project, plan)
    known_since(dt.date(2024, 5, 20), stop.round, stop, *stop.sheets.all())
    stop.round.state = RoundState.CLOSED
    stop.round.save()
    stop.round.history.filter(state="closed").update(history_date=timezone.make_aware(dt.datetime(2024, 6, 1)))

    leader = factories.user("leader")
    shown = [fragment(client, leader, plan, as_of=day).content.decode() for day in ("2024-05-31", "")]

    assert ["正在评分" in html for html in shown] == [True, False]


def test_another_countys_project_is_not_found(client, plan):
    stranger = factories.user("office", county=factories.county("140430", "邻县"))

    assert fragment(client, stranger, plan).status_code == 404


def test_without_scripts_it_is_a_page_of_its_own(client, plan, office):
    client.force_login(office)

    page, part = client.get(path(plan)).content.decode(), fragment(client, office, plan).content.decode()

    assert ("<html" in page, "<html" in part) == (True, False)
