"""A check on site in a real browser, on a phone: one thumb, a photo, a "no" with its measure; nothing typed is lost."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from inspections.checklists import Question
from inspections.models import CheckAnswer, SupervisionCheck
from portfolio.models import Problem
from tests import factories
from tests.browser.conftest import axe_violations, overflow
from tests.inspections import factories as looks

QUESTIONS = (
    Question("safety", "安全生产和环境保护是否到位", "临边防护、用电、起重、扬尘", measure="立即整改"),
    Question("problems", "以前提出的问题是否按时整改", known_by="overdue_problems"),
)


@pytest.fixture
def plan(db):
    factories.clock(2024, 5, 31, 10)
    looks.checklist(questions=QUESTIONS)
    name = "沁源县第一污水处理厂及配套管网提质增效改扩建工程项目"
    return factories.plan_under_way(factories.unit("水利局"), project__name=name, seq=1)


def begun(page_as, plan):
    page = page_as("inspector", width=390)
    page.goto("/inspections/looks/checks/new/?q=wushui")
    page.get_by_role("link", name=plan.project.name).click()
    page.get_by_role("button", name="开始看进展督导").click()
    return page


def choose(page, question, answer):
    page.locator(f"#q-{question} .answer-{answer}").click()


def test_a_check_is_filled_in_with_one_hand_and_handed_in(page_as, plan, tmp_path):
    page = begun(page_as, plan)
    assert page.locator("#q-problems input:checked").get_attribute("value") == "yes"
    expect(page.get_by_label("整改时限").first).to_be_hidden()

    choose(page, "safety", "no")
    page.locator("#q-safety").get_by_label("情况说明").fill("基坑临边没有防护")
    page.locator("#q-safety").get_by_label("措施").fill("两天内加装防护栏")
    file = tmp_path / "site.jpg"
    factories.picture().save(file)
    page.get_by_label("选照片").set_input_files(file)
    expect(page.locator(".site-photo img")).to_have_count(1)
    assert (overflow(page), axe_violations(page)) == (0, [])
    page.get_by_role("button", name="提交督导").click()
    expect(page.get_by_text("督导已提交，1 个“否”已登记为问题。")).to_be_visible()

    check, problem = SupervisionCheck.objects.get(), Problem.objects.get()
    assert (check.state, check.photos.count()) == ("done", 1)
    assert (problem.measure, problem.deadline) == ("两天内加装防护栏", dt.date(2024, 6, 7))
    assert (overflow(page), axe_violations(page)) == (0, [])


def test_what_was_typed_outlives_the_page(page_as, plan):
    page = begun(page_as, plan)
    choose(page, "safety", "yes")
    page.get_by_label("总体情况").fill("施工有序")

    page.reload()

    expect(page.get_by_text("已恢复这台手机上没有保存的内容")).to_be_visible()
    assert page.get_by_label("总体情况").input_value() == "施工有序"
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    expect(page.get_by_text("已恢复这台手机上没有保存的内容")).to_be_hidden()
    assert CheckAnswer.objects.get(item__key="safety").answer == "yes"


def test_without_a_network_the_check_stays_on_its_page_and_is_handed_in_later(page_as, plan):
    page = begun(page_as, plan)
    choose(page, "safety", "yes")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交督导").click()
    expect(page.get_by_text("现在没有网络，没有提交。")).to_be_visible()
    assert page.locator("#q-safety input:checked").get_attribute("value") == "yes"

    page.context.set_offline(False)
    page.get_by_role("button", name="提交督导").click()

    expect(page.get_by_text("督导已提交。")).to_be_visible()
    assert SupervisionCheck.objects.get().state == "done"


def test_what_is_left_out_is_named_with_a_way_to_it(page_as, plan, watch):
    watch.expect("400 (Bad Request)")
    page = begun(page_as, plan)
    page.get_by_role("button", name="提交督导").click()

    page.get_by_role("link", name="1. 安全生产和环境保护是否到位").click()

    assert page.url.endswith("#q-safety")
    assert axe_violations(page) == []


def test_a_project_s_page_tells_its_checks(page_as, plan):
    inspector = factories.user("inspector")
    looks.check(plan, inspector, plan.county.checklists.get(), {"safety": "yes"}, day=dt.date(2024, 5, 30))
    page = page_as("leader")

    page.goto(plan.get_absolute_url())

    expect(page.locator("#site-checks").get_by_role("link", name="2024-05-30 看进展")).to_be_visible()


@pytest.mark.parametrize("path", ["/inspections/looks/progress/", "/inspections/looks/progress/checklist/"])
def test_the_list_and_its_questions_fit_every_window(page_as, plan, path):
    page = page_as("office")
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(path)

        assert (width, overflow(page), axe_violations(page)) == (width, 0, [])
