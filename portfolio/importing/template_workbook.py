"""A blank plan table to fill in, made from the list of columns, so that it always fits what the import reads."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from portfolio.models import Town
from portfolio.plan_fields import BY_KEY, Kind

COLUMNS = (
    "seq",
    "name",
    "code",
    "category",
    "sector",
    "nature",
    "stage",
    "level",
    "library",
    "town",
    "address",
    "planned_start",
    "started",
    "planned_finish",
    "progress",
    "works_percent",
    "content",
    "total_investment",
    "planned_investment",
    "invested_before",
    "annual_target",
    "unit",
    "leader",
    "builder",
    "builder_code",
    "registration",
    "remark",
)
BLANK_ROWS = 300
NOTES = (
    "填写说明",
    "1. 一行一个项目；“项目名称”必填，其余各列没有就空着。列的顺序可以变动，多余的列可以删去，也可以另加列。",
    "2. 金额以万元计，如 1200 或 1200.50；也可以在格内写明单位，如 1.5亿元。",
    "3. 时间可以写到日、月、季度或年，如 2024-05-31、2024年5月、2024年二季度、2024年。",
    "4. 工程量填 90 或 90%。",
    "5. 子项的序号写成 1.1、1.2，列在所属项目下面，不重复计数。",
    "6. 有下拉选项的列请从选项中选择；责任单位、包联领导写名称，系统里没有的会在核对时列出，确认后新增。",
    "7. 投资项目统一代码 24 位，如 2405-140431-04-01-123456；有代码的项目按代码认，没有的按名称认。",
)
LINE = Side(style="thin", color="FF808080")


def blank_workbook(county, year):
    book = Workbook()
    page = book.active
    page.title = f"{year}年计划表"
    _title(page, county, year)
    for index, key in enumerate(COLUMNS, start=1):
        _header(page.cell(3, index), BY_KEY[key])
        _choices(page, index, BY_KEY[key], county)
        page.column_dimensions[get_column_letter(index)].width = BY_KEY[key].width + 2
    page.row_dimensions[3].height = 32
    page.freeze_panes = "C4"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:3"
    _notes(book.create_sheet("填写说明"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _title(page, county, year):
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    page["A1"] = f"{year}年{county.name}重大项目计划表"
    page["A1"].font = Font(size=18, bold=True)
    page["A1"].alignment = Alignment(horizontal="center")
    page["A2"] = "单位：万元"


def _header(cell, plan_field):
    cell.value = plan_field.label
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFECEFF3")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def _choices(page, index, plan_field, county):
    if plan_field.kind is Kind.TOWN:
        names = list(Town.objects.filter(county=county).values_list("name", flat=True))
    elif plan_field.kind is Kind.CHOICE:
        names = [label for _, label in plan_field.choices]
    else:
        return
    formula = f'"{",".join(names)}"'
    if not names or len(formula) > 255:
        return
    letter = get_column_letter(index)
    validation = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
    validation.add(f"{letter}4:{letter}{3 + BLANK_ROWS}")
    page.add_data_validation(validation)


def _notes(page):
    page.column_dimensions["A"].width = 110
    for index, note in enumerate(NOTES, start=1):
        page.cell(index, 1, note).alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True)
