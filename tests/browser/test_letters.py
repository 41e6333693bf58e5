"""A red light becomes a letter in a real browser: drafted, issued, received and answered on a phone, closed."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from inspections.models import Letter
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow
from tests.inspections import letter_factories as make


@pytest.fixture
def unit(db):
    factories.clock(2024, 5, 31, 10)
    return factories.unit("水利局")


@pytest.fixture
def plan(unit):
    return make.red_plan(unit, "沁源县第一污水处理厂及配套管网提质增效改扩建工程项目")


def test_a_red_light_goes_from_letter_to_close(page_as, plan, unit):
    office = page_as("office")
    office.goto(plan.project.get_absolute_url())
    office.locator("#letters").get_by_role("link", name="发提醒函").click()
    office.get_by_role("button", name="保存草稿").click()
    office.locator("summary", has_text="发出").click()
    office.get_by_role("button", name="发出").click()
    expect(office.locator(".notice-success")).to_contain_text("编号沁重项提〔2024〕1号")

    phone = page_as("reporter", unit=unit, width=390)
    phone.goto("/inspections/letters/")
    phone.locator(".letter-table .at-text a").click()
    phone.get_by_role("button", name="签收").click()
    phone.get_by_label("整改情况").fill("已于今日开工")
    phone.get_by_role("button", name="回复").click()
    expect(phone.locator(".notice-success")).to_contain_text("已回复，等待项目办核验")

    office.reload()
    office.get_by_label("整改到位").check()
    office.get_by_label("核验情况").fill("看了现场")
    office.get_by_role("button", name="办结").click()

    letter = Letter.objects.get()
    assert (letter.state, letter.is_settled, letter.closed_on) == ("closed", True, dt.date(2024, 5, 31))
    assert "已于今日开工" in office.locator(".event-list").inner_text()


def test_the_list_narrows_in_place(page_as, unit, plan):
    user = factories.user("office")
    make.issued(user, plan)
    make.risen(user, make.issued(user, make.red_plan(factories.unit("交通局"), "公路")))
    page = page_as(user)
    page.goto("/inspections/letters/")

    page.get_by_label("文种").select_option("order")
    expect(page.locator(".letter-table tbody tr")).to_have_count(1)

    assert "kind=order" in page.url
    assert page.locator(".letter-table .at-number").inner_text() == "沁重项督〔2024〕1号"


@pytest.mark.parametrize("role", ["office", "reporter"])
def test_letters_fit_the_window_and_read_well(page_as, plan, unit, role):
    office = factories.user("office")
    draft = make.drafted(office, make.red_plan(unit, "大桥"))
    letter = make.issued(office, plan)
    page = page_as(role, unit=unit)
    paths = ["/inspections/letters/", f"/inspections/letters/{letter.pk}/", "/inspections/letters/series/"]
    if role == "office":
        paths += [f"/inspections/letters/{draft.pk}/", "/inspections/letters/new/"]

    for path in paths:
        page.goto(path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])
