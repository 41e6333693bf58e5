"""The Gantt page: which milestones it lays out, where each begins, what the drawing and its table say."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from portfolio.actions import changes
from portfolio.charts.gantt import DAY_IN_MS, gantt_chart
from portfolio.gantt import PER_PAGE, Gantt
from portfolio.models import AnnualPlan, ChangeSet, Milestone, Pause, Project
from portfolio.models.register import PlanState
from portfolio.schedules import Period, Standing
from tests import factories

pytestmark = pytest.mark.django_db

GANTT = "/progress/gantt/"
DAY = dt.date(2024, 5, 31)


def days(number):
    return dt.timedelta(days=number)


@pytest.fixture(autouse=True)
def _in_may(county):
    factories.clock(2024, 5, 31, 10)
    county.refresh_from_db()


def node(plan, name, due, original=None, done_on=None, seq=0):
    return Milestone.objects.create(
        county=plan.county, plan=plan, name=name, seq=seq, due=due, original_due=original or due, done_on=done_on
    )


def names(gantt, page=1):
    return [stage.milestone.name for stage in gantt.page(page).object_list]


def chart_of(county, plan):
    return gantt_chart(Gantt(county, 2024, DAY, plan=plan).page(1).object_list, DAY, "工期图", of_one_plan=True)


def trace(chart, name, kind="scatter"):
    return next(row for row in chart.data["data"] if row["name"] == name and row["type"] == kind)


# Which milestones


def test_the_county_s_are_the_overdue_and_those_of_the_next_90_days(county):
    plan = factories.plan()
    node(plan, "九十一天", DAY + days(91))
    node(plan, "九十天", DAY + days(90))
    node(plan, "逾期", DAY - days(400))
    node(plan, "已完成", DAY - days(9), done_on=DAY)
    node(plan, "明天才完成", DAY - days(8), done_on=DAY + days(1))
    node(factories.plan(state=PlanState.REMOVED, state_reason="用地"), "调出", DAY)

    assert names(Gantt(county, 2024, DAY)) == ["逾期", "明天才完成", "九十天"]


def test_a_leader_s_are_the_undone_and_those_done_in_the_year(county):
    leader = factories.leader()
    plan = factories.plan(leader=leader)
    node(plan, "去年完成", DAY, done_on=dt.date(2023, 12, 31), seq=1)
    node(plan, "今年完成", DAY, done_on=dt.date(2024, 1, 1), seq=2)
    node(plan, "后年", dt.date(2026, 1, 1), seq=3)
    node(factories.plan(), "别人的", DAY)

    assert names(Gantt(county, 2024, DAY, leader=leader)) == ["今年完成", "后年"]


def test_a_plan_s_are_all_in_their_order(county):
    plan = factories.plan()
    node(plan, "竣工", DAY, seq=2)
    node(plan, "开工", DAY - days(900), done_on=DAY - days(900), seq=1)
    node(factories.plan(), "别的", DAY)

    assert names(Gantt(county, 2024, DAY, plan=plan)) == ["开工", "竣工"]


def test_counts_tell_all_overdue_and_plans(county):
    first, second = factories.plan(), factories.plan()
    node(first, "一", DAY - days(1))
    node(first, "二", DAY)
    node(second, "三", DAY)

    assert Gantt(county, 2024, DAY).counts == {"all": 3, "overdue": 1, "plans": 2}


def test_what_does_not_fit_the_first_page_stands_on_the_second(county):
    plan = factories.plan()
    for number in range(PER_PAGE + 1):
        node(plan, f"节点{number}", DAY + days(number))

    assert names(Gantt(county, 2024, DAY), 2) == [f"节点{PER_PAGE}"]
    assert names(Gantt(county, 2024, DAY), "乱") == [f"节点{number}" for number in range(PER_PAGE)]


# Where a stage begins


def test_a_stage_begins_where_the_one_before_was_done_or_is_planned_to_be(county):
    plan = factories.plan()
    node(plan, "开工", DAY - days(90), DAY - days(95), done_on=DAY - days(80), seq=1)
    node(plan, "主体", DAY + days(10), DAY + days(5), seq=2)
    node(plan, "竣工", DAY + days(60), seq=3)

    stages = Gantt(county, 2024, DAY, plan=plan).page(1).object_list

    assert [(stage.began, stage.original_began) for stage in stages] == [
        (None, None),
        (DAY - days(80), DAY - days(95)),
        (DAY + days(10), DAY + days(5)),
    ]


def test_a_stage_begins_after_a_milestone_that_is_not_listed(county):
    plan = factories.plan()
    node(plan, "开工", DAY - days(90), done_on=DAY - days(90), seq=1)
    node(plan, "竣工", DAY, seq=2)

    (stage,) = Gantt(county, 2024, DAY).page(1).object_list

    assert stage.began == DAY - days(90)


# The drawing


def test_a_late_milestone_is_drawn_to_today_with_its_slippage(county):
    plan = factories.plan()
    node(plan, "开工", DAY - days(50), done_on=DAY - days(50), seq=1)
    node(plan, "主体", DAY - days(10), DAY - days(30), seq=2)

    chart = chart_of(county, plan)

    stage, end = trace(chart, "逾期未完成", "bar"), trace(chart, "逾期未完成")
    assert (stage["base"], stage["x"]) == (["2024-04-11"], [50 * DAY_IN_MS])
    assert (end["x"], end["text"], end["marker"]["symbol"]) == (["2024-05-31"], ["晚 30 天"], "square")
    assert (trace(chart, "原计划", "bar")["base"], trace(chart, "原计划", "bar")["x"]) == (
        ["2024-04-11"],
        [20 * DAY_IN_MS],
    )
    late = trace(chart, "比原计划推迟", "bar")
    assert (late["base"], late["x"]) == (["2024-05-01"], [30 * DAY_IN_MS])
    assert trace(chart, "现计划完成日")["x"] == ["2024-05-21"]
    assert chart.data["layout"]["shapes"][0]["x0"] == "2024-05-31"


def test_each_state_has_a_shape_of_its_own(county):
    plan = factories.plan()
    ends = {
        Standing.MET: node(plan, "甲", DAY - days(1), done_on=DAY - days(1)),
        Standing.MET_LATE: node(plan, "乙", DAY - days(2), done_on=DAY - days(1)),
        Standing.OVERDUE: node(plan, "丙", DAY - days(1)),
        Standing.DUE_SOON: node(plan, "丁", DAY),
        Standing.NOT_DUE: node(plan, "戊", DAY + days(31)),
    }

    chart = chart_of(county, plan)

    assert {standing: trace(chart, standing.label)["marker"]["symbol"] for standing in ends} == {
        Standing.MET: "circle",
        Standing.MET_LATE: "diamond",
        Standing.OVERDUE: "square",
        Standing.DUE_SOON: "triangle-up",
        Standing.NOT_DUE: "circle-open",
    }


def test_the_table_tells_what_the_drawing_does_and_leads_on(county):
    plan = factories.plan(project__name="河道治理", project__unit=factories.unit("水利局"))
    node(plan, "封顶", DAY - days(10), DAY - days(30))
    Pause.objects.create(county=county, plan=plan, reason="funds", words="等", paused_on=DAY, review_on=DAY)

    (row,) = chart_of(county, plan).table.body

    assert [cell.text for cell in row] == [
        *("河道治理", "封顶", "■ 逾期未完成（停缓建）", "2024-05-01", "2024-05-21", "—"),
        *("晚 30 天", "晚 10 天", "新节点", "水利局"),
    ]
    assert (row[0].url, row[1].url) == (f"{GANTT}?year=2024&project={plan.project_id}", f"/schedule/{plan.pk}/")


@pytest.fixture
def moved(county, office):
    """Of one plan: put off by 20 days in May, brought forward by 2 in April, left alone, and new in May."""
    plan = factories.plan()
    rows = [node(plan, name, DAY + days(5), seq=place) for place, name in enumerate(("推迟", "提前", "照旧", "新加"))]
    known = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    Milestone.history.exclude(id=rows[3].pk).update(history_date=known)
    Milestone.history.filter(id=rows[3].pk).update(history_date=known + days(75))
    move(rows[0], 20, known + days(75))
    move(rows[1], -2, known + days(45))
    return plan


def move(row, by, at):
    row.due += days(by)
    row._history_date = at
    row.save()


@pytest.mark.parametrize(
    ("period", "by"), [(Period.MONTH, [20, 0, 0, None]), (Period.QUARTER, [20, -2, 0, None])], ids=["month", "quarter"]
)
def test_a_move_counts_since_the_end_of_the_last_period(county, moved, period, by):
    stages = Gantt(county, 2024, DAY, plan=moved, period=period).page(1).object_list

    assert [stage.node.moved_by for stage in stages] == by


def test_a_move_is_drawn_from_the_plan_of_then_to_the_plan_of_now(county, moved):
    chart = chart_of(county, moved)

    assert trace(chart, "上月末的计划")["x"] == ["2024-06-05", "2024-06-25", None]
    assert chart.table.headers[8] == "上月末以来调整"
    assert [row[8].text for row in chart.table.body] == ["推迟 20 天", "未调整", "未调整", "新节点"]
    assert "上月末（2024-04-30）以来，图中节点推迟 1 个（最多 20 天），空心菱形为当时的计划。" in chart.caption


def test_a_plan_that_was_left_alone_says_so_and_draws_no_ring(county):
    plan = factories.plan()
    node(plan, "封顶", DAY)

    chart = chart_of(county, plan)

    assert trace(chart, "上月末的计划")["showlegend"] is False
    assert "以来，图中节点没有调整计划。" in chart.caption


@pytest.mark.parametrize(("query", "period"), [("", "上月末"), ("period=quarter", "上季末"), ("period=x", "上月末")])
def test_the_last_period_is_chosen(office_client, moved, query, period):
    page = office_client.get(f"{GANTT}?project={moved.project_id}&{query}").content.decode()

    assert f"selected>{period}</option>" in page
    assert f"{period}以来调整" in page


def test_names_are_shown_as_they_were_typed(county):
    plan = factories.plan(project__name="<b>甲</b>")
    node(plan, "<i>封顶", DAY)

    chart = chart_of(county, plan)

    assert chart.data["layout"]["yaxis"]["ticktext"] == ["&lt;i&gt;封顶"]
    assert trace(chart, "30 天内到期")["hovertext"][0].startswith("&lt;b&gt;甲&lt;/b&gt;<br>&lt;i&gt;封顶：▲")


def test_of_many_plans_nothing_is_drawn_further_back_than_half_a_year(county):
    node(factories.plan(), "老节点", DAY - days(1000))
    stages = Gantt(county, 2024, DAY).page(1).object_list

    chart = gantt_chart(stages, DAY, "全县")

    assert "2023-12-03 以前的部分不画出，日期见数据表。" in chart.caption
    assert chart.data["layout"]["xaxis"]["range"][0] >= "2023-11-01"


# The page


def test_the_page_says_how_many_and_of_when(office_client):
    node(factories.plan(), "封顶", DAY - days(1))

    page = " ".join(office_client.get(GANTT).content.decode().split())

    assert "1 个项目逾期未完成和今后 90 天内到期的节点 <b>1</b> 个，其中逾期未完成 <b>1</b> 个。" in page
    assert "截至 2024-05-31" in page


def test_pages_keep_the_leader(office_client):
    leader = factories.leader()
    plan = factories.plan(leader=leader)
    for number in range(PER_PAGE + 1):
        node(plan, f"节点{number}", DAY + days(number))

    page = office_client.get(f"{GANTT}?leader={leader.pk}").content.decode()

    assert f'href="?leader={leader.pk}&amp;page=2"' in page


def test_a_past_day_shows_what_was_known_then(office_client, office):
    row = written_on_10_may(office)
    factories.clock(2024, 5, 31, 10)
    row.done_on = dt.date(2024, 5, 8)
    changes.update(begun(office), [row], ["done_on"])

    then = office_client.get(f"{GANTT}?as_of=2024-05-12")

    assert then.context["gantt"].counts["overdue"] == 1
    assert f'href="/schedule/{row.plan_id}/?as_of=2024-05-12"' in then.content.decode()
    assert office_client.get(GANTT).context["page"].object_list == []


def begun(by):
    return changes.begin(ChangeSet.Kind.EDIT, county=factories.county(), by=by, summary="修改")


def written_on_10_may(by):
    county = factories.clock(2024, 5, 10, 9)
    (project,) = changes.create(begun(by), [Project(county=county, name="河道治理")])
    (plan,) = changes.create(begun(by), [AnnualPlan(county=county, project=project, year=2024)])
    due = dt.date(2024, 5, 9)
    node = Milestone(county=county, plan=plan, name="封顶", due=due, original_due=due)
    return changes.create(begun(by), [node])[0]


@pytest.mark.parametrize("query", ["project=999", "project=x", "leader=999", "leader=x"])
def test_what_is_not_there_is_not_found(office_client, query):
    assert office_client.get(f"{GANTT}?{query}").status_code == 404


def test_another_county_s_project_and_leader_are_not_found(office_client):
    other = factories.county("140430", "沁县")
    plan = factories.plan(factories.project(county=other))
    leader = factories.leader(county=other)

    assert office_client.get(f"{GANTT}?project={plan.project_id}").status_code == 404
    assert office_client.get(f"{GANTT}?leader={leader.pk}").status_code == 404


def test_a_project_without_a_schedule_is_led_to_it(office_client):
    plan = factories.plan()

    page = office_client.get(f"{GANTT}?project={plan.project_id}").content.decode()

    assert "这个项目还没有工期计划。" in page
    assert f'href="/schedule/{plan.pk}/"' in page


def test_a_schedule_and_a_leader_lead_to_their_drawing(office_client):
    leader = factories.leader()
    plan = factories.plan(leader=leader)
    node(plan, "封顶", DAY)

    schedule = office_client.get(f"/schedule/{plan.pk}/").content.decode()
    portfolio = office_client.get(f"/leaders/{leader.pk}/").content.decode()

    assert f'href="{GANTT}?year=2024&amp;project={plan.project_id}">工期图</a>' in schedule
    assert f'href="{GANTT}?year=2024&amp;leader={leader.pk}">工期图</a>' in portfolio


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSADMIN])
def test_whoever_reads_the_plan_reads_it(client, role):
    client.force_login(factories.user(role))

    assert client.get(GANTT).status_code == 200


def test_the_page_asks_no_more_for_more_milestones(office_client):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            office_client.get(GANTT)
        return len(asked)

    node(factories.plan(leader=factories.leader()), "甲", DAY)
    office_client.get(GANTT)
    few = queries()
    for number in range(15):
        node(factories.plan(leader=factories.leader()), f"节点{number}", DAY + days(number))

    assert queries() == few
