"""A leader's page in a real browser: at three widths, on paper, and a visit noted and taken out again."""

import datetime as dt

import pytest

from portfolio.models import Milestone, Visit
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow


@pytest.fixture
def leader(county):
    """A dozen projects with long texts, late nodes and problems, as full as such a page gets."""
    factories.clock(2024, 5, 31, 10)
    leader = factories.leader("县领导甲", post="县委班子成员")
    for number in range(12):
        plan = factories.plan_under_way(
            leader=leader,
            planned_investment="123456.78",
            ytd_investment=str(1000 * number),
            project__name=f"沁源县第{number}污水处理厂及配套管网提质增效改扩建工程项目",
            progress="主体完工，正在安装设备，室外管网敷设完成过半。" * 4,
            reported_week=21,
        )
        due = dt.date(2024, 5, 1 + number)
        Milestone.objects.create(county=county, plan=plan, name="主体结构封顶验收", original_due=due, due=due)
        factories.problem(plan.project, deadline=due, text="临时用地手续未批复，弃土场选址与基本农田重叠。" * 2)
        factories.report(plan, 21, needs_help="请自然资源局现场定界，明确弃土场位置。" * 2)
        factories.visit(leader, plan.project, due, words="现场查看，要求增加作业面。" * 5)
    return leader


def test_a_leaders_page_fits_the_window_and_reads_well(leader, page_as, shoot):
    page = page_as("office")

    page.goto(f"/leaders/{leader.pk}/")

    shoot(page, "leader")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


def test_a_dozen_projects_go_onto_one_sheet_of_paper(leader, page_as):
    page = page_as("office")
    page.add_init_script("window.print = () => {}")

    page.goto(f"/leaders/{leader.pk}/?print")

    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1


def test_a_visit_is_noted_on_a_phone_and_deleted_after_a_question(leader, page_as):
    account = factories.user("leader")
    leader.user = account
    leader.save()
    page = page_as(account, width=390)

    page.goto("/leaders/me/")
    page.get_by_role("link", name="记走访").first.click()
    page.get_by_label("走访情况").fill("看了设备安装。")
    page.get_by_role("button", name="记走访").click()

    page.get_by_text("已记走访").wait_for()
    assert Visit.objects.first().words == "看了设备安装。"
    page.get_by_text("删除", exact=True).first.click()
    page.get_by_role("button", name="确认删除").first.click()
    page.get_by_text("已删除这条走访").wait_for()
    assert Visit.objects.count() == 12
