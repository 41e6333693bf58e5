"""What is wrong or doubtful in a file, each with its place: sheet, row, column letter and header, value, remedy."""

from dataclasses import asdict, dataclass

from portfolio.importing.values import text_of

SHOWN_VALUE = 40


@dataclass(frozen=True)
class Issue:
    """`row` counts from 1 as Excel shows it; 0 when the issue is about the file or a whole sheet."""

    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    value: str = ""

    def as_dict(self):
        return asdict(self)


def at(sheet, row, column, message, value=None):
    """An issue of one cell; `column` is a `headers.Column` or None for the whole row, `row` counts from 0."""
    return Issue(
        message,
        sheet=sheet.name,
        row=row + 1,
        column=column.letter if column else "",
        header=column.header if column else "",
        value=text_of(value)[:SHOWN_VALUE] if value is not None else "",
    )


def place(issue):
    """工作表“2024”第 57 行 F 列“年度计划投资” as words."""
    parts = [f"工作表“{issue['sheet']}”" if issue["sheet"] else ""]
    if issue["row"]:
        parts.append(f"第 {issue['row']} 行")
    if issue["column"]:
        parts.append(f"{issue['column']} 列“{issue['header']}”")
    return "".join(parts)
