"""The bell and the digest as they are used: on a phone, too, and without JavaScript."""

import datetime as dt

import pytest
from django.utils import timezone

from portfolio.models import Notice
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow


@pytest.fixture
def reporter(db):
    county = factories.clock(2024, 5, 31, 10)
    account = factories.user("reporter", unit=factories.unit("水利局"), unread_notices=2)
    plan = factories.plan_under_way(account.unit, project__name="沁河镇沁河干流河道综合治理工程")
    at = timezone.make_aware(dt.datetime(2024, 5, 31, 9))
    entry = "/dispatch/?week=2024-W22"
    for kind, title, words, path in (
        ("due", "第22周还有 1 个项目未报，截止 5月31日 12:00", "未报：沁河镇沁河干流河道综合治理工程。", entry),
        (
            "returned",
            "“沁河镇沁河干流河道综合治理工程”2024年第22周报送被退回",
            "退回原因：不实。",
            f"{entry}#card-{plan.pk}",
        ),
    ):
        told = {"kind": kind, "key": f"{kind}:1", "title": title, "words": words, "path": path, "at": at}
        Notice.objects.create(county=county, user=account, **told)
    return account


def bell(page):
    return page.get_by_role("link", name="提醒")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_press_on_a_notice_leads_to_its_matter_and_the_bell_counts_one_less(reporter, open_page, javascript):
    page = open_page(reporter, 390, java_script_enabled=javascript)
    page.goto("/projects/")
    told = bell(page).inner_text()
    bell(page).click()

    page.get_by_role("button", name="第22周还有 1 个项目未报").click()

    page.wait_for_url("**/dispatch/?week=2024-W22")
    assert ["2 条未读" in told, "1 条未读" in bell(page).inner_text()] == [True, True]
    page.goto("/notices/")
    page.get_by_role("button", name="全部标为已读").click()
    page.get_by_text("已把 1 条提醒标为已读。").wait_for()
    assert (bell(page).inner_text(), reporter.notices.filter(read_at=None).count()) == ("提醒", 0)


def test_the_digest_and_a_full_bell_fit_the_window_and_read_well(reporter, page_as, shoot):
    reporter.unread_notices = 100
    reporter.save()
    page = page_as(reporter)

    for path, name in (("/notices/", "notices"), ("/leaders/", "bell")):
        page.goto(path)
        shoot(page, name)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])


def test_the_rules_fit_the_window_and_read_well(reporter, page_as, shoot, watch):
    watch.expect("status of 400")
    page = page_as("office")
    page.goto("/rules/notices/")

    page.get_by_label("本周待报：截止前几小时起").fill("97")
    page.get_by_role("button", name="保存").click()

    page.get_by_text("“本周待报”应为 1 到 96 小时，现在填的是 97。").wait_for()
    shoot(page, "notice-rules")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])
