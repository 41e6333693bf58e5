"""Own judgements in a real browser: given with a thumb on a phone, and the list at three widths."""

import datetime as dt

import pytest

from portfolio.models import OwnLight
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow

WORDS = "主体已封顶，设备安装比计划晚两周，6月底以前可以追上序时；用地和用电都已落实。" * 4


@pytest.fixture
def leader(county):
    """A leader with an account and three projects, judged often and at length."""
    factories.clock(2024, 5, 31, 10)
    leader = factories.leader("县领导甲", user=factories.user("leader", name="县领导甲"))
    for number in range(3):
        plan = factories.plan_under_way(
            leader=leader,
            ytd_investment=100,
            project__registration="done",
            project__name=f"沁源县第{number}污水处理厂及配套管网提质增效改扩建工程项目",
        )
        for day in (3, 10, 17):
            factories.own_light(plan, "green", dt.datetime(2024, 5, day, 9), words=WORDS, by=leader.user)
    return leader


def test_a_leader_judges_on_a_phone_and_is_back_at_the_own_projects(leader, page_as):
    page = page_as(leader.user, width=390)

    page.goto("/leaders/me/")
    page.get_by_role("link", name="重新自评").first.click()
    page.get_by_label("黄 滞后").check()
    page.get_by_label("说明").fill("设备晚到两周。")
    page.get_by_role("button", name="提交自评").click()

    page.get_by_text("已记自评").wait_for()
    assert page.url.endswith(f"/leaders/{leader.pk}/")
    last = OwnLight.objects.order_by("pk").last()
    assert (last.light, last.words, last.by) == ("yellow", "设备晚到两周。", leader.user)


def test_missing_words_are_asked_for_and_the_light_stays_chosen(leader, page_as, watch):
    watch.expect("400")
    page = page_as(leader.user, width=390)

    page.goto(f"/progress/judgements/{leader.plans.first().pk}/")
    page.get_by_label("黄 滞后").check()
    page.get_by_role("button", name="提交自评").click()

    page.get_by_text("请用一句话填写“说明”").wait_for()
    assert page.get_by_label("黄 滞后").is_checked()
    assert axe_violations(page) == []


def test_lights_are_big_enough_for_a_thumb_and_within_its_reach(leader, page_as):
    page = page_as(leader.user, width=390)

    page.goto(f"/progress/judgements/{leader.plans.first().pk}/")

    targets = [*page.locator(".own-pick").all(), page.get_by_role("button", name="提交自评")]
    assert [box["height"] >= 44 for box in (target.bounding_box() for target in targets)] == [True] * 4


@pytest.mark.parametrize("where", ["list", "judge", "project"])
def test_pages_fit_the_window_and_read_well(leader, page_as, shoot, where):
    plan = leader.plans.select_related("project").first()
    page = page_as("office")

    page.goto(
        {
            "list": "/progress/judgements/",
            "judge": f"/progress/judgements/{plan.pk}/",
            "project": f"/projects/{plan.project_id}/#own-light",
        }[where]
    )

    shoot(page, f"own-lights-{where}")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])
