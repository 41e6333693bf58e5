"""A quarterly inspection in a real browser: a judge's thumb on a phone, and the office's pages at every width."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from inspections.models import Finding, Round, ScoreSheet
from portfolio.models import Problem
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow
from tests.inspections import round_factories as made

NAMES = ("沁源县第一污水处理厂及配套管网提质增效改扩建工程项目", "郭道镇小学操场提升", "光伏电站")


@pytest.fixture
def judge(db):
    factories.clock(2024, 5, 30, 10)
    return factories.user("inspector", name="督查员甲")


@pytest.fixture
def running(judge):
    row = made.round_("open", title="2024 年二季度重大项目观摩", words="8:30 县政府大院集合")
    made.judge(row, judge)
    for name in NAMES:
        made.stop(row, name, look_at="看主体进度", presenter="张经理")
    return row


def fill(page, *points):
    for field, value in zip(page.locator(".score-points input").all(), points, strict=True):
        field.fill(value)


def test_a_judge_scores_the_route_with_one_thumb(page_as, judge, running):
    page = page_as(judge, width=390)
    page.goto("/inspections/quarterly/")
    page.get_by_role("link", name="去评分").click()
    field = page.get_by_label("进度").first
    assert field.get_attribute("inputmode") == "decimal"

    fill(page, "50.5", "３０")
    expect(page.locator("[data-total]")).to_have_text("80.5")
    assert (overflow(page), axe_violations(page)) == (0, [])
    page.get_by_role("button", name="保存，评下一个").click()
    expect(page.locator("h1")).to_have_text(f"2. {NAMES[1]}")
    fill(page, "10", "10")
    page.get_by_role("button", name="保存，评下一个").click()
    fill(page, "60", "40")
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("所有观摩点您都已评分")).to_be_visible()

    assert [list(sheet.points.values()) for sheet in ScoreSheet.objects.order_by("stop")] == [
        ["50.5", "30.0"],
        ["10.0", "10.0"],
        ["60.0", "40.0"],
    ]
    assert (overflow(page), axe_violations(page)) == (0, [])


def test_one_tap_gives_the_points_of_a_line(page_as, judge, running):
    page = page_as(judge, width=390)
    page.goto(f"/inspections/quarterly/{running.pk}/score/")

    page.get_by_role("button", name="进度 54 分").click()
    page.get_by_role("button", name="质量 40 分").click()

    expect(page.locator("[data-total]")).to_have_text("94")
    expect(page.get_by_role("button", name="进度 54 分")).to_have_attribute("aria-pressed", "true")
    assert (overflow(page), axe_violations(page)) == (0, [])
    page.get_by_role("button", name="保存，评下一个").click()
    expect(page.locator("h1")).to_have_text(f"2. {NAMES[1]}")
    assert list(ScoreSheet.objects.get().points.values()) == ["54.0", "40.0"]


def test_without_a_network_the_score_stays_on_its_page(page_as, judge, running):
    page = page_as(judge, width=390)
    page.goto(f"/inspections/quarterly/{running.pk}/score/")
    fill(page, "50", "30")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存，评下一个").click()
    expect(page.get_by_text("现在没有网络，没有提交。")).to_be_visible()
    assert ScoreSheet.objects.count() == 0

    page.context.set_offline(False)
    expect(page.get_by_text("现在没有网络，没有提交。")).to_be_hidden()
    page.get_by_role("button", name="保存，评下一个").click()

    expect(page.locator("h1")).to_have_text(f"2. {NAMES[1]}")
    assert list(ScoreSheet.objects.get().points.values()) == ["50.0", "30.0"]


def test_a_refused_score_is_told_in_place_and_stays_typed(page_as, judge, running, watch):
    watch.expect("400")
    page = page_as(judge, width=390)
    page.goto(f"/inspections/quarterly/{running.pk}/score/")

    fill(page, "61", "30")
    expect(page.locator(".score-points input").first).to_have_class("form-control num points is-invalid")
    page.get_by_role("button", name="保存，评下一个").click()

    expect(page.get_by_text("“进度”应在 0 到 60 分之间，请改正。")).to_be_visible()
    assert [field.input_value() for field in page.locator(".score-points input").all()] == ["61", "30"]
    assert (ScoreSheet.objects.count(), axe_violations(page)) == (0, [])


def test_what_was_typed_is_still_there_after_leaving_the_page(page_as, judge, running):
    page = page_as(judge, width=390)
    page.goto(f"/inspections/quarterly/{running.pk}/score/")
    fill(page, "50", "30")

    page.goto("/inspections/quarterly/")
    page.goto(f"/inspections/quarterly/{running.pk}/score/")

    expect(page.get_by_text("已恢复这台手机上没有保存的评分")).to_be_visible()
    expect(page.locator("[data-total]")).to_have_text("80")


def test_a_judge_notes_a_defect_and_takes_a_photo_on_the_phone(page_as, judge, running, tmp_path):
    stop = running.stops.first()
    page = page_as(judge, width=390)
    page.goto(f"/inspections/quarterly/stops/{stop.pk}/")
    page.get_by_text("记一条发现").click()
    expect(page.get_by_label("整改措施")).to_be_hidden()

    page.get_by_label("问题", exact=True).check()
    page.get_by_label("内容").fill("临边无防护")
    page.get_by_label("整改措施").fill("加装护栏")
    assert (overflow(page), axe_violations(page)) == (0, [])
    page.get_by_role("button", name="保存发现").click()
    file = tmp_path / "site.jpg"
    factories.picture().save(file)
    page.get_by_label("选照片").set_input_files(file)
    expect(page.locator(".site-photo img")).to_have_count(1)

    assert Finding.objects.get().problem == Problem.objects.get(deadline=dt.date(2024, 6, 6))
    assert stop.photos.count() == 1
    assert (overflow(page), axe_violations(page)) == (0, [])


def test_the_office_puts_a_tiny_project_on_the_route(page_as, running):
    tiny = factories.plan(project__name="村庄整治", planned_investment=50)
    tiny.project.refresh_keys([])
    tiny.project.save()
    page = page_as("office")
    page.goto(f"/inspections/quarterly/{running.pk}/stops/")
    page.get_by_label("看点").first.fill("看堤防")

    page.get_by_label("加入观摩点").press_sequentially("czzz")
    page.get_by_role("button", name="加入").click()
    expect(page.locator(".leg-row")).to_have_count(4)

    assert (running.stops.first().look_at, running.stops.last().plan) == ("看堤防", tiny)


def test_scoring_works_without_scripts(new_context, page_as, judge, running, base_url):
    signed_in = page_as(judge, width=390)
    context = new_context(java_script_enabled=False)
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()

    page.goto(f"{base_url}/inspections/quarterly/{running.pk}/score/")
    fill(page, "50", "30")
    page.get_by_role("button", name="保存，评下一个").click()

    assert ScoreSheet.objects.get().stop == running.stops.first()


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_the_pages_fit_the_window_and_read_well(page_as, judge, running, state):
    for stop in running.stops.all():
        made.sheet(running.judges.get(), stop, "50.5", "30.0", words="进度快")
    Round.objects.update(state=state)
    Finding.objects.create(stop=stop, kind="strength", text="智慧工地", by=judge, at="2024-05-30T10:00+08:00")
    page = page_as("office")
    base = f"/inspections/quarterly/{running.pk}/"
    paths = ["/inspections/quarterly/", base, f"{base}result/", f"/inspections/quarterly/stops/{stop.pk}/"]
    if state == "planned":
        paths += [f"{base}{name}/" for name in ("edit", "stops", "judges", "criteria")]

    for path in paths:
        page.goto(path)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert (path, width, overflow(page)) == (path, width, 0)
            assert (path, width, axe_violations(page)) == (path, width, [])
