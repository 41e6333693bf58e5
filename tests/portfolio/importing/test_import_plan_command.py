"""The same import from the command line: the preview in Chinese, then all or nothing."""

import io

import pytest
import xlwt
from django.core.management import CommandError, call_command

from portfolio.models import ImportBatch, Project
from tests import factories
from tests.portfolio.importing.workbooks import plain, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(county, tmp_path):
    def run_command(content, *arguments, name="计划表.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_plan", str(path), "--year", "2024", *arguments, stdout=out, stderr=err)
        except CommandError as refusal:
            err.write(str(refusal))
        return out.getvalue(), err.getvalue()

    return run_command


def test_it_prints_the_preview_and_applies(run):
    out, err = run(plain((1, "甲", "", 5, 1, "住建局", "")))

    assert "共 1 行：新增 1，修改 0，无变化 0，有错 0 行（0 处）；表外另有 0 项，不改动。" in out
    assert "将新增单位 1 个：住建局" in out
    assert (err, Project.objects.count()) == ("", 1)


def test_a_dry_run_writes_nothing(run):
    out, _ = run(plain((1, "甲", "", 5, 1, "", "")), "--dry-run")

    assert out.endswith("只核对，没有写入。\n")
    assert (Project.objects.count(), ImportBatch.objects.get().state) == (0, "cancelled")


def test_errors_are_printed_with_their_place_and_nothing_is_written(run):
    _, err = run(plain((1, "甲", "", "abc", 1, "", "")))

    assert "错误：工作表“计划表”第 2 行D 列“总投资（万元）”“abc”不是数字。" in err
    assert err.endswith("没有写入。")
    assert Project.objects.count() == 0


def test_a_column_is_mapped_by_its_header(run):
    content = xlsx(["工程", "责任单位", "牵头单位"], ["甲", "住建局", "发改局"])

    _, refused = run(content)
    out, err = run(content, "--map", "工程=项目名称", "--map", "牵头单位=")

    assert "没有写入" in refused
    assert (err, Project.objects.get().unit.name) == ("", "住建局")
    assert "C 列 牵头单位 → 原样保留" in out


def test_a_user_of_the_county_is_named_as_the_importer(run):
    office = factories.user(username="office")

    run(plain((1, "甲", "", 5, 1, "", "")), "--user", "office")

    assert ImportBatch.objects.get().by == office


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--user", "nobody"], "没有账号 nobody。"),
        (["--county", "000000"], "没有代码为 000000 的县"),
        (["--map", "工程"], "“工程”不对，应写成 列=字段。"),
    ],
)
def test_a_wrong_argument_is_explained(run, arguments, sentence):
    _, err = run(plain(), *arguments)

    assert err.startswith(sentence)


def test_an_old_xls_goes_in(run):
    book = xlwt.Workbook()
    sheet = book.add_sheet("计划")
    for row, cells in enumerate([("项目名称", "总投资（亿元）"), ("甲", 1.5)]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    stream = io.BytesIO()
    book.save(stream)

    run(stream.getvalue(), name="计划表.xls")

    assert Project.objects.get().total_investment == 15000
