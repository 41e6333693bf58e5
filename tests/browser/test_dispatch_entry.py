"""A reporter's Friday in a real browser: by keyboard alone, on a phone, without network, without JavaScript."""

import statistics
import time
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from portfolio.models import Photo, WeeklyDispatch
from tests import factories
from tests.browser.conftest import WIDTHS, OneRequestAtATime, axe_violations, overflow

PROGRESS = "主体三层墙柱钢筋绑扎完成，开始支模。"
NEXT = "完成三层顶板混凝土浇筑"
MOST_EXTRA_KEYS = 12


@pytest.fixture(autouse=True)
def _no_save_outlives_its_test(db, browser, new_context):
    """The page goes on saving by itself; the test's transaction ends only when the server is done with that."""
    yield
    for context in browser.contexts:
        context.set_offline(True)
    with OneRequestAtATime.turn:
        pass


@pytest.fixture
def unit(county):
    factories.clock(2024, 5, 31, 10, 0)
    return factories.unit("卫生健康和体育局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def plans(unit):
    """Eight plans under way, each with the report of the week before."""
    plans = [
        factories.plan_under_way(
            unit,
            project__name=f"沁源县第{number}卫生院标准化建设项目",
            seq=number,
            planned_investment=Decimal(3000),
        )
        for number in range(1, 9)
    ]
    for plan in plans:
        factories.report(
            plan,
            21,
            ytd_investment=Decimal(1000),
            works_percent=Decimal(35),
            progress="二层顶板浇筑完成。",
            next_plan="三层墙柱钢筋绑扎完成。",
        )
    return plans


@pytest.fixture
def opened(page_as, reporter, plans):
    """`opened(width)`: the entry page of the reporter."""

    def opened_(width=1440):
        page = page_as(reporter, width)
        page.goto("/dispatch/")
        return page

    return opened_


def box(page, plan, name):
    return page.locator(f"[name=p{plan.pk}-{name}]")


def card(page, plan):
    return page.locator(f"#card-{plan.pk}")


def saved(page, plan):
    expect(card(page, plan).locator("[data-saved] .is-saved")).to_have_text("已保存 10:00")


def report_of(plan):
    return WeeklyDispatch.objects.get(plan=plan, week=22)


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.value || ''")


class Keyboard:
    """Types like a person, and counts: keys of the text itself, and the keys beyond it."""

    def __init__(self, page):
        self.page, self.extra = page, 0

    def text(self, text):
        self.page.keyboard.insert_text(text)

    def press(self, combination):
        self.page.keyboard.press(combination)
        self.extra += len(combination.split("+"))


class Stopwatch:
    """How long each save took from its sending to its acknowledgement, and how many pages were loaded."""

    def __init__(self, page):
        self.milliseconds, self.loads = [], 0
        page.on("requestfinished", self._note)

    def _note(self, request):
        if request.is_navigation_request():
            self.loads += 1
        elif request.method == "POST":
            self.milliseconds.append(request.timing["responseEnd"])


def test_reporters_friday_takes_no_mouse_and_one_page_load(page_as, reporter, plans, capsys):
    page = page_as(reporter)
    watch, keys = Stopwatch(page), Keyboard(page)
    started = time.perf_counter()

    page.goto("/dispatch/")
    expect(box(page, plans[0], "week_investment")).to_be_focused()
    for plan in plans:
        keys.text("120")
        keys.press("Enter")
        keys.text("40")
        keys.press("Enter")
        keys.text(f"{PROGRESS}{plan.seq}号楼")
        keys.press("Enter")
        keys.text(NEXT)
        keys.press("Control+Enter")
    waiting = time.perf_counter()
    expect(page.locator(".entry-done")).to_contain_text("8 个项目已全部报送")
    waited = time.perf_counter() - waiting

    states = list(WeeklyDispatch.objects.filter(week=22).values_list("state", "ytd_investment", "works_percent"))
    assert states == [("reported", Decimal(1120), Decimal(40))] * 8
    assert watch.loads == 1
    assert keys.extra / len(plans) <= MOST_EXTRA_KEYS
    with capsys.disabled():
        print(
            f"\n周五填报 {len(plans)} 项：每项多按 {keys.extra / len(plans):.1f} 键，点击 0 次，打开 {watch.loads} 页，"
            f"保存应答中位数 {statistics.median(watch.milliseconds):.0f} 毫秒（{len(watch.milliseconds)} 次），"
            f"末次报送后等待 {waited:.2f} 秒，全程 {time.perf_counter() - started:.1f} 秒。"
        )


def test_nothing_is_lost_when_the_network_goes_and_the_tab_is_closed(opened, plans, watch, base_url):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = opened()
    box(page, plans[0], "week_investment").fill("55")
    saved(page, plans[0])

    page.context.set_offline(True)
    box(page, plans[0], "progress").fill(PROGRESS)
    box(page, plans[1], "week_investment").fill("66")
    box(page, plans[1], "next_plan").fill(NEXT)
    expect(card(page, plans[0]).locator("[data-saved]")).to_contain_text("网络中断，已存本机")
    expect(page.locator("[data-unsent]")).to_have_text("2 项未保存，已存本机")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    watch.over(again)
    again.goto(f"{base_url}/dispatch/")

    expect(box(again, plans[0], "progress")).to_have_value(PROGRESS)
    expect(box(again, plans[1], "week_investment")).to_have_value("66")
    expect(box(again, plans[1], "next_plan")).to_have_value(NEXT)
    for plan in plans[:2]:
        # Said by the page's script, or by the page itself where the closing tab has just got through.
        expect(card(again, plan).locator("[data-saved]")).to_have_text("已保存 10:00")
    assert report_of(plans[0]).progress == PROGRESS
    assert (report_of(plans[1]).ytd_investment, report_of(plans[1]).next_plan) == (Decimal(1066), NEXT)
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('dispatch:'))") == []


def test_words_typed_offline_are_saved_when_the_network_is_back(opened, plans, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = opened()
    page.context.set_offline(True)
    box(page, plans[0], "progress").fill(PROGRESS)
    expect(card(page, plans[0]).locator("[data-saved]")).to_contain_text("未保存")

    page.context.set_offline(False)

    saved(page, plans[0])
    assert report_of(plans[0]).progress == PROGRESS


def test_session_that_ends_while_typing_loses_nothing(opened, plans, watch, base_url):
    watch.expect("403")
    page = opened()
    cookies = page.context.cookies()
    page.context.clear_cookies()

    box(page, plans[0], "progress").fill(PROGRESS)

    expect(card(page, plans[0]).locator("[data-saved]")).to_contain_text("登录已超时，内容已存本机")
    expect(box(page, plans[0], "progress")).to_have_value(PROGRESS)
    page.context.add_cookies(cookies)
    page.goto(f"{base_url}/dispatch/")
    saved(page, plans[0])
    assert report_of(plans[0]).progress == PROGRESS


def test_two_who_type_into_one_card_see_both_texts_and_choose(opened, page_as, plans, reporter, watch):
    watch.expect("409")
    mine = opened()
    theirs = page_as("reporter", unit=reporter.unit, name="填报员二")
    theirs.goto("/dispatch/")
    box(theirs, plans[0], "progress").fill("他的进度")
    saved(theirs, plans[0])

    box(mine, plans[0], "progress").fill("我的进度")
    box(mine, plans[0], "works_percent").fill("41")
    note = card(mine, plans[0]).locator(".conflict-note")
    expect(note).to_contain_text("填报员二")
    expect(note).to_contain_text("他的进度")
    expect(box(mine, plans[0], "progress")).to_have_value("我的进度")
    note.locator("[data-take=progress]").click()
    note.get_by_role("button", name="按框里的内容保存").click()

    saved(mine, plans[0])
    expect(note).to_have_count(0)
    assert (report_of(plans[0]).progress, report_of(plans[0]).works_percent) == ("他的进度", Decimal(41))


def test_own_save_whose_answer_was_lost_is_no_colleagues(opened, plans, watch):
    watch.expect("ERR_FAILED")
    watch.expect("409")
    page = opened()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/dispatch/", lose_the_answer, times=1)
    box(page, plans[0], "progress").fill("写到一半")
    expect(card(page, plans[0]).locator("[data-saved]")).to_contain_text("未保存")
    box(page, plans[0], "progress").fill("写到一半，又写完了")

    saved(page, plans[0])
    expect(page.locator(".conflict-note")).to_have_count(0)
    assert (report_of(plans[0]).progress, report_of(plans[0]).row_version) == ("写到一半，又写完了", 2)


def test_keys_move_between_boxes_and_projects(opened, plans):
    page = opened()
    first, second = plans[0].pk, plans[1].pk

    moves = []
    for key in ("Enter", "Enter", "ArrowDown", "ArrowUp", "Enter", "Enter", "Enter", "Enter"):
        page.keyboard.press(key)
        moves.append(focused(page))

    assert moves == [
        f"p{first}-ytd_investment",
        f"p{first}-works_percent",
        f"p{second}-works_percent",
        f"p{first}-works_percent",
        f"p{first}-progress",
        f"p{first}-next_plan",
        f"p{first}-problem",
        f"p{second}-week_investment",
    ]


def test_arrows_stay_in_a_text_until_its_edge(opened, plans):
    page = opened()
    progress = box(page, plans[0], "progress")
    progress.fill("第一行\n第二行")

    page.keyboard.press("ArrowUp")
    inside = focused(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert (inside, focused(page)) == (f"p{plans[0].pk}-progress", f"p{plans[1].pk}-progress")


def test_shift_enter_breaks_the_line(opened, plans):
    page = opened()
    box(page, plans[0], "progress").focus()

    page.keyboard.type("A")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("B")

    expect(box(page, plans[0], "progress")).to_have_value("A\nB")


def test_enter_breaks_the_line_on_a_phone(open_page, reporter, plans):
    page = open_page(reporter, 390, has_touch=True, is_mobile=True)
    page.goto("/dispatch/")
    progress = box(page, plans[0], "progress")
    progress.tap()

    page.keyboard.type("A\nB")

    expect(progress).to_have_value("A\nB")


def test_week_and_year_follow_each_other(opened, plans):
    page = opened()
    week, year = box(page, plans[0], "week_investment"), box(page, plans[0], "ytd_investment")

    week.fill("１２０.5")
    expect(year).to_have_value("1120.5")
    year.fill("1,300")
    expect(week).to_have_value("300")
    year.fill("")

    expect(week).to_have_value("")


def test_chinese_being_composed_moves_nothing_and_is_saved_once_it_is_chosen(opened, plans):
    page = opened()
    progress = box(page, plans[0], "progress")
    progress.focus()
    writing = page.context.new_cdp_session(page)

    writing.send("Input.imeSetComposition", {"text": "zhuti", "selectionStart": 5, "selectionEnd": 5})
    for key in ("Enter", "ArrowDown"):
        writing.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229, "code": key},
        )
    during = focused(page)
    writing.send("Input.insertText", {"text": "主体"})

    assert during == f"p{plans[0].pk}-progress"
    expect(progress).to_have_value("主体")
    saved(page, plans[0])
    assert report_of(plans[0]).progress == "主体"


PASTE = """(box, [text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_block_from_excel_fills_across_and_down(opened, plans):
    page = opened()
    block = '100\t\t36\t"一层\n""墙柱"""\t封顶\n200\t\t37\t二层\n'

    box(page, plans[6], "week_investment").evaluate(PASTE, [f"{block}300\t\t38\n", ""])

    saved(page, plans[6])
    saved(page, plans[7])
    first, second = report_of(plans[6]), report_of(plans[7])
    assert (first.ytd_investment, first.works_percent, first.progress, first.next_plan) == (
        Decimal(1100),
        Decimal(36),
        '一层\n"墙柱"',
        "封顶",
    )
    assert (second.ytd_investment, second.works_percent, second.progress) == (Decimal(1200), Decimal(37), "二层")
    expect(page.locator("#entry-alert")).to_have_text("已填入 7 格（绿底）；多出 1 行没有填入。")


def test_pasted_figures_that_contradict_are_named_both(opened, plans):
    page = opened()

    box(page, plans[0], "week_investment").evaluate(PASTE, ["100\t1500", ""])

    expect(card(page, plans[0]).locator("[data-errors=week_investment]")).to_have_text(
        "本周 100 加上期累计 1,000 是 1,100 万元，与年度累计 1,500 万元对不上，请改其中一个。"
    )


def test_plain_paragraphs_are_pasted_as_text(opened, plans):
    page = opened()
    progress = box(page, plans[0], "progress")
    progress.focus()

    prevented = progress.evaluate(
        """box => {
          const data = new DataTransfer();
          data.setData("text/plain", "第一段\\n第二段");
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          return !box.dispatchEvent(event);
        }"""
    )

    assert prevented is False


def test_no_change_takes_one_key_and_a_number(opened, plans):
    page = opened()

    page.keyboard.press("Control+0")
    page.keyboard.press("2")

    expect(card(page, plans[0]).locator(".state")).to_contain_text("已报")
    report = report_of(plans[0])
    assert (report.state, report.ytd_investment, report.works_percent, report.progress, report.no_change) == (
        "reported",
        Decimal(1000),
        Decimal(35),
        "本周无变化：等待资金",
        "funds",
    )
    assert focused(page) == f"p{plans[1].pk}-week_investment"


def test_no_change_for_another_reason_asks_for_its_words(opened, plans):
    page = opened()

    card(page, plans[0]).get_by_text("没有变化", exact=True).click()
    card(page, plans[0]).get_by_role("button", name="其他").click()
    page.keyboard.type("等待验收")
    page.keyboard.press("Control+Enter")

    expect(card(page, plans[0]).locator(".state")).to_contain_text("已报")
    report = report_of(plans[0])
    assert (report.progress, report.no_change, report.ytd_investment) == (
        "本周无变化：等待验收",
        "other",
        Decimal(1000),
    )


def test_warning_stands_beside_its_box_and_asks_for_a_word_before_submitting(opened, plans):
    page = opened()
    box(page, plans[0], "week_investment").fill("10")
    box(page, plans[0], "works_percent").fill("30")
    box(page, plans[0], "progress").fill(PROGRESS)
    expect(card(page, plans[0]).locator("[data-warnings=works_percent]")).to_have_text("工程量 30%，低于第21周的 35%。")

    page.keyboard.press("Control+Enter")
    expect(box(page, plans[0], "explanation")).to_be_focused()
    page.keyboard.type("上周多报，现更正")
    page.keyboard.press("Control+Enter")

    expect(card(page, plans[0]).locator(".state")).to_contain_text("已报")
    assert (report_of(plans[0]).explanation, len(report_of(plans[0]).warnings)) == ("上周多报，现更正", 1)


def test_who_types_on_is_told_of_a_card_held_back_and_not_torn_away(opened, plans):
    page = opened()
    box(page, plans[0], "week_investment").fill("10")
    box(page, plans[0], "progress").fill(PROGRESS)
    box(page, plans[0], "works_percent").focus()

    page.keyboard.insert_text("10")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("77")

    expect(page.locator("#entry-alert")).to_contain_text("没有报送")
    expect(box(page, plans[1], "week_investment")).to_be_focused()
    expect(box(page, plans[1], "week_investment")).to_have_value("77")
    assert report_of(plans[0]).state == "draft"


def test_submit_all_takes_what_is_complete_and_goes_to_what_is_not(opened, plans):
    page = opened()
    for plan in plans[:2]:
        box(page, plan, "week_investment").fill("10")
        box(page, plan, "works_percent").fill("36")
    box(page, plans[0], "progress").fill(PROGRESS)

    page.keyboard.press("Control+Shift+Enter")

    expect(card(page, plans[0]).locator(".state")).to_contain_text("已报")
    expect(box(page, plans[1], "progress")).to_be_focused()
    expect(page.locator("#entry-alert")).to_have_text("还有 7 项没有报送，缺的已标红。")
    expect(card(page, plans[1]).locator("[data-errors=progress]")).to_have_text("请写形象进度，如“主体封顶”。")
    expect(page.locator("[data-entry-count] b")).to_have_text("1")
    assert WeeklyDispatch.objects.filter(week=22, state="reported").count() == 1


def test_one_tap_leads_over_what_is_reported_to_the_next_open_project(opened, plans, unit):
    for plan in plans[1:6]:
        factories.report(plan, 22, "reported")
    page = opened(390)
    box(page, plans[0], "progress").click()

    page.get_by_role("button", name="下一个未报").click()

    expect(box(page, plans[6], "week_investment")).to_be_focused()
    page.get_by_role("button", name="下一个未报").click()
    page.get_by_role("button", name="下一个未报").click()
    expect(box(page, plans[0], "week_investment")).to_be_focused()


def test_submitted_card_can_be_taken_back_and_changed(opened, plans):
    page = opened()
    page.keyboard.press("Control+0")
    page.keyboard.press("1")

    card(page, plans[0]).get_by_role("button", name="撤回修改").click()
    box(page, plans[0], "progress").fill(PROGRESS)
    saved(page, plans[0])

    report = report_of(plans[0])
    assert (report.state, report.progress, report.no_change) == ("draft", PROGRESS, "")


def test_photo_is_made_smaller_before_it_is_sent_and_can_be_taken_away(opened, plans, tmp_path):
    factories.picture(3200, 2400).save(tmp_path / "photo.png")
    page = opened(390)

    card(page, plans[0]).locator("[capture]").set_input_files(tmp_path / "photo.png")
    expect(card(page, plans[0]).locator(".photo img")).to_be_visible()

    photo = Photo.objects.get()
    assert (photo.width, photo.height, photo.dispatch.plan) == (1600, 1200, plans[0])
    card(page, plans[0]).get_by_role("button", name="删除这张照片").click()
    expect(card(page, plans[0]).locator(".photo")).to_have_count(0)
    assert not Photo.objects.exists()


def test_photo_waits_for_the_network(opened, plans, tmp_path, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED")
    factories.picture().save(tmp_path / "photo.png")
    page = opened()
    page.context.set_offline(True)
    card(page, plans[0]).locator(".photo-files").set_input_files(tmp_path / "photo.png")
    expect(card(page, plans[0]).locator("[data-refused]")).to_contain_text("照片未上传（网络中断")

    page.context.set_offline(False)

    expect(card(page, plans[0]).locator(".photo img")).to_be_visible()
    assert Photo.objects.count() == 1


def test_phone_fits_one_hand(opened, plans, shoot):
    page = opened(390)
    first = page.locator(".report").first

    heights = first.locator("input[type=text], textarea, .btn").evaluate_all(
        "all => all.filter(one => one.offsetParent).map(one => Math.round(one.getBoundingClientRect().height))"
    )
    modes = [box(page, plans[0], name).get_attribute("inputmode") for name in ("week_investment", "works_percent")]

    assert min(heights) >= 40
    assert modes == ["decimal", "decimal"]
    assert overflow(page) == 0
    assert first.locator("[capture=environment]").count() == 1
    shoot(page, "dispatch-entry-phone", widths=[390])


@pytest.mark.parametrize("width", WIDTHS)
def test_page_with_everything_on_it_fits_and_reads_well(opened, plans, shoot, width):
    factories.report(plans[1], 22, state="returned", return_reason="累计与统计口径不一致，请核对。", row_version=1)
    factories.report(
        plans[2], 22, state="reported", ytd_investment=1100, works_percent=40, progress=PROGRESS, row_version=1
    )
    page = opened(width)
    page.locator("[name$=works_percent]").nth(1).fill("10")
    page.locator("[name$=-problem]").nth(1).fill("临时用电没有办结")
    expect(page.locator(".has-warnings")).to_have_count(1)

    assert overflow(page) == 0
    assert axe_violations(page) == []
    expect(page.locator(".report").first).to_contain_text("累计与统计口径不一致")
    shoot(page, "dispatch-entry", widths=[width])


def test_page_works_without_javascript(open_page, reporter, plans, watch):
    watch.expect("422")
    page = open_page(reporter, java_script_enabled=False)
    page.goto("/dispatch/")
    box(page, plans[0], "week_investment").fill("100")
    box(page, plans[0], "ytd_investment").fill("1500")
    box(page, plans[0], "works_percent").fill("36")
    box(page, plans[0], "progress").fill(PROGRESS)
    box(page, plans[1], "progress").fill("别的卡上的字也要留住")

    card(page, plans[0]).get_by_role("button", name="报送", exact=True).click()
    expect(card(page, plans[0]).locator("[data-errors=week_investment]")).to_contain_text("对不上")
    expect(box(page, plans[1], "progress")).to_have_value("别的卡上的字也要留住")
    box(page, plans[0], "ytd_investment").fill("1100")
    card(page, plans[0]).get_by_role("button", name="报送", exact=True).click()

    expect(card(page, plans[0]).locator(".state")).to_contain_text("已报")
    assert report_of(plans[0]).ytd_investment == Decimal(1100)
    assert report_of(plans[1]).progress == "别的卡上的字也要留住"
    card(page, plans[2]).get_by_text("没有变化", exact=True).click()
    card(page, plans[2]).get_by_role("button", name="天气原因停工").click()
    expect(card(page, plans[2]).locator(".state")).to_contain_text("已报")
