"""The county's week in a browser: every tab fits and reads well, and the queue is reviewed with the keyboard alone."""

from decimal import Decimal

import pytest

from portfolio.actions import dispatch as actions
from portfolio.models import WeeklyDispatch
from portfolio.weeks import Week
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

WEEK = Week(2024, 22)
PAGE = "/dispatch/2024/22/"


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def three_reports(county):
    """The first has a warning with its explanation; the plan of the last has not reported."""
    unit = factories.unit("沁源县水利局")
    by = factories.user("reporter", unit=unit)
    for number in range(4):
        name = f"沁源县第{number}污水处理厂及配套管网提质增效改扩建工程项目"
        plan = factories.plan_under_way(unit, project__name=name, planned_investment=Decimal("1234567.80"))
        factories.report(plan, 21, ytd_investment=Decimal(500), works_percent=Decimal(30), progress="主体完工。" * 20)
        if number < 3:
            _submit(by, plan, ytd=400 if number == 0 else 600)
    return by


def _submit(by, plan, ytd):
    values = {
        "ytd_investment": Decimal(ytd),
        "works_percent": Decimal(35),
        "progress": "正在安装设备，完成配电间封顶。" * 8,
        "explanation": "核减重复计量。" if ytd < 500 else "",
    }
    draft = actions.save(by=by, plan=plan, week=WEEK, values=values, version=0)
    actions.submit(by=by, county=plan.county, week=WEEK, versions={plan.pk: draft.row_version})


def states():
    return list(WeeklyDispatch.objects.of_week(WEEK).order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("tab", ["status", "remind", "review", "ledger", "bulletin"])
def test_a_tab_fits_the_window_and_reads_well(tab, three_reports, page_as, shoot):
    page = page_as("office")

    page.goto(f"{PAGE}?tab={tab}")

    shoot(page, f"county-week-{tab}")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


@pytest.mark.parametrize("path", [f"{PAGE}lock/", "/dispatch/sheet/2024/22/"])
def test_the_small_pages_fit_and_read_well(path, three_reports, page_as):
    page = page_as("office")

    page.goto(path)

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


def test_the_queue_is_reviewed_with_the_keyboard(three_reports, page_as):
    page = page_as("office")
    page.goto(f"{PAGE}?tab=review")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.get_by_role("button", name="审核通过（1）").press("Enter")
    page.wait_for_selector(".notice-success")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_url("**/return/*/")

    assert states() == ["reported", "accepted", "reported"]
    assert page.get_by_label("退回原因").is_visible()


def test_one_press_ticks_what_has_no_warning(three_reports, page_as):
    page = page_as("office")
    page.goto(f"{PAGE}?tab=review")

    page.get_by_role("button", name="勾选没有提示的").click()
    page.get_by_role("button", name="审核通过（2）").click()
    page.wait_for_selector(".notice-success")

    assert states() == ["reported", "accepted", "accepted"]


def test_a_reminder_is_copied_at_a_press(three_reports, page_as):
    page = page_as("office")
    page.goto(f"{PAGE}?tab=remind")

    page.locator("[data-copy]").first.click()

    page.wait_for_selector("text=已复制")
    assert page.evaluate("document.activeElement.id") == "text-for-all"
