"""A project's pages in a browser: they fit, stay silent, read well; two people edit at once and nothing is lost."""

import pytest
from django.urls import reverse

from portfolio.models import Component, Project
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow


@pytest.fixture
def plan(county):
    plan = factories.plan(
        project__name="沁源县生活污水处理厂二期（提标改造及配套管网）工程",
        project__unit=factories.unit(),
        project__town=factories.town(),
        project__total_investment="123456789.01",
        project__content="新建办公综合楼、污泥脱水间、变配电间、鼓风机房及配套管网。" * 8,
        project__registration_code="1404312023000171404312023000171404312023",
        planned_investment="12345678.90",
        extra={"W" * 60: "W" * 200},
        year=county.business_today().year,
        seq=1,
    )
    Component.objects.create(project=plan.project, name="单体", quantity=14, done=14)
    factories.plan(factories.project("二期", parent=plan.project, phase=2), year=plan.year, seq=2)
    return plan


@pytest.mark.parametrize("name", ["detail", "edit", "add-year", "parent", "components", "aliases", "state"])
def test_page_fits_the_window_and_reads_well(name, plan, page_as):
    page = page_as("office")
    pattern, args = ("plan-state", [plan.year]) if name == "state" else (f"project-{name}", [])

    page.goto(reverse(f"portfolio:{pattern}", args=[plan.project_id, *args]))

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


def test_two_people_edit_at_once_and_nothing_is_lost(plan, page_as, watch, shoot):
    watch.expect("409")
    url = reverse("portfolio:project-edit", args=[plan.project_id])
    first, second = page_as("office"), page_as("office")
    for page in (first, second):
        page.goto(url)
    first.get_by_label("备注").fill("先保存的备注")
    first.get_by_label("总投资", exact=True).fill("20000000")
    first.get_by_role("button", name="保存").click()

    second.get_by_label("总投资", exact=True).fill("30000000")
    second.get_by_label("建设地址").fill("河西村")
    second.get_by_role("button", name="保存").click()
    second.get_by_text("两人都改了").wait_for()
    shoot(second, "project-conflict")
    second.get_by_role("button", name="按所选保存").click()
    second.get_by_text("已保存。").wait_for()

    project = Project.objects.get(pk=plan.project_id)
    plan.refresh_from_db()
    assert (project.total_investment, project.address, plan.remark) == (30_000_000, "河西村", "先保存的备注")


def test_an_amount_is_echoed_in_yi_as_it_is_typed(plan, page_as):
    page = page_as("office")
    page.goto(reverse("portfolio:project-add"))

    page.get_by_label("总投资", exact=True).fill("１２,345.6")

    assert page.get_by_text("1.2346 亿元").is_visible()


def test_a_project_s_card_is_printed_as_it_stands(plan, page_as):
    page = page_as("leader")
    page.add_init_script("window.print = () => { window.printed = location.pathname; }")
    page.goto(reverse("portfolio:project-detail", args=[plan.project_id]))

    page.get_by_role("button", name="打印").click()

    page.wait_for_function("() => window.printed")  # its curve is drawn first
    assert page.evaluate("window.printed") == f"/projects/{plan.project_id}/"
