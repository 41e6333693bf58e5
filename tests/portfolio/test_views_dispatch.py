"""The weekly entry's page: who sees it, what stands on it, and what becomes of what is sent to it."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from portfolio.actions import dispatch as actions
from portfolio.models import Problem, WeeklyDispatch
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = Week(2024, 22)
JSON = {"Accept": "application/json"}
FULL = {"week_investment": "20", "works_percent": "35", "progress": "一层墙柱钢筋绑扎完成"}


@pytest.fixture
def unit(county):
    factories.clock(2024, 5, 31, 10)
    return factories.unit("住建局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def plan(unit):
    return a_plan(unit)


@pytest.fixture
def signed_in(client, reporter):
    client.force_login(reporter)
    return client


def a_plan(unit, **fields):
    plan = factories.plan_under_way(unit, **fields)
    factories.report(
        plan,
        21,
        ytd_investment=Decimal(100),
        works_percent=Decimal(30),
        progress="地下室封顶。",
        next_plan="一层封顶。",
    )
    return plan


def boxes(plan, version=0, **values):
    return {f"p{plan.pk}-{name}": value for name, value in {"version": version, **values}.items()}


def send(client, order, *sent, headers=JSON, query=""):
    data = {"do": order}
    for each in sent:
        data |= each
    return client.post(f"/dispatch/{query}", data, headers=headers)


def names(response):
    return re.findall(r'class="report-name".*?<a [^>]+>([^<]+)</a>', response.content.decode(), re.S)


def stored(plan, week=22):
    return WeeklyDispatch.objects.get(plan=plan, week=week)


# The page


def test_page_shows_the_units_plans_that_have_to_report_in_the_order_of_the_table(signed_in, unit):
    a_plan(unit, project__name="乙", seq=2)
    a_plan(unit, project__name="甲", seq=1)
    factories.plan_under_way(project__name="别的单位的")
    factories.plan(project__name="谋划中的", project__unit=unit, project__stage="reserve", seq=3)

    response = signed_in.get("/dispatch/")

    assert names(response) == ["甲", "乙", "谋划中的"]
    assert "可不报的 1 个" in response.content.decode()


def test_returned_report_comes_first_with_its_reason(signed_in, unit):
    a_plan(unit, project__name="甲", seq=1)
    second = a_plan(unit, project__name="乙", seq=2)
    factories.report(second, 22, state="returned", return_reason="累计与统计不符")

    response = signed_in.get("/dispatch/")

    assert names(response) == ["乙", "甲"]
    assert "累计与统计不符" in response.content.decode()


def test_last_figures_and_the_question_stand_beside_the_boxes(signed_in, plan):
    html = signed_in.get("/dispatch/").content.decode()

    assert re.findall(r'<p class="box-last[^>]*>([^<]+)</p>', html) == [
        "上周 100",
        "上周 100",
        "上周 30%",
        "上周：地下室封顶。",
    ]
    assert re.findall(r'<p class="box-question">(.*?)</p>', html) == ["上周计划：<b>一层封顶</b>。完成了吗？"]


def test_weeks_left_out_are_named_by_their_number(signed_in, unit):
    plan = factories.plan_under_way(unit)
    factories.report(plan, 19, ytd_investment=Decimal(100))

    html = signed_in.get("/dispatch/").content.decode()

    assert re.findall(r'<p class="box-last[^>]*>([^<]+)</p>', html) == ["第19周 100", "第19周 100"]


def test_open_problem_stays_on_the_card(signed_in, plan):
    day = WEEK.monday
    Problem.objects.create(
        county=plan.county,
        project=plan.project,
        text="用地没有批复",
        raised_on=day,
        deadline=day,
        original_deadline=day,
    )

    assert "用地没有批复" in signed_in.get("/dispatch/").content.decode()


def test_earlier_open_weeks_that_lack_something_are_pointed_to(signed_in, unit, plan, office):
    second = a_plan(unit)
    WeeklyDispatch.objects.filter(plan=second, week=21).delete()
    factories.report(plan, 19, ytd_investment=Decimal(50))
    factories.report(second, 20, state="returned")
    actions.lock_week(by=office, county=unit.county, week=Week(2024, 19))

    html = signed_in.get("/dispatch/").content.decode()

    found = re.findall(r'<a href="\?week=([^"]+)">(第\d+周[^<]+)</a>', html)
    assert found == [("2024-W20", "第20周还有 1 项未报，有 1 项被退回"), ("2024-W21", "第21周还有 1 项未报")]


def test_on_the_new_year_s_first_monday_the_old_year_s_last_week_is_found_and_not_late(signed_in, unit):
    factories.clock(2027, 1, 4, 10)
    old, _ = a_plan(unit, year=2026), a_plan(unit, year=2027)

    html = signed_in.get("/dispatch/").content.decode()
    send(signed_in, f"submit:{old.pk}", boxes(old, **FULL), query="?week=2026-W53")

    assert "<h1>第1周周调度" in html
    assert '<a href="?week=2026-W53">2026年第53周还有 1 项未报</a>' in html
    report = WeeklyDispatch.objects.get(plan=old, week=53)
    assert (report.year, report.state, report.is_late) == (2026, "reported", False)


def test_earlier_open_week_can_be_filled_in(signed_in, plan):
    WeeklyDispatch.objects.all().delete()

    send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL), query="?week=2024-W20")

    assert (stored(plan, 20).state, stored(plan, 20).is_late) == ("reported", True)


@pytest.mark.parametrize("asked", ["2024-W23", "2024-W99", "x", "2025-W01", "0001-W01", "1999-W52", "9999-W52"])
def test_week_that_has_not_begun_shows_this_one(signed_in, plan, asked):
    assert "<h1>第22周周调度" in signed_in.get(f"/dispatch/?week={asked}").content.decode()


def test_locked_week_is_read_only(signed_in, plan, office):
    actions.lock_week(by=office, county=plan.county, week=Week(2024, 21))

    html = signed_in.get("/dispatch/?week=2024-W21").content.decode()

    assert "本周已锁定，只能查看" in html
    assert re.findall(r"<button[^>]+name=.do.[^>]+>", html.split('id="entry-said"')[1]) == []


def test_reporter_without_a_unit_is_told_what_to_do(client, county):
    client.force_login(factories.user("reporter"))

    assert "您的账号还没有所属单位" in client.get("/dispatch/").content.decode()


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_who_reports_nothing_is_led_to_the_countys_week(client, unit, role):
    client.force_login(factories.user(role))

    assert client.get("/dispatch/").headers["Location"] == "/dispatch/2024/22/"


def test_office_chooses_a_unit_and_fills_in_for_it(client, office, plan, unit):
    client.force_login(office)
    choice = client.get("/dispatch/").content.decode()

    response = send(client, f"submit:{plan.pk}", boxes(plan, **FULL), query=f"?unit={unit.pk}")

    assert f'<a href="?unit={unit.pk}&amp;week=2024-W22">住建局</a>' in choice
    assert response.status_code == 200
    assert (stored(plan).state, stored(plan).submitted_by) == ("reported", office)


def test_reporters_unit_is_never_another_one(signed_in, plan):
    other = factories.unit("水利局")
    factories.plan_under_way(other, project__name="水利局的")

    assert names(signed_in.get(f"/dispatch/?unit={other.pk}")) == [plan.project.name]


# Saving


def test_typed_boxes_are_saved_and_acknowledged_with_warnings(signed_in, plan):
    response = send(signed_in, "save", boxes(plan, **FULL | {"works_percent": "20"}))

    assert response.json() == {
        "cards": {
            str(plan.pk): {
                "version": 1,
                "refused": "",
                "saved": "10:00",
                "errors": {},
                "warnings": {"works_percent": ["工程量 20%，低于第21周的 30%。"]},
            }
        }
    }
    assert (stored(plan).ytd_investment, stored(plan).works_percent) == (Decimal(120), Decimal(20))


def test_box_that_cannot_be_read_holds_up_no_other(signed_in, plan):
    response = send(signed_in, "save", boxes(plan, **FULL | {"works_percent": "三成"}))

    errors = response.json()["cards"][str(plan.pk)]["errors"]
    assert errors == {"works_percent": ["“工程量%”不是数字：三成。请改为 120 或 120.50 这样的数值。"]}
    assert (stored(plan).ytd_investment, stored(plan).works_percent) == (Decimal(120), None)


def test_same_save_a_second_time_changes_nothing(signed_in, plan):
    first = send(signed_in, "save", boxes(plan, **FULL))
    second = send(signed_in, "save", boxes(plan, **FULL))

    assert (first.status_code, second.status_code) == (200, 200)
    assert (WeeklyDispatch.objects.filter(week=22).count(), stored(plan).row_version) == (1, 1)


def test_two_who_save_one_card_are_shown_both_texts(signed_in, plan, unit):
    other = factories.user("reporter", unit=unit, name="填报员二")
    actions.save(by=other, plan=plan, week=WEEK, values={"progress": "他写的"}, version=0)

    response = send(signed_in, "save", boxes(plan, progress="我写的"))

    answer = response.json()["cards"][str(plan.pk)]
    assert (response.status_code, answer["version"]) == (409, 1)
    assert re.findall(r"<t[dh][^>]*>(?:<span[^>]*>)?([^<]+)", answer["conflict"])[3:] == [
        "形象进度",
        "我写的",
        "他写的",
    ]
    assert "填报员二" in answer["conflict"]
    assert stored(plan).progress == "他写的"


def test_report_that_was_submitted_meanwhile_is_not_overwritten_and_the_text_is_shown(signed_in, plan, reporter):
    send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL))

    response = send(signed_in, "save", boxes(plan, **FULL | {"progress": "另一台电脑上写的"}))

    answer = response.json()["cards"][str(plan.pk)]
    assert response.status_code == 409
    assert "另一台电脑上写的" in answer["conflict"]
    assert "请先撤回" in answer["conflict"]
    assert stored(plan).progress == FULL["progress"]


def test_locked_week_takes_nothing_more(signed_in, plan, office):
    actions.lock_week(by=office, county=plan.county, week=WEEK)

    response = send(signed_in, "save", boxes(plan, **FULL))

    assert response.json()["cards"][str(plan.pk)]["refused"] == (
        "2024年第22周已锁定，不能再填报。确需更正，请与项目办联系重开这一周。"
    )
    assert not WeeklyDispatch.objects.filter(week=22).exists()


@pytest.mark.parametrize("order", ["save", "submit", "withdraw"])
def test_plan_of_another_unit_is_not_there(signed_in, plan, order):
    foreign = a_plan(factories.unit("水利局"))
    order = {"save": "save", "submit": f"submit:{foreign.pk}", "withdraw": f"withdraw:{foreign.pk}:1"}[order]

    response = send(signed_in, order, boxes(plan, **FULL), boxes(foreign, **FULL))

    assert response.status_code == 404
    assert not WeeklyDispatch.objects.filter(week=22).exists()
    assert AuditEntry.objects.filter(action="越权操作").count() == 1


@pytest.mark.parametrize("role", ["leader", "inspector", "sysadmin"])
def test_who_reports_nothing_cannot_save(client, plan, role):
    client.force_login(factories.user(role))

    response = send(client, "save", boxes(plan, **FULL))

    assert response.status_code == 302
    assert not WeeklyDispatch.objects.filter(week=22).exists()


@pytest.mark.parametrize("order", ["submit:0", "withdraw:0:1", "no_change:0:permit", "delete_photo:0:1"])
def test_order_for_the_plan_of_nobody_finds_nothing(signed_in, plan, order):
    assert send(signed_in, order, boxes(plan, **FULL)).status_code == 404


def test_order_that_no_button_gives_is_refused(signed_in, plan):
    assert send(signed_in, "accept:1", boxes(plan, **FULL)).status_code == 400


def test_state_and_author_cannot_be_sent_along(signed_in, plan, reporter):
    send(signed_in, "save", boxes(plan, **FULL, state="accepted", reviewed_by="1", ytd_investment="", is_late="0"))

    assert (stored(plan).state, stored(plan).reviewed_by) == ("draft", None)


# Submitting


def test_complete_card_is_submitted_and_comes_back_read_only(signed_in, plan):
    answer = send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL)).json()

    assert stored(plan).state == "reported"
    assert answer["is_complete"] is True
    assert "已全部报送" in answer["head"]
    assert "撤回修改" in answer["cards"][str(plan.pk)]["html"]


def test_card_that_lacks_something_stays_a_draft_and_says_what(signed_in, plan):
    answer = send(signed_in, f"submit:{plan.pk}", boxes(plan, progress="主体封顶", problem="没有电")).json()

    assert stored(plan).state == "draft"
    assert answer["cards"][str(plan.pk)]["errors"] == {
        "ytd_investment": ["请填本周完成或年度累计完成投资，没有就填 0。"],
        "works_percent": ["请填工程量完成百分比，如 35。"],
        "problem_kind": ["请选择问题类型。"],
    }


def test_warning_asks_for_an_explanation_which_is_kept(signed_in, plan):
    falling = FULL | {"works_percent": "20"}
    held = send(signed_in, f"submit:{plan.pk}", boxes(plan, **falling)).json()

    send(signed_in, f"submit:{plan.pk}", boxes(plan, 1, **falling, explanation="上周多报"))

    assert held["cards"][str(plan.pk)]["errors"].keys() == {"explanation"}
    assert (stored(plan).state, stored(plan).explanation) == ("reported", "上周多报")
    assert [warning["code"] for warning in stored(plan).warnings] == ["percent_falls"]


def test_second_press_of_the_button_does_no_harm(signed_in, plan):
    send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL))

    again = send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL))

    assert again.status_code == 200
    assert "撤回修改" in again.json()["cards"][str(plan.pk)]["html"]
    assert stored(plan).row_version == 2


def test_all_that_is_complete_is_submitted_and_the_rest_says_what_it_lacks(signed_in, unit, plan):
    second, voluntary = a_plan(unit), factories.plan(project__unit=unit, project__stage="reserve")

    sent = [boxes(plan, **FULL), boxes(second), boxes(voluntary)]
    answer = send(signed_in, "submit_all", *sent).json()

    assert stored(plan).state == "reported"
    assert answer["is_complete"] is False
    assert answer["cards"][str(second.pk)]["errors"].keys() == {"ytd_investment", "works_percent", "progress"}
    assert answer["cards"][str(voluntary.pk)]["errors"] == {}
    assert WeeklyDispatch.objects.filter(week=22).count() == 1


def test_problem_on_a_card_becomes_one_on_the_list(signed_in, plan):
    send(
        signed_in,
        f"submit:{plan.pk}",
        boxes(plan, **FULL, problem="没有电", problem_kind="factor", needs_help="请协调"),
    )

    assert list(Problem.objects.values_list("text", "kind", "needs_help")) == [("没有电", "factor", "请协调")]


def test_no_change_reports_the_last_figures_with_the_reason(signed_in, plan):
    send(signed_in, f"no_change:{plan.pk}:funds", boxes(plan))

    report = stored(plan)
    assert (report.state, report.ytd_investment, report.works_percent, report.progress, report.no_change) == (
        "reported",
        Decimal(100),
        Decimal(30),
        "本周无变化：等待资金",
        "funds",
    )


def test_no_change_after_three_quiet_weeks_is_its_own_explanation(signed_in, plan):
    factories.report(plan, 19, ytd_investment=Decimal(100), works_percent=Decimal(30))

    send(signed_in, f"no_change:{plan.pk}:funds", boxes(plan))

    assert (stored(plan).state, stored(plan).explanation) == ("reported", "本周无变化：等待资金")


def test_no_change_that_cannot_be_reported_shows_what_it_has_put_into_the_boxes(signed_in, plan):
    answer = send(signed_in, f"no_change:{plan.pk}:funds", boxes(plan, **FULL, problem="没有电")).json()

    card = answer["cards"][str(plan.pk)]
    assert card["errors"] == {"problem_kind": ["请选择问题类型。"]}
    assert card["values"] == {
        "week_investment": "0",
        "ytd_investment": "100",
        "works_percent": "30",
        "progress": "本周无变化：等待资金",
        "next_plan": "",
        "problem": "没有电",
        "explanation": "",
    }
    assert stored(plan).progress == "本周无变化：等待资金"


def test_no_change_for_another_reason_waits_for_its_words(signed_in, plan):
    answer = send(signed_in, f"no_change:{plan.pk}:other", boxes(plan)).json()

    assert answer["cards"][str(plan.pk)]["errors"] == {"progress": ["请在“本周无变化：”后面写明原因。"]}
    assert stored(plan).state == "draft"


def test_submitted_report_can_be_taken_back(signed_in, plan):
    send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL))

    answer = send(signed_in, f"withdraw:{plan.pk}:2").json()

    assert stored(plan).state == "draft"
    assert f'name="p{plan.pk}-progress"' in answer["cards"][str(plan.pk)]["html"]


def test_accepted_report_cannot_be_taken_back(signed_in, plan):
    factories.report(plan, 22, state="accepted", row_version=3)

    answer = send(signed_in, f"withdraw:{plan.pk}:3").json()

    assert stored(plan).state == "accepted"
    assert answer["cards"][str(plan.pk)]["refused"].endswith("只有已报、未审的才能撤回。")


# Without JavaScript


def test_every_cards_text_is_kept_whichever_button_was_pressed(signed_in, unit, plan):
    second = a_plan(unit)

    response = send(signed_in, f"submit:{plan.pk}", boxes(plan, **FULL), boxes(second, progress="写了一半"), headers={})

    assert response.headers["Location"] == "/dispatch/?"
    assert (stored(plan).state, stored(second).state, stored(second).progress) == ("reported", "draft", "写了一半")


def test_page_comes_back_with_the_text_and_what_is_wrong(signed_in, plan):
    response = send(signed_in, "save", boxes(plan, **FULL | {"works_percent": "三成"}), headers={})

    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="三成"' in html
    assert "“工程量%”不是数字：三成。" in html
    assert f'name="p{plan.pk}-version" value="1"' in html


def test_page_comes_back_with_both_texts(signed_in, plan, unit):
    other = factories.user("reporter", unit=unit)
    actions.save(by=other, plan=plan, week=WEEK, values={"progress": "他写的"}, version=0)

    response = send(signed_in, "save", boxes(plan, progress="我写的"), headers={})
    html = response.content.decode()
    settled = send(signed_in, "save", boxes(plan, 1, progress="我写的"), headers={})

    assert (response.status_code, settled.status_code) == (409, 302)
    assert re.search(r"<textarea[^>]+p\d+-progress[^>]+>\s*我写的", html)
    assert "他写的" in html
    assert stored(plan).progress == "我写的"


# Queries


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_page_takes_the_same_queries_for_one_project_as_for_fifteen(signed_in, unit, plan):
    one = queries_of(lambda: signed_in.get("/dispatch/"))
    for _ in range(14):
        a_plan(unit)
    fifteen = queries_of(lambda: signed_in.get("/dispatch/"))

    assert (one, fifteen) == (16, 16)


def test_saving_a_card_takes_eleven_queries_and_a_savepoint(signed_in, plan):
    send(signed_in, "save", boxes(plan, **FULL))

    count = queries_of(lambda: send(signed_in, "save", boxes(plan, 1, **FULL | {"progress": "二层"})))

    assert count == 13


def test_submitting_all_takes_the_same_queries_for_two_as_for_fifteen(signed_in, unit):
    def submit_saved(count):
        cards = []
        for plan in [a_plan(unit) for _ in range(count)]:
            send(signed_in, "save", boxes(plan, **FULL))
            cards.append(boxes(plan, 1, **FULL))
        return queries_of(lambda: send(signed_in, "submit_all", *cards))

    two, fifteen = submit_saved(2), submit_saved(15)

    assert two == fifteen
