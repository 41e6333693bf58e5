"""Factors, funds and services in a real browser: a row is added, changed and read on every width."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def plan(db):
    factories.clock(2024, 5, 31, 10)
    name = "沁源县第一污水处理厂及配套管网提质增效改扩建工程项目"
    return factories.plan(seq=1, project__name=name, project__unit=factories.unit("水利局"))


def test_money_is_planned_and_arrives(page_as, plan):
    page = page_as("reporter", unit=plan.project.unit, width=390)
    page.goto(f"/projects/{plan.project_id}/permits/")
    page.get_by_role("link", name="资金", exact=True).click()

    page.locator("#row-form").get_by_label("来源").select_option("专项债")
    page.get_by_label("计划资金（万元）").fill("5,000")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("金额（万元）").fill("1200.5")
    page.get_by_role("button", name="登记").click()

    expect(page.locator(".lede, main").first).to_contain_text("24.0%")
    assert FundFlow.objects.get().source.planned == 5000


@pytest.mark.parametrize("name", ["factors", "funds", "services"])
def test_pages_fit_the_window_and_read_well(page_as, plan, name):
    of_project = {"county": plan.county, "project": plan.project}
    FactorNeed.objects.create(**of_project, factor="land", measure="亩", needed=5, due_on=dt.date(2024, 5, 1))
    ServiceRequest.objects.create(**of_project, phase="building", title="用电", asked_on=dt.date(2024, 5, 1))
    source = FundSource.objects.create(**of_project, kind="bond", planned=100)
    of_source = {"county": plan.county, "source": source, "kind": "paid", "day": TODAY}
    FundFlow.objects.create(**of_source, amount=5, noted_at=plan.county.business_now())
    page = page_as("office")

    for path in (f"/permits/{name}/", f"/projects/{plan.project_id}/{name}/"):
        page.goto(path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])
