"""Problems in a real browser: narrowing the list without leaving it, and one thumb to answer on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from portfolio.models import Problem
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

TEXT = "项目用地尚有 12 亩未完成征收，涉及 3 户村民补偿标准未谈妥，施工便道无法贯通，大型机械不能进场。" * 2


@pytest.fixture
def unit(db):
    factories.clock(2024, 5, 31, 10)
    return factories.unit("水利局")


@pytest.fixture
def problems(unit):
    project = factories.project("沁源县第一污水处理厂及配套管网提质增效改扩建工程项目", unit=unit)
    other = factories.project("大桥", unit=factories.unit("交通局"))
    factories.plan(project, leader=factories.leader("县领导甲"))
    late = factories.problem(project, "assigned", text=TEXT, kind="land", person="某主任", phone="13812345678")
    factories.problem(other, text="缺资金", kind="funds", raised_on=dt.date(2024, 5, 30))
    factories.problem(other, "closed", text="电力迁改", kind="factor")
    return late


def rows(page):
    return [text.strip() for text in page.locator(".problem-table .at-text a").all_inner_texts()]


def test_the_list_narrows_in_place_and_can_be_sent_as_an_address(page_as, problems):
    page = page_as("office")
    page.goto("/problems/")

    page.select_option("#facet-kind", "funds")
    expect(page.locator(".problem-table tbody tr")).to_have_count(1)

    assert rows(page) == ["缺资金"]
    assert "kind=funds" in page.url
    assert page.locator("#problem-lede b").all_inner_texts() == ["1", "0"]

    page.get_by_role("link", name="已销号 0").click()
    page.wait_for_selector("text=没有符合条件的问题")
    page.get_by_role("link", name="清除筛选").first.click()
    page.wait_for_selector(".problem-table")
    assert rows(page) == [TEXT, "缺资金"]


def test_search_answers_while_typing_and_keeps_the_cursor(page_as, problems):
    page = page_as("office")
    page.goto("/problems/")

    page.get_by_label("在问题清单里搜索").press_sequentially("大桥")
    expect(page.locator(".problem-table tbody tr")).to_have_count(1)

    assert rows(page) == ["缺资金"]
    assert page.evaluate("document.activeElement.id") == "problem-q"


def test_a_reporter_answers_on_a_phone_and_returns_to_the_list(page_as, problems, unit):
    page = page_as("reporter", unit=unit, width=390)
    page.goto("/problems/?state=overdue&scope=own")
    page.locator(".problem-table .at-text a").first.click()

    page.get_by_label("办理情况").fill("已谈妥两户")
    page.get_by_role("button", name="反馈").click()

    assert page.locator(".notice-success").inner_text().strip() == "已反馈。"
    assert "已谈妥两户" in page.locator(".event-list").inner_text()
    page.get_by_role("link", name="返回清单").click()
    page.wait_for_url("**/problems/?state=overdue&scope=own")
    assert Problem.objects.get(pk=problems.pk).answered_on == dt.date(2024, 5, 31)


def test_the_project_is_suggested_as_it_is_typed(page_as, problems):
    page = page_as("office")
    page.goto("/problems/add/")

    page.get_by_role("combobox", name="项目").press_sequentially("污水")
    page.wait_for_selector("#problem-projects option", state="attached")

    names = page.locator("#problem-projects option").evaluate_all("options => options.map(option => option.value)")
    assert names == [problems.project.name]


def test_everything_works_without_scripts(new_context, page_as, problems, base_url):
    signed_in = page_as("office")
    context = new_context(java_script_enabled=False)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()

    page.goto(f"{base_url}/problems/")
    page.select_option("#facet-kind", "land")
    page.get_by_role("button", name="查找").click()
    page.locator(".problem-table .at-text a").click()
    page.locator("summary", has_text="申请销号").click()
    page.get_by_label("办理结果").fill("已全部签订")
    page.get_by_role("button", name="申请销号").click()

    assert Problem.objects.get(pk=problems.pk).state == "closing"


@pytest.mark.parametrize("role", ["office", "leader"])
def test_a_problem_fits_the_window_and_reads_well(page_as, problems, role):
    page = page_as(role)

    for path in (f"/problems/{problems.pk}/", "/problems/?state=all", "/problems/?by=unit"):
        page.goto(path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])
