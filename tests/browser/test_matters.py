"""Monthly follow-through in a real browser: three matters typed in one go, and one thumb to answer on a phone."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from inspections.models import Matter
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow
from tests.inspections import matter_factories as made

TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def meeting(db):
    factories.clock(2024, 5, 31, 10)
    factories.unit("交通局")
    unit = factories.unit("水利局")
    factories.leader("县领导甲")
    project = factories.project("沁源县第一污水处理厂及配套管网提质增效改扩建工程项目", unit=unit)
    made.event(made.matter(made.meeting(), unit, text="完成征地补偿，六月底前交付施工。" * 4, project=project))
    factories.problem(project, "assigned", text="项目用地尚有 12 亩未完成征收。")
    return made.meeting("open", TODAY, title="2024年5月全县重大项目月落实会议")


def type_line(page, place, text, unit):
    page.locator(f"[name=m{place}-text]").fill(text)
    page.locator(f"[name=m{place}-unit]").fill(unit)


def test_three_matters_are_typed_in_one_go(page_as, meeting, watch):
    watch.expect("400 (Bad Request)")
    page = page_as("office")
    page.goto(f"/inspections/monthly/{meeting.pk}/")

    type_line(page, 0, "完成征地", "水利局")
    type_line(page, 1, "接通便道", "交通")
    type_line(page, 2, "落实资金", "没有的局")
    page.get_by_role("button", name="保存议定事项").click()
    expect(page.locator(".errorlist")).to_have_text(["没有叫“没有的局”的单位。请从提示中选择。"])
    assert Matter.objects.filter(meeting=meeting).count() == 0
    page.locator("[name=m2-unit]").fill("水利局")
    page.get_by_role("button", name="保存议定事项").click()

    expect(page.locator(".meeting-part").nth(1).locator("tbody tr")).to_have_count(3)
    kept = meeting.matters.order_by("seq").values_list("text", "unit__name", "deadline")
    assert list(kept) == [
        ("完成征地", "水利局", dt.date(2024, 6, 7)),
        ("接通便道", "交通局", dt.date(2024, 6, 7)),
        ("落实资金", "水利局", dt.date(2024, 6, 7)),
    ]


def test_another_line_comes_as_the_last_one_is_begun(page_as, meeting):
    page = page_as("office")
    page.goto(f"/inspections/monthly/{meeting.pk}/")

    page.locator("[name=m4-text]").press_sequentially("第五项")
    expect(page.locator(".typing-row")).to_have_count(6)
    type_line(page, 4, "第五项", "水利局")
    type_line(page, 5, "第六项", "水利局")
    page.locator("[name=m5-project]").press_sequentially("污水")
    expect(page.locator("#matter-projects option")).to_have_count(1)
    page.locator("[name=m5-project]").fill("沁源县第一污水处理厂及配套管网提质增效改扩建工程项目")
    page.get_by_role("button", name="保存议定事项").click()

    expect(page.locator(".meeting-part").nth(1).locator("tbody tr")).to_have_count(2)
    assert [(one.text, one.project is not None) for one in meeting.matters.order_by("seq")] == [
        ("第五项", False),
        ("第六项", True),
    ]


def test_a_reporter_answers_in_one_line_on_a_phone(page_as, meeting):
    matter = Matter.objects.get()
    page = page_as("reporter", unit=matter.unit)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/inspections/matters/")

    page.get_by_label("第 1 项的办理情况").fill("还差一户")
    page.get_by_role("button", name="反馈").click()

    expect(page.locator(".notice-success")).to_contain_text("已反馈。")
    assert matter.events.order_by("pk").last().text == "还差一户"


def test_the_list_narrows_in_place(page_as, meeting):
    made.matter(unit=factories.unit("教育局"), text="另一项", deadline=dt.date(2024, 6, 30))
    page = page_as("office")
    page.goto("/inspections/matters/")

    page.get_by_label("在交办事项里搜索").press_sequentially("教育")

    expect(page.locator(".matter-table tbody tr")).to_have_count(1)
    assert page.locator("#matter-lede b").first.inner_text() == "1"


@pytest.mark.parametrize("address", ["monthly/{meeting}/", "matters/{matter}/", "monthly/{meeting}/edit/"])
def test_pages_of_one_object_fit_the_window_and_read_well(address, page_as, meeting):
    page = page_as("office")
    page.goto(f"/inspections/{address.format(meeting=meeting.pk, matter=Matter.objects.get().pk)}")

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


def test_a_reporter_is_told_at_once_what_waits_for_the_unit(page_as, meeting):
    unit = meeting.county.units.get(name="水利局")
    factories.plan_under_way(unit)
    page = page_as("reporter", unit=unit, width=390)

    page.goto("/dispatch/")

    line = page.get_by_text("等您办理")
    expect(line).to_contain_text("交办事项 1 项")
    line.get_by_role("link", name="交办事项").click()
    expect(page).to_have_url(re.compile("/inspections/matters/$"))


def test_a_refused_line_is_in_sight_and_takes_the_keyboard(page_as, meeting, watch):
    watch.expect("400 (Bad Request)")
    page = page_as("office", width=390)
    page.goto(f"/inspections/monthly/{meeting.pk}/")
    type_line(page, 0, "落实资金", "没有的局")

    page.get_by_role("button", name="保存议定事项").click()

    expect(page.locator("[name=m0-unit]")).to_be_focused()
    expect(page.locator("[name=m0-unit]")).to_be_in_viewport()
