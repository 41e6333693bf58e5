"""A unit's week by Excel: download, fill in, upload, look, save; every error at once, and twice changes nothing."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portfolio.actions import dispatch as actions
from portfolio.models import WeeklyDispatch
from portfolio.week_sheet_columns import COLUMNS, HEADER_ROW
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)
PAGE = "/dispatch/sheet/2024/22/"
FILE = "/dispatch/sheet/2024/22.xlsx"
FIRST = HEADER_ROW + 1
PLACE = {column.key: place for place, column in enumerate(COLUMNS, start=1)}
FILLED = {"week_investment": 20, "works_percent": 35, "progress": "大坝填筑完成3万方。"}


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(county):
    return factories.unit("水利局")


@pytest.fixture
def reporter(unit):
    return factories.user("reporter", unit=unit)


@pytest.fixture
def reporter_client(client, reporter):
    client.force_login(reporter)
    return client


@pytest.fixture
def plan(unit):
    plan = factories.plan_under_way(unit, project__name="水库", seq=1)
    factories.report(plan, 21, ytd_investment=Decimal(100), works_percent=Decimal(30), progress="清基。")
    return plan


def download(client, address=FILE):
    return load_workbook(io.BytesIO(b"".join(client.get(address).streaming_content)))


def fill(book, row=0, **values):
    for key, value in values.items():
        book.active.cell(FIRST + row, PLACE[key]).value = value
    return book


def upload(client, book, page=PAGE):
    out = io.BytesIO()
    book.save(out)
    return client.post(page, {"file": SimpleUploadedFile("表.xlsx", out.getvalue())})


def confirm(client, response, verb="submit", page=PAGE, **explanations):
    return client.post(page, {"rows": response.context["rows"], verb: "1", **explanations}, follow=True)


def errors(response):
    return [
        (issue.row, issue.header, issue.value, issue.message.split("。")[0])
        for issue in response.context["preview"].errors
    ]


def said(response):
    return [str(message) for message in response.context["messages"]]


# Download


def test_the_sheet_shows_last_figures_beside_empty_boxes(reporter_client, plan):
    page = download(reporter_client).active

    row = {key: page.cell(FIRST, place).value for key, place in PLACE.items()}
    assert {key: value for key, value in row.items() if value is not None} == {
        "key": f"2024-W22/{plan.pk}",
        "number": 1,
        "name": "水库",
        "planned": 1000,
        "last_week": "第21周",
        "last_ytd": 100,
        "last_works": 30,
        "last_progress": "清基。",
    }
    assert page.column_dimensions["A"].hidden is True
    assert page.protection.sheet is True
    locks = [page.cell(FIRST, PLACE[key]).protection.locked for key in ("name", "last_ytd", "progress")]
    assert locks == [True, True, False]


def test_the_sheet_offers_the_kinds_of_problems(reporter_client, plan):
    (choices,) = download(reporter_client).active.data_validations.dataValidation

    assert choices.formula1 == '"用地,征拆,手续,资金,要素保障,施工组织,设计变更,材料设备,安全环保,其他"'


def test_what_is_typed_already_stands_in_the_boxes(reporter_client, reporter, plan):
    actions.save(by=reporter, plan=plan, week=WEEK, values={"progress": "写了一半"}, version=0)

    assert download(reporter_client).active.cell(FIRST, PLACE["progress"]).value == "写了一半"


@pytest.mark.parametrize("evil", ["=1+1", "@SUM(1)", "-1"])
def test_typed_text_is_no_formula_in_the_sheet(reporter_client, plan, evil):
    plan.project.name = evil
    plan.project.save()

    cell = download(reporter_client).active.cell(FIRST, PLACE["name"])

    assert (cell.value, cell.data_type) == (evil, "s")


def test_a_reporter_gets_the_own_unit_and_the_office_any(client, plan, reporter, office):
    other = factories.unit("教育局")
    factories.plan_under_way(other, project__name="学校")
    client.force_login(reporter)
    own = download(client, f"{FILE}?unit={other.pk}").active
    client.force_login(office)
    asked = download(client, f"{FILE}?unit={other.pk}").active

    assert [page.cell(FIRST, PLACE["name"]).value for page in (own, asked)] == ["水库", "学校"]
    assert [client.get(f"{FILE}{query}").status_code for query in ("", "?unit=0", "?unit=x")] == [404] * 3


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_others_neither_take_nor_bring_the_sheet(client, county, role):
    client.force_login(factories.user(role))

    answers = [client.get(FILE), client.get(PAGE), client.post(PAGE)]

    assert [answer.status_code for answer in answers] == [404, 404, 403 if role == "auditor" else 404]


def test_a_reporter_without_a_unit_has_no_sheet(client, county):
    client.force_login(factories.user("reporter"))

    assert client.get(FILE).status_code == 404


# Upload


def test_a_filled_in_row_is_shown_before_anything_is_saved(reporter_client, plan):
    response = upload(reporter_client, fill(download(reporter_client), **FILLED))

    (line,) = response.context["preview"].lines
    assert line.changes == [
        ("年度累计完成投资", "", "120"),
        ("工程量%", "", "35"),
        ("形象进度", "", "大坝填筑完成3万方。"),
    ]
    assert WeeklyDispatch.objects.of_week(WEEK).count() == 0


def test_it_is_saved_and_submitted_in_one_go(reporter_client, plan, reporter):
    response = confirm(reporter_client, upload(reporter_client, fill(download(reporter_client), **FILLED)))

    assert said(response) == ["已报送 1 项。"]
    report = WeeklyDispatch.objects.of_week(WEEK).get()
    stored = (report.state, report.ytd_investment, report.works_percent, report.progress, report.submitted_by)
    assert stored == ("reported", 120, 35, "大坝填筑完成3万方。", reporter)


def test_it_can_be_kept_as_a_draft(reporter_client, plan):
    response = confirm(reporter_client, upload(reporter_client, fill(download(reporter_client), **FILLED)), "draft")

    assert said(response) == ["已存为草稿 1 项，还没有报送。"]
    assert WeeklyDispatch.objects.of_week(WEEK).get().state == "draft"


def test_uploading_twice_changes_nothing(reporter_client, plan):
    book = fill(download(reporter_client), **FILLED)
    confirm(reporter_client, upload(reporter_client, book))
    version = WeeklyDispatch.objects.of_week(WEEK).get().row_version

    again = upload(reporter_client, book)

    preview = again.context["preview"]
    assert (preview.has_effect, preview.errors, len(preview.settled)) == (False, [], 1)
    assert WeeklyDispatch.objects.of_week(WEEK).get().row_version == version


def test_confirming_twice_is_the_same_success_and_saves_once(reporter_client, plan):
    shown = upload(reporter_client, fill(download(reporter_client), **FILLED))

    answers = [said(confirm(reporter_client, shown)) for _ in range(2)]

    assert answers == [["已报送 1 项。"]] * 2
    assert WeeklyDispatch.objects.of_week(WEEK).count() == 1


@pytest.mark.parametrize(
    ("filled", "ytd"),
    [
        ({"week_investment": 20}, 120),
        ({"ytd_investment": 120}, 120),
        ({"week_investment": 20, "ytd_investment": 120}, 120),
        ({"week_investment": "２０万元"}, 120),
        ({"week_investment": -30}, 70),
        ({"week_investment": "-30"}, 70),
        ({"week_investment": 0}, 100),
        ({"ytd_investment": "0.0120亿元"}, 120),
    ],
)
def test_of_the_money_either_figure_may_be_filled_in(reporter_client, plan, filled, ytd):
    response = upload(reporter_client, fill(download(reporter_client), **filled))

    (line,) = response.context["preview"].lines
    assert line.report.ytd_investment == ytd


@pytest.mark.parametrize(("written", "percent"), [(35, 35), ("35%", 35), ("35.5", Decimal("35.5")), (120, 120), (0, 0)])
def test_the_works_are_written_as_one_likes(reporter_client, plan, written, percent):
    response = upload(reporter_client, fill(download(reporter_client), works_percent=written))

    assert response.context["preview"].lines[0].report.works_percent == percent


@pytest.mark.parametrize("number", ["NaN", "INF", "-1E999"])
def test_a_number_that_is_none_is_told(reporter_client, plan, number):
    out = io.BytesIO()
    fill(download(reporter_client), works_percent=31.25).save(out)
    forged = io.BytesIO()
    with zipfile.ZipFile(out) as book, zipfile.ZipFile(forged, "w") as copy:
        for name in book.namelist():
            copy.writestr(name, book.read(name).replace(b"<v>31.25</v>", f"<v>{number}</v>".encode()))

    response = reporter_client.post(PAGE, {"file": SimpleUploadedFile("表.xlsx", forged.getvalue())})

    assert [header for _, header, _, _ in errors(response)] == ["工程量%"]


def test_a_week_may_not_take_the_year_beyond_twelve_digits(reporter_client, plan):
    response = upload(reporter_client, fill(download(reporter_client), week_investment=999_999_999_900))

    told = "会使年度累计超过 12 位整数"
    assert errors(response) == [(FIRST, "本周完成投资", "999,999,999,900", told)]


def test_a_cell_in_percent_format_holds_a_share(reporter_client, plan):
    book = fill(download(reporter_client), works_percent=0.35)
    book.active.cell(FIRST, PLACE["works_percent"]).number_format = "0%"

    assert upload(reporter_client, book).context["preview"].lines[0].report.works_percent == 35


def test_all_errors_are_told_at_once_with_their_places_and_nothing_is_saved(reporter_client, plan, unit):
    for number in range(2, 8):
        before = factories.plan_under_way(unit, project__name=f"项目{number}", seq=number)
        factories.report(before, 21, ytd_investment=10)
    book = download(reporter_client)
    fill(book, 0, week_investment="一百二十", works_percent=1000, progress="好")
    fill(book, 1, week_investment=5, ytd_investment=99)
    fill(book, 2, week_investment=-50)
    fill(book, 3, progress="好" * 2001)
    fill(book, 4, problem="缺地", problem_kind="没有的")
    fill(book, 5, ytd_investment="=1+1")
    fill(book, 6, **FILLED)

    response = upload(reporter_client, book)

    assert errors(response) == [
        (5, "本周完成投资", "一百二十", "不是数字"),
        (5, "工程量%", "1000", "应在 0 到 100 之间"),
        (6, "本周完成投资", "5", "加上期累计 10 是 15 万元，与年度累计 99 对不上"),
        (7, "本周完成投资", "-50", "会使年度累计小于 0（上期累计 10）"),
        (8, "形象进度", "好" * 40, "有 2001 字，超过 2000 字"),
        (9, "问题类型", "没有的", "没有这种问题类型"),
        (10, "年度累计完成投资", "", "公式没有算出结果"),
    ]
    assert (response.status_code, response.context["rows"]) == (422, "")


def test_rows_of_other_units_and_weeks_are_refused_in_words(reporter_client, plan):
    foreign = factories.plan_under_way(factories.unit("教育局"))
    elsewhere = factories.unit(county=factories.county("140430", "邻县"))
    far = factories.plan_under_way(elsewhere, project__county=elsewhere.county)
    book = download(reporter_client)
    keys = (
        f"2024-W22/{foreign.pk}",
        f"2024-W22/{far.pk}",
        "2024-W22/999999",
        f"2024-W21/{plan.pk}",
        "x",
        None,
        "2024-W22/²",
    )
    for row, key in enumerate(keys):
        fill(book, row, key=key, progress="好")

    told = [(row, message) for row, _, _, message in errors(upload(reporter_client, book))]

    assert told == [
        (5, "不是您单位要填报的项目"),
        (6, "不是您单位要填报的项目"),
        (7, "不是您单位要填报的项目"),
        (8, "是2024年第21周的行，不能报到2024年第22周"),
        (9, "系统编号被改动过，认不出是哪个项目"),
        (10, "没有系统编号，认不出是哪个项目"),
        (11, "系统编号被改动过，认不出是哪个项目"),
    ]


def test_a_project_stands_in_one_row_only(reporter_client, plan):
    book = fill(download(reporter_client), 0, **FILLED)
    fill(book, 1, key=f"2024-W22/{plan.pk}", progress="又一行")

    assert errors(upload(reporter_client, book)) == [(6, "", "", "与第 5 行是同一个项目")]


def test_rows_may_be_moved_since_each_carries_its_key(reporter_client, plan, unit):
    second = factories.plan_under_way(unit, project__name="渠道", seq=2)
    book = download(reporter_client)
    fill(book, 0, key=f"2024-W22/{second.pk}", progress="渠道的进展")

    assert upload(reporter_client, book).context["preview"].lines[0].plan == second


def test_a_blank_row_is_left_alone(reporter_client, plan):
    preview = upload(reporter_client, download(reporter_client)).context["preview"]

    assert (preview.lines, preview.blank, preview.has_effect) == ([], 1, False)


def test_an_incomplete_row_becomes_a_draft(reporter_client, plan):
    shown = upload(reporter_client, fill(download(reporter_client), progress="大坝填筑。"))

    response = confirm(reporter_client, shown)

    assert shown.context["preview"].lines[0].lacking == [
        "请填本周完成或年度累计完成投资，没有就填 0。",
        "请填工程量完成百分比，如 35。",
    ]
    assert said(response) == ["1 项存为草稿，没有报送：1 项有必填的内容没填。请在填报页补充后报送，或补在表中再上传。"]
    assert WeeklyDispatch.objects.of_week(WEEK).get().state == "draft"


@pytest.mark.parametrize(("explanation", "state"), [("核减了重复计量。", "reported"), ("", "draft")])
def test_a_warning_wants_its_explanation(reporter_client, plan, explanation, state):
    book = fill(download(reporter_client), **{**FILLED, "week_investment": -10})
    shown = upload(reporter_client, book)

    confirm(reporter_client, shown, **{f"explain-{plan.pk}": explanation})

    assert [warning.code for warning in shown.context["preview"].lines[0].warnings] == ["ytd_falls"]
    report = WeeklyDispatch.objects.of_week(WEEK).get()
    assert (report.state, report.explanation) == (state, explanation)
    assert upload(reporter_client, book).context["preview"].errors == []


def test_the_explanation_may_stand_in_the_sheet(reporter_client, plan):
    filled = {**FILLED, "week_investment": -10, "explanation": "核减。"}

    confirm(reporter_client, upload(reporter_client, fill(download(reporter_client), **filled)))

    assert WeeklyDispatch.objects.of_week(WEEK).get().explanation == "核减。"


@pytest.mark.parametrize(("state", "remedy"), [("reported", "请先在填报页撤回"), ("accepted", "请项目办先退回")])
def test_what_is_reported_is_not_overwritten(reporter_client, plan, state, remedy):
    factories.report(plan, 22, state, ytd_investment=Decimal(120), works_percent=Decimal(35), progress="原来的。")

    response = upload(reporter_client, fill(download(reporter_client), progress="改过的。"))

    (issue,) = response.context["preview"].errors
    assert remedy in issue.message
    assert WeeklyDispatch.objects.of_week(WEEK).get().progress == "原来的。"


def test_a_returned_report_is_filled_in_again(reporter_client, plan):
    factories.report(plan, 22, "returned", ytd_investment=Decimal(120), works_percent=Decimal(35), progress="原来的。")

    confirm(reporter_client, upload(reporter_client, fill(download(reporter_client), progress="改过的。")))

    report = WeeklyDispatch.objects.of_week(WEEK).get()
    assert (report.state, report.progress) == ("reported", "改过的。")


def test_somebody_elses_save_after_the_preview_stops_it_all(reporter_client, reporter, plan, unit):
    second = factories.plan_under_way(unit, project__name="渠道", seq=2)
    book = fill(fill(download(reporter_client), 0, **FILLED), 1, **FILLED)
    shown = upload(reporter_client, book)
    actions.save(by=reporter, plan=second, week=WEEK, values={"progress": "别人写的"}, version=0)

    response = confirm(reporter_client, shown)

    assert said(response) == ["“渠道”在您核对之后被填报员修改过，没有保存任何一项。请重新上传，核对后再存。"]
    assert list(WeeklyDispatch.objects.of_week(WEEK).values_list("progress", flat=True)) == ["别人写的"]


def test_the_preview_is_of_its_maker_and_its_week_only(client, reporter, plan, unit):
    client.force_login(reporter)
    rows = upload(client, fill(download(client), **FILLED)).context["rows"]
    other_week = client.post("/dispatch/sheet/2024/21/", {"rows": rows, "submit": "1"}, follow=True)
    forged = client.post(PAGE, {"rows": f"{rows}x", "submit": "1"}, follow=True)
    client.force_login(factories.user("reporter", unit=unit))
    other_user = client.post(PAGE, {"rows": rows, "submit": "1"}, follow=True)

    assert [said(answer) for answer in (other_week, forged, other_user)] == [
        ["这次核对不是您在这一周做的，请重新上传表格。"],
        ["这次核对已经过期，请重新上传表格。"],
        ["这次核对不是您在这一周做的，请重新上传表格。"],
    ]
    assert WeeklyDispatch.objects.of_week(WEEK).count() == 0


def test_a_project_that_left_the_unit_meanwhile_is_not_saved(reporter_client, plan):
    shown = upload(reporter_client, fill(download(reporter_client), **FILLED))
    plan.project.unit = factories.unit("教育局")
    plan.project.save()

    response = confirm(reporter_client, shown)

    assert said(response) == ["有的项目已不由您填报，请重新下载表格。"]


def test_a_locked_or_future_week_takes_no_sheet(reporter_client, plan, office, county):
    book = fill(download(reporter_client), **FILLED)
    shown = upload(reporter_client, book)
    actions.lock_week(by=office, county=county, week=WEEK)

    locked = upload(reporter_client, book)
    confirmed = confirm(reporter_client, shown)
    future = upload(reporter_client, book, "/dispatch/sheet/2024/23/")

    assert [answer.context["form"].errors["file"][0].split("，")[0] for answer in (locked, future)] == [
        "2024年第22周已锁定",
        "2024年第23周还没有开始",
    ]
    assert said(confirmed)[0].startswith("“水库”：2024年第22周已锁定")
    assert WeeklyDispatch.objects.of_week(WEEK).count() == 0


def test_the_office_brings_the_sheet_of_any_unit(office_client, plan, unit):
    book = fill(download(office_client, f"{FILE}?unit={unit.pk}"), **FILLED)

    response = confirm(office_client, upload(office_client, book))

    assert said(response) == ["已报送 1 项。"]
    assert response.redirect_chain[-1][0] == "/dispatch/2024/22/"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "这个文件是空的"),
        (b"%PDF-1.4 ...", "这是PDF 文件"),
        (b"PK\x03\x04broken", "文件已损坏"),
        ("甲,乙\n1,2\n".encode(), "没有找到“系统编号”一列"),
    ],
)
def test_other_files_are_refused_in_words(reporter_client, plan, content, message):
    response = reporter_client.post(PAGE, {"file": SimpleUploadedFile("表.xlsx", content)})

    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].startswith(message)


def test_a_sheet_that_lost_a_column_says_which(reporter_client, plan):
    book = download(reporter_client)
    book.active.cell(HEADER_ROW, PLACE["works_percent"]).value = "完成比例"

    response = upload(reporter_client, book)

    assert response.context["form"].errors["file"] == ["表格缺少“工程量%”列。请重新下载表格，不要删除列或改列名。"]


def test_without_a_file_it_is_asked_for(reporter_client, plan):
    response = reporter_client.post(PAGE, {})

    assert (response.status_code, response.context["form"].errors["file"]) == (422, ["请选择“填好的表格”。"])


def test_the_queries_of_a_preview_do_not_grow_with_the_rows(reporter_client, unit):
    counts = []
    for more in (3, 9):
        for _ in range(more):
            factories.report(factories.plan_under_way(unit), 21, ytd_investment=1)
        book = download(reporter_client)
        for row in range(book.active.max_row - HEADER_ROW):
            fill(book, row, **FILLED)
        with CaptureQueriesContext(connection) as queries:
            upload(reporter_client, book)
        counts.append(len(queries))

    assert counts[0] == counts[1]
