"""Rows that open in place: by mouse and keyboard, several at once, beside pinned columns, on a phone, not on paper."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from portfolio.models import AnnualPlan
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

PAGES = ["/projects/", "/six-ones/"]


@pytest.fixture
def plans(db):
    factories.clock(2024, 5, 31, 10)
    plans = [
        factories.plan_under_way(
            project__name=f"沁源县第一污水处理厂及配套管网提质增效改扩建工程{number}",
            project__category="industrial",
            seq=number,
        )
        for number in range(1, 31)
    ]
    for plan in plans[:3]:
        for week in (20, 21):
            factories.report(plan, week, ytd_investment=week * 10, works_percent=week, progress="主体封顶。" * 20)
        AnnualPlan.objects.filter(pk=plan.pk).update(
            ytd_investment=210, reported_week=21, reported_on=dt.date(2024, 5, 24)
        )
    return plans


def opener(page, plan):
    return page.locator(f'tr[data-plan="{plan.pk}"] .opener')


def panel(page, plan):
    return page.locator(f"#glance-{plan.pk}")


def expect_drawn(page, plan):
    """Curves are drawn when they come into sight."""
    panel(page, plan).locator(".chart").scroll_into_view_if_needed()
    expect(panel(page, plan).locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(2)


@pytest.mark.parametrize("path", PAGES)
def test_rows_open_beneath_themselves_and_close_again(page_as, plans, path):
    page = page_as("leader")
    fetched = []
    page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]))
    page.goto(path)
    assert "plotly-basic.min.js" not in fetched

    for plan in plans[:2]:
        opener(page, plan).click()
        expect_drawn(page, plan)
    assert fetched.count("plotly-basic.min.js") == 1
    expect(panel(page, plans[0])).to_contain_text("第21周（05-20 至 05-26）")
    expect(opener(page, plans[0])).to_have_attribute("aria-expanded", "true")
    assert page.locator(f'tr[data-plan="{plans[0].pk}"] + tr').get_attribute("id") == f"glance-{plans[0].pk}"

    opener(page, plans[0]).click()
    expect(panel(page, plans[0])).to_have_count(0)
    expect(panel(page, plans[1])).to_be_visible()
    expect(opener(page, plans[0])).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("path", PAGES)
def test_a_row_opens_with_the_keyboard_and_its_figures_are_a_table(page_as, plans, path):
    page = page_as("office")
    page.goto(path)

    opener(page, plans[0]).focus()
    page.keyboard.press("Enter")
    expect_drawn(page, plans[0])
    panel(page, plans[0]).locator("summary").focus()
    page.keyboard.press("Enter")
    expect(panel(page, plans[0]).get_by_role("rowheader", name="第20周")).to_be_visible()
    opener(page, plans[0]).focus()
    page.keyboard.press("Space")

    expect(panel(page, plans[0])).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_an_open_row_fits_every_width_and_stays_in_sight_when_the_table_is_scrolled(page_as, plans, path):
    page = page_as("office")
    page.goto(path)
    opener(page, plans[1]).click()
    expect_drawn(page, plans[1])
    panel(page, plans[1]).locator("summary").click()

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        frame, glance = page.locator(".plan-frame"), panel(page, plans[1]).locator(".glance")
        frame.evaluate("frame => frame.scrollTo(400, 0)")
        box, outer = glance.bounding_box(), frame.bounding_box()
        assert outer["x"] <= box["x"]
        assert box["x"] + box["width"] <= outer["x"] + outer["width"]
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


@pytest.mark.parametrize("path", PAGES)
def test_an_open_row_stays_open_when_the_rows_are_sorted(page_as, plans, path):
    page = page_as("leader")
    page.goto(path)
    opener(page, plans[2]).click()
    expect_drawn(page, plans[2])

    page.locator("thead").get_by_role("link", name="项目名称").click()
    page.wait_for_url("**sort=name**")

    expect(panel(page, plans[2])).to_contain_text("第21周")
    expect(page.locator(".glance-row")).to_have_count(1)


@pytest.mark.parametrize("path", PAGES)
def test_what_could_not_be_read_says_what_to_do(page_as, plans, watch, path):
    watch.expect("404")
    page = page_as("leader")
    page.goto(path)
    page.route("**/glance/", lambda route: route.fulfill(status=404, body=""))

    opener(page, plans[0]).click()

    expect(panel(page, plans[0])).to_contain_text("没有读到，请检查网络后再展开一次")


@pytest.mark.parametrize("path", PAGES)
def test_paper_shows_neither_panels_nor_their_buttons(page_as, plans, path):
    page = page_as("leader")
    page.goto(path)
    opener(page, plans[0]).click()
    expect(panel(page, plans[0])).to_be_visible()

    page.emulate_media(media="print")

    expect(panel(page, plans[0])).to_be_hidden()
    expect(opener(page, plans[0])).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
def test_without_scripts_the_name_leads_to_the_projects_page(plans, open_page, path):
    page = open_page(factories.user("leader"), java_script_enabled=False)
    page.goto(path)

    expect(opener(page, plans[0])).to_be_hidden()
    page.get_by_role("link", name=plans[0].project.name, exact=True).click()

    expect(page.locator(f"#chart-curve-{plans[0].pk} table")).to_be_visible()
