"""The six ones in a browser: every view fits and reads well, and twenty rows get a leader without a second page."""

import pytest

from portfolio.models import AnnualPlan
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow
from tests.portfolio.six_ones.whole import MOMENT, team, whole_plan

LONG = "沁源县第一污水处理厂及配套管网提质增效改扩建工程项目"


@pytest.fixture
def plans(county):
    """A whole plan, and twenty that lack nearly everything, with long names."""
    factories.clock(*MOMENT)
    unit = factories.unit("住房和城乡建设管理局")
    whole = whole_plan(f"{LONG}（一期）", unit, annual_target="主体完工，设备安装调试。" * 20)
    bare = [factories.plan(project__name=f"{LONG}{number}", project__unit=unit, seq=number) for number in range(20)]
    team(bare[0], head="组长甲", note="W" * 150, member_units=[unit])
    return [whole, *bare]


@pytest.mark.parametrize(
    "path",
    [
        "/six-ones/?per_page=all",
        "/six-ones/?missing=leader&whole=no&sort=-gaps",
        "/six-ones/?view=gaps",
        "/six-ones/?view=leaders",
        "/six-ones/?view=units",
        "/six-ones/?print=1",
        "/six-ones/?view=gaps&print=1",
        "duties",
    ],
)
def test_page_fits_the_window_and_reads_well(path, plans, page_as):
    page = page_as("office")
    page.add_init_script("window.print = () => {}")

    page.goto(f"/six-ones/{plans[1].pk}/" if path == "duties" else path)

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, "print" in path or overflow(page)) == (width, "print" in path or 0)
        assert (width, axe_violations(page)) == (width, [])


def test_duties_read_well_for_who_may_not_edit_them(plans, page_as):
    page = page_as("leader", width=390)

    page.goto(f"/six-ones/{plans[0].pk}/")

    assert (overflow(page), axe_violations(page)) == (0, [])
    assert page.get_by_text("138****5678").count() == 2


def test_twenty_rows_get_a_leader_and_lose_it_again(plans, page_as):
    leader = factories.leader("县领导甲", post="副县长")
    page = page_as("office")
    page.goto("/six-ones/")
    page.get_by_text("缺哪一项").click()
    page.locator("#facet-missing-leader").check()
    page.get_by_text("筛选出 20 个项目").wait_for()
    page.keyboard.press("Escape")

    page.get_by_label("选择本页全部").check()
    page.get_by_label("包联领导", exact=True).select_option(label="县领导甲 副县长")
    page.get_by_role("button", name="设为包联领导").click()
    page.get_by_text("20 个项目的“包联领导”改为“县领导甲”").wait_for()
    assert AnnualPlan.objects.filter(leader=leader).count() == 20

    page.get_by_role("link", name="撤回这次修改").click()
    page.get_by_role("button", name="确认撤回").click()
    page.get_by_text("撤回：20 个项目").wait_for()
    assert AnnualPlan.objects.filter(leader=leader).count() == 0
