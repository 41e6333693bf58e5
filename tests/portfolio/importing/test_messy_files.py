"""Files as counties really make them: every trap in one workbook, the real tables, and each error with its remedy."""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from portfolio.models import AnnualPlan, Leader, Project
from tests import factories
from tests.portfolio.importing.workbooks import plain, xlsx

pytestmark = pytest.mark.django_db

REAL_TABLES = Path(__file__).parents[2] / "data" / "real-tables"


def real_table(name):
    return next(REAL_TABLES.glob(f"{name}_*")).read_bytes()


def county_workbook():
    """Title, unit line, two-row header, total first, groups, sub-items, a repeated header, a hidden row, remarks."""
    rows = [
        ["沁源县2024年重大项目计划表"],
        ["报送部门：县发改局", None, None, None, None, None, "单位：万元"],
        [
            "序号",
            "项目名称",
            "所属乡镇",
            "建设性质",
            "建设起止年限",
            "投资",
            None,
            "形象进度",
            None,
            "责任落实",
            None,
            "效益",
        ],
        [None] * 5 + ["总投资（亿元）", "2024年计划投资", "工程量", "目前形象进度", "责任单位", "包联领导", None],
        ["合计：4个", None, None, None, None, 6.15, 12000],
        ["一、产业类（2个）", None, None, None, None, 2.15, 6000],
        [
            1,
            "储 能\n电站",
            "沁河镇",
            "新建",
            "2023-2025",
            1.5,
            "0.5亿元",
            0.9,
            "完成工程量的90%",
            "县能源局",
            "县领导甲（副县长）",
            "年产值３千万",
        ],
        [1.1, "其中：一期", None, None, "2023年", 1, 3000, 1, "已建成", "—", "/", None],
        [1.2, "二期", None, None, "2024年", 0.5, 2000, 0.85, "安装", "-", "", None],
        [
            2,
            "光伏发电",
            "李元镇",
            "续建",
            "2022年6月至2024年12月",
            "6500万元",
            "１，０００",
            0.5,
            "=2+2",
            "县能源局、县林业局",
            "县领导乙",
            None,
        ],
        ["二、基础设施及社会民生类（3个）"],
        [
            "序号",
            "项目名称",
            "所属乡镇",
            "建设性质",
            "建设起止年限",
            "投资",
            None,
            "形象进度",
            None,
            "责任落实",
            None,
            "效益",
        ],
        [None] * 5 + ["总投资（亿元）", "2024年计划投资", "工程量", "目前形象进度", "责任单位", "包联领导", None],
        [3, "县医院迁建", "郭道镇", "迁建", "2024-2026", 3, 5000, None, None, "县卫健局", "县领导甲", None],
        [4, "农村公路", "全县", "新建", "24个月", 1, 1000, None, None, None, None, None],
        ["注：总投资含征地费用。"],
    ]
    merges = [
        "A1:L1",
        "A3:A4",
        "B3:B4",
        "C3:C4",
        "D3:D4",
        "E3:E4",
        "F3:G3",
        "H3:I3",
        "J3:K3",
        "L3:L4",
        "A6:E6",
        "A11:L11",
    ]

    def adapt(book):
        sheet = book.active
        sheet.row_dimensions[10].hidden = True
        sheet["I10"].data_type = "s"
        sheet["A1048000"].number_format = "0.00"
        book.create_sheet("空表")
        notes = book.create_sheet("填报说明")
        notes.append(["请各单位于周五前报送"])

    return xlsx(*rows, merges=merges, title="2024", adapt=adapt)


@pytest.fixture
def county_batch(applied):
    return applied(county_workbook())


def test_the_countys_own_workbook_goes_in_whole(county_batch):
    plans = AnnualPlan.objects.select_related("project__town", "project__unit", "leader", "part_of__project").order_by(
        "pk"
    )

    read = [
        (
            plan.seq,
            plan.project.name,
            plan.project.category,
            plan.project.total_investment,
            plan.planned_investment,
            plan.works_percent,
            plan.part_of and plan.part_of.project.name,
        )
        for plan in plans
    ]
    assert read == [
        (1, "储能电站", "industrial", Decimal("15000.00"), Decimal("5000.00"), Decimal("90.00"), None),
        (2, "光伏发电", "industrial", Decimal("6500.00"), Decimal("1000.00"), Decimal("50.00"), None),
        (3, "县医院迁建", "infrastructure", Decimal("30000.00"), Decimal("5000.00"), None, None),
        (4, "农村公路", "infrastructure", Decimal("10000.00"), Decimal("1000.00"), None, None),
        (1, "一期", "industrial", Decimal("10000.00"), Decimal("3000.00"), Decimal("100.00"), "储能电站"),
        (2, "二期", "industrial", Decimal("5000.00"), Decimal("2000.00"), Decimal("85.00"), "储能电站"),
    ]


def test_places_people_dates_and_leftovers_find_their_home(county_batch):
    solar = Project.objects.select_related("town", "unit").get(name="光伏发电")
    storage = Project.objects.get(name="储能电站")
    road = AnnualPlan.objects.get(project__name="农村公路")

    assert (solar.town.name, solar.unit.name, solar.nature, solar.stage) == (
        "沁河镇",
        "县能源局",
        "continued",
        "building",
    )
    assert (solar.planned_start, solar.planned_start_precision) == (dt.date(2022, 6, 1), "m")
    assert (solar.planned_finish, solar.planned_finish_precision) == (dt.date(2024, 12, 31), "m")
    assert solar.plans.get().progress == "=2+2"
    assert solar.plans.get().extra == {"责任落实/责任单位": "县能源局、县林业局"}
    assert (storage.bundle, storage.children.count()) == ("phased", 2)
    assert storage.plans.get().extra == {"效益": "年产值３千万"}
    assert Leader.objects.get(name="县领导甲").post == "副县长"
    assert road.extra == {"所属乡镇": "全县", "建设起止年限": "24个月"}


def test_the_preview_tells_what_the_file_contradicts_and_what_was_left_out(county_batch):
    report = county_batch.report

    wrong = [(c["label"], c["what"], c["claimed"], c["found"]) for c in report["checks"] if not c["agrees"]]
    assert wrong == [("基础设施及社会民生类", "项目个数", "3", "2")]
    assert report["remarks"] == [{"sheet": "2024", "row": 16, "text": "注：总投资含征地费用。"}]
    assert [(sheet["name"], sheet["reason"]) for sheet in report["skipped_sheets"]] == [
        ("空表", "是空表。"),
        ("填报说明", "没有找到计划表的表头。"),
    ]
    assert "工作表“2024”有 1 行是隐藏的，同样读入了" in [note["text"] for note in report["notes"]]


def test_the_countys_own_workbook_a_second_time_changes_nothing(county_batch, imported):
    again = imported(county_workbook())

    assert (again.report["counts"]["unchanged"], again.report["changed"], again.report["new"]) == (6, [], [])


def as_xlsx(content):
    """A tab-separated table as an .xlsx of the same cells."""
    book = Workbook()
    for row in csv.reader(io.StringIO(content.decode()), delimiter="\t"):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("convert", [bytes, as_xlsx], ids=["tsv", "xlsx"])
def test_the_real_table_of_qinyuan_goes_in(applied, convert):
    batch = applied(convert(real_table("T08")), year=2020)

    plan = AnnualPlan.objects.select_related("project").get(seq=2)
    assert batch.report["counts"]["new"] == 8
    assert batch.report["totals"]["total_investment"] == {"wan": "44,900", "yi": "4.49"}
    assert plan.project.total_investment == Decimal(15000)
    assert (plan.project.started_on, plan.project.started_on_precision) == (dt.date(2020, 3, 5), "d")
    assert plan.extra == {"预期效益(原文要点)": "销售收入6亿元"}


@pytest.mark.parametrize("convert", [bytes, as_xlsx], ids=["tsv", "xlsx"])
def test_the_real_table_with_mixed_dates_goes_in(applied, convert):
    applied(convert(real_table("T11")), year=2019)

    finishes = list(Project.objects.order_by("plans__seq").values_list("planned_finish", "planned_finish_precision"))
    assert finishes[:3] == [(dt.date(2019, 12, 31), "m"), (dt.date(2022, 12, 31), "m"), (dt.date(2024, 12, 31), "m")]
    assert len(finishes) == 5


@pytest.mark.parametrize("name", ["T01", "T02", "T09", "T13"])
def test_a_summary_table_is_told_what_to_send_instead(imported, name):
    batch = imported(real_table(name), year=2024)

    assert (batch.state, batch.report) == (
        "refused",
        {"refused": "这是汇总表，只有个数和合计，没有项目名称。请改传列出每个项目的计划表（一行一个项目）。"},
    )


def test_all_errors_come_at_once_each_with_its_remedy(imported):
    content = xlsx(
        [
            "项目名称",
            "项目代码",
            "所属乡镇",
            "总投资（万元）",
            "年度计划投资（万元）",
            "计划开工时间",
            "计划竣工时间",
            "建设性质",
        ],
        ["甲", "2405-140431-04-01-123456", "秦河镇", 100, 100, "2024", "2025", "新建"],
        ["乙", "2405-140431-04-01-123456", "沁河镇", -5, 100, "2024", "2025", "新建"],
        ["丙", "P-01", "沁河镇", 100, 100.01, "2024", "2025", "新建"],
        ["丁", "", "沁河镇", 1234567890123, 1, "2025年3月", "2024年", "自建"],
        ["戊", "", "沁河镇", "NaN", 1, "待建", "", ""],
        ["甲", "", "沁河镇", 5, 1, "", "", ""],
        ["", "", "沁河镇", 5, 1, "", "", ""],
    )

    errors = [(error["row"], error["column"], error["message"]) for error in imported(content).report["errors"]]

    assert errors == [
        (2, "C", "不是本县的乡镇。是不是“沁河镇”？"),
        (
            3,
            "B",
            "项目代码“2405-140431-04-01-123456”与工作表“计划表”第 2 行重复。请删去一行，或为不同的项目改用不同的名称。",
        ),
        (3, "D", "金额不能是负数。请核对后填写不小于 0 的数。"),
        (
            4,
            "B",
            "项目代码“P-01”格式不对，应为 24 位，如 2405-140431-04-01-123456。"
            "不是投资项目统一代码的列，可改为“原样保留”。",
        ),
        (4, "E", "年度计划投资 100.01 万元大于总投资 100 万元，请核对两个数的单位和数值。"),
        (5, "D", "折合 1,234,567,890,123 万元，超过 12 位整数。请核对单位是不是写错了（万元、亿元、元）。"),
        (5, "G", "计划竣工时间 2024年 早于计划开工时间 2025-03，请核对。"),
        (
            5,
            "H",
            "不在可选范围内。请改为其中之一：新建、续建、改扩建、技术改造、迁建；或把这一列改为“原样保留”。",
        ),
        (6, "D", "不是数字。请改为 120 这样的数值，或写成 1.5亿元。"),
        (6, "F", "不是能识别的日期，请写成 2024-05-31、2024-05、2024年二季度或 2024年。"),
        (7, "A", "项目名称“甲”与工作表“计划表”第 2 行重复。请删去一行，或为不同的项目改用不同的名称。"),
        (8, "A", "没有项目名称。请补上名称；如果这一行不是项目，请删去。"),
    ]
    assert Project.objects.count() == 0


def test_a_formula_without_a_stored_value_is_an_error_and_one_with_it_is_not(imported):
    content = xlsx(["项目名称", "总投资"], ["甲", "=1+1"])

    (error,) = imported(content).report["errors"]

    assert (error["row"], error["column"], error["message"]) == (
        2,
        "B",
        "是公式，但文件里没有存计算结果。请用 Excel 或 WPS 打开后保存一次，再上传。",
    )


def test_two_columns_for_one_field_are_asked_about_by_name(imported):
    content = xlsx(["项目名称", "责任单位", "牵头单位"], ["甲", "住建局", "发改局"])

    batch = imported(content)

    assert (batch.state, batch.report["questions"]) == (
        "mapping",
        ["工作表“计划表”的B 列“责任单位”和C 列“牵头单位”都像是“责任单位”。请只选一列，其余的选“原样保留”。"],
    )
    assert imported(content, map={"牵头单位": ""}).state == "preview"


def test_an_unknown_header_is_asked_about_and_then_kept_with_the_row(imported, applied):
    content = xlsx(["项目名称", "总投资", "用地面积（亩）"], ["甲", 5, 50])

    asked = imported(content, keep_unknown=False)
    applied(content, keep_unknown=False, map={"用地面积（亩）": ""})

    assert asked.report["questions"] == [
        "工作表“计划表”的C 列“用地面积（亩）”没有认出来。请选择对应的字段；没有合适的就选“原样保留”。"
    ]
    assert AnnualPlan.objects.get().extra == {"用地面积（亩）": "50"}


def test_a_file_without_units_is_read_in_wan_and_says_so(imported):
    content = xlsx(["项目名称", "总投资"], ["甲", 1.5])

    assumed, chosen = imported(content), imported(content, unit="亿元")

    assert (assumed.report["unit_is_assumed"], assumed.report["totals"]["total_investment"]["wan"]) == (True, "1.50")
    assert (chosen.report["unit_is_assumed"], chosen.report["totals"]["total_investment"]["wan"]) == (False, "15,000")


def test_a_title_of_another_year_is_pointed_out(imported):
    content = xlsx(["沁源县2023年重大项目计划表"], ["项目名称", "总投资（万元）"], ["甲", 5])

    wrong, right = imported(content, year=2024), imported(content, year=2023)

    assert (wrong.report["year_note"], right.report["year_note"]) == (
        "表名或标题写的是 2023 年，这次选的计划年度是 2024 年。请核对；如果选错了，请放弃后重新上传。",
        "",
    )


def test_an_unknown_category_becomes_the_sector_and_is_told(applied):
    batch = applied(xlsx(["项目名称", "项目类别"], ["甲", "产业类"], ["乙", "新能源"]))

    assert list(Project.objects.order_by("pk").values_list("category", "sector")) == [
        ("industrial", ""),
        ("", "新能源"),
    ]
    assert [(note["text"], note["count"]) for note in batch.report["notes"]] == [
        ("“项目类别”里不是两大类的写法，记入了“所属领域”", 1)
    ]


@pytest.mark.parametrize(
    ("stage", "start", "planned", "started"),
    [
        ("计划新开工", "2024年3月", dt.date(2024, 3, 1), None),
        ("在建", "2024年3月", None, dt.date(2024, 3, 1)),
        ("", "2023年3月", None, dt.date(2023, 3, 1)),
        ("", "2098年3月", dt.date(2098, 3, 1), None),
    ],
)
def test_a_plain_start_is_planned_or_actual_by_the_stage(applied, stage, start, planned, started):
    applied(xlsx(["项目名称", "项目阶段", "开工时间"], ["甲", stage, start]))

    project = Project.objects.get()
    assert (project.planned_start, project.started_on) == (planned, started)


@pytest.mark.parametrize("header", [["项目名称", "项目阶段", "开工时间"], ["项目名称", "开工时间", "项目阶段"]])
def test_a_project_that_started_as_planned_gets_its_actual_start(applied, header):
    def content(stage):
        cells = {"项目名称": "甲", "项目阶段": stage, "开工时间": "2024年3月"}
        return xlsx(header, [cells[name] for name in header])

    applied(content("计划新开工"))

    applied(content("在建"))

    project = Project.objects.get()
    assert (project.planned_start, project.started_on) == (dt.date(2024, 3, 1), dt.date(2024, 3, 1))


def test_a_merged_name_over_two_rows_is_one_project(applied):
    content = xlsx(
        ["序号", "项目名称", "总投资（万元）", "主要建设内容"],
        [1, "甲", 100, "厂房"],
        [None, None, None, "宿舍"],
        [2, "乙", 5, ""],
        merges=["A2:A3", "B2:B3", "C2:C3"],
    )

    applied(content)

    assert list(Project.objects.order_by("pk").values_list("name", "content", "total_investment")) == [
        ("甲", "厂房\n宿舍", Decimal(100)),
        ("乙", "", Decimal(5)),
    ]


def test_a_unit_merged_over_several_projects_is_theirs_all(applied):
    content = xlsx(["项目名称", "责任单位"], ["甲", "住建局"], ["乙", None], merges=["B2:B3"])

    applied(content)

    assert [project.unit.name for project in Project.objects.all()] == ["住建局", "住建局"]


def test_new_units_are_listed_with_what_they_may_be_a_misspelling_of(imported):
    factories.unit("县住房和城乡建设局")

    batch = imported(plain((1, "甲", "", 5, 1, "县住房和城乡建设管理局", "")))

    assert batch.report["units"] == [{"name": "县住房和城乡建设管理局", "near": ["县住房和城乡建设局"]}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_usual_encoding_and_delimiter(applied, encoding, delimiter):
    lines = ["项目名称|总投资（万元）|备注", "甲|1200|=HYPERLINK(1)"]
    content = "\r\n".join(line.replace("|", delimiter) for line in lines).encode(encoding)

    applied(content, file_name="计划表.csv")

    plan = AnnualPlan.objects.select_related("project").get()
    assert (plan.project.total_investment, plan.remark) == (Decimal(1200), "=HYPERLINK(1)")
