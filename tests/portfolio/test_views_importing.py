"""The import's pages: who may open them, what they ask, and that pressing twice writes once."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio.importing import progress, worker
from portfolio.models import ChangeSet, HeaderMapping, ImportBatch, Project
from tests import factories
from tests.portfolio.importing.workbooks import plain, xlsx

pytestmark = pytest.mark.django_db

LIST = reverse("portfolio:import-list")
ROW = (1, "污水处理厂", "", 15000, 5000, "住建局", "县领导甲")


def detail(batch):
    return reverse("portfolio:import-detail", args=[batch.pk])


def upload(client, content, name="计划表.xlsx", year=2024):
    response = client.post(LIST, {"file": SimpleUploadedFile(name, content), "year": year})
    assert response.status_code == 302, response.context["form"].errors
    return ImportBatch.objects.get(pk=response.url.strip("/").split("/")[-1])


def test_an_upload_is_previewed_confirmed_and_withdrawn(office_client):
    batch = upload(office_client, plain(ROW))
    preview = office_client.get(detail(batch))
    confirmed = office_client.post(detail(batch), {"step": "apply"}, follow=True)
    asked = office_client.get(reverse("portfolio:import-withdraw", args=[batch.pk]))
    listed = Project.objects.count()
    withdrawn = office_client.post(reverse("portfolio:import-withdraw", args=[batch.pk]), follow=True)

    assert [response.status_code for response in (preview, confirmed, asked, withdrawn)] == [200] * 4
    assert "将写入 2024年计划表：新增 <b>1</b> 项" in preview.content.decode()
    assert "已写入 2024年计划表：新增 <b>1</b> 项" in confirmed.content.decode()
    assert "已撤回这次导入" in withdrawn.content.decode()
    assert (listed, Project.objects.count()) == (1, 0)


def test_confirming_twice_writes_once(office_client):
    batch = upload(office_client, plain(ROW))

    office_client.post(detail(batch), {"step": "apply"})
    second = office_client.post(detail(batch), {"step": "apply"}, follow=True)

    assert "这份文件已经导入过了，没有重复写入。" in second.content.decode()
    assert ChangeSet.objects.count() == 1


def test_an_unknown_column_is_asked_about_and_remembered(office_client):
    content = xlsx(["项目名称", "总投资（万元）", "工程地段", "用地面积（亩）"], ["甲", 5, "城北村", 3])
    batch = upload(office_client, content)
    question = office_client.get(detail(batch))

    office_client.post(detail(batch), {"step": "columns", "map-0-2": "address", "map-0-3": "keep", "sheet-0": "on"})

    batch.refresh_from_db()
    assert question.templates[0].name == "portfolio/import/columns.html"
    assert batch.state == "preview"
    assert dict(HeaderMapping.objects.values_list("header", "field")) == {"工程地段": "address", "用地面积(亩)": ""}
    assert upload(office_client, content).state == "preview"


def test_the_column_of_names_can_be_pointed_out(office_client):
    batch = upload(office_client, xlsx(["工程", "总投资（万元）", "责任单位"], ["甲", 5, "住建局"]))
    question = batch.report["questions"][0]

    office_client.post(detail(batch), {"step": "columns", "sheet-0": "on", "map-0-0": "name"})

    batch.refresh_from_db()
    assert question == "工作表“计划表”里没有认出“项目名称”列。请在下面指出哪一列是项目名称。"
    assert (batch.state, batch.report["new"][0]["name"]) == ("preview", "甲")


def test_a_sheet_can_be_left_out_but_not_all(office_client):
    def add_sheet(book):
        for row in (["项目名称", "总投资（万元）"], ["去年的项目", 5]):
            (book["去年"] if "去年" in book.sheetnames else book.create_sheet("去年")).append(row)

    batch = upload(office_client, xlsx(["项目名称", "总投资（万元）"], ["甲", 5], adapt=add_sheet))
    none = office_client.post(detail(batch), {"step": "columns"})
    office_client.post(detail(batch), {"step": "columns", "sheet-0": "on"})

    first = batch.report["counts"]["new"]
    batch.refresh_from_db()
    assert (none.status_code, "至少要读取一张工作表。" in none.content.decode()) == (422, True)
    assert (first, batch.report["counts"]["new"]) == (2, 1)
    assert batch.report["skipped_sheets"] == [{"name": "去年", "reason": "您选择了不读这张表。"}]


def test_columns_can_be_changed_from_the_preview(office_client):
    batch = upload(office_client, plain(ROW))

    page = office_client.get(detail(batch) + "?columns")
    office_client.post(detail(batch), {"step": "columns", "sheet-0": "on", "unit": "", "map-0-6": "keep"})

    batch.refresh_from_db()
    assert page.templates[0].name == "portfolio/import/columns.html"
    assert (batch.state, batch.report["leaders"]) == ("preview", [])


def test_a_file_with_errors_offers_the_marked_workbook_and_no_confirmation(office_client):
    batch = upload(office_client, plain((1, "坏行", "", "一百二十", 1, "", "")))

    page = office_client.get(detail(batch)).content.decode()
    marked = office_client.get(reverse("portfolio:import-marked-file", args=[batch.pk]))

    cell = load_workbook(io.BytesIO(marked.content))["计划表"]["D2"]
    assert "不是数字。请改为 120 这样的数值，或写成 1.5亿元。" in page
    assert "确认导入" not in page
    assert (cell.value, cell.comment.text, cell.fill.fgColor.rgb) == (
        "一百二十",
        "错误：不是数字。请改为 120 这样的数值，或写成 1.5亿元。",
        "FFF4B6B6",
    )


def test_a_marked_csv_is_a_workbook_in_which_text_stays_text(office_client):
    batch = upload(office_client, "项目名称,总投资\n=1+1,abc\n".encode(), name="计划表.csv")

    marked = office_client.get(reverse("portfolio:import-marked-file", args=[batch.pk]))

    sheet = load_workbook(io.BytesIO(marked.content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].comment.text[:3]) == ("=1+1", "s", "错误：")
    assert marked["Content-Disposition"].endswith("%EF%BC%88%E6%A0%87%E6%B3%A8%EF%BC%89.xlsx")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG", b"a,b\n1,2", b"\xff\xfe\x00", b"<html>"])
def test_any_file_gets_a_sentence_and_never_a_server_error(office_client, content):
    batch = upload(office_client, content)

    page = office_client.get(detail(batch))

    assert (page.status_code, batch.state) == (200, "refused")
    assert batch.report["refused"] in page.content.decode()


def test_the_name_of_a_file_is_shown_as_text_and_never_used_as_a_path(office_client):
    batch = upload(office_client, plain(ROW), name="<b>../../计划 表</b>.xlsx")

    page = office_client.get(detail(batch)).content.decode()

    assert "<b>../" not in page
    assert batch.file.name.startswith("imports/")
    assert "计划" not in batch.file.name


def test_a_form_without_a_file_or_year_is_explained(office_client):
    response = office_client.post(LIST, {"year": "1999"})

    assert response.status_code == 422
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_nobody_but_the_project_office_finds_the_pages(client, office, role):
    batch = ImportBatch.objects.create(
        county=office.county, year=2024, by=office, file_name="x", size=0, state="preview"
    )
    client.force_login(factories.user(role))

    pages = [
        LIST,
        detail(batch),
        reverse("portfolio:import-template"),
        reverse("portfolio:import-marked-file", args=[batch.pk]),
        reverse("portfolio:import-withdraw", args=[batch.pk]),
    ]
    read = {client.get(page).status_code for page in pages}
    written = {client.post(page, {"step": "apply"}).status_code for page in pages}

    # An auditor is turned away from every write before any page is asked.
    assert (read, written) == ({404}, {403 if role == "auditor" else 404})
    assert AuditEntry.objects.filter(outcome="refused").count() == len(pages)


def test_another_countys_import_does_not_exist(office_client):
    other = factories.county("140428", "长子县")
    batch = ImportBatch.objects.create(county=other, year=2024, file_name="别县", size=0, state="preview")

    assert office_client.get(detail(batch)).status_code == 404
    assert office_client.post(detail(batch), {"step": "cancel"}).status_code == 404
    assert "别县" not in office_client.get(LIST).content.decode()


def test_giving_up_leaves_nothing_and_cannot_be_confirmed_later(office_client):
    batch = upload(office_client, plain(ROW))

    office_client.post(detail(batch), {"step": "cancel"})
    office_client.post(detail(batch), {"step": "apply"})

    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == ("cancelled", 0)


def test_a_step_that_does_not_exist_is_not_found(office_client):
    batch = upload(office_client, plain(ROW))

    assert office_client.post(detail(batch), {"step": "constructor"}).status_code == 404
    assert office_client.put(detail(batch)).status_code in {200, 405}


def test_a_large_file_is_read_by_a_process_of_its_own_and_shows_its_progress(office_client, monkeypatch):
    started = []
    monkeypatch.setattr(worker, "is_large", lambda batch: True)
    monkeypatch.setattr(worker, "_start", lambda batch, step, by=None: started.append((batch.pk, step)))

    batch = upload(office_client, plain(ROW))
    progress.write(batch, "与现有数据核对", 500, 2000)
    page = office_client.get(detail(batch))
    fragment = office_client.get(detail(batch), headers={"HX-Request": "true"})

    assert started == [(batch.pk, "read")]
    assert page["Refresh"] == "5"
    assert [response.templates[0].name for response in (page, fragment)] == [
        "portfolio/import/progress.html",
        "portfolio/import/_progress.html",
    ]
    assert "500 / 2000 行" in fragment.content.decode()


def test_a_reading_whose_process_died_can_start_again(office_client):
    batch = upload(office_client, plain(ROW))
    ImportBatch.objects.filter(pk=batch.pk).update(state="reading", report={})

    page = office_client.get(detail(batch)).content.decode()
    office_client.post(detail(batch), {"step": "retry"})

    batch.refresh_from_db()
    assert "处理中断了。" in page
    assert batch.state == "preview"


def test_a_confirmation_whose_process_never_came_up_can_be_given_again(office_client, monkeypatch):
    batch = upload(office_client, plain(ROW))
    progress.write(batch, "排队等候")
    monkeypatch.setattr(progress, "STALLED_SECONDS", -1)

    stalled = office_client.get(detail(batch)).content.decode()
    office_client.post(detail(batch), {"step": "retry"})
    again = office_client.get(detail(batch)).content.decode()

    assert "处理中断了。" in stalled
    assert "确认导入" in again


def test_the_blank_template_comes_back_as_a_plan_table(office_client):
    response = office_client.get(reverse("portfolio:import-template"))
    book = load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[3]]
    sheet.cell(4, header.index("项目名称") + 1, "甲")
    sheet.cell(4, header.index("总投资") + 1, 5)
    stream = io.BytesIO()
    book.save(stream)

    batch = upload(office_client, stream.getvalue())

    assert (batch.state, batch.report["questions"], batch.report["counts"]["new"]) == ("preview", [], 1)
    assert batch.report["unit_is_assumed"] is False


def test_the_list_costs_the_same_with_one_import_and_with_three(office_client, django_assert_num_queries):
    upload(office_client, plain(ROW))
    with django_assert_num_queries(3):
        office_client.get(LIST)

    for number in (2, 3):
        upload(office_client, plain((number, f"项目{number}", "", 5, 1, "", "")))
    with django_assert_num_queries(3):
        office_client.get(LIST)
