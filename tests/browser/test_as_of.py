"""Looking back: a week is picked in the top bar, filters keep it, and one click leads to today."""

import pytest
from playwright.sync_api import expect

from portfolio.actions import changes
from portfolio.models import AnnualPlan, ChangeSet, Project
from tests import factories
from tests.browser.conftest import axe_violations, overflow


@pytest.fixture
def plan(db):
    """A project that was renamed in week 20 of 2024; today is in week 22."""
    office = factories.user("office", name="张三")
    mine = changes.begin(ChangeSet.Kind.EDIT, county=factories.clock(2024, 3, 8, 10), by=office, summary="新增")
    (project,) = changes.create(mine, [Project(county=office.county, name="旧名污水处理厂", category="infrastructure")])
    (plan,) = changes.create(mine, [AnnualPlan(county=office.county, project=project, year=2024, seq=1)])
    project.name = "新名污水处理厂"
    later = changes.begin(ChangeSet.Kind.EDIT, county=factories.clock(2024, 5, 15, 10), by=office, summary="改名")
    changes.update(later, [project], ["name"])
    factories.clock(2024, 5, 31, 10)
    return plan


def row_names(page):
    return page.locator("tr[data-plan] td.c-name a")


def test_a_week_is_picked_filtered_opened_and_left_again(page_as, plan):
    page = page_as("office")
    page.goto("/projects/")
    expect(row_names(page)).to_have_text(["新名污水处理厂"])

    page.locator("#as-of-menu summary").click()
    page.get_by_role("link", name="2024年第19周").click()
    expect(row_names(page)).to_have_text(["旧名污水处理厂"])
    expect(page.locator("#as-of-strip")).to_contain_text("截至 2024-05-12（第19周）")

    page.locator("#plan-q").fill("旧名")
    page.wait_for_url("**q=*")
    expect(page.locator("#as-of-strip a")).to_have_attribute("href", "?q=%E6%97%A7%E5%90%8D")
    row_names(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("旧名污水处理厂")
    expect(page.get_by_role("link", name="修改", exact=True)).to_have_count(0)

    page.get_by_role("link", name="回到今天").click()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("新名污水处理厂")
    expect(page.get_by_role("link", name="修改", exact=True)).to_have_count(1)


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("path", ["/projects/?as_of=2024-W19", "/projects/{}/?as_of=2024-W19"])
def test_a_past_day_is_accessible_and_fits(page_as, plan, width, path):
    page = page_as("office")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.format(plan.project_id))
    page.locator("#as-of-menu summary").click()

    assert axe_violations(page) == []
    assert overflow(page) == 0
