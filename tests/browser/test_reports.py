"""A report in a real browser: found by section on a phone, whole on paper, issued with one press of a button."""

import io

import pypdfium2
import pytest
from playwright.sync_api import expect

from inspections.actions import reports as actions
from tests import factories
from tests.browser.conftest import axe_violations, overflow
from tests.inspections import report_factories as made

NEW = "/inspections/reports/new/?kind=quarterly&year=2024&period=2"
PROJECTS = 40


@pytest.fixture
def office(db):
    made.county()
    made.plans(PROJECTS)
    return factories.user("office", name="项目办甲")


@pytest.fixture
def address(office):
    report = actions.issue(by=office, kind="quarterly", year=2024, period=2, as_of=made.DAY)
    return f"/inspections/reports/{report.pk}/"


def is_open(page, key):
    return page.locator(f"#section-{key}").get_attribute("open") is not None


def test_a_leader_finds_a_section_with_one_tap(page_as, office, address):
    page = page_as(office, width=390)
    page.goto(address)
    assert [is_open(page, key) for key in ("headline", "curve", "annex")] == [True, True, False]

    page.get_by_role("navigation", name="目录").get_by_role("link", name="附件").click()

    expect(page.locator("#section-annex h2")).to_be_in_viewport()
    assert is_open(page, "annex")
    assert (overflow(page), axe_violations(page)) == (0, [])


def test_an_address_with_a_section_opens_it(page_as, office, address):
    page = page_as(office, width=390)

    page.goto(f"{address}#section-annex")

    expect(page.locator("#section-annex h2")).to_be_in_viewport()
    assert is_open(page, "annex")


def test_all_sections_are_unfolded_and_folded_at_once(page_as, office, address):
    page = page_as(office, width=390)
    page.goto(address)

    page.get_by_role("button", name="全部展开").click()
    assert is_open(page, "annex")
    page.get_by_role("button", name="全部收起").click()
    assert not is_open(page, "headline")


def test_paper_has_the_folded_sections_too(page_as, office, address):
    page = page_as(office, width=1024)
    page.goto(address)
    page.get_by_role("button", name="全部展开").click()
    page.get_by_role("button", name="全部收起").click()

    printed = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    words = "".join(each.get_textpage().get_text_bounded() for each in printed)
    assert words.count("5,000") >= PROJECTS
    assert not is_open(page, "annex")


def test_the_button_says_that_the_report_is_being_made(page_as, office):
    page, sent = page_as(office), []

    def stay(route):
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.goto(NEW)
    page.route("**/reports/new/**", stay)

    page.get_by_role("button", name="签发").click()

    expect(page.locator(".report-issue button")).to_have_text("正在签发，请稍候……")
    expect(page.locator(".report-issue button")).to_be_disabled()
    assert sent == ["POST"]
