"""The leaders' pages: read by everybody, each number an address, visits noted by who may."""

import datetime as dt
import io
import re
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from portfolio.actions import changes
from portfolio.models import ChangeSet, Leader, Visit
from tests import factories

pytestmark = pytest.mark.django_db

BOARD = "/leaders/"


@pytest.fixture
def may(county):
    """Business time is Friday 2024-05-31 10:00."""
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def leader(may):
    return factories.leader("县领导甲", post="县委班子成员", rank=1)


@pytest.fixture
def plan(leader):
    return factories.plan_under_way(
        leader=leader, project__name="污水厂", project__registration="done", ytd_investment=Decimal("115.00")
    )


def page_of(leader):
    return reverse("portfolio:leader-detail", args=[leader.pk])


def visit_form(plan, **fields):
    form = {"form_key": uuid.uuid4(), "project": plan.project_id, "day": "2024-05-30", "words": "看了现场。"}
    return form | fields


@pytest.mark.parametrize("role", ["office", "reporter", "leader", "inspector", "auditor", "sysadmin"])
@pytest.mark.parametrize("path", [BOARD, "/leaders/none/", "/leaders/all/", "/leaders/?print", "/leaders/export/"])
def test_pages_are_read_by_every_role(client, plan, role, path):
    client.force_login(factories.user(role))

    assert client.get(path).status_code == 200


def test_a_leaders_page_and_its_print_answer(office_client, leader, plan):
    assert office_client.get(page_of(leader)).status_code == 200
    assert office_client.get(f"{page_of(leader)}?print").status_code == 200


def test_a_leader_of_another_county_is_not_found(office_client, may):
    abroad = factories.leader(county=factories.county("140430", "邻县"))

    assert office_client.get(page_of(abroad)).status_code == 404


def test_the_board_shows_the_own_county_only(office_client, plan):
    factories.leader(county=factories.county("140430", "邻县"))

    assert [row.title for row in office_client.get(BOARD).context["board"].rows] == ["县领导甲"]


def test_numbers_of_the_board_lead_to_their_rows(office_client, leader, plan):
    factories.problem(plan.project, deadline=dt.date(2024, 5, 20))

    html = office_client.get(BOARD).content.decode()

    row = html[html.index("<tbody>") : html.index("</tbody>")].replace("&amp;", "&")
    assert re.findall(r'href="([^"]+)"', row) == [
        f"/leaders/{leader.pk}/?year=2024",
        f"/projects/?year=2024&leader={leader.pk}",
        f"/projects/?year=2024&leader={leader.pk}&sort=-total_investment",
        f"/projects/?year=2024&leader={leader.pk}&sort=-planned_investment",
        f"/leaders/{leader.pk}/?year=2024",
        f"/leaders/{leader.pk}/?year=2024&light=red",
        f"/problems/?state=open&leader={leader.pk}",
        f"/problems/?state=overdue&leader={leader.pk}",
        f"/leaders/{leader.pk}/?year=2024&only=missing",
    ]


def test_the_plan_table_and_the_problem_list_show_the_rows_behind_the_numbers(office_client, leader, plan):
    factories.problem(plan.project)
    factories.problem(factories.plan_under_way().project)
    row = office_client.get(BOARD).context["board"].leaders[0]

    listed = office_client.get(f"/projects/?year=2024{row.plan_filter}").context["listing"]
    problems = office_client.get(f"/problems/?state=open{row.problem_filter}").context["listing"]

    assert (listed.sums.count, listed.sums.planned) == (row.count, row.planned)
    assert len(problems.found) == len(row.problems) == 1


def test_completion_shows_numerator_and_denominator(office_client, plan):
    html = office_client.get(BOARD).content.decode()

    assert 'title="115 ÷ 1,000 万元">11.5%<span class="small">落后 30.2 个百分点</span>' in html


def test_an_old_day_shows_what_was_known_then(office_client, office, leader, plan):
    plan.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    plan.project.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    plan.ytd_investment = Decimal(700)
    county = plan.county
    county.refresh_from_db()
    changes.update(
        changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary="x"), [plan], ["ytd_investment"]
    )

    now = office_client.get(BOARD).context["board"].everything.ytd
    then = office_client.get(f"{BOARD}?as_of=2024-05-30").context["board"].everything.ytd

    assert (now, then) == (700, 115)


def test_another_year_and_nonsense_do_no_harm(office_client, leader, plan):
    factories.plan(plan.project, year=2023, leader=leader, planned_investment=10)

    years = [office_client.get(f"{BOARD}?year={year}").context["year"] for year in ("2023", "1", "x", "²")]

    assert years == [2023, 2024, 2024, 2024]
    assert office_client.get(f"{page_of(leader)}?light=x&visit=9999999999999999999&missing=x").status_code == 200


def test_an_empty_year_says_what_to_do(office_client, may):
    assert "还没有计划" in office_client.get(BOARD).content.decode()


def test_the_export_carries_the_figures_of_the_screen(office_client, leader, plan):
    response = office_client.get("/leaders/export/")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    figures = [1, 0, 5000, 1000, 115, 0.115, pytest.approx(-30.1667, abs=1e-3), 0, 0, 1, 0, 0, 0, 1, 0, None]
    assert rows == [["县领导甲", "县委班子成员", *figures], ["合计", None, *figures]]
    assert AuditEntry.objects.latest("pk").summary == "2024年沁源县包联领导项目情况（演示数据）（.xlsx）"


def test_pages_cost_the_same_queries_at_any_length(office_client, may):
    counts = []
    for _ in range(3):
        for _ in range(2):
            leader = factories.leader()
            plan = factories.plan_under_way(leader=leader, deputy_leader=leader)
            factories.problem(plan.project)
            factories.visit(leader, plan.project)
        first = Leader.objects.order_by("pk").first()
        for _ in range(2):
            factories.visit(first, factories.plan_under_way(leader=first).project)
        cost = []
        for path in (BOARD, page_of(first), "/leaders/all/", f"{page_of(first)}?print"):
            with CaptureQueriesContext(connection) as queries:
                office_client.get(path)
            cost.append(len(queries))
        counts.append(cost)

    assert counts[1] == counts[2]


# The own page


def test_a_leader_is_led_to_the_own_page(client, may):
    account = factories.user("leader")
    own = factories.leader(user=account)
    client.force_login(account)

    assert client.get("/leaders/me/").url == page_of(own)


def test_who_is_no_leader_is_told_and_led_to_the_board(office_client, may):
    response = office_client.get("/leaders/me/", follow=True)

    assert response.redirect_chain == [(BOARD, 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "您的账号没有对应的包联领导。如应对应，请项目办在“基础资料—包联领导”中设置。"
    ]


# Visits


def add(client, leader, form):
    return client.post(reverse("portfolio:visit-add", args=[leader.pk]), form)


def test_the_office_notes_a_visit_and_comes_back_to_it(office_client, leader, plan):
    response = add(office_client, leader, visit_form(plan))

    assert response.url == f"{page_of(leader)}?year=2024#visits"
    assert Visit.objects.get().day == dt.date(2024, 5, 30)


def test_the_same_form_twice_notes_one_visit_and_says_so(office_client, leader, plan):
    form = visit_form(plan)

    add(office_client, leader, form)
    response = add(office_client, leader, form)

    assert (response.status_code, Visit.objects.count()) == (302, 1)


def test_a_leader_notes_on_the_own_page_only(client, leader, plan):
    account = factories.user("leader")
    own = factories.leader(user=account)
    mine = factories.plan_under_way(leader=own)
    client.force_login(account)

    assert client.get(page_of(own)).context["form"] is not None
    assert client.get(page_of(leader)).context["form"] is None
    assert add(client, own, visit_form(mine)).status_code == 302
    assert add(client, leader, visit_form(plan)).status_code == 404
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("role", ["reporter", "inspector", "auditor", "sysadmin"])
def test_others_are_refused_and_the_attempt_is_noted(client, leader, plan, role):
    client.force_login(factories.user(role))

    response = add(client, leader, visit_form(plan))

    assert response.status_code in {403, 404}
    assert Visit.objects.count() == 0
    assert AuditEntry.objects.filter(outcome="refused").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("day", "2024-06-01", "走访日期 2024-06-01 还没有到，请填写 2024-05-31 或以前的日期。"),
        ("day", "昨天", "“走访日期”不是日期，请写成 2024-05-31 这样的年月日。"),
        ("day", "", "请填写“走访日期”。"),
        ("words", " ", "请填写“走访情况”。"),
        ("project", "", "请选择“项目”。"),
    ],
)
def test_what_cannot_be_noted_is_told_beside_its_field_and_kept(office_client, leader, plan, field, value, message):
    response = add(office_client, leader, visit_form(plan, **{field: value}))

    assert (response.status_code, response.context["form"].errors) == (400, {field: [message]})
    assert Visit.objects.count() == 0


def test_today_is_not_the_future(office_client, leader, plan):
    assert add(office_client, leader, visit_form(plan, day="2024-05-31")).status_code == 302


def test_a_project_of_somebody_else_cannot_be_visited_by_this_leader(office_client, leader, plan):
    strange = factories.plan_under_way(leader=factories.leader())

    response = add(office_client, leader, visit_form(strange))

    assert response.context["form"].errors == {"project": ["这个项目不由该领导包联，请从列表中选择。"]}


def test_a_deputy_may_visit_too(office_client, leader, plan):
    helped = factories.plan_under_way(deputy_leader=leader)

    assert add(office_client, leader, visit_form(helped)).status_code == 302


def test_the_form_opens_with_today_and_the_project_asked_for(office_client, leader, plan):
    form = office_client.get(f"{page_of(leader)}?visit={plan.project_id}").context["form"]

    assert (form["day"].value(), form["project"].value()) == (dt.date(2024, 5, 31), plan.project_id)


def test_a_past_day_offers_no_form(office_client, leader, plan):
    assert office_client.get(f"{page_of(leader)}?as_of=2024-05-30").context["form"] is None


def test_a_visit_is_deleted_once_and_a_second_click_is_told(office_client, leader, plan):
    visit = factories.visit(leader, plan.project)
    path = reverse("portfolio:visit-delete", args=[leader.pk, visit.pk])

    told = [str(message) for _ in range(2) for message in office_client.post(path, follow=True).context["messages"]]

    assert told == ["已删除这条走访，审计日志里留有原文。", "这条走访已经不在了，可能刚被删除。"]
    assert Visit.objects.count() == 0


def test_a_visit_is_not_deleted_by_a_get_or_by_another_leader(client, leader, plan):
    visit = factories.visit(leader, plan.project)
    path = reverse("portfolio:visit-delete", args=[leader.pk, visit.pk])
    client.force_login(factories.user("leader"))

    assert (client.get(path).status_code, client.post(path).status_code) == (405, 404)
    assert Visit.objects.count() == 1


def test_typed_markup_is_shown_as_text_and_phones_are_masked(office_client, leader, plan):
    factories.visit(leader, plan.project, words="<script>x</script> 电话 13812345678")

    html = office_client.get(page_of(leader)).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt; 电话 138****5678" in html
