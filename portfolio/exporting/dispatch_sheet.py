"""A unit's week as .xlsx to fill in: last figures beside empty boxes, closed lists to choose from, the rest protected.

The protection has no password: it keeps a careless hand from the wrong cell. What comes back is checked, not trusted.
"""

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from accounts.cell_text import is_risky, writable
from portfolio.dispatch import latest_before, reports_of
from portfolio.exporting import look
from portfolio.models import AnnualPlan
from portfolio.models.problems import ProblemKind
from portfolio.week_sheet_columns import COLUMNS, HEADER_ROW, key_of

BOX = PatternFill("solid", fgColor="FFFFF8E1")
HEAD = PatternFill("solid", fgColor="FFECEFF3")
PAPER_A3 = 8
NOTES = (
    "填写说明",
    "1. 只填浅黄色的格；其余的格已保护，不要增加行、删除列。不报的项目空着即可。",
    "2. “本周完成投资”和“年度累计完成投资”填一个就行，另一个会自动算出；都填时必须对得上。单位是万元。",
    "3. 工程量填 35 或 35%；在建项目必须填。",
    "4. “形象进度”写本周实际完成的部位和数量，不要照抄上周。",
    "5. 有“存在问题”的，请从下拉列表中选“问题类型”。",
    "6. 填好后在“表格填报”页上传，先核对、再报送。同一张表传两次不会重复。",
    "7. 照片请在填报页上传。",
)


def sheet_rows(plans, week):
    """One dict a plan, by the keys of `week_sheet_columns`: last figures, and what is typed in already."""
    before = latest_before(plans, week)
    stored = reports_of(plans, week)
    rows = AnnualPlan.objects.filter(pk__in=plans).select_related("project").order_by("seq", "pk")
    return [
        _row(number, plan, week, before.get(plan.pk), stored.get(plan.pk)) for number, plan in enumerate(rows, start=1)
    ]


def _row(number, plan, week, previous, report):
    row = {
        "key": key_of(week, plan.pk),
        "number": number,
        "name": plan.project.name,
        "planned": plan.planned_investment,
    }
    if previous is not None:
        row |= {
            "last_week": f"第{previous.week}周",
            "last_ytd": previous.ytd_investment,
            "last_works": previous.works_percent,
            "last_progress": previous.progress,
            "last_plan": previous.next_plan,
        }
    if report is not None:
        names = ("ytd_investment", "works_percent", "progress", "next_plan", "problem", "needs_help", "explanation")
        row |= {name: getattr(report, name) for name in names}
        row["problem_kind"] = report.get_problem_kind_display() if report.problem_kind else ""
    return row


def write(rows, *, title, week, out):
    """Write the sheet to the binary file `out`. `title` names the county's dispatch, the unit and the week."""
    book = Workbook()
    page = book.active
    page.title = f"{week.year}年第{week.number}周"
    _banner(page, title)
    for index, column in enumerate(COLUMNS, start=1):
        _header(page.cell(HEADER_ROW, index), column)
        page.column_dimensions[get_column_letter(index)].width = column.width
    page.row_dimensions[HEADER_ROW].height = 30
    page.column_dimensions["A"].hidden = True
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        _write_row(page, line, row)
    _choices(page, HEADER_ROW + len(rows))
    _protect_and_print(page)
    _notes(book.create_sheet("填写说明"))
    book.save(out)


def _banner(page, title):
    page.merge_cells(start_row=1, start_column=2, end_row=1, end_column=len(COLUMNS))
    page["B1"] = writable(title)
    page["B1"].font = look.TITLE_FONT
    page["B1"].alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = look.TITLE_HEIGHT
    page["B2"] = "单位：万元。只填浅黄色的格，“本周完成投资”和“年度累计完成投资”填一个即可；说明见第二张表。"
    page["B2"].font = look.SCOPE_FONT


def _header(cell, column):
    cell.value = column.label
    cell.font = look.HEADER_FONT
    cell.fill = HEAD
    cell.border = look.GRID
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _write_row(page, line, row):
    for index, column in enumerate(COLUMNS, start=1):
        cell = page.cell(line, index)
        value = row.get(column.key)
        cell.value = writable(value) if isinstance(value, str) else value
        if isinstance(value, str):
            # Whatever openpyxl took it for (`=1+1` a formula): it is text.
            cell.data_type = "s"
            cell.quotePrefix = is_risky(value)
        cell.font, cell.border = look.BODY_FONT, look.GRID
        cell.alignment = Alignment(
            horizontal="right" if column.is_figure else "left", vertical="center", wrap_text=True
        )
        if column.is_figure and "works" not in column.key:
            cell.number_format = "#,##0.00"
        if column.is_filled_in:
            cell.fill = BOX
            cell.protection = Protection(locked=False)
    page.row_dimensions[line].height = 42


def _choices(page, last):
    place = next(index for index, column in enumerate(COLUMNS, start=1) if column.key == "problem_kind")
    letter = get_column_letter(place)
    validation = DataValidation(type="list", formula1=f'"{",".join(ProblemKind.labels)}"', allow_blank=True)
    validation.error = "请从列表中选择问题类型。"
    validation.add(f"{letter}{HEADER_ROW + 1}:{letter}{max(last, HEADER_ROW + 1)}")
    page.add_data_validation(validation)


def _protect_and_print(page):
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False  # False: allowed
    page.freeze_panes = page.cell(HEADER_ROW + 1, 4)
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", PAPER_A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _notes(page):
    page.column_dimensions["A"].width = 100
    for index, note in enumerate(NOTES, start=1):
        page.cell(index, 1, note).alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True)
