"""A project's page through the year: its weekly reports, its figures of the year, and how it stood on a past day."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio import project_page
from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Component, Photo, Project, ProjectAlias
from tests import factories

pytestmark = pytest.mark.django_db


def write(office, *moment, kind=ChangeSet.Kind.EDIT):
    return changes.begin(kind, county=factories.clock(*moment), by=office, summary="改")


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


@pytest.fixture
def plan(office, unit):
    """A plan written in week 2 that has reported in weeks 10 and 20; today is 2024-05-31, in week 22."""
    mine = write(office, 2024, 1, 10, 10)
    project = Project(county=office.county, name="旧名", unit=unit, total_investment=Decimal("5000"))
    (project,) = changes.create(mine, [project])
    (plan,) = changes.create(
        mine, [AnnualPlan(county=office.county, project=project, year=2024, seq=1, planned_investment=Decimal("1000"))]
    )
    report(office, plan, 10, 120, 30, (2024, 3, 8, 10))
    project.name = "新名"
    changes.update(write(office, 2024, 5, 6, 10), [project], ["name"])
    report(office, plan, 20, 382, 55, (2024, 5, 17, 10))
    factories.clock(2024, 5, 31, 10)
    return plan


def report(office, plan, week, ytd, percent, moment):
    """A report and the plan row that follows it, as the weekly dispatch writes them."""
    mine = write(office, *moment, kind=ChangeSet.Kind.DISPATCH)
    made = factories.report(plan, week, ytd_investment=Decimal(ytd), works_percent=percent, progress=f"第{week}周进展")
    changes.update(mine, [made], ["state"])
    plan.ytd_investment, plan.works_percent = Decimal(ytd), Decimal(percent)
    plan.progress, plan.reported_week = f"第{week}周进展", week
    changes.update(mine, [plan], ["ytd_investment", "works_percent", "progress", "reported_week"])
    return made


def photo(report_, uploaded_at):
    return Photo.objects.create(
        county=report_.county,
        dispatch=report_,
        file="a.jpg",
        thumbnail="b.jpg",
        width=1,
        height=1,
        digest="0",
        look="0",
        upload_key=uuid.uuid4(),
        uploaded_at=timezone.make_aware(uploaded_at),
    )


def page(client, plan, query=""):
    return client.get(f"/projects/{plan.project_id}/?year=2024{query}")


def text(html):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def key_figures(response):
    """{label: [figure, note]} of the top of the page."""
    (block,) = re.findall(r'<dl class="key-figures of-project">(.*?)</dl>', response.content.decode(), re.S)
    boxes = re.findall(r"<div>(.*?)</div>", block, re.S)
    return {
        text(re.search(r"<dt>.*?</dt>", box, re.S)[0]): [text(dd) for dd in re.findall(r"<dd.*?</dd>", box, re.S)]
        for box in boxes
    }


def weeks(response):
    """[week, this week's money, year-to-date with its rate, works percent] of each line of the reports."""
    (block,) = re.findall(
        r'<section class="panel card-wide" id="dispatch">.*?</section>', response.content.decode(), re.S
    )
    rows = re.findall(r"<tr>\s*<td.*?</tr>", block, re.S)
    return [[text(cell) for cell in re.findall(r"<td.*?</td>", row, re.S)[:4]] for row in rows]


# The year's figures


def test_the_years_figures_stand_on_top_with_their_parts(office_client, plan):
    figures = key_figures(page(office_client, plan))

    assert figures["2024年计划投资"] == ["1,000万元", "0.10亿元，占总投资20.0%"]
    assert figures["年度累计完成投资"] == ["382万元", "完成率38.2%（382÷1,000）"]
    assert figures["最近一次周调度"] == ["第20周", "05-13至05-19"]


def test_a_plan_that_never_reported_has_dashes_not_noughts(office_client, county):
    factories.clock(2024, 5, 31, 10)
    figures = key_figures(page(office_client, factories.plan(planned_investment=Decimal("100"))))

    assert figures["年度累计完成投资"] == ["—", "还没有报送"]
    assert figures["最近一次周调度"] == ["—", "2024年还没有报送"]


@pytest.mark.parametrize("planned", [None, Decimal(0)])
def test_without_an_annual_plan_there_is_no_rate(office_client, county, planned):
    factories.clock(2024, 5, 31, 10)
    plan = factories.plan(planned_investment=planned, ytd_investment=Decimal("50"), reported_week=3)

    assert key_figures(page(office_client, plan))["年度累计完成投资"] == ["50万元", "没有年度计划投资，不计完成率"]


# Its weekly reports


def test_reports_stand_newest_first_with_the_money_of_their_week(office_client, plan):
    assert weeks(page(office_client, plan)) == [
        ["第20周05-13～05-19已审", "262万元", "382万元完成率38.2%", "55.0%"],
        ["第10周03-04～03-10已审", "120万元", "120万元完成率12.0%", "30.0%"],
    ]


def test_a_draft_is_for_its_unit_and_the_office_only_and_moves_nobodys_money(client, office, plan, unit):
    factories.report(plan, 15, state="draft", ytd_investment=Decimal("200"))
    seen = {}
    for user in (office, factories.user("reporter", unit=unit), factories.user("reporter", unit=factories.unit())):
        client.force_login(user)
        seen[user.pk] = [(row[0][:4], row[1]) for row in weeks(page(client, plan))]

    with_draft = [("第20周", "262万元"), ("第15周", "80万元"), ("第10周", "120万元")]
    assert list(seen.values()) == [with_draft, with_draft, [("第20周", "262万元"), ("第10周", "120万元")]]


def test_late_reports_warnings_and_their_explanation_are_told(office_client, plan):
    factories.report(
        plan,
        21,
        state="reported",
        is_late=True,
        warnings=[{"code": "percent_back", "text": "工程量比上周少。"}],
        explanation="核减上月多报，电话 13812345678",
        no_change="weather",
    )

    html = text(page(office_client, plan).content.decode())

    assert "第21周05-20～05-26已报迟报" in html
    assert "没有变化：天气原因停工" in html
    assert "提示工程量比上周少。说明：核减上月多报，电话13812345678" in html


def test_phones_in_reports_are_masked_outside_the_unit_and_the_office(client, office, plan, unit):
    factories.report(plan, 21, needs_help="请联系 13812345678")
    seen = []
    for user in (office, factories.user("reporter", unit=unit), factories.user("leader")):
        client.force_login(user)
        seen.append("13812345678" in page(client, plan).content.decode())

    assert seen == [True, True, False]


@pytest.mark.parametrize(("more", "folded"), [(2, 0), (3, 1)])
def test_four_weeks_are_open_and_the_earlier_ones_folded(office_client, plan, more, folded):
    for week in range(1, more + 1):
        factories.report(plan, week)

    context = page(office_client, plan).context

    assert (len(context["reports_open"]), len(context["reports_folded"])) == (4, folded)


def test_photos_lead_from_their_thumbnails(office_client, plan):
    shown = photo(plan.dispatches.get(week=20), dt.datetime(2024, 5, 17, 9))

    html = page(office_client, plan).content.decode()

    assert re.findall(r'<a href="(/dispatch/photos/\d+/)"><img src="([^"]+)"', html) == [
        (f"/dispatch/photos/{shown.pk}/", f"/dispatch/photos/{shown.pk}/thumbnail/")
    ]


def test_reports_cost_the_same_queries_however_many_there_are(office_client, plan):
    page(office_client, plan)  # reads the light rules in force, once
    counts = []
    for first, last in ((21, 21), (30, 50)):
        for week in range(first, last + 1):
            photo(factories.report(plan, week), dt.datetime(2024, 5, 17, 9))
        with CaptureQueriesContext(connection) as queries:
            page(office_client, plan)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 36


# As of a past day


@pytest.mark.parametrize(
    ("day", "name", "figure", "reported"),
    [
        ("2024-03-07", "旧名", "—", []),
        ("2024-03-08", "旧名", "120万元", ["第10周"]),
        ("2024-W18", "旧名", "120万元", ["第10周"]),
        ("2024-05-06", "新名", "120万元", ["第10周"]),
        ("2024-05-17", "新名", "382万元", ["第20周", "第10周"]),
        ("2024-05-31", "新名", "382万元", ["第20周", "第10周"]),
    ],
)
def test_a_past_day_shows_what_was_known_at_its_end(office_client, plan, day, name, figure, reported):
    response = page(office_client, plan, f"&as_of={day}")

    assert re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.S)[1].split("</span>")[-1].strip() == name
    assert key_figures(response)["年度累计完成投资"][0] == figure
    assert [row[0][:4] for row in weeks(response)] == reported


def test_a_late_correction_is_not_in_the_past_and_stands_in_the_present(office_client, office, plan):
    mine = write(office, 2024, 5, 20, 10, kind=ChangeSet.Kind.DISPATCH)
    corrected = plan.dispatches.get(week=10)
    corrected.ytd_investment = Decimal("100")
    changes.update(mine, [corrected], ["ytd_investment"])
    factories.clock(2024, 5, 31, 10)

    money = [[row[1:3] for row in weeks(page(office_client, plan, query))] for query in ("", "&as_of=2024-W20")]

    assert money == [
        [["282万元", "382万元完成率38.2%"], ["100万元", "100万元完成率10.0%"]],
        [["262万元", "382万元完成率38.2%"], ["120万元", "120万元完成率12.0%"]],
    ]


def test_photos_that_came_later_are_not_in_the_past(office, plan):
    report_ = plan.dispatches.get(week=10)
    early, _ = photo(report_, dt.datetime(2024, 3, 8, 23, 59)), photo(report_, dt.datetime(2024, 3, 9, 0, 1))

    (row,) = [row for row in project_page.week_reports(plan, office, dt.date(2024, 3, 8)) if row.report.week == 10]

    assert row.photos == [early]


def test_the_history_of_a_past_day_ends_there(office_client, plan):
    entries = [page(office_client, plan, query).context["history"].paginator.count for query in ("", "&as_of=2024-W18")]

    assert entries == [4, 2]


def test_a_change_taken_back_later_was_not_yet_so(office_client, office, plan):
    changes.undo(ChangeSet.objects.get(kind="edit", at__month=5), by=office)

    marks = [
        [entry.is_undone for entry in page(office_client, plan, query).context["history"]]
        for query in ("", "&as_of=2024-05-30")
    ]

    assert [any(undone) for undone in marks] == [True, False]


def test_nothing_of_a_past_day_can_be_changed(office_client, plan):
    today, then = (page(office_client, plan, query).content.decode() for query in ("", "&as_of=2024-W18"))

    words = ("修改</a>", "调整计划状态", "撤回</a>", "登记问题")
    assert [[word in html for word in words] for html in (today, then)] == [[True] * 4, [False] * 4]


def test_what_leaves_no_history_is_said_to_leave_none(office_client, plan):
    ProjectAlias.objects.create(project=plan.project, name="更早的名")
    Component.objects.create(project=plan.project, name="厂房")

    today, then = (page(office_client, plan, query).content.decode() for query in ("", "&as_of=2024-W18"))

    assert [("更早的名" in html, "厂房" in html) for html in (today, then)] == [(True, True), (False, False)]
    assert ("单体不留历史，见今天的页面。" in then, "曾用名不留历史" in text(then)) == (True, True)


def test_links_of_a_past_day_keep_the_day(office_client, plan, office):
    html = page(office_client, plan, "&as_of=2024-W18").content.decode()

    (table,) = re.findall(r'href="([^"]+)" data-to-table', html)
    assert table == "/projects/?year=2024&amp;as_of=2024-05-05"
    assert re.findall(r'<a href="(/projects/\d+/\?year=2024[^"]*)" aria-current', html) == [
        f"/projects/{plan.project_id}/?year=2024&amp;as_of=2024-05-05"
    ]


def test_before_it_was_there_a_project_is_not_found(office_client, plan):
    assert [page(office_client, plan, f"&as_of={day}").status_code for day in ("2024-01-09", "2024-01-10")] == [
        404,
        200,
    ]


def test_a_past_day_of_another_countys_project_is_not_found(client, plan):
    client.force_login(factories.user("office", county=factories.county("140429", "武乡县")))

    assert page(client, plan, "&as_of=2024-W18").status_code == 404


@pytest.mark.parametrize("day", ["2024-W22", "2030-01-01", "x", "2024-02-30"])
def test_what_is_no_past_day_is_today(office_client, plan, day):
    response = page(office_client, plan, f"&as_of={day}")

    assert (response.status_code, response.context["as_of_choice"].day) == (200, None)
