"""A schedule in a browser: a block from Excel, the keyboard, live sums, unsaved changes; without a script too."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from portfolio.actions import pauses, schedule
from portfolio.schedule_entries import MilestoneEntry
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

BLOCK = "开工\t3月1日\t10\t水利局\t2024-03-02\t开工令\n主体封顶\t2024.6.30\t60\t水利局\n竣工验收\t四季度\t30\t水利局\n"


@pytest.fixture
def plan(county):
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()
    unit = factories.unit("水利局")
    name = "沁源县生活污水处理厂二期（提标改造及配套管网）工程"
    return factories.plan(project__name=name, project__unit=unit, planned_investment=1200)


@pytest.fixture
def approved(plan):
    office = factories.user()
    unit = plan.project.unit
    milestones = [
        MilestoneEntry("开工", dt.date(2024, 3, 1), "start", Decimal(10), unit, dt.date(2024, 3, 20), "开工令" * 20),
        MilestoneEntry("主体结构封顶", dt.date(2024, 5, 20), "node", Decimal("60.5"), unit),
        MilestoneEntry("竣工验收", dt.date(2024, 12, 31), "finish", Decimal(30), unit),
    ]
    amounts = [Decimal("12345678.90")] * 12
    schedule.save_schedule(by=office, plan=plan, milestones=milestones, monthly=amounts, version=0)
    schedule.approve(by=office, plan=plan, version=1)
    return plan


def url(plan, name="schedule"):
    return reverse(f"portfolio:{name}", args=[plan.pk])


def paste(page, box, text):
    """As the clipboard of a spreadsheet does it."""
    box.focus()
    box.evaluate(
        """(box, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_block_from_excel_and_the_keyboard_fill_a_schedule(plan, page_as, shoot):
    page = page_as("reporter", unit=plan.project.unit)
    page.goto(url(plan))

    paste(page, page.get_by_label("第 1 行 节点"), BLOCK)
    paste(page, page.get_by_label("1月", exact=True), "\t".join(["50", "50"] + ["100"] * 9))
    page.get_by_label("12月").fill("１００．５")
    page.get_by_text("合计 1,100.50，与年度计划相差 -99.50").wait_for()
    page.get_by_label("第 3 行 节点").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("移交")
    page.get_by_label("第 4 行 计划完成").fill("2024年12月31日")
    shoot(page, "schedule-filled")
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.get_by_text("已保存。").wait_for()

    assert list(plan.milestones.values_list("name", "kind", "due", "weight", "done_on")) == [
        ("开工", "start", dt.date(2024, 3, 1), 10, dt.date(2024, 3, 2)),
        ("主体封顶", "node", dt.date(2024, 6, 30), 60, None),
        ("竣工验收", "finish", dt.date(2024, 12, 31), 30, None),
        ("移交", "node", dt.date(2024, 12, 31), None, None),
    ]
    assert sum(plan.monthly_targets.values_list("amount", flat=True)) == Decimal("1100.50")


def test_enter_sends_no_half_filled_page(plan, page_as):
    page = page_as("office")
    page.goto(url(plan))

    page.get_by_label("第 1 行 节点").fill("开工")
    page.keyboard.press("Enter")
    page.get_by_label("12月").fill("5")
    page.keyboard.press("Enter")

    assert page.get_by_text("有未保存的修改").is_visible()
    assert plan.milestones.count() == 0


def test_leaving_with_unsaved_changes_is_asked_about(plan, page_as):
    page = page_as("office")
    page.goto(url(plan))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("第 1 行 节点").press_sequentially("开工")
    page.get_by_role("link", name="工期计划", exact=True).click()
    page.get_by_role("heading", name="2024年工期计划").wait_for()

    assert asked == ["beforeunload"]


def test_a_schedule_is_made_without_a_script(plan, page_as, open_page):
    page = open_page(factories.user(), java_script_enabled=False)
    page.goto(url(plan))

    page.get_by_label("模板").select_option(label="水利")
    page.get_by_role("button", name="排出节点").click()
    page.get_by_text("以下内容还没有保存").wait_for()
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.get_by_text("已保存。").wait_for()

    assert plan.milestones.count() == 6


@pytest.mark.parametrize("role", ["office", "leader"])
def test_the_page_fits_the_window_and_reads_well(role, approved, page_as, shoot):
    schedule_page = page_as(role)

    schedule_page.goto(url(approved))

    shoot(schedule_page, f"schedule-{role}")
    for width, height in WIDTHS.items():
        schedule_page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(schedule_page)) == (width, 0)
        assert (width, axe_violations(schedule_page)) == (width, [])


def test_the_lists_and_the_pause_form_fit_the_window_and_read_well(approved, page_as):
    office = factories.user()
    pauses.pause(
        by=office,
        plan=approved,
        reason="funds",
        words="二期贷款未批，" * 20,
        paused_on=dt.date(2024, 5, 1),
        review_on=dt.date(2024, 5, 2),
    )
    page = page_as(office)

    for address in (
        reverse("portfolio:schedule-list"),
        reverse("portfolio:schedule-paused"),
        url(approved, "schedule-pause"),
    ):
        page.goto(address)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (address, width, overflow(page)) == (address, width, 0)
            assert (address, width, axe_violations(page)) == (address, width, [])


def test_two_people_at_once_are_shown_both_texts(approved, page_as, watch, shoot):
    watch.expect("409")
    first, second = page_as("office"), page_as("office")
    for page in (first, second):
        page.goto(url(approved))
    for page in (first, second):
        page.get_by_label("第 1 行 完成依据").fill(f"依据{page is first}")
        page.get_by_role("button", name="保存", exact=True).last.click()
    second.get_by_text("两人都改了").wait_for()
    shoot(second, "schedule-conflict")
    assert (axe_violations(second), overflow(second)) == ([], 0)
    second.get_by_role("button", name="按所选保存").click()
    second.get_by_text("已保存。").wait_for()

    assert approved.milestones.first().evidence == "依据False"
