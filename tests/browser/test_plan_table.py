"""The plan table as people use it: typing, ticking, arrow keys, printing, and one thumb."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from portfolio.models import AnnualPlan, Project
from tests import factories
from tests.browser.conftest import axe_violations, overflow


@pytest.fixture
def plans(db):
    towns = [factories.town("沁河镇", "140431100"), factories.town("郭道镇", "140431101")]
    kinds = ["污水处理厂扩容工程", "光伏发电项目", "农村公路改造工程"]
    return [
        factories.plan(
            seq=number,
            project__name=f"{towns[number % 2].name}{kinds[number % 3]}{number}",
            project__category="industrial" if number % 2 else "infrastructure",
            project__town=towns[number % 2],
            project__total_investment=Decimal(number * 1000),
            project__content="建设内容的说明，写得长一些，好让单元格只显示两行，点开才看得全。" * 3,
            progress="正在进行主体施工",
        )
        for number in range(1, 61)
    ]


def row_names(page):
    return page.locator("tr[data-plan] td.c-name a").all_inner_texts()


def test_typing_pinyin_initials_narrows_the_table_and_the_address_keeps_it(page_as, plans, base_url):
    page = page_as("office")
    page.goto("/projects/?year=2024&per_page=all")

    page.keyboard.press("/")
    page.keyboard.type("wscl")
    expect(page.locator("tr[data-plan]")).to_have_count(20)

    assert page.url == f"{base_url}/projects/?q=wscl&year=2024&per_page=all"
    assert {re.sub(r".*镇|\d+$", "", name) for name in row_names(page)} == {"污水处理厂扩容工程"}
    expect(page.locator("#plan-head .lede")).to_contain_text("筛选出 20 个项目（全年 60 个）")
    page.go_back()
    expect(page.locator("tr[data-plan]")).to_have_count(60)


def test_filter_menu_stays_open_while_values_are_ticked_and_counts_follow(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024&per_page=all")

    page.locator("summary", has_text="乡镇").click()
    page.locator("#facet-town").get_by_label("沁河镇").check()
    expect(page.locator("tr[data-plan]")).to_have_count(30)
    expect(page.locator("#facet-category")).not_to_contain_text("产业类30")
    page.locator("#facet-town").get_by_label("郭道镇").check()

    expect(page.locator("tr[data-plan]")).to_have_count(60)
    expect(page.locator("#facet-town")).to_be_visible()
    page.locator(".chip", has_text="沁河镇").click()
    expect(page.locator("tr[data-plan]")).to_have_count(30)
    expect(page.locator("#facet-mark-town")).to_have_text("1")


def test_cells_are_edited_with_the_keyboard_alone(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024&group=none&cols=seq,name,total_investment")
    page.locator("tr[data-plan] td.c-name").first.focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-form [name=value]")).to_be_focused()
    page.keyboard.type("1234.565")
    page.keyboard.press("Enter")

    second = page.locator("tr[data-plan] td.c-total_investment").nth(1)
    expect(second).to_be_focused()
    expect(page.locator("tr[data-plan] td.c-total_investment").first).to_have_text("1,234.57")
    assert Project.objects.get(pk=plans[0].project_id).total_investment == Decimal("1234.57")


SUBMIT_AT_ONCE = """
() => document.addEventListener("htmx:afterSwap", (event) => {
  const form = event.detail.target.querySelector(".cell-form");
  if (form) setTimeout(() => form.requestSubmit(), 0);
}, { once: true })
"""


def test_a_form_sent_the_moment_it_appears_is_saved_on_the_spot(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?group=none&cols=seq,name,total_investment")
    address = page.url
    page.evaluate(SUBMIT_AT_ONCE)

    page.locator("tr[data-plan] td.c-total_investment").first.dblclick()

    expect(page.locator("tr[data-plan] td.c-total_investment").nth(1)).to_be_focused()
    assert page.url == address


def test_sums_follow_an_edited_amount_and_the_reader_stays_in_place(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024")
    expect(page.locator("tr.total td.c-total_investment")).to_have_text("1,830,000")

    cell = page.locator("tr[data-plan] td.c-total_investment").nth(3)
    cell.dblclick()
    page.locator(".cell-form [name=value]").fill("1007000.5")
    page.keyboard.press("Enter")

    expect(page.locator("tr.total td.c-total_investment")).to_have_text("2,830,000.50")
    expect(page.locator("tr[data-plan] td.c-total_investment").nth(4)).to_be_focused()


def test_last_filter_is_offered_again_on_the_bare_page(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024&category=industrial")

    page.goto("/projects/")
    page.get_by_role("link", name="恢复上次的筛选").click()

    expect(page.locator(".chip")).to_contain_text("产业类")


def test_way_back_from_a_project_leads_to_the_view_it_was_opened_from(page_as, plans, base_url):
    page = page_as("office")
    page.goto("/projects/?year=2024&category=industrial&group=none")
    page.locator("tr[data-plan] td.c-name a").first.click()
    page.get_by_role("link", name="下一个").click()

    page.get_by_role("link", name="返回计划表").click()

    expect(page.locator("tr[data-plan]")).to_have_count(30)
    assert page.url == f"{base_url}/projects/?year=2024&category=industrial&group=none"


def test_keyboard_reader_sees_where_she_is_and_gets_out_of_a_menu(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024")
    menu = page.locator("summary", has_text="乡镇")
    page.evaluate("window.sameDocument = true")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if menu.evaluate("menu => menu === document.activeElement"):
            break
    outline = menu.evaluate("menu => getComputedStyle(menu).outlineStyle")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert outline == "solid"
    expect(menu).to_be_focused()
    expect(page.locator("details[open]")).to_have_count(0)
    # 跳到正文 is a jump within the page.
    assert page.evaluate("window.sameDocument") is True


def test_saved_view_is_two_clicks_away(page_as, plans):
    page = page_as("office")
    page.goto("/projects/views/?year=2024&category=industrial")
    page.get_by_label("名称").fill("产业类项目")
    page.get_by_role("button", name="保存").click()
    page.goto("/projects/")

    page.locator("summary", has_text="常用视图").click()
    page.get_by_role("link", name="产业类项目").click()

    expect(page.locator("tr[data-plan]")).to_have_count(30)


@pytest.mark.parametrize("how", ["Escape", "取消"])
def test_a_cell_can_be_left_as_it_was(page_as, plans, how):
    page = page_as("office")
    page.goto("/projects/?year=2024&group=none&cols=seq,name,progress")
    cell = page.locator("tr[data-plan] td.c-progress").first

    cell.dblclick()
    page.locator(".cell-form [name=value]").fill("改了一半")
    page.keyboard.press("Escape") if how == "Escape" else page.get_by_role("button", name=how).click()

    expect(cell).to_have_text("正在进行主体施工")
    expect(page.locator(".cell-form")).to_have_count(0)
    assert not AnnualPlan.objects.exclude(progress="正在进行主体施工").exists()


def test_wrong_value_in_a_cell_is_explained_on_the_spot(page_as, plans, watch):
    watch.expect("422")
    page = page_as("office")
    page.goto("/projects/?year=2024&group=none&cols=seq,name,total_investment")

    page.locator("tr[data-plan] td.c-total_investment").first.dblclick()
    page.locator(".cell-form [name=value]").fill("一百二十")
    page.keyboard.press("Enter")

    expect(page.locator(".cell-form .error")).to_have_text(
        "“总投资”不是数字：一百二十。请改为 120 或 120.50 这样的数值。"
    )
    expect(page.locator(".cell-form [name=value]")).to_have_value("一百二十")


def test_rows_are_picked_with_shift_and_edited_together_and_taken_back(page_as, plans):
    page = page_as("office")
    page.goto("/projects/?year=2024&group=none")

    boxes = page.locator("tr[data-plan] input[name=plan]")
    boxes.nth(0).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator(".bulk-bar")).to_contain_text("已选 5 项")
    page.get_by_role("button", name="批量修改…", exact=True).click()
    page.locator("[name=value_level]").select_option("city")
    expect(page.get_by_label("项目级别")).to_be_checked()
    page.get_by_role("button", name="看改前改后").click()
    page.get_by_role("button", name="确认修改 5 个项目").click()

    expect(page.locator(".notice")).to_contain_text("5 个项目的“项目级别”改为“市重点”")
    assert Project.objects.filter(level="city").count() == 5
    page.get_by_role("link", name="撤回这次修改").click()
    page.get_by_role("button", name="确认撤回").click()
    expect(page.locator(".notice")).to_contain_text("撤回")
    assert Project.objects.filter(level="city").count() == 0


def test_header_and_first_columns_stay_while_the_table_scrolls(page_as, plans):
    page = page_as("office", width=1024)
    page.goto("/projects/?year=2024")
    frame = page.locator(".plan-frame")
    name, head = page.locator("tr[data-plan] td.c-name").nth(20), page.locator("thead th.c-name")
    left, top = name.bounding_box()["x"], head.bounding_box()["y"]

    frame.evaluate("frame => frame.scrollTo(300, 600)")

    assert name.bounding_box()["x"] == left
    assert head.bounding_box()["y"] == top
    assert overflow(page) == 0


def test_columns_are_ordered_with_alt_and_arrows_and_used_at_once(page_as, plans):
    page = page_as("office")
    page.goto("/projects/columns/?year=2024&category=industrial")

    page.get_by_label("项目名称", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_role("button", name="使用这个布局").click()

    assert page.locator("thead th[data-key]").first.get_attribute("data-key") == "name"
    expect(page.locator("tr[data-plan]")).to_have_count(30)


def test_plan_table_prints_on_a3_landscape_with_all_rows(page_as, plans, tmp_path):
    page = page_as("leader")
    page.add_init_script("window.print = () => {}")
    page.goto("/projects/?year=2024&per_page=all&print=1")

    pdf = page.pdf(prefer_css_page_size=True)

    width, height = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (420, 297)
    expect(page.locator("tr[data-plan]")).to_have_count(60)
    assert page.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"


def test_plan_table_is_cards_on_a_phone(page_as, plans):
    page = page_as("leader", width=390)
    page.goto("/projects/?year=2024")

    expect(page.locator("thead")).to_be_hidden()
    assert overflow(page) == 0
    page.get_by_role("button", name="筛选").click()
    page.locator("summary", has_text="乡镇").click()
    page.locator("#facet-town").get_by_label("沁河镇").check()
    expect(page.locator("#plan-head .lede")).to_contain_text("筛选出 30 个项目")


def test_plan_table_with_rows_has_no_serious_accessibility_violation(page_as, plans, shoot):
    page = page_as("office")
    page.goto("/projects/?year=2024&town=140431100")

    assert axe_violations(page) == []
    shoot(page, "plan-table")


def test_plan_table_works_without_javascript(db, plans, open_page):
    page = open_page(factories.user("office"), java_script_enabled=False)
    page.goto("/projects/?year=2024&per_page=all")

    page.locator("summary", has_text="乡镇").click()
    page.locator("#facet-town").get_by_label("沁河镇").check()
    page.locator("details[open]").get_by_role("button", name="应用").click()

    expect(page.locator("tr[data-plan]")).to_have_count(30)
