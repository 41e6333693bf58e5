"""The preview of an import as plain data: stored with the batch, shown by the page and the command."""

from portfolio.figures import wan, yi
from portfolio.importing import checking
from portfolio.importing.comparing import names_with_near
from portfolio.importing.issues import Issue
from portfolio.importing.layout import RowKind
from portfolio.importing.reading import years_in_titles
from portfolio.plan_fields import BY_KEY

LISTED, LISTED_ISSUES = 200, 2000
_NOTES = {
    "works_percent": "项目进展里写明的完成工程量填入了“工程量%”（原来为空的项目）",
    "towns": "乡镇列为空，由建设地址认出所属乡镇",
    "sectors": "“项目类别”里不是两大类的写法，记入了“所属领域”",
    "several_units": "写了几个责任单位，以第一个为准，原文随项目保留",
    "several_leaders": "写了几位包联领导，以第一位为准，原文随项目保留",
    "merged_money": "合并单元格里的金额只计在第一行",
    "kept_periods": "建设年限只写了时长，没有起止年份，原文随项目保留",
}


def of_columns(reading, year):
    """What each column became, and which sheets were left out; known before any row is read."""
    return {
        "year_note": _year_note(years_in_titles(reading), year),
        "sheets": [_sheet(sheet, number) for number, sheet in enumerate(reading.sheets) if sheet.header is not None],
        "skipped_sheets": [{"name": sheet.name, "reason": sheet.skipped} for sheet in reading.sheets if sheet.skipped],
        "questions": reading.questions,
        "unit_is_assumed": reading.unit_is_assumed,
    }


def _year_note(years, year):
    if not years or year in years:
        return ""
    written = "、".join(str(found) for found in sorted(years))
    return f"表名或标题写的是 {written} 年，这次选的计划年度是 {year} 年。请核对；如果选错了，请放弃后重新上传。"


def _sheet(reading, number):
    return {
        "number": number,
        "name": reading.name,
        "read": reading.is_read,
        "header_rows": [reading.header.top + 1, reading.header.bottom + 1],
        "unit": reading.unit,
        "columns": [_column(column) for column in reading.header.columns],
    }


def _column(column):
    return {
        "index": column.index,
        "letter": column.letter,
        "header": column.header,
        "field": column.field,
        "label": BY_KEY[column.field].label if column.field else "",
        "unit": column.unit if column.plan_field and column.plan_field.is_sum else "",
        "how": column.how,
        "note": column.note,
        "samples": column.samples,
    }


def of_rows(reading, comparison, register):
    """Counts, lists, sums, warnings and errors."""
    errors = [*(error for sheet in reading.read_sheets for error in sheet.body.errors), *comparison.errors]
    warnings = _warnings(reading, comparison)
    outcomes = comparison.outcomes
    return {
        "counts": _counts(reading, comparison, errors),
        "new": [_new(outcome) for outcome in _first(outcomes, "new")],
        "changed": [_changed(outcome) for outcome in _first(outcomes, "changed")],
        "missing": comparison.missing[:LISTED],
        "units": names_with_near(comparison.new_units, register.units),
        "leaders": names_with_near(comparison.new_leaders, register.leaders),
        "totals": {
            key: {"wan": wan(value), "yi": yi(value)} for key, value in checking.sums_of(_counted(reading)).items()
        },
        "checks": [
            {"sheet": sheet.name, **check} for sheet in reading.read_sheets for check in checking.claims_of(sheet.body)
        ][:LISTED],
        "remarks": _remarks(reading),
        "notes": _notes(reading),
        "warnings": [warning.as_dict() for warning in warnings[:LISTED_ISSUES]],
        "warning_count": len(warnings),
        "errors": [error.as_dict() for error in sorted(errors, key=_in_order(reading))[:LISTED_ISSUES]],
        "digest": comparison.digest(),
    }


def _counted(reading):
    return [row for row in reading.rows if row.parent is None]


def _in_order(reading):
    order = {sheet.name: number for number, sheet in enumerate(reading.sheets)}
    return lambda issue: (order.get(issue.sheet, -1), issue.row, len(issue.column), issue.column)


def _counts(reading, comparison, errors):
    kinds = [outcome.kind for outcome in comparison.outcomes]
    return {
        "rows": len(reading.rows),
        "parts": sum(row.parent is not None for row in reading.rows),
        "new": kinds.count("new"),
        "new_projects": sum(outcome.is_new_project for outcome in comparison.outcomes),
        "changed": kinds.count("changed"),
        "unchanged": kinds.count("unchanged"),
        "refused": len({(error.sheet, error.row) for error in errors}),
        "errors": len(errors),
        "missing": len(comparison.missing),
    }


def _first(outcomes, kind):
    return [outcome for outcome in outcomes if outcome.kind == kind][:LISTED]


def _new(outcome):
    project, plan = outcome.project, outcome.plan
    return {
        "sheet": outcome.row.sheet,
        "row": outcome.row.number,
        "name": project.name,
        "known": not outcome.is_new_project,
        "part": outcome.row.parent is not None,
        "category": project.get_category_display() or project.sector,
        "total": wan(project.total_investment),
        "planned": wan(plan.planned_investment),
        "changes": outcome.changes if not outcome.is_new_project else [],
    }


def _changed(outcome):
    row = outcome.row
    return {"sheet": row.sheet, "row": row.number, "name": outcome.project.name, "changes": outcome.changes}


def _warnings(reading, comparison):
    found = [warning for sheet in reading.read_sheets for warning in sheet.body.warnings]
    for row, label, stated, total in checking.packages_of(reading.rows):
        message = f"打包项目的{label} {wan(stated)} 万元与子项之和 {wan(total)} 万元不一致，按表中原数导入，请核对。"
        found.append(Issue(message, row.sheet, row.number, value=row.name))
    return [*found, *comparison.warnings]


def _remarks(reading):
    """Rows that were not taken for projects, so that nothing disappears unseen."""
    return [
        {"sheet": sheet.name, "row": line.number, "text": line.label}
        for sheet in reading.read_sheets
        for line in sheet.body.lines
        if line.kind is RowKind.REMARK
    ][:LISTED]


def _notes(reading):
    gathered = {}
    for sheet in reading.read_sheets:
        for kind, texts in sheet.body.notes.items():
            gathered.setdefault(kind, []).extend(texts)
        hidden = sum(row in sheet.sheet.hidden for row in (row.index for row in sheet.body.rows))
        if hidden:
            place = f"工作表“{sheet.name}”" if sheet.name else "表中"
            gathered.setdefault(f"{place}有 {hidden} 行是隐藏的，同样读入了", [])
    return [
        {"text": _NOTES.get(kind, kind), "count": len(texts), "examples": list(dict.fromkeys(texts))[:5]}
        for kind, texts in gathered.items()
    ]
