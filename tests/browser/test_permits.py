"""Permits in a real browser: from a cell of the matrix to its form and back, many at once, and with one thumb."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from portfolio import permit_kinds
from portfolio.models.permits import Permit, PermitKind
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def unit(db):
    county = factories.clock(2024, 5, 31, 10)
    PermitKind.objects.bulk_create(permit_kinds.default_rows(county))
    return factories.unit("水利局")


@pytest.fixture
def plan(unit):
    name = "沁源县第一污水处理厂及配套管网提质增效改扩建工程项目"
    plan = factories.plan(seq=1, project__name=name, project__unit=unit, project__stage="planned")
    soil = PermitKind.objects.get(code="soil")
    ends = {"granted_on": dt.date(2023, 5, 1), "valid_until": dt.date(2024, 5, 1)}
    Permit.objects.create(county=plan.county, project=plan.project, kind=soil, state="granted", **ends)
    return plan


def permit_row(page, name):
    return page.get_by_role("group", name=name, exact=False)


def test_a_cell_is_filled_from_the_matrix(page_as, plan):
    page = page_as("office")
    page.goto("/permits/")
    page.locator("td[data-label='施工许可'] a").click()

    row = permit_row(page, "建筑工程施工许可证")
    expect(row.get_by_label("施工许可 文号")).to_be_hidden()
    row.get_by_label("办结", exact=True).check()
    row.get_by_label("施工许可 办结日期").fill("2024-04-10")
    row.get_by_label("施工许可 文号").fill("140431202404100101")
    row.get_by_label("施工许可 批文").set_input_files({"name": "许可证.pdf", "mimeType": "", "buffer": PDF})
    page.get_by_role("button", name="保存").click()

    expect(page.locator(".notice-success")).to_contain_text("手续 施工许可 未填→办结")
    assert Permit.objects.get(kind__code="building").file_name == "许可证.pdf"
    page.get_by_role("link", name="全县手续").click()
    cell = page.locator("td[data-label='施工许可']").first
    assert cell.inner_text().split() == ["●", "办结", "▲", "临近到期"]


def test_keys_alone_choose_a_state_and_save(page_as, plan):
    page = page_as("office")
    page.goto(f"/projects/{plan.project_id}/permits/")

    permit_row(page, "立项").get_by_label("未填").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.locator(".notice-success")).to_contain_text("立项 未填→在办")


def test_many_projects_are_set_at_once(page_as, plan):
    factories.plan(seq=2)
    page = page_as("office")
    page.goto("/permits/")
    page.get_by_role("link", name="用地", exact=True).click()

    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("改为").select_option("在办")
    page.get_by_role("button", name="保存勾选的项目").click()

    expect(page.locator(".notice-success")).to_contain_text("2 个项目改为在办")
    assert page.locator(".permit-column .state").all_inner_texts() == ["◐ 在办", "◐ 在办"]


def test_a_reporter_fills_in_without_scripts_on_a_phone(new_context, page_as, plan, unit, base_url):
    signed_in = page_as("reporter", unit=unit, width=390)
    context = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    page.goto(f"{base_url}/permits/")
    page.get_by_role("link", name="未填 ").click()

    permit_row(page, "环境影响评价批复").get_by_label("承诺办理").check()
    page.get_by_role("button", name="保存").click()

    assert Permit.objects.get(kind__code="environment").state == "promised"


@pytest.mark.parametrize("role", ["office", "leader"])
def test_permits_fit_the_window_and_read_well(page_as, plan, role):
    page = page_as(role)
    kind = PermitKind.objects.get(code="soil").pk

    for path in ("/permits/", f"/permits/?kind={kind}", f"/projects/{plan.project_id}/permits/", "/permits/kinds/"):
        page.goto(path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])
